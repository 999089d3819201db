using Kontena.EndToEnd.Crash.Judging;
using Kontena.Kubernetes.Resources.Core;

namespace Kontena.EndToEnd.Operator;

/// <summary>
/// <c>kubectl delete namespace</c> takes pools, nodes and credentials in no order: no machine may be left that nobody can terminate any more. (An operator
/// that lives in the namespace, or has its rights from there, goes with it: docs/install.md says to delete the pools first.)
/// </summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class NamespaceDeletionTests(SceneEngine engine) : OperatorTests(engine)
{
    [Test]
    public async Task OperatorRuns_EveryMachineEndsBeforeItsCredentialsGo_NothingIsLeft()
    {
        var scene = await PlayAsync(Usual with { Install = SceneInstall.ClusterWide });
        await scene.Objects.CredentialsAsync("aws-other");
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Objects.PoolAsync(scene.Cloud, "db", 1, aws => aws with { CredentialsRef = new() { Name = "aws-other" } });
        await scene.Waits.ReadyAsync("web", 2);
        await scene.Waits.ReadyAsync("db", 1);

        await AssertGoesAsync(scene, machines: 3, () => scene.Objects.DeleteNamespaceAsync());
    }

    [Test]
    public async Task MachinesTakeLongToEnd_TheCredentialsStayUntilThen()
    {
        var scene = await PlayAsync(Usual with { Install = SceneInstall.ClusterWide, Ec2 = Usual.Ec2 with { ShutdownTime = TimeSpan.FromSeconds(4) } });
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Waits.ReadyAsync("web", 2);

        await AssertGoesAsync(scene, machines: 2, () => scene.Objects.DeleteNamespaceAsync());
    }

    /// <summary>The namespace's end has long begun when an operator comes back: it makes it good, with what the finalizers kept for it.</summary>
    [Test]
    public async Task NoOperatorRuns_NothingIsLost_AndTheNextOperatorEndsIt()
    {
        var scene = await PlayAsync(Usual with { Install = SceneInstall.ClusterWide });
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        await scene.Operator.StopAsync();

        await scene.Objects.DeleteNamespaceAsync();
        await scene.Waits.UntilAsync(async () => (await scene.Objects.NodesAsync()).All(n => n.Metadata.IsBeingDeleted) && (await scene.Objects.PoolAsync("web")).Metadata.IsBeingDeleted
            && (await scene.Objects.FindSecretAsync(SceneObjects.CredentialsName))!.Metadata.IsBeingDeleted, "all is on its way out");
        Assert.That((scene.Living.Count, (await scene.Objects.NodesAsync()).Count), Is.EqualTo((2, 2)));

        await AssertGoesAsync(scene, machines: 2, () => scene.StartOperatorAsync());
    }

    private static async Task AssertGoesAsync(OperatorScene scene, int machines, Func<Task> act)
    {
        // Which Secret a machine is terminated with, by what its node says.
        var nodes = (await scene.Objects.NodesAsync()).ToDictionary(n => n.Spec.ProviderID!.Split('/')[^1], n => n.Spec.Provider.Settings.CredentialsSecret, StringComparer.Ordinal);
        var early = new List<string>();
        var secrets = new Followed<Secret>(scene.Api, CoreKinds.Secret, scene.Namespace, TimeProvider.System)
        {
            Changed = (before, after) =>
            {
                if (after is not null || before?.Metadata.Name is not { } name || !name.StartsWith(SceneObjects.CredentialsName, StringComparison.Ordinal)) return;
                early.AddRange(scene.Machines.Where(m => m.State.ToString() != "Terminated" && IsReachedWith(m.Id, name)).Select(m => $"Secret {name} went while machine {m.Id} was {m.State}"));
            },
        };
        await secrets.BeginAsync(scene.Ct);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(scene.Ct);
        var following = secrets.RunAsync(over.Token);

        await act();

        await scene.Waits.UntilAsync(scene.Objects.NamespaceIsGoneAsync, "the namespace goes");
        await scene.Waits.UntilAsync(() => secrets.Now.Count == 0, "the test's own watch has seen it all");
        await over.CancelAsync();
        await following;
        Assert.That(early, Is.Empty);
        Assert.That(scene.Machines.Select(m => m.State.ToString()), Is.EqualTo(Enumerable.Repeat("Terminated", machines)), "all that were ever made");

        bool IsReachedWith(string machine, string secret) => nodes.TryGetValue(machine, out var name) && name == secret;
    }
}
