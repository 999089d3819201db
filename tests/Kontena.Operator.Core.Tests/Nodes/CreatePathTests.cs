using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Tests.Nodes;

public sealed class CreatePathTests
{
    [Test]
    public void Next_NewNode_OpensAttemptOneInItsZoneWithTheFirstType() =>
        Assert.That(NodeLifecycle.Next(Seen.New), Is.EqualTo(new NodeStep.OpenAttempt(1, new Offering("a", "t3.small"), "Preparing", "Preparing attempt 1: a t3.small in a.")));

    [Test]
    public void Next_WithoutFinalizer_AddsItBeforeAnythingElse() =>
        Assert.That(NodeLifecycle.Next(Seen.New with { HasFinalizer = false }), Is.EqualTo(new NodeStep.AddFinalizer()));

    [Test]
    public void Next_AttemptWrittenDown_SendsIt() =>
        Assert.That(NodeLifecycle.Next(Seen.WithAttempt()), Is.TypeOf<NodeStep.SendCreate>());

    [Test]
    public void Next_AttemptFoundAfterARestart_KeyedProviderReplaysTheSameCall() =>
        Assert.That(NodeLifecycle.Next(Seen.WithAttempt() with { Trace = AttemptTrace.Inherited(1, Samples.Noon) }), Is.TypeOf<NodeStep.SendCreate>());

    [Test]
    public void Next_AttemptFoundAfterARestart_KeylessProviderLooksInsteadOfSending() =>
        Assert.That(NodeLifecycle.Next(Seen.WithAttempt() with { Trace = AttemptTrace.Inherited(1, Samples.Noon), Promises = CloudModel.Keyless }), Is.TypeOf<NodeStep.LookUp>());

    [Test]
    public void Next_InventoryShowsTheAttemptsMachine_RecordsItWithoutSending() =>
        Assert.That(NodeLifecycle.Next(Seen.WithAttempt() with { Sight = new MachineSight(Samples.Noon, [Seen.Machine()]) }), Is.EqualTo(new NodeStep.RecordProviderId(Seen.MachineId)));

    [TestCase("somebody else's token", 1, "node")]
    [TestCase(null, 1, "another node")]
    public void Next_InventoryShowsAMachineWithCopiedMarks_DoesNotTakeIt(string? token, int attempt, string node) =>
        Assert.That(NodeLifecycle.Next(Seen.WithAttempt() with { Sight = new MachineSight(Samples.Noon, [Seen.Machine(token: token, attempt: attempt, node: node)]) }), Is.TypeOf<NodeStep.SendCreate>());

    [Test]
    public void Next_NoCapacity_OpensTheNextAttemptWithTheNextType() =>
        Assert.That((NodeLifecycle.Next(Seen.Refused(DriverFault.NoCapacity)) as NodeStep.OpenAttempt)?.Offering, Is.EqualTo(new Offering("a", "t3a.small")));

    [Test]
    public void Next_NoCapacityInTheWholeZone_GoesToAnotherZone() =>
        Assert.That((NodeLifecycle.Next(Seen.Refused(DriverFault.NoCapacity, number: 2)) as NodeStep.OpenAttempt)?.Offering, Is.EqualTo(new Offering("b", "t3.small")));

    [Test]
    public void Next_NoCapacityAnywhere_PausesAndSaysWhatWouldHelp()
    {
        var step = NodeLifecycle.Next(Seen.Refused(DriverFault.NoCapacity, number: 6));

        Assert.That(step, Is.EqualTo(new NodeStep.Wait("NoCapacity", "said no. All 6 offerings were tried 1 times; trying again later. More instance types or zones would help.", TimeSpan.FromSeconds(5))));
    }

    [Test]
    public void Next_NoCapacityAnywhereForTheThirdTime_PausesLonger() =>
        Assert.That((NodeLifecycle.Next(Seen.Refused(DriverFault.NoCapacity, number: 18)) as NodeStep.Wait)?.For, Is.EqualTo(TimeSpan.FromSeconds(20)));

