using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using static Kontena.Operator.Core.Tests.Nodes.SeenInGrid;

namespace Kontena.Operator.Core.Tests.Nodes;

public sealed class LeavePathTests
{
    private static readonly MasterNode[] others = [Other("a", 1), Other("b", 2), Other("c", 3)];

    [Test]
    public void Drain_FirstThenCountsThenTerminates()
    {
        var seen = Leaving(Entry(MasterNodeStatus.Online));
        Assert.That(NodeLifecycle.Next(seen), Is.EqualTo(new NodeStep.Drain(EntryName)));

        var asked = seen.Knowing(t => t with { DrainAskedAt = Samples.Noon });
        Assert.That(NodeLifecycle.Next(asked), Is.EqualTo(new NodeStep.CountContainers(EntryName)));
        var wait = NodeLifecycle.Next(asked.Knowing(t => t with { Containers = (1, Samples.Noon) })) as NodeStep.Wait;
        Assert.That((wait?.Reason, wait?.For), Is.EqualTo(("Draining", TimeSpan.FromSeconds(3))));
        Assert.That(wait!.Message, Does.Contain("1 container ").And.Contain("2026-01-01T12:10:00Z"));
        Assert.That(NodeLifecycle.Next(asked.Knowing(t => t with { Containers = (1, Samples.Noon) }).At(TimeSpan.FromSeconds(3))), Is.TypeOf<NodeStep.CountContainers>());
        Assert.That(NodeLifecycle.Next(asked.Knowing(t => t with { Containers = (0, Samples.Noon) })), Is.TypeOf<NodeStep.Terminate>());
    }

    [Test]
    public void Drain_DeadlinePassed_Terminates() =>
        Assert.That(NodeLifecycle.Next(Leaving(Entry(MasterNodeStatus.Drain)).Knowing(t => t with { DrainAskedAt = Samples.Noon, Containers = (5, Samples.Noon) }).At(TimeSpan.FromMinutes(10))), Is.TypeOf<NodeStep.Terminate>());

    [Test]
    public void Drain_NowhereToGo_OrAgentOffline_OrNeverJoined_Terminates()
    {
        Assert.That(NodeLifecycle.Next(Seen.WithMachine().InGrid(Entry(MasterNodeStatus.Online)) with { Deleting = true }), Is.TypeOf<NodeStep.Terminate>());
        Assert.That(NodeLifecycle.Next(Leaving(Entry(MasterNodeStatus.Online)).Of(g => g with { Going = new HashSet<string> { EntryName, "a", "b", "c" } })), Is.TypeOf<NodeStep.Terminate>());
        Assert.That(NodeLifecycle.Next(Leaving(Entry(MasterNodeStatus.Offline))), Is.TypeOf<NodeStep.Terminate>());
        var made = Entry(MasterNodeStatus.Created, number: 1);
        Assert.That(NodeLifecycle.Next(Leaving(made).Knowing(t => t with { Read = (made, Samples.Noon) })), Is.TypeOf<NodeStep.Terminate>());
        Assert.That(NodeLifecycle.Next(Leaving()), Is.TypeOf<NodeStep.Terminate>(), "no entry at all");
    }

    /// <summary>Its agent may have come since the list was begun, and services with it.</summary>
    [Test]
    public void Drain_NotJoinedInTheList_IsAskedForOnceMore()
    {
        var seen = Leaving(Entry(MasterNodeStatus.Created));
        Assert.That(NodeLifecycle.Next(seen), Is.EqualTo(new NodeStep.ReadEntry(EntryName)));
        Assert.That(NodeLifecycle.Next(seen.Knowing(t => t with { Read = (Entry(MasterNodeStatus.Online), Samples.Noon) })), Is.TypeOf<NodeStep.Drain>());

        var unlisted = Leaving().Knowing(t => t.AfterConfirmed(Samples.Noon));
        Assert.That(NodeLifecycle.Next(unlisted), Is.TypeOf<NodeStep.ReadEntry>(), "it was registered after the list was begun");
        Assert.That(NodeLifecycle.Next(unlisted.Knowing(t => t.AfterGone(Samples.Noon))), Is.TypeOf<NodeStep.Terminate>());
    }

    [Test]
    public void Drain_MachineEndsAlready_AsksNothingOfTheMaster() =>
        Assert.That(NodeLifecycle.Next(Seen.WithMachine(MachineState.Terminating).InGrid([Entry(MasterNodeStatus.Online), .. others]).Silent() with { Deleting = true }), Is.TypeOf<NodeStep.Terminate>());

