using Kontena.Simulator.Machines.Agent;

namespace Kontena.Simulator.Tests.Machines.Agent;

public sealed class AgentSettingsTests
{
    private static readonly DockerFacts Engine = new("ENGINE", "host", ["engine=label"], "27.0.0", "Ubuntu");

    private static AgentSettings? Read(string version, out string failure, params (string Name, string Value)[] variables) =>
        AgentSettings.Read(variables.ToDictionary(v => v.Name, v => v.Value), Version.Parse(version), Engine, out failure);

    [Test]
    public void Settings_WithTheLeast_ComeFromTheEngine()
    {
        var settings = Read("1.5.4", out _, ("KONTENA_URI", "https://m:8443/"), ("KONTENA_TOKEN", Canary.Of("grid-token")))!;
        Assert.That((settings.Uri, settings.NodeId, settings.NodeName, settings.NodeToken), Is.EqualTo(("wss://m:8443/", "ENGINE", "host", (string?)null)));
        Assert.That((settings.Labels, settings.VerifiesTls), Is.EqualTo((new[] { "engine=label" }, false)));
    }

    [Test]
    public void Labels_WithSpaces_AreMany_AndNoneWhereEmpty()
    {
        Assert.That(Read("1.5.4", out _, ("KONTENA_URI", "ws://m"), ("KONTENA_TOKEN", "t"), ("KONTENA_NODE_LABELS", " a=1  b "))!.Labels, Is.EqualTo(new[] { "a=1", "b" }));
        Assert.That(Read("1.5.4", out _, ("KONTENA_URI", "ws://m"), ("KONTENA_TOKEN", "t"), ("KONTENA_NODE_LABELS", ""))!.Labels, Is.Empty);
    }

    [Test]
    public void Version_BeforeNodeTokens_LooksAtNoneOfTheirVariables()
    {
        var settings = Read("1.3.5", out _, ("KONTENA_URI", "http://m"), ("KONTENA_TOKEN", "t"), ("KONTENA_NODE_TOKEN", "n"), ("KONTENA_NODE_ID", "bad"), ("KONTENA_NODE_NAME", "x"))!;
        Assert.That((settings.NodeToken, settings.NodeId, settings.NodeName, settings.Modern), Is.EqualTo(((string?)null, "ENGINE", "host", false)));
        Assert.That(Read("1.3.5", out var failure, ("KONTENA_URI", "http://m"), ("KONTENA_NODE_TOKEN", "n")), Is.Null);
        Assert.That(failure, Does.Contain("KONTENA_TOKEN"));
    }

    [TestCase("KONTENA_NODE_ID", "abcd:EFGH:IJKL:MNOP:QRST:UVWX:YZ23:4567:ABCD:EFGH:IJKL:MNOP")]
    [TestCase("KONTENA_NODE_ID", "ABCD:EFGH")]
    [TestCase("KONTENA_NODE_ID", "")]
    [TestCase("KONTENA_NODE_NAME", "")]
    public void Value_ThatTheAgentRefuses_EndsIt(string name, string value)
    {
        Assert.That(Read("1.4.0", out var failure, ("KONTENA_URI", "http://m"), ("KONTENA_TOKEN", "t"), (name, value)), Is.Null);
        Assert.That(failure, Does.StartWith($"ArgumentError: Invalid {name}"));
    }

    [Test]
    public void Settings_AsText_HoldNoToken() =>
        Assert.That(Canary.In(Read("1.5.4", out _, ("KONTENA_URI", "ws://m"), ("KONTENA_TOKEN", Canary.Of("grid-token")), ("KONTENA_NODE_TOKEN", Canary.Of("node-token")))!.ToString()), Is.Empty);
}
