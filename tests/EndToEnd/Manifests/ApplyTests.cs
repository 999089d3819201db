using System.Text.Json.Nodes;

namespace Kontena.EndToEnd.Manifests;

/// <summary><c>kubectl apply -k</c> of what is in manifests/, on a real API server.</summary>
[Platform("Linux")]
public sealed class ApplyTests
{
    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task Apply_EmptyCluster_CreatesAllThatTheServerKnows()
    {
        var cluster = await SharedInstall.GetAsync();
        var documents = await Kustomizations.RenderAsync(Kustomizations.Base, Ct);
        var unknown = await UnknownAsync(cluster, documents);

        Assert.That(cluster.Installed.Done.Select(d => d.Verdict), Is.All.EqualTo("created"));
        Assert.That(cluster.Installed.Done, Has.Count.EqualTo(documents.Count - unknown.Count), cluster.Installed.Result.Error);
        Assert.That(cluster.Installed.UnknownKinds, Is.EquivalentTo(unknown.Select(d => d.Kind())));
        Assert.That(cluster.Installed.Complaints, Is.Empty);
        Assert.That(cluster.Installed.Result.ExitCode, Is.EqualTo(unknown.Count == 0 ? 0 : 1), cluster.Installed.Result.Error);
        // A server before 1.21 has PodDisruptionBudgets in an older version only; nothing else may be missing.
        Assert.That(unknown.Select(d => d.Title()), Is.SubsetOf(new[] { "PodDisruptionBudget kontena-system/kontena-operator" }));
    }

    [Test]
    public async Task Apply_DisruptionBudget_IsTakenInTheVersionThatTheServerHas()
    {
        var cluster = await SharedInstall.GetAsync();
        var budget = (await Kustomizations.RenderAsync(Kustomizations.Base, Ct)).Only("PodDisruptionBudget");
        if (!await cluster.ServesAsync(budget, Ct)) budget["apiVersion"] = "policy/v1beta1";
        // Another name: the one of the install may be there already.
        budget["metadata"]!["name"] = "another";

        var path = $"/apis/{budget["apiVersion"]}/namespaces/{budget.Namespace()}/poddisruptionbudgets?dryRun=All";
        Assert.That((await cluster.Server.Http.SendAsync(HttpMethod.Post, path, budget, "application/json", Ct)).Code, Is.EqualTo(201));
    }

    [Test]
    public async Task Apply_Again_ChangesNothing()
    {
        var cluster = await SharedInstall.GetAsync();

        var again = await cluster.ApplyAsync(Kustomizations.Base, [], Ct);

        Assert.That(again.Done, Has.Count.EqualTo(cluster.Installed.Done.Count));
        Assert.That(again.Done.Where(d => d.Verdict != "unchanged"), Is.Empty);
    }

    [Test]
    public async Task Apply_WithServiceMonitor_LacksOnlyThePrometheusOperator()
    {
        var cluster = await SharedInstall.GetAsync();
        var unknown = await UnknownAsync(cluster, await Kustomizations.RenderAsync(Kustomizations.ServiceMonitor, Ct));

        var applied = await cluster.ApplyAsync(Kustomizations.ServiceMonitor, ["--dry-run=server"], Ct);

        Assert.That(applied.UnknownKinds, Is.EquivalentTo(unknown.Select(d => d.Kind())));
        Assert.That(applied.UnknownKinds, Has.Member("ServiceMonitor"));
        Assert.That(applied.Done, Has.Count.EqualTo(cluster.Installed.Done.Count));
    }

    private static async Task<IReadOnlyList<JsonObject>> UnknownAsync(InstalledCluster cluster, IReadOnlyList<JsonObject> documents)
    {
        var unknown = new List<JsonObject>();
        foreach (var document in documents)
            if (!await cluster.ServesAsync(document, Ct)) unknown.Add(document);
        return unknown;
    }
}
