using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using static Kontena.Operator.Core.Tests.Nodes.SeenInGrid;

namespace Kontena.Operator.Core.Tests.Nodes;

public sealed class RegistrationPathTests
{
    private static readonly MasterException taken = new(MasterFault.Refused, "Node with name already exists") { Field = "name" };

    [Test]
    public void Open_MasterSilentOrNeverAsked_Waits()
    {
        Assert.That(NodeLifecycle.Next(Seen.New.InGrid().Silent()).Reason, Is.EqualTo("MasterUnreachable"));
        Assert.That(NodeLifecycle.Next(Seen.New.InGrid().Viewing(v => v with { Last = null })).Reason, Is.EqualTo("Observing"));
    }

    [Test]
    public void Open_GridHolds_SaysWhy() =>
        Assert.That(NodeLifecycle.Next(Seen.New.InGrid().Viewing(v => v with { Holds = new Freeze("GridClaimed", "claimed"), HoldNeedsHuman = true })), Is.EqualTo(new NodeStep.Wait("GridClaimed", "claimed", TimeSpan.FromSeconds(5), NeedsHuman: true)));

    [Test]
    public void Open_First_NeedsNoEntry() => Assert.That(NodeLifecycle.Next(Seen.New.InGrid()), Is.TypeOf<NodeStep.OpenAttempt>());

    [Test]
    public void Send_NoEntry_RegistersFirst() => Assert.That(NodeLifecycle.Next(Attempt()), Is.EqualTo(new NodeStep.Register(EntryName)));

    [Test]
    public void Send_Confirmed_AsksForTheMachine() =>
        Assert.That(NodeLifecycle.Next(Attempt().Knowing(t => t.AfterConfirmed(Samples.Noon))), Is.TypeOf<NodeStep.SendCreate>());

    [Test]
    public void Send_NameRefused_AsksWhoseItIsBeforeAnything() =>
        Assert.That(NodeLifecycle.Next(Attempt().Knowing(t => t.AfterSent(taken, Samples.Noon))), Is.EqualTo(new NodeStep.VerifyEntry(EntryName)));

    /// <summary>The mark is no proof: a machine with this attempt's token must be let in.</summary>
    [Test]
    public void Send_EntryWithOwnMark_IsVerifiedToo() =>
        Assert.That(NodeLifecycle.Next(Attempt(Entry(MasterNodeStatus.Created))), Is.EqualTo(new NodeStep.VerifyEntry(EntryName)));

    [Test]
    public void Send_StrangersEntry_IsLeftAloneAndLookedAtOnceAMinute()
    {
        var seen = Attempt(Entry(MasterNodeStatus.Created, owner: null)).Knowing(t => t with { ForeignAt = Samples.Noon });

        var wait = NodeLifecycle.Next(seen) as NodeStep.Wait;
        Assert.That((wait?.Reason, wait?.NeedsHuman, wait?.For), Is.EqualTo(("NameTaken", true, TimeSpan.FromMinutes(1))));
        Assert.That(NodeLifecycle.Next(seen.At(TimeSpan.FromMinutes(1))), Is.EqualTo(new NodeStep.VerifyEntry(EntryName)));
    }

    [Test]
    public void Send_EntryOfAFormerAttempt_IsTakenAway() =>
        Assert.That(NodeLifecycle.Next(Attempt(Entry(MasterNodeStatus.Created)).Knowing(t => t with { ForeignAt = Samples.Noon })), Is.TypeOf<NodeStep.RemoveEntry>());

    [Test]
    public void Send_JoinedEntryWithOwnMarkAndAnotherToken_IsNotTakenAway() =>
        Assert.That(NodeLifecycle.Next(Attempt(Entry(MasterNodeStatus.Online)).Knowing(t => t with { ForeignAt = Samples.Noon })).Reason, Is.EqualTo("NameTaken"));

