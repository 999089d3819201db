using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using static Kontena.Operator.Core.Tests.Nodes.SeenInGrid;

namespace Kontena.Operator.Core.Tests.Nodes;

public sealed class JoinPathTests
{
    [Test]
    public void Running_CreatedEntry_JoinsAndAsksForItsHealth()
    {
        var wait = Waits(Running(Entry(MasterNodeStatus.Created)));
        Assert.That((wait.Reason, wait.AsksHealth, wait.NeedsHuman), Is.EqualTo(("Joining", true, false)));
    }

    [Test]
    public void Running_JustRegisteredAndNotListed_Joins() =>
        Assert.That(Waits(Running().Knowing(t => t.AfterConfirmed(Samples.Noon))).Reason, Is.EqualTo("Joining"));

    [Test]
    public void Running_EntryRemovedAtTheMaster_NeedsAHuman()
    {
        var wait = Waits(Running());
        Assert.That((wait.Reason, wait.NeedsHuman), Is.EqualTo(("NotInGrid", true)));
    }

    /// <summary>Asked for the token, the Master said that there is no such node: asking again before the next list would never end.</summary>
    [Test]
    public void Running_MasterSaidGoneAfterTheList_DoesNotAskAgain() =>
        Assert.That(Waits(Running(Entry(MasterNodeStatus.Created)).At(TimeSpan.FromHours(1)).Knowing(t => t.AfterGone(Samples.Noon.AddMinutes(1)))).Reason, Is.EqualTo("NotInGrid"));

    [Test]
    public void Running_MachineStopped_IsTheMachinesTrouble() =>
        Assert.That(Waits(Seen.WithMachine(MachineState.Stopped).InGrid(Entry(MasterNodeStatus.Offline))).Reason, Is.EqualTo("MachineStopped"));

    [Test]
    public void Running_MasterSilentBeforeTheFirstList_SaysSoUntilItHasJoined()
    {
        var seen = Running().Silent().Viewing(v => v with { Last = null });

        Assert.That(Waits(seen).Reason, Is.EqualTo("MasterUnreachable"));
        Assert.That(Waits(seen.Of(g => g with { JoinedAt = Samples.Noon })).Reason, Is.EqualTo("Observing"), "then what was said stands");
    }

    [Test]
    public void Running_MasterSilentLater_StandsByWhatItSaid() =>
        Assert.That(Waits(Joined(Entry(MasterNodeStatus.Online)).Silent()).Ready, Is.True);

    [TestCase(1, false)]
    [TestCase(3, true)]
    public void Connecting_TooLong_NeedsAHuman(int minutes, bool stuck)
    {
        var wait = Waits(Running(Entry(MasterNodeStatus.Connecting) with { ConnectedAt = Samples.Noon }).At(TimeSpan.FromMinutes(minutes)));
        Assert.That((wait.Reason, wait.NeedsHuman), Is.EqualTo((stuck ? "NotReporting" : "Joining", stuck)));
    }

    [Test]
    public void Offline_TellsSinceWhenAndWhatTheMasterSays()
    {
        var wait = Waits(Joined(Entry(MasterNodeStatus.Offline) with { DisconnectedAt = Samples.Noon }).Viewing(v => v with { Health = Says("Websocket disconnected at 12:00 with code 4030: ping timeout") }));
        Assert.That((wait.Reason, wait.AsksHealth), Is.EqualTo(("AgentOffline", true)));
        Assert.That(wait.Message, Does.Contain("since 2026-01-01T12:00:00Z").And.Contain("code 4030"));
    }

    [TestCase(IdentityMode.Engine, true)]
    [TestCase(IdentityMode.Pinned, false)]
    [TestCase(null, false)]
    public void Offline_WithTheEnginesOwnId_SaysWhatARebootMayHaveDone(IdentityMode? mode, bool says)
    {
        var seen = Joined(Entry(MasterNodeStatus.Offline) with { NodeId = "THE:ID" });
        var wait = Waits(seen with { Spec = seen.Spec with { Identity = mode } });

        Assert.That(wait.Message.Contains("another id than THE:ID since (docker info), the Master refuses it without a word (code 4003)", StringComparison.Ordinal), Is.EqualTo(says));
    }

