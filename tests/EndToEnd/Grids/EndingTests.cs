using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Api;

namespace Kontena.EndToEnd.Grids;

/// <summary>Pools, Grids and Secrets that end in any order: no deadlock, and nothing is left at the cloud, at the Master or in the cluster.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class EndingTests(SceneEngine engine) : GridTests(engine)
{

    [Test]
    public async Task LastPoolOfAGridDeleted_ItsMembersGoWithoutWaitingForEachOther_ThenTheGridAndItsSecretMayGo()
    {
        var scene = await PlayJoinedAsync(initialSize: 3, replicas: 3);
        Assert.That((await scene.Objects.FindSecretAsync(SceneGrids.TokenSecret))!.Metadata.Finalizers, Is.EqualTo(new[] { ApiGroup.GridInUseFinalizer }));

        await scene.Objects.DeletePoolAsync("web");
        await PoolGoesAsync(scene);

        AssertNothingIsLeft(scene, machines: 3);
        await scene.Grids.DeleteAsync();
        await scene.Waits.UntilAsync(async () => await scene.Grids.FindAsync() is null, "the Grid goes");
        Assert.That((await scene.Objects.FindSecretAsync(SceneGrids.TokenSecret))!.Metadata.Finalizers ?? [], Is.Empty);
    }

    [Test]
    public async Task GridAndItsSecretDeletedFirst_TheyWaitForTheNodes_AndSayForWhich()
    {
        var scene = await PlayJoinedAsync(initialSize: 1, replicas: 2);
        await scene.Grids.DeleteAsync();
        await scene.Objects.DeleteSecretAsync(SceneGrids.TokenSecret);

        var waiting = await scene.Grids.UntilAsync("Ready", "False", "Deleting");

        Assert.That(waiting.Message, Does.Contain("web-0, web-1").And.Contain("Delete their pools"));
        await scene.Waits.PoolAsync("web", "GridReady", "False", "GridDeleted");
        await scene.Grids.PollsAsync(3);
        Assert.That(scene.Living, Has.Count.EqualTo(2));
        await scene.Objects.DeletePoolAsync("web");
        await PoolGoesAsync(scene);
        AssertNothingIsLeft(scene, machines: 2);
        await scene.Waits.UntilAsync(async () => await scene.Grids.FindAsync() is null, "the Grid goes");
        await scene.Waits.UntilAsync(async () => await scene.Objects.FindSecretAsync(SceneGrids.TokenSecret) is null, "its Secret goes");
    }

    [Test]
    public async Task WholeNamespaceDeleted_NothingIsLeft()
    {
        var scene = await PlayJoinedAsync(initialSize: 3, replicas: 3, Usual.WithGrid(initialSize: 3) with { Install = SceneInstall.ClusterWide });

        await scene.Objects.DeleteNamespaceAsync();

        await scene.Waits.UntilAsync(scene.Objects.NamespaceIsGoneAsync, "the namespace goes");
        AssertNothingIsLeft(scene, machines: 3);
    }

    [TestCase(0)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task PoolDeletedWhileItsNodesRegister_NothingIsLeft(int entries)
    {
        var scene = await PlayGridAsync(initialSize: 3);
        await scene.Grids.PoolAsync("web", 4);
        await scene.Waits.UntilAsync(() => scene.Grids.Kontena.Nodes.Count >= entries, $"{entries} entries");

        await scene.Objects.DeletePoolAsync("web");

        await PoolGoesAsync(scene);
        AssertNothingIsLeft(scene, scene.Machines.Count());
    }

    [Test]
    public async Task SecondGridForTheSame_IsStalled_AndTakesOverWhenTheFirstIsGone()
    {
        var scene = await PlayJoinedAsync(initialSize: 1, replicas: 1);
        // Times are whole seconds: of two that were made within one, the UID decides.
        var made = (await scene.Grids.FindAsync())!.Metadata.CreationTimestamp!.Value;
        await scene.Waits.UntilAsync(() => TimeProvider.System.GetUtcNow() >= made.AddSeconds(1), "another second");
        await scene.Grids.CreateAsync("another");
        await scene.Waits.UntilAsync(async () => (await scene.Grids.FindAsync("another"))!.Status?.Conditions.Any(c => c is { Type: "Stalled", Reason: "GridClaimed", IsTrue: true }) == true, "the second is Stalled");
        Assert.That((await scene.Grids.FindAsync())!.Status!.Conditions.Single(c => c.Type == "Ready").Status, Is.EqualTo("True"), "the first is not");

        await scene.Objects.DeletePoolAsync("web");
        await PoolGoesAsync(scene);
        await scene.Grids.DeleteAsync();

        await scene.Waits.UntilAsync(async () => (await scene.Grids.FindAsync("another"))!.Status!.Conditions.Any(c => c is { Type: "Ready", IsTrue: true }), "the second has the grid");
        Assert.That((await scene.Objects.FindSecretAsync(SceneGrids.TokenSecret))!.Metadata.Finalizers, Is.EqualTo(new[] { ApiGroup.GridInUseFinalizer }), "the Secret is the second's by now");
    }

    private static Task PoolGoesAsync(OperatorScene scene) => scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync("web") is null, "the pool goes");

    private static void AssertNothingIsLeft(OperatorScene scene, int machines)
    {
        Assert.That(scene.Machines.Select(m => m.State.ToString()), Is.EqualTo(Enumerable.Repeat("Terminated", machines)), "all that were ever made");
        Assert.That(scene.Grids.Entries, Is.Empty);
    }
}
