using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Bootstrap;
using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Core.Tests.Bootstrap;

public sealed class AgentEnvironmentTests
{
    [Test]
    public void Of_Node_NamesAllInTheirOrder()
    {
        var spec = new AgentSpec { PeerInterface = "eth1", Environment = new Dictionary<string, string> { ["WEAVE_VERSION"] = "1.9.3", ["LOG_LEVEL"] = "0" } };
        Assert.That(Names(BootstrapCase.Agent() with { MasterCa = "pem" }, spec), Is.EqualTo(new[]
        {
            "KONTENA_URI", "KONTENA_TOKEN", "KONTENA_NODE_TOKEN", "KONTENA_NODE_ID", "KONTENA_NODE_NAME", "KONTENA_NODE_LABELS",
            "KONTENA_PEER_INTERFACE", "KONTENA_SSL_VERIFY", "SSL_CERT_FILE", "LOG_LEVEL", "WEAVE_VERSION",
        }));
    }

    [Test]
    public void Of_NothingToSay_LeavesTheVariableOut()
    {
        // The agent takes an empty node id for a wrong one and ends (agent/bin/kontena-agent).
        var agent = BootstrapCase.Agent(IdentityMode.Engine) with { MasterUrl = "http://master", MasterCa = "pem", Labels = [], NodeToken = new SecretText("") };
        Assert.That(Names(agent, new AgentSpec { Environment = new Dictionary<string, string> { ["EMPTY"] = "" } }),
            Is.EqualTo(new[] { "KONTENA_URI", "KONTENA_TOKEN", "KONTENA_NODE_NAME" }));
    }

    [Test]
    public void Of_OwnNames_AreReserved()
    {
        var own = Names(BootstrapCase.Agent() with { MasterCa = "pem" }, new AgentSpec { PeerInterface = "eth1" });
        Assert.That(own, Is.SubsetOf(AgentSpec.ReservedNames));
        foreach (var name in AgentSpec.ReservedNames) Refused(BootstrapCase.Agent(), name, "x", $"spec.template.agent.environment.{name}");
    }

    [TestCase("A", "two\nlines")]
    [TestCase("A", "return\r")]
    [TestCase("A", "zero\0")]
    public void Of_ValueThatFitsNoLine_IsRefusedWithoutBeingQuoted(string name, string value) =>
        Refused(BootstrapCase.Agent(), name, value + Canary.Of("value"), "spec.template.agent.environment.A");

    [Test]
    public void Of_HalfACharacter_IsRefused() =>
        // Not in an attribute: metadata holds UTF-8, which has no halves.
        Refused(BootstrapCase.Agent(), "A", "half \ud800", "spec.template.agent.environment.A");

    [TestCase("lower")]
    [TestCase("1A")]
    [TestCase("A B")]
    [TestCase("A=B")]
    [TestCase("")]
    [TestCase("A\nKONTENA_TOKEN")]
    public void Of_NameThatIsNone_IsRefused(string name) => Refused(BootstrapCase.Agent(), name, "x", $"spec.template.agent.environment.{name}");

    [TestCase("a b")]
    [TestCase("a=b,c")]
    [TestCase("")]
    [TestCase("a=é")]
    public void Of_LabelThatWouldBeAnother_IsRefused(string label) =>
        Assert.That(Assert.Throws<BootstrapException>(() => AgentEnvironment.Of(BootstrapCase.Agent() with { Labels = [label] }, null))!.Path, Is.EqualTo("spec.template.nodeLabels"));

    [Test]
    public void Of_BrokenGridToken_BlamesTheGrid_AndSaysNoToken()
    {
        var error = Assert.Throws<BootstrapException>(() => AgentEnvironment.Of(BootstrapCase.Agent() with { GridToken = new SecretText($"{Canary.Of("token")}\n") }, null))!;
        Assert.That(error.Path, Is.EqualTo("spec.gridRef"));
        Assert.That(Canary.In(error.ToString()), Is.Empty);
    }

    [TestCase("latest")]
    [TestCase("1.5")]
    [TestCase("1.5.4 --privileged")]
    [TestCase("1.5.4\n")]
    public void Version_OfTheMasterThatIsNone_IsRefused(string version) =>
        Assert.That(Assert.Throws<BootstrapException>(() => AgentEnvironment.Version(BootstrapCase.Agent() with { MasterVersion = version }, null))!.Path, Is.EqualTo("spec.gridRef"));

    [Test]
    public void ToString_OfVariable_IsItsName() =>
        Assert.That(string.Join(' ', AgentEnvironment.Of(BootstrapCase.Agent(), null)), Does.Not.Contain(Canary.Stem));

    private static IEnumerable<string> Names(AgentInput agent, AgentSpec? spec) => AgentEnvironment.Of(agent, spec).Select(v => v.Name);

    private static void Refused(AgentInput agent, string name, string value, string path)
    {
        var spec = new AgentSpec { Environment = new Dictionary<string, string> { [name] = value } };
        var error = Assert.Throws<BootstrapException>(() => AgentEnvironment.Of(agent, spec))!;
        Assert.That(error.Path, Is.EqualTo(path));
        Assert.That(Canary.In(error.ToString()), Is.Empty);
    }
}