    [Test]
    public void Next_NoCapacityAfterALostAnswer_LooksBeforeAnotherOfferingIsTried()
    {
        var seen = Seen.Refused(DriverFault.Unavailable, outcomeUnknown: true);
        seen = seen with { Trace = seen.Trace.AfterRefused(new DriverException(DriverFault.NoCapacity, "none left"), Samples.Noon, "c1") };

        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.LookUp>());
    }

    [Test]
    public void Next_EmptyLooksBeforeTheCommitDelayIsOver_ProveNothing()
    {
        var seen = Seen.Refused(DriverFault.Unavailable, outcomeUnknown: true);
        var trace = seen.Trace.AfterRefused(new DriverException(DriverFault.NoCapacity, "none left"), Samples.Noon, "c1");
        foreach (var second in new[] { 10, 20, 30, 40, 50 })
            trace = trace.AfterLook(new Lookup.ConfirmedAbsent(), Samples.Noon.AddSeconds(second), CloudModel.Keyed, "c1");

        Assert.That(NodeLifecycle.Next((seen with { Trace = trace }).At(TimeSpan.FromSeconds(59))), Is.TypeOf<NodeStep.Wait>());
    }

    [Test]
    public void Next_EmptyLooksLongEnoughAfterTheCommitDelay_OpenTheNextAttempt()
    {
        var seen = Seen.Refused(DriverFault.Unavailable, outcomeUnknown: true);
        var trace = seen.Trace.AfterRefused(new DriverException(DriverFault.NoCapacity, "none left"), Samples.Noon, "c1");
        foreach (var second in new[] { 60, 75, 90 })
            trace = trace.AfterLook(new Lookup.ConfirmedAbsent(), Samples.Noon.AddSeconds(second), CloudModel.Keyed, "c1");

        Assert.That(NodeLifecycle.Next((seen with { Trace = trace }).At(TimeSpan.FromSeconds(90))), Is.TypeOf<NodeStep.OpenAttempt>());
    }

    [Test]
    public void Next_TokenMismatch_LooksUpAndNeverCountsUp()
    {
        var seen = Seen.Refused(DriverFault.TokenMismatch);
        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.LookUp>());

        var absent = seen.Trace;
        foreach (var second in new[] { 0, 30, 60, 90 }) absent = absent.AfterLook(new Lookup.ConfirmedAbsent(), Samples.Noon.AddSeconds(second), CloudModel.Keyed, "c1");
        Assert.That(NodeLifecycle.Next((seen with { Trace = absent }).At(TimeSpan.FromHours(1))), Is.Not.TypeOf<NodeStep.OpenAttempt>());
    }

    [Test]
    public void Next_TokenSpentAndItsMachineSeenDead_OpensTheNextAttempt()
    {
        var seen = Seen.Refused(DriverFault.TokenSpent);
        var found = seen.Trace.AfterLook(new Lookup.Found([Seen.Machine(MachineState.Terminated)]), Samples.Noon, CloudModel.Keyed, "c1");

        Assert.That((NodeLifecycle.Next(seen with { Trace = found }) as NodeStep.OpenAttempt)?.Number, Is.EqualTo(2));
    }

    [TestCase(DriverFault.BadSettings, "BadSettings")]
    [TestCase(DriverFault.NotAllowed, "CredentialsRefused")]
    [TestCase(DriverFault.QuotaReached, "QuotaReached")]
    public void Next_OnlyAHumanCanHelp_WaitsAtHumanPaceAndSaysSo(DriverFault fault, string reason) =>
        Assert.That(NodeLifecycle.Next(Seen.Refused(fault)), Is.EqualTo(new NodeStep.Wait(reason, "said no.", TimeSpan.FromMinutes(5), NeedsHuman: true)));

    [Test]
    public void Next_CredentialsReplaced_TriesAgainAtOnce() =>
        Assert.That(NodeLifecycle.Next(Seen.Refused(DriverFault.NotAllowed) with { Credentials = "c2" }), Is.TypeOf<NodeStep.SendCreate>());

    [Test]
    public void Next_Throttled_WaitsThenSendsTheSameCallAgain()
    {
        var seen = Seen.Refused(DriverFault.Throttled);

        Assert.That(NodeLifecycle.Next(seen), Is.EqualTo(new NodeStep.Wait("ProviderThrottles", "said no.", TimeSpan.FromSeconds(2))));
        Assert.That(NodeLifecycle.Next(seen.At(TimeSpan.FromSeconds(2))), Is.TypeOf<NodeStep.SendCreate>());
    }

    [Test]
    public void Next_PoolHolds_OpensAndSendsNothing()
    {
        var hold = new Freeze("Paused", "paused");

        Assert.That(NodeLifecycle.Next(Seen.New with { PoolHolds = hold }), Is.EqualTo(new NodeStep.Wait("Paused", "paused")));
        Assert.That(NodeLifecycle.Next(Seen.WithAttempt() with { PoolHolds = hold }), Is.EqualTo(new NodeStep.Wait("Paused", "paused")));
    }

    [Test]
    public void Next_PoolHoldsButTheAnswerIsKnown_StillRecordsTheMachine()
    {
        var seen = Seen.WithAttempt();
        seen = seen with { PoolHolds = new Freeze("Paused", "paused"), Trace = seen.Trace.AfterMade(Seen.Machine(MachineState.Pending), Samples.Noon) };

        Assert.That(NodeLifecycle.Next(seen), Is.EqualTo(new NodeStep.RecordProviderId(Seen.MachineId)));
    }

    [Test]
    public void Next_ImageCouldNotBeResolved_WaitsWithTheMessageThenTriesAgain()
    {
        var seen = Seen.New with { Trace = AttemptTrace.None.AfterTrouble(new DriverException(DriverFault.BadSettings, "no such image") { RetryAfter = TimeSpan.FromSeconds(15) }, Samples.Noon, "c1") };

        Assert.That(NodeLifecycle.Next(seen), Is.EqualTo(new NodeStep.Wait("BadSettings", "no such image", TimeSpan.FromSeconds(15), NeedsHuman: true)));
        Assert.That(NodeLifecycle.Next(seen.At(TimeSpan.FromSeconds(15))), Is.TypeOf<NodeStep.OpenAttempt>());
    }

    [Test]
    public void ForAttempt_ExhaustedOfferings_ArePassedOverWhileAnotherIsLeft()
    {
        var all = Offerings.InOrder(Samples.Aws, "b");

        Assert.Multiple(() =>
        {
            Assert.That(all[0], Is.EqualTo(new Offering("b", "t3.small")), "the planned zone comes first");
            Assert.That(Offerings.ForAttempt(all, 1, new HashSet<Offering> { all[0], all[1] }), Is.EqualTo(all[2]));
            Assert.That(Offerings.ForAttempt(all, 1, all.ToHashSet()), Is.EqualTo(all[0]), "with none left the order decides");
        });
    }
}
