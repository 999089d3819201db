using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using static Kontena.Operator.Core.Tests.Nodes.SeenInGrid;

namespace Kontena.Operator.Core.Tests.Nodes;

public sealed class NodeStatusInGridTests
{
    [Test]
    public void Compose_MachineRunsAndHasNotJoined_OnlyTheMachineIsReady() => Assert.That(
        Said(Compose(Seen.WithMachine().InGrid(Entry(MasterNodeStatus.Created)))),
        Is.EqualTo(new[] { "Ready=False/Joining", "MachineReady=True/Running", "AgentConnected=False/Joining", "Reconciling=True/Joining" }));

    [Test]
    public void Compose_Online_IsReadyAndTellsWhatTheMasterKnows()
    {
        var status = Compose(Online());

        Assert.Multiple(() =>
        {
            Assert.That(Said(status), Is.EqualTo(new[] { "Ready=True/Online", "MachineReady=True/Running", "AgentConnected=True/Online" }));
            Assert.That((status.EngineID, status.NodeNumber, status.InitialMember, status.OverlayIP), Is.EqualTo(($"ID:{EntryName}", 2, true, "10.81.0.2")));
            Assert.That((status.AgentVersion, status.DockerVersion, status.JoinedAt), Is.EqualTo(("1.5.4", "20.10.24", Samples.Noon)));
        });
    }

    [Test]
    public void Compose_ConnectedButNotHealthy_IsConnected() =>
        Assert.That(Said(Compose(Online().Viewing(v => v with { Health = new Dictionary<string, NodeHealth> { [EntryName] = new(false, null) } }))), Does.Contain("AgentConnected=True/Connected").And.Contain("Ready=False/EtcdUnhealthy"));

    [Test]
    public void Compose_MasterSilentAfterAnObservation_ChangesNothing()
    {
        var before = Compose(Online());
        var after = Compose(Online().Of(g => g with { JoinedAt = before.JoinedAt }).Silent(), before);

        Assert.That(NodeStatus.IsWorthWriting(before, after), Is.False);
    }

    [Test]
    public void Compose_MasterSilentSinceTheStart_ChangesNothing()
    {
        var before = Compose(Online());
        var after = Compose(Unobserved(Online(), before), before);

        Assert.That(NodeStatus.IsWorthWriting(before, after), Is.False);
    }

    [Test]
    public void Compose_MachineStoppedWhileTheMasterIsSilentSinceTheStart_KeepsAgentConnected()
    {
        var before = Compose(Online());
        var stopped = Unobserved(Online() with { Sight = new MachineSight(Samples.Noon, [Seen.Machine(MachineState.Stopped)]) }, before);

        Assert.That(Said(Compose(stopped, before)), Is.EqualTo(new[] { "Ready=False/MachineStopped", "MachineReady=False/MachineStopped", "AgentConnected=True/Online", "Stalled=True/MachineStopped" }));
    }

    [Test]
    public void Compose_NeverObserved_AgentIsUnknown() =>
        Assert.That(Said(Compose(Seen.WithMachine().InGrid().Viewing(v => v with { Last = null }))), Does.Contain("AgentConnected=Unknown/Observing"));

    [Test]
    public void Compose_EntryIsAnothers_TellsNothingOfIt()
    {
        var status = Compose(Seen.WithMachine(MachineState.Pending).InGrid(Entry(MasterNodeStatus.Online, owner: "successor")));

        Assert.That((status.EngineID, status.NodeNumber), Is.EqualTo((default(string), default(int?))));
        Assert.That(Said(status), Does.Contain("AgentConnected=False/Booting"));
    }

    [Test]
    public void Compose_Draining_IsNotReadyAndStillConnected()
    {
        var seen = Online().Knowing(t => t with { DrainAskedAt = Samples.Noon, Containers = (2, Samples.Noon) }) with { Deleting = true };
        seen = seen.Viewing(v => v with { Last = new MasterListing(Samples.Noon, [.. v.Last!.Nodes.Select(n => n with { Number = 9, InitialMember = false }), Other("a", 1)]) });

        Assert.That(Said(Compose(seen)), Does.Contain("Ready=False/Draining").And.Contain("AgentConnected=True/Connected"));
    }

    private static NodeSeen Online() => Seen.WithMachine()
        .InGrid(Entry(MasterNodeStatus.Online, number: 2) with { AgentVersion = "1.5.4", DockerVersion = "20.10.24", OverlayIp = "10.81.0.2" })
        .Viewing(v => v with { Health = Healthy(EntryName) });

    private static NodeSeen Unobserved(NodeSeen seen, KontenaNodeStatus before) =>
        seen.Silent().Viewing(v => v with { Last = null }).Of(g => g with { JoinedAt = before.JoinedAt });

    private static KontenaNodeStatus Compose(NodeSeen seen, KontenaNodeStatus? before = null) => NodeStatus.Compose(seen, NodeLifecycle.Next(seen), 1, before);

    private static IEnumerable<string> Said(KontenaNodeStatus status) => status.Conditions.Select(c => $"{c.Type}={c.Status}/{c.Reason}");
}
