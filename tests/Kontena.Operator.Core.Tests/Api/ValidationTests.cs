using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using OperatingSystem = Kontena.Operator.Core.Api.OperatingSystem;

namespace Kontena.Operator.Core.Tests.Api;

/// <summary>What the golden cases of the operator's tests cannot show: objects that never were documents.</summary>
public sealed class ValidationTests
{
    private static readonly AwsSettings aws = new() { Region = "eu-west-1", InstanceTypes = ["t3.small"] };

    [Test]
    public void Check_GoodPool_FindsNothing() => Assert.That(Check(aws), Is.Empty);

    [Test]
    public void Check_EveryFault_IsNamedInTheOrderOfPaths()
    {
        var errors = Validation.Check("web.eu", Pool(aws with { Zones = ["d!", "us-east-1b"], RootVolumeGiB = 1 }) with { Replicas = -1 }, old: null);
        Assert.That(errors.Select(e => e.ToString()), Is.EqualTo(new[]
        {
            "metadata.name: a NodePool's name has at most 40 characters and no dots: machine and node names are made from it",
            "spec.provider.aws.rootVolumeGiB: should be greater than or equal to 8",
            "spec.provider.aws.zones: a zone is a letter (a) or a full name in the pool's region (eu-west-1a)",
            "spec.provider.aws.zones[0]: should match '^([a-z]|[a-z]{2,4}(-[a-z0-9]+)+)$'",
            "spec.replicas: should be greater than or equal to 0",
        }));
    }

    [TestCase(40, true)]
    [TestCase(41, false)]
    public void Check_LengthOfName_IsLimited(int length, bool good) =>
        Assert.That(Validation.Check(new string('a', length), Pool(aws), old: null).Count == 0, Is.EqualTo(good));

    [Test]
    public void Check_RequiredFieldNull_IsNamed() =>
        Assert.That(Check(aws with { Region = null! }).Select(e => (e.Path, e.Kind)), Does.Contain(("spec.provider.aws.region", FieldErrorKind.Required)));

    [Test]
    public void Check_LineFeedAtTheEnd_IsNoMatch() =>
        // .NET's "$" would let it pass, the API server's does not.
        Assert.That(Check(aws with { Region = "eu-west-1\n" }).Select(e => e.Path), Does.Contain("spec.provider.aws.region"));

    [Test]
    public void Check_LettersBeyondTheBasicPlane_CountOnce() =>
        Assert.That(Check(aws with { KeyName = string.Concat(Enumerable.Repeat("🙂", 255)) }), Is.Empty);

    [Test]
    public void Check_EqualListsInOtherObjects_AreNoChange()
    {
        var before = Node(aws with { Tags = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" } });
        var after = Node(aws with { InstanceTypes = ["t3.small"], Tags = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" } });
        Assert.That(Validation.CheckNode(after, before), Is.Empty);
    }

    [Test]
    public void Check_OneTagOther_IsAChange()
    {
        var before = Node(aws with { Tags = new Dictionary<string, string> { ["a"] = "1" } });
        var after = Node(aws with { Tags = new Dictionary<string, string> { ["a"] = "2" } });
        Assert.That(Validation.CheckNode(after, before).Select(e => e.Path), Is.EqualTo(new[] { "spec.provider" }));
    }

    [TestCase("172.17.43.1/16", true)]
    [TestCase("172.17.0.0/16", false)]
    [TestCase("10.0.0.1/32", false)]
    public void Check_Bip_IsAnAddressWithinItsNetwork(string bip, bool good) =>
        Assert.That(Check(aws, new TemplateSpec { Docker = new DockerSpec { Bip = bip } }).Count == 0, Is.EqualTo(good));

    [TestCase(OperatingSystem.Ubuntu, "#cloud-config\n", true)]
    [TestCase(OperatingSystem.Ubuntu, "#!/bin/sh\n", true)]
    [TestCase(OperatingSystem.Debian, "content-type: multipart/mixed", true)]
    [TestCase(OperatingSystem.Ubuntu, "apt-get update", false)]
    [TestCase(OperatingSystem.Ubuntu, "{}", false)]
    [TestCase(OperatingSystem.Flatcar, "{}", true)]
    [TestCase(OperatingSystem.Flatcar, "#include https://x", false)]
    public void Check_InlineUserData_BeginsAsItsReaderExpects(OperatingSystem system, string text, bool good) =>
        Assert.That(
            Check(aws, new TemplateSpec { OperatingSystem = system, UserData = new UserDataSpec { Inline = text } }).Count == 0,
            Is.EqualTo(good));

    private static IReadOnlyList<FieldError> Check(AwsSettings settings, TemplateSpec? template = null) =>
        Validation.Check("web", Pool(settings) with { Template = template ?? new TemplateSpec() }, old: null);

    private static NodePoolSpec Pool(AwsSettings settings) => new() { Provider = new ProviderSpec { Aws = settings } };

    private static KontenaNodeSpec Node(AwsSettings settings) => new()
    {
        PoolName = "web",
        PoolUID = "0b8e",
        Revision = "r1",
        Ordinal = 0,
        Provider = new ProviderSpec { Aws = settings },
    };
}