    [Test]
    public void Online_FirstTime_NeedsItsHealth()
    {
        var seen = Running(Entry(MasterNodeStatus.Online));

        Assert.That((Waits(seen).Reason, Waits(seen).AsksHealth), Is.EqualTo(("Joining", true)));
        Assert.That(Waits(seen.Viewing(v => v with { Health = Healthy(EntryName) })).Ready, Is.True);
        Assert.That(Waits(seen.Viewing(v => v with { Health = new Dictionary<string, NodeHealth> { [EntryName] = new(false, null) } })).Reason, Is.EqualTo("EtcdUnhealthy"));
        Assert.That(Waits(seen.Viewing(v => v with { Health = new Dictionary<string, NodeHealth> { [EntryName] = new(null, "RPC timeout") } })).Reason, Is.EqualTo("EtcdUnhealthy"));
    }

    [Test]
    public void Online_HealthFromBeforeItConnected_IsAskedForAnew() =>
        Assert.That(Waits(Running(Entry(MasterNodeStatus.Online)).Viewing(v => v with { Health = Says("Websocket is not connected") })).Reason, Is.EqualTo("Joining"));

    [Test]
    public void Online_Joined_NeedsNoHealthButBelievesABadOne()
    {
        Assert.That(Waits(Joined(Entry(MasterNodeStatus.Online))).Reason, Is.EqualTo("Online"));
        Assert.That(Waits(Joined(Entry(MasterNodeStatus.Online)).Viewing(v => v with { Health = new Dictionary<string, NodeHealth> { [EntryName] = new(false, "no leader") } })).Reason, Is.EqualTo("EtcdUnhealthy"));
    }

    [Test]
    public void Online_DrainedByHand_IsReadyAndSaysSo()
    {
        var wait = Waits(Joined(Entry(MasterNodeStatus.Drain)));
        Assert.That((wait.Ready, wait.Message), Is.EqualTo((true, $"{EntryName} is online in grid prod. It is drained and takes no new services (kontena node availability).")));
    }

    [Test]
    public void Unrecognised_IsNoReasonToAct() => Assert.That(Waits(Joined(Entry(MasterNodeStatus.Unrecognised))).Reason, Is.EqualTo("GridStatusUnknown"));

    [Test]
    public void Adopted_FormersMark_IsReplaced()
    {
        var seen = Joined(Entry(MasterNodeStatus.Online, owner: "old-node") with { Labels = ["region=eu", $"{KontenaLabels.Node}=old-node"] }).Of(g => g with { OwnUids = ["node", "old-node"] });

        var step = NodeLifecycle.Next(seen) as NodeStep.Relabel;
        Assert.That(step?.Labels, Is.EqualTo(new[] { "region=eu", "kontena-node=node" }));
        Assert.That(Waits(seen.Silent()).Ready, Is.True, "not while the Master is silent");
        Assert.That(Waits(seen.Knowing(t => t.AfterTrouble(new MasterException(MasterFault.Throttled, "429"), Samples.Noon))).Ready, Is.True, "nor right after a failure");
    }

    private static NodeStep.Wait Waits(NodeSeen seen) => (NodeStep.Wait)NodeLifecycle.Next(seen);

    private static NodeSeen Running(params MasterNode[] nodes) => Seen.WithMachine().InGrid(nodes);

    private static NodeSeen Joined(params MasterNode[] nodes) => Running(nodes).Of(g => g with { JoinedAt = Samples.Noon });

    private static Dictionary<string, NodeHealth> Says(string trouble) => new() { [EntryName] = new NodeHealth(null, trouble) };
}
