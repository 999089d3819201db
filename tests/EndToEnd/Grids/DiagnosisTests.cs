using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;
using Kontena.Simulator.Faults;
using Kontena.Simulator.Machines;

namespace Kontena.EndToEnd.Grids;

/// <summary>A machine that does not join, or leaves: the condition names the cause and what to do, and what was mended is Ready without a further word.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class DiagnosisTests(SceneEngine engine) : GridTests(engine)
{
    /// <summary>Long enough for a machine that joins, on a busy computer, too.</summary>
    private static readonly TimeSpan joinDeadline = TimeSpan.FromSeconds(15);

    private SceneOptions Impatient
    {
        get
        {
            var options = Usual.WithGrid();
            return options with { Pace = options.Pace with { JoinDeadline = joinDeadline } };
        }
    }

    [Test]
    public async Task TokenResetAtTheMaster_WrongToken_AndTheNodeThatIsDeletedIsReplaced()
    {
        var scene = await PlayGridAsync(Impatient);
        var away = scene.Ec2.Faults.Add(AgentsCutOff);
        await scene.Grids.PoolAsync("web", 1);
        await NodeAsync(scene, NodeReasons.Joining);
        await scene.Grids.ResetTokenAsync(scene.Grids.Entries.Single().Name);
        scene.Ec2.Faults.Remove(away.Id);

        var (node, ready) = await NodeAsync(scene, "WrongToken");

        AssertNeedsHuman(node, ready, "reset-token", "Delete this node");
        await scene.Waits.UntilAsync(() => scene.Grids.Kontena.Rejected.Any(r => r.Code == 4002), "the Master refuses the agent");
        await scene.Objects.DeleteNodeAsync("web-0");
        await ReplacedAsync(scene, node);
        await scene.Waits.ReadyAsync("web", 1);
        await AssertEntriesAreOfNodesAsync(scene);
    }

    [Test]
    public async Task BootstrapSecretLostBeforeTheEntryIsMade_NoMachineIsMade_AndTheConditionSaysWhatToDo()
    {
        var scene = await PlayGridAsync();
        var refusing = scene.Ec2.Faults.Add(new Fault { Cloud = "kontena", Kind = FaultKind.ServerError, Action = "POST /v1/grids/:grid/nodes" });
        await scene.Grids.PoolAsync("web", 1);
        await scene.Waits.UntilAsync(() => scene.Ec2.Faults.All.Single().Struck > 0, "the entry is asked for");
        var secret = (await scene.Objects.SecretsAsync()).Single(s => s.Type == "kontena.io/bootstrap");
        await scene.Objects.DeleteSecretAsync(secret.Metadata.Name!);
        // Another token than the one that was written down with the attempt.
        await scene.Objects.SecretAsync(secret.Metadata.Name!, new Dictionary<string, string> { ["userData"] = Canary.Of("other-data"), ["nodeToken"] = Canary.Of("other-node-token") });
        scene.Ec2.Faults.Remove(refusing.Id);

        await scene.Waits.UntilAsync(async () => (await scene.Objects.FindNodeAsync("web-0"))?.Status?.Conditions.Any(c => c is { Type: "Stalled", IsTrue: true }) == true, "the node is Stalled");
        var node = (await scene.Objects.FindNodeAsync("web-0"))!;
        Assert.That(ConditionOf(node, "Ready").Message, Does.Contain(secret.Metadata.Name).And.Contain("elete th"));
        Assert.That(scene.Machines, Is.Empty);
        Assert.That(scene.Grids.Entries, Is.Empty);
        await scene.Objects.DeleteNodeAsync("web-0");
        await ReplacedAsync(scene, node);
        await scene.Waits.ReadyAsync("web", 1);
    }

    [TestCase(60)]
    [TestCase(-60)]
    public async Task MachinesClockIsOff_ClockSkewIsSaidAtOnce_AndMendedByTimeAlone(int seconds)
    {
        var options = Usual.WithGrid();
        // The usual deadline of ten minutes: the Master names the cause, and it is not waited for.
        var scene = await PlayGridAsync(options with { Machines = options.Machines with { Skew = TimeSpan.FromSeconds(seconds), TimeSyncBlocked = true } });
        await scene.Grids.PoolAsync("web", 2);

        var (node, ready) = await NodeAsync(scene, "ClockSkew");

        AssertNeedsHuman(node, ready, "4020", seconds > 0 ? "future" : "past", "NTP");
        await scene.Waits.NodeAsync("web-1", "ClockSkew");
        foreach (var machine in scene.Cloud.Machines.All) machine.Skew = TimeSpan.Zero;
        await scene.Waits.ReadyAsync("web", 2);
        Assert.That(scene.Machines.Count(), Is.EqualTo(2), "none was replaced");
    }

    [Test]
    public async Task MastersClockIsOff_TheGridSaysSo_AndMendedAllJoin()
    {
        var scene = await PlayGridAsync();
        scene.Grids.Kontena.ClockSkew = TimeSpan.FromMinutes(2);
        await scene.Grids.PoolAsync("web", 1);

        await scene.Waits.NodeAsync("web-0", "ClockSkew");
        var skewed = await scene.Grids.UntilAsync("ClockInSync", "False", "ClockSkew");

        Assert.That(skewed.Message, Does.Contain("ahead of this operator's by more than a minute").And.Contain("NTP"));
        scene.Grids.Kontena.ClockSkew = TimeSpan.Zero;
        await scene.Waits.ReadyAsync("web", 1);
        await scene.Grids.UntilAsync("ClockInSync", "True");
    }

    [Test]
    public async Task AnotherNodeHoldsTheId_PinCollision_AndOnceThatIsGoneTheNodeJoins()
    {
        var scene = await PlayGridAsync(Impatient);
        var away = scene.Ec2.Faults.Add(AgentsCutOff);
        await scene.Grids.PoolAsync("web", 1);
        var (joining, _) = await NodeAsync(scene, NodeReasons.Joining);
        scene.Grids.AddForeign("first-of-the-clones", joining.Spec.Attempt!.KontenaNodeID);
        scene.Ec2.Faults.Remove(away.Id);

        var (node, ready) = await NodeAsync(scene, "PinCollision");

        AssertNeedsHuman(node, ready, "first-of-the-clones", "kontena node rm");
        await scene.Waits.UntilAsync(() => scene.Grids.Kontena.Rejected.Any(r => r.Code == 4006), "the Master refuses the agent");
        scene.Grids.RemoveForeign("first-of-the-clones");
        await scene.Waits.ReadyAsync("web", 1);
        Assert.That(scene.Grids.Entries.Single().NodeId, Is.EqualTo(joining.Spec.Attempt.KontenaNodeID));
    }

    [Test]
    public async Task MachineBringsAnAgentOfItsOwn_JoinedAsAnother_AndThatEntryIsLeftAlone()
    {
        var scene = await PlayGridAsync(Impatient);
        var away = scene.Ec2.Faults.Add(AgentsCutOff);
        await scene.Grids.PoolAsync("web", 1);
        var (joining, _) = await NodeAsync(scene, NodeReasons.Joining);
        var machine = scene.Grids.MachineOf(joining);
        await scene.Waits.UntilAsync(() => machine.Agent == AgentState.Connecting, "the bootstrap's agent tries to connect");
        Assert.That(machine.Execute("systemctl", "stop", "kontena-agent.service"), Is.Zero);
        // A try that is on its way would be let in once the way is free.
        await scene.Waits.UntilAsync(() => machine.Agent == AgentState.None, "the bootstrap's agent has ended");
        Assert.That(machine.Execute(
            "docker", "run", "-d", "--name", "baked", "--net=host", "-v", "/var/run/docker.sock:/var/run/docker.sock", "-e", $"KONTENA_URI=ws://{scene.Grids.Kontena.Url.Authority}",
            "-e", $"KONTENA_TOKEN={scene.Grids.Kontena.GridToken(GridName)}", "-e", "KONTENA_NODE_NAME=baked", "-e", "KONTENA_PEER_INTERFACE=ens5", "kontena/agent:1.5.4"), Is.Zero);
        scene.Ec2.Faults.Remove(away.Id);

        var (node, ready) = await NodeAsync(scene, "JoinedAsAnother");

        AssertNeedsHuman(node, ready, "baked", joining.Spec.KontenaName!, "spec.template.userData");
        await scene.Objects.DeletePoolAsync("web");
        await scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync("web") is null, "the pool goes");
        Assert.That(scene.Grids.Entries.Select(e => e.Name), Is.EqualTo(new[] { "baked" }));
    }

    [TestCase(IdentityMode.Engine)]
    [TestCase(IdentityMode.Pinned)]
    public async Task ImageWithDockersIdentityBakedIn_EachNodeHasAnIdOfItsOwn(IdentityMode mode)
    {
        var options = Usual.WithGrid();
        var scene = await PlayGridAsync(options with { Machines = options.Machines with { Images = [new ImageTraits { NamePattern = "ubuntu/*", Docker = new Version(27, 5, 1), Interface = "ens5", EngineId = BakedId }] } });
        await scene.Grids.PoolAsync("web", 3, s => s with { Identity = new IdentitySpec { Mode = mode } });

        await scene.Waits.ReadyAsync("web", 3);

        var ids = scene.Grids.Entries.Select(e => e.NodeId).ToList();
        Assert.That(ids, Is.Unique);
        Assert.That(ids.Count(id => id == BakedId), Is.LessThanOrEqualTo(mode == IdentityMode.Engine ? 1 : 0));
    }

    [Test]
    public async Task AgentOfAnotherVersionThanTheMaster_AgentVersion()
    {
        var scene = await PlayGridAsync(Impatient);
        await scene.Grids.PoolAsync("web", 1, s => s with { Template = s.Template with { Agent = new AgentSpec { Version = "1.3.4" } } });

        var (node, ready) = await NodeAsync(scene, "AgentVersion");

        AssertNeedsHuman(node, ready, "1.5.4", "spec.template.agent.version");
    }

    [Test]
    public async Task MasterOutOfReach_NeverConnected_WithWhereToLook_AndMendedTheNodeJoins()
    {
        var scene = await PlayGridAsync(Impatient);
        var away = scene.Ec2.Faults.Add(AgentsCutOff);
        await scene.Grids.PoolAsync("web", 1);

        var (node, ready) = await NodeAsync(scene, "NeverConnected");

        AssertNeedsHuman(node, ready, node.Spec.ProviderID!, "journalctl -u kontena-agent", scene.Grids.Url);
        Assert.That(ConditionOf(node, "MachineReady").Status, Is.EqualTo("True"));
        scene.Ec2.Faults.Remove(away.Id);
        await scene.Waits.ReadyAsync("web", 1);
    }

    [Test]
    public async Task EntryRemovedBehindOurBack_NotInGrid_AndTheNodeThatIsDeletedIsReplaced()
    {
        var scene = await PlayJoinedAsync(initialSize: 1, replicas: 2);
        var gone = (await scene.Objects.FindNodeAsync("web-1"))!;
        scene.Grids.Kontena.RemoveBehindTheBack(GridName, gone.Spec.KontenaName!);

        var (node, ready) = await NodeAsync(scene, "NotInGrid", "web-1");

        AssertNeedsHuman(node, ready, gone.Spec.KontenaName!, "Delete this node");
        await scene.Waits.PoolAsync("web", "Ready", "False");
        await scene.Objects.DeleteNodeAsync("web-1");
        await ReplacedAsync(scene, gone);
        await scene.Waits.ReadyAsync("web", 2);
        await AssertEntriesAreOfNodesAsync(scene);
    }

    [Test]
    public async Task AgentGoesAway_AgentOffline_AndBackItIsReady()
    {
        var scene = await PlayJoinedAsync(initialSize: 1, replicas: 2);
        var machine = scene.Grids.MachineOf((await scene.Objects.FindNodeAsync("web-1"))!);
        machine.Network = NetworkBlock.Refused;

        var (node, ready) = await NodeAsync(scene, "AgentOffline", "web-1");

        Assert.That(ready.Status, Is.EqualTo("False"));
        Assert.That((ConditionOf(node, "MachineReady").Status, ConditionOf(node, "AgentConnected").Status), Is.EqualTo(("True", "False")));
        await scene.Waits.UntilAsync(async () => (await scene.Grids.FindAsync())!.Status is { Nodes: 2, OnlineNodes: 1 }, "the Grid counts one online");
        machine.Network = NetworkBlock.None;
        await scene.Waits.ReadyAsync("web", 2);
        Assert.That(scene.Machines.Count(), Is.EqualTo(2));
    }

    private const string BakedId = "5f0c8a52-8a55-4a6e-9f0e-0d1c2b3a4f5e";

    private static Fault AgentsCutOff { get; } = new() { Cloud = "kontena", Kind = FaultKind.Cut, Action = "WEBSOCKET /" };

    private static void AssertNeedsHuman(KontenaNode node, Condition ready, params string[] words)
    {
        Assert.That(ready.Status, Is.EqualTo("False"));
        foreach (var word in words) Assert.That(ready.Message, Does.Contain(word));
        Assert.That(ConditionOf(node, "Stalled").Status, Is.EqualTo("True"));
        Assert.That(ConditionOf(node, "AgentConnected").Status, Is.EqualTo("False"));
    }
}
