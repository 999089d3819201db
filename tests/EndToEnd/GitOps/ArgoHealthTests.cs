using System.Text.Json.Nodes;
using Kontena.TestKit;
using Kontena.TestKit.GitOps;

namespace Kontena.EndToEnd.GitOps;

/// <summary>The health check of docs/gitops.md over objects that were recorded on a real API server, in a Lua.</summary>
public sealed class ArgoHealthTests
{
    [TestCase("newborn", "Progressing", "The operator has not seen this generation yet.")]
    [TestCase("creating", "Progressing", "0 of 3 nodes are ready (3 New).")]
    [TestCase("ready", "Healthy", "All 3 nodes are ready.")]
    [TestCase("edited", "Progressing", "The operator has not seen this generation yet.")]
    [TestCase("stalled", "Degraded", "1 of 3 nodes are ready (1 QuotaReached, 1 Booting). web-2:")]
    [TestCase("paused", "Suspended", "The pool is paused: spec.paused is true, so nothing is created or deleted.")]
    [TestCase("deleting", "Progressing", "Being deleted.")]
    [TestCase("node-running", "Healthy", "The machine aws:///")]
    public async Task HealthCheck_RecordedObject(string name, string status, string message)
    {
        LuaInterpreter.Require();
        var recorded = Path.Combine(RepositoryFolders.Root, "tests", "EndToEnd", "GitOps", "Recorded", name + ".json");

        var health = (await LuaInterpreter.JudgeAsync(ArgoHealth.Script, [JsonNode.Parse(await File.ReadAllTextAsync(recorded))!.AsObject()], TestContext.CurrentContext.CancellationToken)).Single();

        Assert.That(health.Status, Is.EqualTo(status));
        Assert.That(health.Message, Does.StartWith(message));
    }
}
