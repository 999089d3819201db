using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Simulator.Kontena;
using OperatingSystem = Kontena.Operator.Core.Api.OperatingSystem;

namespace Kontena.EndToEnd.Grids;

/// <summary>From a declared pool to Kontena Nodes that are online: what the cluster says and what the Master says are the same.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class JoinTests(SceneEngine engine) : GridTests(engine)
{
    [Test]
    public async Task FiveNodesInAGridOfThreeInitialMembers_AllJoin_TheStatusTellsWhatTheMasterTells()
    {
        var scene = await PlayGridAsync(initialSize: 3);
        await scene.Grids.PoolAsync("web", 5, s => s with { Template = s.Template with { NodeLabels = new Dictionary<string, string> { ["role"] = "web", ["ssd"] = "" } } });

        await scene.Waits.ReadyAsync("web", 5);

        var entries = scene.Grids.Entries;
        Assert.That(entries.Select(e => e.Number), Is.EqualTo(new[] { 1, 2, 3, 4, 5 }));
        Assert.That(entries.Select(e => e.InitialMember), Is.EqualTo(new[] { true, true, true, false, false }));
        Assert.That(scene.Grids.Kontena.Nodes, Has.Count.EqualTo(5), "none was ever made in vain");
        Assert.That(scene.Machines.Count(), Is.EqualTo(5));
        foreach (var node in await scene.Objects.NodesAsync()) AssertTells(scene, node);
        await scene.Grids.UntilAsync(GridConditions.QuorumHealthy, "True", "AllHealthy");
        await scene.Waits.UntilAsync(async () => (await scene.Grids.FindAsync())!.Status is { Nodes: 5, OnlineNodes: 5, Quorum: "3/3", MasterVersion: "1.5.4", InitialSize: 3, Replacing: null }, "the Grid's status tells of five");
        var grid = (await scene.Grids.FindAsync())!.Status!;
        Assert.That(grid.InitialMembers!.Select(m => (m.Number, m.Name, m.Status, m.Healthy)), Is.EqualTo(entries.Take(3).Select(e => (e.Number, e.Name, "Online", "True"))));
        Assert.That(grid.Conditions.Where(c => c.Type is not "Ready").Select(c => $"{c.Type}={c.Status}"), Is.EquivalentTo(new[] { "MasterReachable=True", "QuorumHealthy=True", "ClockInSync=True" }));
    }

    [Test]
    public async Task EngineMode_TheNodesIdIsItsDockerEngines()
    {
        var scene = await PlayGridAsync();
        await scene.Grids.PoolAsync("web", 2, s => s with { Identity = new IdentitySpec { Mode = IdentityMode.Engine } });

        await scene.Waits.ReadyAsync("web", 2);

        foreach (var node in await scene.Objects.NodesAsync())
        {
            var machine = scene.Grids.MachineOf(node);
            Assert.That(machine.EngineId, Is.Not.Null);
            Assert.That((node.Status!.EngineID, scene.Grids.EntryOf(node).NodeId, machine.NodeId), Is.EqualTo((machine.EngineId, machine.EngineId, machine.EngineId)));
        }
    }

    [TestCase(OperatingSystem.Ubuntu, UbuntuData, "/etc/own")]
    [TestCase(OperatingSystem.Debian, UbuntuData, "/etc/own")]
    [TestCase(OperatingSystem.Flatcar, FlatcarData, "/etc/own")]
    public async Task EachOperatingSystem_WithUserDataOfOnesOwn_JoinsAndHasBoth(OperatingSystem os, string data, string file)
    {
        var scene = await PlayGridAsync();
        await scene.Grids.PoolAsync("web", 1, s => s with { Template = s.Template with { OperatingSystem = os, UserData = new UserDataSpec { Inline = data } } });

        await scene.Waits.ReadyAsync("web", 1);

        var (node, _) = await NodeAsync(scene, "Online");
        AssertTells(scene, node);
        Assert.That(scene.Grids.MachineOf(node).ReadFile(file), Is.EqualTo("own"));
    }

    [Test]
    public async Task PoolBeforeItsGrid_WaitsAndSaysWhatToCreate_ThenJoins()
    {
        var scene = await PlayAsync(Usual.WithGrid());
        await scene.Grids.PoolAsync("web", 1);

        var missing = await scene.Waits.PoolAsync("web", "GridReady", "False", "GridMissing");

        Assert.That(missing.Message, Does.Contain($"{scene.Namespace}/demo").And.Contain("Create it"));
        await scene.Waits.StalledAsync("web", "GridMissing");
        Assert.That(scene.Machines, Is.Empty);
        await scene.Grids.CreateAsync();
        await scene.Waits.ReadyAsync("web", 1);
        await scene.Waits.PoolAsync("web", "GridReady", "True");
    }

    [Test]
    public async Task MasterHasNodesOfOthers_TheyAreLeftAlone_AndCounted()
    {
        var scene = await PlayAsync(Usual.WithGrid(initialSize: 3));
        foreach (var name in new[] { "by-hand", "of-another-cluster" }) scene.Grids.AddForeign(name);
        await scene.Grids.CreateAsync();
        await scene.Grids.PoolAsync("web", 3);

        await scene.Waits.ReadyAsync("web", 3);

        Assert.That(scene.Grids.Entries.Select(e => e.Number), Is.EqualTo(new[] { 1, 2, 3, 4, 5 }));
        await scene.Waits.UntilAsync(async () => (await scene.Grids.FindAsync())!.Status is { Nodes: 5, OnlineNodes: 3 }, "the Grid tells of all nodes");
        await scene.Objects.DeletePoolAsync("web");
        await scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync("web") is null, "the pool goes");
        Assert.That(scene.Grids.Entries.Select(e => e.Name), Is.EqualTo(new[] { "by-hand", "of-another-cluster" }));
    }

    private const string UbuntuData = "#cloud-config\nwrite_files:\n- path: /etc/own\n  content: own\n";

    private const string FlatcarData = """{"ignition":{"version":"3.3.0"},"storage":{"files":[{"path":"/etc/own","mode":420,"contents":{"source":"data:,own"}}]}}""";

    private static void AssertTells(OperatorScene scene, KontenaNode node)
    {
        var (entry, status, attempt) = (scene.Grids.EntryOf(node), node.Status!, node.Spec.Attempt!);
        Assert.That(entry.Name, Is.EqualTo(KontenaName.Of(node.Metadata.Name!, node.Metadata.Uid!)));
        Assert.That(node.Spec.KontenaName, Is.EqualTo(entry.Name));
        Assert.That((entry.NodeId, scene.Grids.MachineOf(node).NodeId), Is.EqualTo((status.EngineID, status.EngineID)));
        Assert.That(status.EngineID, Is.EqualTo(attempt.KontenaNodeID));
        Assert.That((status.NodeNumber, status.InitialMember, entry.Origin, entry.HasToken), Is.EqualTo(((int?)entry.Number, (bool?)entry.InitialMember, NodeOrigin.Api, true)));
        Assert.That((status.AgentVersion, status.JoinedAt is null), Is.EqualTo(("1.5.4", false)));
        Assert.That(entry.Labels, Is.EqualTo(Labels(scene, node, attempt)));
        foreach (var type in new[] { "Ready", "MachineReady", "AgentConnected" }) Assert.That(ConditionOf(node, type).Status, Is.EqualTo("True"), type);
        Assert.That(status.Conditions.Select(c => c.Type), Has.None.EqualTo("Stalled").And.None.EqualTo("Reconciling"));
    }

    private static IEnumerable<string> Labels(OperatorScene scene, KontenaNode node, Kontena.Operator.Core.Nodes.CreateAttempt attempt) =>
    [
        "region=eu-west-1", $"az={attempt.Zone}", "provider=aws", $"nodepool={scene.Namespace}.web", $"kontena-node={node.Metadata.Uid}",
        .. (node.Spec.Template.NodeLabels ?? new Dictionary<string, string>()).OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => l.Value.Length == 0 ? l.Key : $"{l.Key}={l.Value}"),
    ];
}
