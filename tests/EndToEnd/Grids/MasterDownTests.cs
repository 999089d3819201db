using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Grids;
using Kontena.Simulator.Faults;

namespace Kontena.EndToEnd.Grids;

/// <summary>The Master fails: nothing is made twice, nothing is taken for gone, and all goes on by itself.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class MasterDownTests(SceneEngine engine) : GridTests(engine)
{
    [Test]
    public async Task DownForAMinuteDuringAScaleUp_ReadyNodesStayReady_NothingIsMadeTwice_GoesOnByItself()
    {
        var scene = await PlayJoinedAsync(initialSize: 1, replicas: 2);
        var before = (await scene.Objects.NodesAsync()).Select(n => (n.Metadata.Uid, ConditionOf(n, "Ready").LastTransitionTime)).ToHashSet();
        var down = scene.Time.GetUtcNow();
        await scene.Grids.Kontena.StopAsync();
        await scene.Objects.ScaleAsync("web", 5);

        await scene.Grids.UntilAsync(GridConditions.MasterReachable, "False", "MasterUnreachable");
        var pool = await scene.Waits.PoolAsync("web", "GridReady", "False", "MasterUnreachable");
        await scene.Waits.UntilAsync(() => scene.Time.GetUtcNow() > down.AddMinutes(1), "a minute is over");

        Assert.That(pool.Message, Does.Contain(scene.Grids.Kontena.Url.Authority));
        Assert.That((await scene.Objects.NodesAsync()).Where(n => ConditionOf(n, "Ready").IsTrue).Select(n => (n.Metadata.Uid, ConditionOf(n, "Ready").LastTransitionTime)), Is.EquivalentTo(before), "what the Master said last stands");
        Assert.That(scene.Machines.Count(), Is.EqualTo(2), "no machine is made that could not join");
        await scene.Grids.Kontena.StartAsync(Ct);
        await scene.Waits.ReadyAsync("web", 5);
        await scene.Grids.UntilAsync(GridConditions.MasterReachable, "True");
        await scene.Waits.PoolAsync("web", "GridReady", "True");
        Assert.That(scene.Machines.Count(), Is.EqualTo(5));
        Assert.That(scene.Grids.Kontena.Nodes, Has.Count.EqualTo(5));
        await AssertEntriesAreOfNodesAsync(scene);
    }

    [Test]
    public async Task UpgradedToTheNextMinorVersion_ItsAgentsFollow_AndNoMachineIsReplaced()
    {
        var options = Usual.WithGrid();
        var scene = await PlayJoinedAsync(1, 2, options with { Master = options.Master! with { Version = "1.4.3" } });
        Assert.That((await scene.Objects.NodesAsync()).Select(n => n.Status!.AgentVersion), Is.All.EqualTo("1.4.3"));

        await scene.Grids.Kontena.UpgradeAsync("1.5.4", Ct);

        await scene.Waits.UntilAsync(async () => (await scene.Objects.NodesAsync()).All(n => n.Status!.AgentVersion == "1.5.4" && ConditionOf(n, "Ready").IsTrue), "both agents are of the new version");
        await scene.Waits.UntilAsync(async () => (await scene.Grids.FindAsync())!.Status is { MasterVersion: "1.5.4", OnlineNodes: 2 }, "the Grid tells of it");
        await scene.Waits.ReadyAsync("web", 2);
        Assert.That(scene.Machines.Count(), Is.EqualTo(2));
    }

    [TestCase(FaultKind.LostAnswer)]
    [TestCase(FaultKind.ServerError)]
    [TestCase(FaultKind.Throttle)]
    [TestCase(FaultKind.HalfPage)]
    public async Task CallsFailNowAndThen_OneEntryEach_NoneIsLeft(FaultKind kind)
    {
        var scene = await PlayGridAsync(initialSize: 3);
        scene.Ec2.Faults.Add(new Fault { Cloud = "kontena", Kind = kind, Action = "POST /v1/grids/:grid/nodes", Count = 2 });
        scene.Ec2.Faults.Add(new Fault { Cloud = "kontena", Kind = kind, Action = "DELETE /v1/nodes/:grid/:node", Count = 1 });
        scene.Ec2.Faults.Add(new Fault { Cloud = "kontena", Kind = kind, Action = "GET /v1/grids/:grid/nodes", Nth = 4, Count = 2 });
        await scene.Grids.PoolAsync("web", 4);
        await scene.Waits.ReadyAsync("web", 4);
        await AssertEntriesAreOfNodesAsync(scene);

        await scene.Objects.ScaleAsync("web", 3);
        await scene.Waits.UntilAsync(async () => (await scene.Objects.NodesAsync()).Count == 3, "one node goes");

        await scene.Waits.ReadyAsync("web", 3);
        await AssertEntriesAreOfNodesAsync(scene);
        Assert.That(scene.Ec2.Faults.All.Select(f => f.Struck), Is.EqualTo(new[] { 2, 1, 2 }));
        Assert.That(scene.Machines.Count(), Is.EqualTo(4));
    }

    [Test]
    public async Task GrantIsRefused_TheGridSaysSo_AndWithAnotherTokenAllGoesOn()
    {
        var scene = await PlayAsync(Usual.WithGrid());
        await scene.Objects.SecretAsync(SceneGrids.TokenSecret, new Dictionary<string, string> { ["token"] = Canary.Of("no-such-token") });
        await scene.Grids.CreateAsync();
        await scene.Grids.PoolAsync("web", 1);

        var refused = await scene.Grids.UntilAsync("Ready", "False", "TokenRefused");
        await scene.Waits.PoolAsync("web", "GridReady", "False");

        Assert.That(refused.Message, Does.Contain("spec.master.tokenRef"));
        await scene.Grids.UntilAsync("Stalled", "True", "TokenRefused");
        Assert.That(scene.Machines, Is.Empty);
        await scene.Objects.EditSecretAsync(SceneGrids.TokenSecret, "token", SceneGrids.AccessToken);
        await scene.Waits.ReadyAsync("web", 1);
    }
}