    [Test]
    public void Drain_MasterSilent_WaitsAndTellsHowToGiveUp()
    {
        var seen = Leaving(Entry(MasterNodeStatus.Online)).Silent();

        Assert.That(NodeLifecycle.Next(seen), Has.Property("Reason").EqualTo("MasterUnreachable").And.Property("Message").Contains("kubectl annotate kn web-0 kontena.io/abandon-node=true"));
        Assert.That(NodeLifecycle.Next(seen.Of(g => g with { GivenUp = true })), Is.TypeOf<NodeStep.Terminate>());
    }

    /// <summary>What cannot be ended is not drained either.</summary>
    [Test]
    public void Drain_ProviderRefuses_SaysThatInstead()
    {
        var seen = Leaving(Entry(MasterNodeStatus.Online));
        seen = seen with { Trace = seen.Trace.AfterTrouble(new DriverException(DriverFault.NotAllowed, "keys are wrong"), Samples.Noon, "c1") };

        Assert.That(NodeLifecycle.Next(seen).Reason, Is.EqualTo("CredentialsRefused"));
    }

    [Test]
    public void Drain_NotKnownWhoseMachineItIs_LooksFirst()
    {
        var seen = Leaving(Entry(MasterNodeStatus.Online)) with { Sight = new MachineSight(Samples.Noon, []) };

        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.LookUp>());
    }

    [Test]
    public void Drain_EntryMarkedAsAnothers_IsLeftAloneThoughTheTokenWasOurs()
    {
        var theirs = Entry(MasterNodeStatus.Online, owner: "successor");
        var seen = Leaving(theirs).Knowing(t => t.AfterConfirmed(Samples.Noon));

        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.ReadEntry>(), "the list may be older than the mark");
        Assert.That(NodeLifecycle.Next(seen.Knowing(t => t with { Read = (theirs, Samples.Noon) })), Is.TypeOf<NodeStep.Terminate>());
        Assert.That(NodeLifecycle.Next(seen.Knowing(t => t with { Read = (theirs, Samples.Noon - TimeSpan.FromSeconds(6)) })), Is.TypeOf<NodeStep.ReadEntry>(), "that was a while ago");
    }

    [Test]
    public void Drain_AnothersMarkWasTakenOffSinceTheList_Drains()
    {
        var seen = Leaving(Entry(MasterNodeStatus.Online, owner: "successor"));

        Assert.That(NodeLifecycle.Next(seen.Knowing(t => t with { Read = (Entry(MasterNodeStatus.Online), Samples.Noon) })), Is.TypeOf<NodeStep.Drain>());
        Assert.That(NodeLifecycle.Next(seen.Knowing(t => t.AfterGone(Samples.Noon))), Is.TypeOf<NodeStep.Terminate>());
    }

    /// <summary>A label taken off by hand must not lead an initial member round the slot.</summary>
    [Test]
    public void Drain_MarkTakenOff_AsksForTheToken()
    {
        var seen = Leaving(Entry(MasterNodeStatus.Online, owner: null));

        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.VerifyEntry>());
        Assert.That(NodeLifecycle.Next(seen.Knowing(t => t.AfterConfirmed(Samples.Noon))), Is.TypeOf<NodeStep.Drain>());
        Assert.That(NodeLifecycle.Next(seen.Knowing(t => t with { ForeignAt = Samples.Noon })), Is.TypeOf<NodeStep.Terminate>());
        Assert.That(NodeLifecycle.Next(seen.Knowing(t => t with { HasToken = false })), Is.TypeOf<NodeStep.Terminate>());
    }

    [Test]
    public void Gone_EntryIsRemovedThenMadeSureOf()
    {
        var seen = Over(Entry(MasterNodeStatus.Offline));
        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.RemoveEntry>());

        var removed = seen.Knowing(t => t.AfterGone(Samples.Noon));
        Assert.That(NodeLifecycle.Next(removed).Reason, Is.EqualTo("LeavingGrid"), "the list is older");
        Assert.That(NodeLifecycle.Next(Over().Knowing(t => t.AfterGone(Samples.Noon)).Listed(TimeSpan.FromSeconds(1))), Is.TypeOf<NodeStep.DropFinalizer>());
    }

    [Test]
    public void Gone_EntryMissingAlready_LetsTheNodeGo() => Assert.That(NodeLifecycle.Next(Over()), Is.TypeOf<NodeStep.DropFinalizer>());

    [Test]
    public void Gone_RegistrationMayComeStill_WaitsForALaterList()
    {
        var seen = Over().Knowing(_ => MasterTrace.Inherited(1, Samples.Noon.AddSeconds(15)));

        Assert.That(NodeLifecycle.Next(seen).Reason, Is.EqualTo("LeavingGrid"));
        Assert.That(NodeLifecycle.Next(seen.Listed(TimeSpan.FromSeconds(16))), Is.TypeOf<NodeStep.DropFinalizer>());
    }

    [Test]
    public void Gone_ForeignEntryOfTheName_IsLeftAlone()
    {
        var seen = Over(Entry(MasterNodeStatus.Online, owner: null));

        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.VerifyEntry>());
        Assert.That(NodeLifecycle.Next(seen.Knowing(t => t with { ForeignAt = Samples.Noon })), Is.TypeOf<NodeStep.DropFinalizer>());
        Assert.That(NodeLifecycle.Next(seen.Knowing(t => t with { HasToken = false })), Is.TypeOf<NodeStep.DropFinalizer>());
        var theirs = Entry(MasterNodeStatus.Online, owner: "successor");
        Assert.That(NodeLifecycle.Next(Over(theirs)), Is.TypeOf<NodeStep.ReadEntry>());
        Assert.That(NodeLifecycle.Next(Over(theirs).Knowing(t => t with { Read = (theirs, Samples.Noon) })), Is.TypeOf<NodeStep.DropFinalizer>());
    }

    [Test]
    public void Gone_EntryOfAFormerAttemptsToken_IsRemovedByItsMark() =>
        Assert.That(NodeLifecycle.Next(Over(Entry(MasterNodeStatus.Created)).Knowing(t => t with { ForeignAt = Samples.Noon })), Is.TypeOf<NodeStep.RemoveEntry>());

    [Test]
    public void Gone_MasterSilent_WaitsUnlessGivenUp()
    {
        var seen = Over(Entry(MasterNodeStatus.Offline)).Silent();

        Assert.That(NodeLifecycle.Next(seen), Has.Property("Reason").EqualTo("MasterUnreachable").And.Property("Message").Contains("abandon-node=true"));
        Assert.That(NodeLifecycle.Next(seen.Of(g => g with { GivenUp = true })), Is.TypeOf<NodeStep.DropFinalizer>());
    }

    [Test]
    public void NeverRegistered_GoesThoughTheMasterIsSilent() =>
        Assert.That(NodeLifecycle.Next(Seen.New.InGrid().Silent() with { Deleting = true }), Is.TypeOf<NodeStep.DropFinalizer>());

    [Test]
    public void TakenOver_KeepsItsEntryAndGivesTheSlotBack()
    {
        var seen = Seen.WithMachine().InGrid(Entry(MasterNodeStatus.Online, number: 1)) with { Deleting = true };
        seen = seen with { Sight = new MachineSight(Samples.Noon, []), Trace = seen.Trace with { LookedAt = Samples.Noon, Seen = [Seen.Machine(node: "successor")] } };

        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.DropFinalizer>().With.Property("Reason").EqualTo("TakenOver"));
        Assert.That(NodeLifecycle.Next(Holding(seen)), Is.TypeOf<NodeStep.GiveSlotBack>());
    }

    [Test]
    public void Abandoned_GivesTheSlotBack()
    {
        var seen = Seen.WithMachine().InGrid(Entry(MasterNodeStatus.Online, number: 1)) with { Deleting = true, Abandoned = true };

        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.DropFinalizer>());
        Assert.That(NodeLifecycle.Next(Holding(seen)), Is.TypeOf<NodeStep.GiveSlotBack>());
    }

    [Test]
    public void Gone_SlotIsGivenBackAfterTheEntry()
    {
        Assert.That(NodeLifecycle.Next(Holding(Over(Entry(MasterNodeStatus.Offline, number: 1)))), Is.TypeOf<NodeStep.RemoveEntry>());
        Assert.That(NodeLifecycle.Next(Holding(Over())), Is.TypeOf<NodeStep.GiveSlotBack>());
    }

    private static NodeSeen Leaving(params MasterNode[] own) =>
        Seen.WithMachine().InGrid([.. own, .. others]).Of(g => g with { DeletedAt = Samples.Noon, Going = new HashSet<string> { EntryName } }) with { Deleting = true };

    private static NodeSeen Over(params MasterNode[] nodes) => Seen.WithMachine(MachineState.Terminated).InGrid(nodes) with { Deleting = true };

    private static NodeSeen Holding(NodeSeen seen) => seen.Viewing(v => v with { Slot = new GridSlot { NodeUID = "node", Name = EntryName, Number = 1, Since = Samples.Noon } });
}
