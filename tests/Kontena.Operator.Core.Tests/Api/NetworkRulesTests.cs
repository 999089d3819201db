using System.Net;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Tests.Api;

/// <summary>What the documents of the operator's tests cannot try out one by one.</summary>
public sealed class NetworkRulesTests
{
    private static readonly Gen<string> address =
        from groups in Gen.Elements("", "", "0", "1", "ff", "abcd", "ABCD", "12345", "0db8").ArrayOf(9)
        from count in Gen.Choose(1, 9)
        select string.Join(':', groups.Take(count));

    /// <summary>The server has the expression alone, the providers have a parser: they must not differ.</summary>
    [Test]
    public void Cidr6_MatchesWhatIsAnAddress() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000), Prop.ForAll(Arb.From(address), text =>
        Regex.IsMatch(text + "/64", Patterns.Cidr6) == (text.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(text, out _))));

    [TestCase("::/0")]
    [TestCase("::1/128")]
    [TestCase("2001:db8::/32")]
    [TestCase("1:2:3:4:5:6:7::/112")]
    [TestCase("::2:3:4:5:6:7:8/128")]
    [TestCase("1:2:3:4:5:6:7:8/128")]
    public void Cidr6_EveryPlaceOfTheGap_Matches(string network) => Assert.That(network, Does.Match(Patterns.Cidr6));

    [TestCase("10.0.0.0/8", null)]
    [TestCase("0.0.0.0/0", null)]
    [TestCase("10.0.0.1/32", null)]
    [TestCase("2001:DB8:0::/48", null)]
    [TestCase("10.0.0.1/8", "10.0.0.0/8")]
    [TestCase("0.0.0.1/0", "0.0.0.0/0")]
    [TestCase("2001:db8::1/127", "2001:db8::/127")]
    public void Check_BitsBeyondThePrefix_NamesTheNetwork(string source, string? meant)
    {
        var errors = Faults(new NetworkSpec { Ssh = new SourcesSpec { Sources = [source] } });
        Assert.That(errors.Select(e => e.Path), Is.EqualTo(meant is null ? Array.Empty<string>() : ["spec.network.ssh.sources[0]"]));
        Assert.That(errors.Select(e => e.Message), Has.All.Contain($"write {meant} for the whole network"));
    }

    /// <summary>What the port policy is made from is what validation lets pass.</summary>
    [Test]
    public void Check_PortThatPasses_IsAPolicy() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(
        Arb.From(from a in Gen.Choose(0, 70_000) from b in Gen.Choose(0, 70_000) from range in Gen.Elements(true, false) select range ? $"{a}-{b}" : $"{a}"),
        port =>
        {
            var network = new NetworkSpec { Ports = [new PortSpec { Name = "x", Port = port, Sources = ["10.0.0.0/8"] }] };
            return Faults(network).Count > 0 || Core.Ports.PortPolicy.OfPool(network) is [{ Ports: var ports }] && (ports.To < 6783 || ports.From > 6784);
        }));

    private static IReadOnlyList<FieldError> Faults(NetworkSpec network) => Validation.Check("web", Samples.Pool(1) with { Network = network }, old: null);
}