    [Test]
    public void Send_ForeignButNotListedYet_WaitsForTheListThenAsksAgain()
    {
        var seen = Attempt().Knowing(t => t with { ForeignAt = Samples.Noon });

        var wait = NodeLifecycle.Next(seen) as NodeStep.Wait;
        Assert.That((wait?.Reason, wait?.NeedsHuman), Is.EqualTo(("VerifyingEntry", false)));
        Assert.That(NodeLifecycle.Next(seen.Listed(TimeSpan.FromSeconds(1))), Is.TypeOf<NodeStep.VerifyEntry>());
    }

    [Test]
    public void Send_EntryWasTakenAwayAfterTheList_RegistersAnew() =>
        Assert.That(NodeLifecycle.Next(Attempt(Entry(MasterNodeStatus.Created)).Knowing(t => t.AfterGone(Samples.Noon))), Is.TypeOf<NodeStep.Register>());

    [Test]
    public void Send_RemovalWasNotAnswered_WaitsUntilItCanNoLongerComeThrough()
    {
        var lost = new MasterException(MasterFault.Unreachable, "timed out") { OutcomeUnknown = true };
        var seen = Attempt().Knowing(t => t.AfterTrouble(lost, Samples.Noon).AfterGone(Samples.Noon));

        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.Wait>());
        Assert.That(NodeLifecycle.Next(seen.At(MasterTrace.MaxCommitDelay)), Is.TypeOf<NodeStep.Register>());
    }

    [Test]
    public void Send_CallFailed_WaitsAndTriesAgain()
    {
        var seen = Attempt().Knowing(t => t.AfterSent(new MasterException(MasterFault.Throttled, "429") { RetryAfter = TimeSpan.FromSeconds(7) }, Samples.Noon));

        var wait = NodeLifecycle.Next(seen) as NodeStep.Wait;
        Assert.That((wait?.Reason, wait?.For), Is.EqualTo(("MasterThrottles", TimeSpan.FromSeconds(7))));
        Assert.That(NodeLifecycle.Next(seen.At(TimeSpan.FromSeconds(7))), Is.TypeOf<NodeStep.Register>());
    }

    [Test]
    public void Send_TokenNoLongerWrittenDown_SaysSoInsteadOfAskingForEver() =>
        Assert.That(NodeLifecycle.Next(Attempt(Entry(MasterNodeStatus.Created)).Knowing(t => t with { HasToken = false })), Is.TypeOf<NodeStep.Wait>().With.Property("Reason").EqualTo("TokenLost"));

    [Test]
    public void Send_MasterSilent_SendsNothing() => Assert.That(NodeLifecycle.Next(Attempt().Silent()).Reason, Is.EqualTo("MasterUnreachable"));

    [Test]
    public void Send_InitialNumbersAreSpoken_WaitsForThoseThatCome()
    {
        var seen = Attempt(Other("a", 1), Other("b", 2)).Of(g => g with { Pending = new HashSet<string> { "c" } });

        Assert.That(NodeLifecycle.Next(seen).Reason, Is.EqualTo("WaitingForInitialMembers"));
        Assert.That(NodeLifecycle.Next(seen.Of(g => g with { Pending = new HashSet<string> { EntryName } })), Is.TypeOf<NodeStep.Register>(), "its own call does not stand in its way");
    }

    [Test]
    public void Send_MemberOfThePoolLeaves_WaitsForItsNumber() =>
        Assert.That(NodeLifecycle.Next(Attempt(Other("a", 1), Other("b", 2), Other("c", 3)).Of(g => g with { GoingInPool = new HashSet<string> { "b" } })).Reason, Is.EqualTo("WaitingForNumber"));

    [Test]
    public void Send_GridIsFull_NeedsAHuman()
    {
        var wait = NodeLifecycle.Next(Attempt([.. Enumerable.Range(1, 254).Select(i => Other($"n{i}", i))])) as NodeStep.Wait;
        Assert.That((wait?.Reason, wait?.NeedsHuman), Is.EqualTo(("GridFull", true)));
    }

    [Test]
    public void NextAttempt_RemovesTheFormersEntryEachTime()
    {
        var first = NoCapacity(1).InGrid(Entry(MasterNodeStatus.Created)).Knowing(t => t.AfterConfirmed(Samples.Noon));
        Assert.That(NodeLifecycle.Next(first), Is.TypeOf<NodeStep.RemoveEntry>());

        var removed = first.Knowing(t => t.AfterGone(Samples.Noon.AddSeconds(1)));
        Assert.That(NodeLifecycle.Next(removed), Is.TypeOf<NodeStep.OpenAttempt>());

        var second = NoCapacity(2).InGrid(Entry(MasterNodeStatus.Created)) with { };
        var trace = removed.Grid!.Trace.Next(2).AfterConfirmed(Samples.Noon.AddSeconds(2));
        Assert.That(NodeLifecycle.Next(second.Knowing(_ => trace)), Is.TypeOf<NodeStep.RemoveEntry>(), "what is known of the first attempt's entry is not true of the second's");
    }

    [Test]
    public void NextAttempt_FormerRegistrationMayComeStill_AsksTheMaster()
    {
        var seen = NoCapacity(1).InGrid().Knowing(_ => MasterTrace.Inherited(1, Samples.Noon.AddSeconds(15)));

        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.VerifyEntry>());
        Assert.That(NodeLifecycle.Next(seen.Listed(TimeSpan.FromSeconds(16))), Is.TypeOf<NodeStep.OpenAttempt>());
    }

    [Test]
    public void NextAttempt_StrangersEntry_IsLeftAlone() =>
        Assert.That(NodeLifecycle.Next(NoCapacity(1).InGrid(Entry(MasterNodeStatus.Online, owner: null)).Knowing(t => t with { ForeignAt = Samples.Noon })), Is.TypeOf<NodeStep.OpenAttempt>());

    [TestCase(DriverFault.QuotaReached)]
    [TestCase(DriverFault.BadSettings)]
    public void Refused_UntilAHumanHelps_HoldsNoNumberMeanwhile(DriverFault fault)
    {
        var seen = Seen.Refused(fault).InGrid(Entry(MasterNodeStatus.Created, number: 1)).Knowing(t => t.AfterConfirmed(Samples.Noon));
        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.RemoveEntry>());

        var idle = seen.Knowing(t => t.AfterGone(Samples.Noon));
        Assert.That(NodeLifecycle.Next(idle).Reason, Is.EqualTo(Reasons.Of(fault)));
        Assert.That(NodeLifecycle.Next(idle.At(RetryRule.HumanPace)), Is.TypeOf<NodeStep.Register>(), "it is made again before the next call");
    }

    [Test]
    public void Refused_AfterACallWithoutAnswer_KeepsTheEntryForTheMachineThatMayCome()
    {
        var seen = Seen.Refused(DriverFault.Unavailable, outcomeUnknown: true);
        seen = seen with { Trace = seen.Trace.AfterRefused(new DriverException(DriverFault.QuotaReached, "quota"), Samples.Noon, "c1") };

        Assert.That(NodeLifecycle.Next(seen.InGrid(Entry(MasterNodeStatus.Created)).Knowing(t => t.AfterConfirmed(Samples.Noon))).Reason, Is.EqualTo("QuotaReached"));
    }

    [Test]
    public void Refused_MasterSilent_SaysWhatTheProviderSaid() =>
        Assert.That(NodeLifecycle.Next(Seen.Refused(DriverFault.QuotaReached).InGrid(Entry(MasterNodeStatus.Created)).Silent()).Reason, Is.EqualTo("QuotaReached"));

    [Test]
    public void NoCapacity_PauseAfterARound_HoldsNoNumberMeanwhile()
    {
        var seen = NoCapacity(6).InGrid(Entry(MasterNodeStatus.Created)).Knowing(t => t.AfterConfirmed(Samples.Noon));

        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.RemoveEntry>());
        Assert.That(NodeLifecycle.Next(seen.Knowing(t => t.AfterGone(Samples.Noon))).Reason, Is.EqualTo("NoCapacity"));
    }

    private static NodeSeen Attempt(params MasterNode[] nodes) => Seen.WithAttempt().InGrid(nodes);

    private static NodeSeen NoCapacity(int attempt) => Seen.Refused(DriverFault.NoCapacity, number: attempt);
}
