using System.Text;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Bootstrap;
using Kontena.Operator.Core.Machines;
using OperatingSystem = Kontena.Operator.Core.Api.OperatingSystem;

namespace Kontena.Operator.Core.Tests.Bootstrap;

/// <summary>User-data that cannot be merged, and all of it that does not fit.</summary>
public sealed class UserDataTests
{
    [TestCase(OperatingSystem.Flatcar, "#!/bin/sh\n", "Ignition config")]
    [TestCase(OperatingSystem.Flatcar, "#cloud-config\n", "Ignition config")]
    [TestCase(OperatingSystem.Flatcar, "", "no JSON")]
    [TestCase(OperatingSystem.Flatcar, "{\"ignition\": {\"version\": \"2.2.0\"}}", "3.0.0 to 3.3.0")]
    [TestCase(OperatingSystem.Flatcar, "{\"ignition\": {\"version\": 3}}", "3.0.0 to 3.3.0")]
    [TestCase(OperatingSystem.Flatcar, "{\"ignition\": \"3.3.0\"}", "3.0.0 to 3.3.0")]
    [TestCase(OperatingSystem.Flatcar, "{\"ignition\": {\"version\"", "JSON")]
    [TestCase(OperatingSystem.Flatcar, "{} {}", "JSON")]
    [TestCase(OperatingSystem.Ubuntu, " {\"ignition\": {\"version\": \"3.3.0\"}}", "Flatcar")]
    [TestCase(OperatingSystem.Debian, "apt-get update", "#cloud-config")]
    public void Render_UserDataOfAnotherKind_SaysWhatIsTaken(OperatingSystem os, string text, string expected)
    {
        var users = text.Length == 0 ? [] : Encoding.UTF8.GetBytes($"{text} {Canary.Of("user-data")}");
        foreach (var source in (UserDataSpec[])[new() { Inline = text }, new() { SecretRef = new() { Name = "boot" } }])
        {
            var input = BootstrapCase.Node(os, BootstrapCase.Agent());
            input = input with { Template = input.Template with { UserData = source }, UserData = text.EndsWith('}') ? Encoding.UTF8.GetBytes(text) : users };
            var error = Assert.Throws<BootstrapException>(() => BootstrapData.Render(input))!;
            Assert.That(error.Path, Is.EqualTo(source.Inline is null ? "spec.template.userData.secretRef" : "spec.template.userData.inline"));
            Assert.That(error.Message, Does.StartWith(error.Path).And.Contain(expected));
            Assert.That(Canary.In(error.ToString()), Is.Empty);
        }
    }

    [Test]
    public void Fit_SmallEnough_IsLeftAsItIs()
    {
        var (input, rendered) = Node(OperatingSystem.Ubuntu);
        Assert.That(UserDataFit.Fit(rendered, input, Takes(rendered.Length)), Is.SameAs(rendered));
    }

    [TestCase(OperatingSystem.Ubuntu)]
    [TestCase(OperatingSystem.Flatcar)]
    public void Fit_TooLarge_IsCompressed_TheSameEachTime(OperatingSystem os)
    {
        var (input, rendered) = Node(os);
        var fitted = UserDataFit.Fit(rendered, input, Takes(rendered.Length - 1));
        Assert.That(fitted, Has.Length.LessThan(rendered.Length).And.EqualTo(UserDataFit.Fit(rendered, input, Takes(rendered.Length - 1))));
        Assert.That(fitted[0], Is.EqualTo(os is OperatingSystem.Flatcar ? (byte)'{' : (byte)0x1f), "Ignition does not unpack user-data");
        if (os is not OperatingSystem.Flatcar) Assert.That(fitted[4..8], Is.All.Zero, "gzip's time stamp");
    }

    [Test]
    public void Fit_EvenCompressedTooLarge_SaysTheNumbersAndWhatToShorten()
    {
        var (input, _) = Node(OperatingSystem.Ubuntu);
        var random = new byte[20_000];
        new Random(7).NextBytes(random);
        input = input with { UserData = Encoding.ASCII.GetBytes($"#!/bin/sh\n# {Convert.ToBase64String(random)}\n"), Agent = input.Agent! with { MasterCa = "0123456789" } };
        var rendered = BootstrapData.Render(input);
        var error = Assert.Throws<BootstrapException>(() => UserDataFit.Fit(rendered, input, Takes(16384)))!;
        Assert.That(error.Message, Does.StartWith("spec.template.userData: ").And.Contain($"{rendered.Length} bytes").And.Contain("takes 16384")
            .And.Contain($"{input.UserData.Length} bytes").And.Contain("the Grid 10:").And.Contain("#include"));
    }

    [Test]
    public void Fit_ProviderOfTexts_IsNotGivenBytes()
    {
        var (input, rendered) = Node(OperatingSystem.Ubuntu);
        var error = Assert.Throws<BootstrapException>(() => UserDataFit.Fit(rendered, input, Takes(rendered.Length - 1) with { GzipUserData = false }))!;
        Assert.That(error.Message, Does.Contain("takes no compressed data"));
        Assert.That(UserDataFit.Fit(rendered, Node(OperatingSystem.Flatcar).Input, Takes(rendered.Length - 1) with { GzipUserData = false })[0], Is.EqualTo((byte)'{'));
    }

    [Test]
    public void Fit_PlainDockerHost_IsLeftToTheProvidersLimit()
    {
        var data = new byte[20_000];
        var input = new BootstrapInput { Hostname = "web-0", Template = new(), UserData = data };
        Assert.That(UserDataFit.Fit(BootstrapData.Render(input), input, Takes(16384)), Is.SameAs(data));
    }

    [TestCase(OperatingSystem.Ubuntu)]
    [TestCase(OperatingSystem.Flatcar)]
    public void Render_NodeWithACertificateChain_FitsEc2(OperatingSystem os)
    {
        // Two certificates of 2048-bit keys, which do not compress well.
        var random = new byte[2600];
        new Random(3).NextBytes(random);
        var (input, _) = Node(os);
        input = input with { Agent = input.Agent! with { MasterCa = Convert.ToBase64String(random, Base64FormattingOptions.InsertLineBreaks) } };
        Assert.That(UserDataFit.Fit(BootstrapData.Render(input), input, Takes(16384)), Has.Length.LessThan(12_000));
    }

    private static (BootstrapInput Input, byte[] Rendered) Node(OperatingSystem os)
    {
        var input = BootstrapCase.Node(os, BootstrapCase.Agent());
        return (input, BootstrapData.Render(input));
    }

    private static DriverPromises Takes(int bytes) => new(KeyedCreate: true, TimeSpan.Zero, bytes, GzipUserData: true);
}
