namespace Kontena.EndToEnd.Manifests;

/// <summary>The program under exactly the rights that an install gives its ServiceAccount.</summary>
[Platform("Linux")]
public sealed class RunTests
{
    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task Run_WithTheAccountsToken_ServesAPoolAndIsNeverForbidden()
    {
        var cluster = await SharedInstall.GetAsync();
        await cluster.CreateNamespaceAsync("team", Ct);
        await using var running = await InstalledOperator.StartAsync(cluster, Kustomizations.Base, Ct);

        await running.ReadyAsync(Ct);
        await running.ServePoolAsync("team", "web", Ct);
        await running.DeletePoolAsync("team", "web", Ct);

        Assert.That(running.Cloud.Ec2.Instances.Select(i => i.Living), Is.EqualTo(new[] { false }));
        await AssertNeverForbiddenAsync(running);
        Assert.That(await running.StopAsync(Ct), Is.Zero);
    }

    [Test]
    public async Task Run_Namespaced_ServesItsNamespaceAndLeavesOthersAlone()
    {
        var cluster = await SharedInstall.GetAsync();
        foreach (var ns in new[] { "kontena", "neighbour" }) await cluster.CreateNamespaceAsync(ns, Ct);
        var applied = await cluster.ApplyAsync(Kustomizations.Namespaced, [], Ct);
        Assert.That(applied.Done.Select(d => d.Verdict), Is.All.EqualTo("created"), applied.Result.Error);
        Assert.That(applied.Complaints, Is.Empty);
        await using var running = await InstalledOperator.StartAsync(cluster, Kustomizations.Namespaced, Ct);

        await running.ReadyAsync(Ct);
        await running.DeclarePoolAsync("neighbour", "foreign", Ct);
        await running.ServePoolAsync("kontena", "web", Ct);
        await running.DeletePoolAsync("kontena", "web", Ct);

        Assert.That(running.Cloud.Ec2.Instances, Has.Count.EqualTo(1), "none for the neighbour");
        await running.DeletePoolAsync("neighbour", "foreign", Ct);
        await AssertNeverForbiddenAsync(running);
        Assert.That(await running.StopAsync(Ct), Is.Zero);
    }

    private static async Task AssertNeverForbiddenAsync(InstalledOperator running)
    {
        var answers = await running.AnswersAsync(Ct);
        Assert.That(answers.GetValueOrDefault("200"), Is.Positive);
        Assert.That(answers.GetValueOrDefault("403"), Is.Zero);
        Assert.That(running.Lines, Has.None.Contains("Forbidden"));
    }
}
