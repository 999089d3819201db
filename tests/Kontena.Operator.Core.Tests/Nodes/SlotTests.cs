using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using static Kontena.Operator.Core.Tests.Nodes.SeenInGrid;

namespace Kontena.Operator.Core.Tests.Nodes;

/// <summary>An initial member of three leaves: one at a time, and only where a healthy majority stays.</summary>
public sealed class SlotTests
{
    [Test]
    public void Member_AsksForHealthThenTakesTheSlotThenDrains()
    {
        var seen = Leaving();
        Assert.That(NodeLifecycle.Next(seen), Is.EqualTo(new NodeStep.CheckMembers(EntryName)));
        Assert.That(NodeLifecycle.Next(Checked(seen)), Is.EqualTo(new NodeStep.TakeSlot(EntryName, 1)));
        Assert.That(NodeLifecycle.Next(Held(Checked(seen))), Is.TypeOf<NodeStep.Drain>());
        Assert.That(NodeLifecycle.Next(Checked(seen).At(LeavePath.HealthFresh)), Is.TypeOf<NodeStep.CheckMembers>(), "an old answer does not count");
    }

    [Test]
    public void Member_SlotIsAnothers_Waits() =>
        Assert.That(NodeLifecycle.Next(Checked(Leaving()).Viewing(v => v with { Slot = Slot("another") })), Has.Property("Reason").EqualTo("WaitingForQuorum").And.Property("Message").Contains("goes first"));

    [Test]
    public void Member_OthersSick_StaysAndTellsHow()
    {
        var wait = NodeLifecycle.Next(Checked(Leaving(MasterNodeStatus.Offline), "b")) as NodeStep.Wait;
        Assert.That((wait?.Reason, wait?.NeedsHuman), Is.EqualTo(("QuorumAtRisk", true)));
        Assert.That(wait!.Message, Does.Contain("c is offline").And.Contain("abandon-node=true"));
    }

    /// <summary>It was not healthy when it was asked, and has come back since.</summary>
    [Test]
    public void Member_ASickOneIsConnectedAgain_AsksSoonerThanAnAnswerGrowsOld()
    {
        var seen = Checked(Leaving(), "b");
        Assert.That(NodeLifecycle.Next(seen.At(TimeSpan.FromSeconds(4))).Reason, Is.EqualTo("WaitingForQuorum"));
        Assert.That(NodeLifecycle.Next(seen.At(TimeSpan.FromSeconds(5))), Is.TypeOf<NodeStep.CheckMembers>());
        Assert.That(NodeLifecycle.Next(Checked(Leaving(MasterNodeStatus.Offline), "b").At(TimeSpan.FromSeconds(5))).Reason, Is.EqualTo("QuorumAtRisk"), "one that is away is not asked");
    }

    [Test]
    public void Member_OthersOnTheirWay_WaitsWithoutAHuman()
    {
        var wait = NodeLifecycle.Next(Checked(Leaving(MasterNodeStatus.Created), "b")) as NodeStep.Wait;
        Assert.That((wait?.Reason, wait?.NeedsHuman), Is.EqualTo(("WaitingForQuorum", false)));
    }

    [Test]
    public void Holder_AnswersFromBeforeItsTurn_DoNotCount()
    {
        var seen = Drained(Held(Checked(Leaving())));
        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.Terminate>());

        var later = seen.Viewing(v => v with { Slot = Slot("node") with { Since = Samples.Noon.AddSeconds(1) } });
        Assert.That(NodeLifecycle.Next(later).Reason, Is.EqualTo("WaitingForQuorum"), "the list is older than the turn");
        Assert.That(NodeLifecycle.Next(later.Listed(TimeSpan.FromSeconds(1))), Is.TypeOf<NodeStep.CheckMembers>(), "the members' health is, too");
    }

    /// <summary>Holding it, it would wait for the sick member's successor, and that one for the slot.</summary>
    [Test]
    public void Holder_MajorityNoLongerHealthy_LetsAnotherGoFirst()
    {
        var seen = Drained(Held(Checked(Leaving(MasterNodeStatus.Offline), "b")));
        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.GiveSlotBack>());
        Assert.That(NodeLifecycle.Next(seen.Viewing(v => v with { Slot = null })).Reason, Is.EqualTo("QuorumAtRisk"));
    }

    [Test]
    public void Holder_TerminationAsked_GoesOnWhateverTheOthersDo()
    {
        var seen = Held(Leaving(MasterNodeStatus.Offline));
        Assert.That(NodeLifecycle.Next(seen with { Trace = seen.Trace.AfterDeleteAsked(Samples.Noon) }).Reason, Is.EqualTo("Terminating"));
    }

    [Test]
    public void Member_MachineGoneByItself_NeedsNoSlot() =>
        Assert.That(NodeLifecycle.Next(Leaving() with { Sight = new MachineSight(Samples.Noon, [Seen.Machine(MachineState.Terminated)]) }), Is.TypeOf<NodeStep.RemoveEntry>());

    [Test]
    public void AllGo_NeedNoSlot() => Assert.That(NodeLifecycle.Next(Drained(Leaving()).Of(g => g with { Going = new HashSet<string> { EntryName, "b", "c" } })), Is.TypeOf<NodeStep.Terminate>());

    [Test]
    public void AllGo_WithSuccessors_GoOneByOne() =>
        Assert.That(NodeLifecycle.Next(Leaving().Of(g => g with { Going = new HashSet<string> { EntryName, "b", "c" }, Coming = 3 })), Is.TypeOf<NodeStep.CheckMembers>());

    private static NodeSeen Leaving(MasterNodeStatus third = MasterNodeStatus.Online) =>
        Seen.WithMachine().InGrid(Entry(MasterNodeStatus.Online, number: 1), Other("b", 2), Other("c", 3, third)).Of(g => g with { DeletedAt = Samples.Noon, Going = new HashSet<string> { EntryName } }) with { Deleting = true };

    private static NodeSeen Checked(NodeSeen seen, params string[] healthy) =>
        seen.Knowing(t => t with { Health = Healthy(healthy is [] ? ["b", "c"] : healthy), HealthAt = Samples.Noon });

    private static NodeSeen Held(NodeSeen seen) => seen.Viewing(v => v with { Slot = Slot("node") });

    private static NodeSeen Drained(NodeSeen seen) => seen.Knowing(t => t with { DrainAskedAt = Samples.Noon, Containers = (0, Samples.Noon) });

    private static GridSlot Slot(string uid) => new() { NodeUID = uid, Name = "x", Number = 1, Since = Samples.Noon };
}
