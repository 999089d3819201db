using System.Text.Json.Nodes;
using Kontena.Kubernetes.Schema;
using Kontena.TestKit;
using Kontena.TestKit.GitOps;

namespace Kontena.EndToEnd.GitOps;

/// <summary>The health check for Argo CD as docs/gitops.md has it.</summary>
internal static class ArgoHealth
{
    public static string Script { get; } = Read();

    /// <summary>Argo CD's word for what kstatus says; a paused pool has one of its own.</summary>
    public static string WordFor(JsonObject resource) => Kstatus.Of(resource).Verdict switch
    {
        KstatusVerdict.Current => "Healthy",
        KstatusVerdict.Failed => "Degraded",
        KstatusVerdict.Terminating => "Progressing",
        KstatusVerdict.InProgress => IsPaused(resource) ? "Suspended" : "Progressing",
        var other => throw new ArgumentOutOfRangeException(nameof(resource), other, "Argo CD has no word for it."),
    };

    /// <summary>The script gives that word for every version; where there is no Lua, that is said, and the recorded statuses' own test is skipped.</summary>
    public static async Task AgreesAsync(IReadOnlyList<JudgedVersion> versions, CancellationToken ct)
    {
        if (!LuaInterpreter.IsThere)
        {
            await TestContext.Progress.WriteLineAsync("No Lua on this machine: the health check for Argo CD was not compared.");
            return;
        }
        var health = await LuaInterpreter.JudgeAsync(Script, versions.Select(v => v.Object), ct);
        for (var i = 0; i < versions.Count; i++) Assert.That(health[i].Status, Is.EqualTo(WordFor(versions[i].Object)), versions[i].ToString());
    }

    private static bool IsPaused(JsonObject resource) =>
        resource["status"]?["observedGeneration"]?.GetValue<long>() == resource["metadata"]?["generation"]?.GetValue<long>()
        && resource["status"]?["conditions"]?.AsArray().Any(c => (string?)c!["type"] == "Ready" && (string?)c["reason"] == "Paused") == true;

    private static string Read()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryFolders.Root, "docs", "gitops.md"));
        var block = page.Split("```yaml\n").Skip(1).Select(b => b.Split("```")[0]).Single(b => b.Contains("argocd-cm", StringComparison.Ordinal));
        var customizations = YamlDocuments.Read(block).Single()["data"]!["resource.customizations"]!.GetValue<string>();
        return YamlDocuments.Read(customizations).Single()["kontena.io/*"]!["health.lua"]!.GetValue<string>();
    }
}
