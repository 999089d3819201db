using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Tests.Nodes;

public sealed class RunningAndDeletePathTests
{
    private static readonly Lookup Absent = new Lookup.ConfirmedAbsent();

    [TestCase(MachineState.Running, "Running", false)]
    [TestCase(MachineState.Pending, "Booting", false)]
    [TestCase(MachineState.Stopping, "MachineStopping", false)]
    [TestCase(MachineState.Stopped, "MachineStopped", true)]
    [TestCase(MachineState.Terminating, "MachineTerminating", false)]
    [TestCase(MachineState.Terminated, "MachineTerminated", false)]
    [TestCase(MachineState.Unrecognised, "MachineStateUnknown", false)]
    public void Running_MachineInState_SaysSo(MachineState state, string reason, bool needsHuman)
    {
        var step = (NodeStep.Wait)NodeLifecycle.Next(Seen.WithMachine(state));

        Assert.That((step.Reason, step.NeedsHuman), Is.EqualTo((reason, needsHuman)));
    }

    [Test]
    public void Running_NeverListedSinceTheStart_IsObservedBeforeAnythingIsSaid() =>
        Assert.That(NodeLifecycle.Next(Seen.WithMachine(listed: null)).Reason, Is.EqualTo("Observing"));

    [Test]
    public void Running_JustMadeAndNotListedYet_IsBelievedFromTheAnswer()
    {
        var seen = Seen.WithMachine(listed: null);
        seen = seen with { Trace = seen.Trace.AfterMade(Seen.Machine(MachineState.Pending), Samples.Noon), Sight = new MachineSight(Samples.Noon.AddSeconds(5), []) };

        Assert.That(NodeLifecycle.Next(seen).Reason, Is.EqualTo("Booting"));
    }

    [Test]
    public void Running_NotInTheListing_IsAskedForByIdBeforeItIsMissing()
    {
        var seen = Seen.WithMachine() with { Sight = new MachineSight(Samples.Noon, []) };

        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.LookUp>());
        Assert.That(NodeLifecycle.Next(Looked(seen, Absent, 0)).Reason, Is.EqualTo("Confirming"));
        Assert.That(NodeLifecycle.Next(Looked(seen, Absent, 0, 10, 20, 30)).Reason, Is.EqualTo("MachineMissing"));
    }

    [Test]
    public void Running_LookupsFail_NeverBecomeMissing()
    {
        var seen = Seen.WithMachine() with { Sight = new MachineSight(Samples.Noon, []) };

        for (var second = 0; second < 600; second += 10)
            Assert.That(NodeLifecycle.Next(Looked(seen, new Lookup.Unknown(DriverFault.NotAllowed, "401"), [.. Enumerable.Range(0, second / 10 + 1).Select(i => i * 10)])).Reason, Is.EqualTo("Confirming"));
    }

    [Test]
    public void Delete_RunningMachine_AsksForTerminationThenWaitsForTheListing()
    {
        var seen = Seen.WithMachine() with { Deleting = true };
        Assert.That(NodeLifecycle.Next(seen), Is.EqualTo(new NodeStep.Terminate(Seen.MachineId)));

        seen = seen with { Trace = seen.Trace.AfterDeleteAsked(Samples.Noon) };
        Assert.That(NodeLifecycle.Next(seen).Reason, Is.EqualTo("Terminating"));
        Assert.That(NodeLifecycle.Next(seen.At(TimeSpan.FromMinutes(1))), Is.TypeOf<NodeStep.Terminate>(), "asked again when nothing came of it");
    }

    [Test]
    public void Delete_ListedAsTerminated_LetsTheNodeGo() =>
        Assert.That(NodeLifecycle.Next(Seen.WithMachine(MachineState.Terminated) with { Deleting = true }), Is.EqualTo(new NodeStep.DropFinalizer("Terminated", $"The machine {Seen.MachineId} is terminated.")));

    [Test]
    public void Delete_FellOutOfTheListing_NeedsRepeatedAbsence()
    {
        var seen = Seen.WithMachine() with { Deleting = true, Sight = new MachineSight(Samples.Noon.AddSeconds(1), []) };
        seen = seen with { Trace = seen.Trace.AfterDeleteAsked(Samples.Noon) };

        Assert.That(NodeLifecycle.Next(seen.At(TimeSpan.FromSeconds(2))), Is.TypeOf<NodeStep.LookUp>());
        Assert.That(NodeLifecycle.Next(Looked(seen, Absent, 2)), Is.TypeOf<NodeStep.Wait>(), "one empty answer is not proof");
        Assert.That(NodeLifecycle.Next(Looked(seen, Absent, 2, 12, 22, 32)), Is.TypeOf<NodeStep.DropFinalizer>());
    }

    /// <summary>An account that never had the machine says so truthfully: with the right one back, nothing of that counts.</summary>
    [Test]
    public void Delete_AbsentUnderOtherCredentials_ProvesNothingUnderThese()
    {
        var seen = Seen.WithMachine() with { Deleting = true, Sight = new MachineSight(Samples.Noon.AddSeconds(1), []) };
        seen = Looked(seen with { Trace = seen.Trace.AfterDeleteAsked(Samples.Noon) }, Absent, 2, 12, 22, 32);
        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.DropFinalizer>());

        var mended = seen with { Credentials = "c2" };

        Assert.That(NodeLifecycle.Next(mended), Is.TypeOf<NodeStep.Wait>().Or.TypeOf<NodeStep.LookUp>());
        mended = mended with { Trace = mended.Trace.AfterLook(Absent, Samples.Noon.AddSeconds(42), CloudModel.Keyed, "c2") };
        Assert.That(mended.Trace.Absences!.Count, Is.EqualTo(1));
        Assert.That(NodeLifecycle.Next(mended), Is.Not.TypeOf<NodeStep.DropFinalizer>(), "a row begins anew");
    }

    /// <summary>No listing has news of a machine that was not in the one before: a wait for news is for ever, and the node with it.</summary>
    [Test]
    public void Delete_WasOutOfTheListingBefore_LooksBeforeItAsksAgain()
    {
        var seen = Seen.WithMachine() with { Deleting = true, Sight = new MachineSight(Samples.Noon.AddSeconds(-1), []) };
        seen = seen with { Trace = seen.Trace.AfterLook(Absent, Samples.Noon.AddSeconds(-5), CloudModel.Keyed, "c1").AfterDeleteAsked(Samples.Noon) };

        var wait = NodeLifecycle.Next(seen) as NodeStep.Wait;
        Assert.That((wait?.Reason, wait?.For), Is.EqualTo(("Terminating", TimeSpan.FromSeconds(10))));

        var listed = seen with { Sight = new MachineSight(Samples.Noon.AddSeconds(2), []) };
        Assert.That(NodeLifecycle.Next(listed.At(TimeSpan.FromSeconds(10))), Is.TypeOf<NodeStep.LookUp>());
    }

    [Test]
    public void Delete_NeverAsked_GoesAtOnce() =>
        Assert.That(NodeLifecycle.Next(Seen.New with { Deleting = true }), Is.EqualTo(new NodeStep.DropFinalizer("NeverCreated", "No machine was ever asked for.")));

    [Test]
    public void Delete_AttemptWrittenButNotSent_GoesAtOnce() =>
        Assert.That(NodeLifecycle.Next(Seen.WithAttempt() with { Deleting = true }), Is.TypeOf<NodeStep.DropFinalizer>());

    [Test]
    public void Delete_AttemptRefused_NeedsOneEmptyLook()
    {
        var seen = Seen.Refused(DriverFault.BadSettings) with { Deleting = true };

        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.LookUp>());
        Assert.That(NodeLifecycle.Next(Looked(seen, Absent, 0)), Is.TypeOf<NodeStep.DropFinalizer>());
    }

    [Test]
    public void Delete_AnswerLost_HoldsTheFinalizerForTheSettleWindowAndLeavesATrace()
    {
        var seen = Seen.Refused(DriverFault.Unavailable, outcomeUnknown: true) with { Deleting = true };

        Assert.That(NodeLifecycle.Next(Looked(seen, Absent, 0, 20, 40, 59)), Is.Not.TypeOf<NodeStep.DropFinalizer>());
        Assert.That(NodeLifecycle.Next(Looked(seen, Absent, 60, 75, 90)), Is.EqualTo(
            new NodeStep.DropFinalizer("NeverCreated", "Attempt 1 was not answered, and no machine of it has appeared.", LateMachinePossible: true)));
    }

    [Test]
    public void Delete_AnswerLostAndMachineFound_IsRecordedAndThenTerminated() =>
        Assert.That(NodeLifecycle.Next(Looked(Seen.Refused(DriverFault.Unavailable, outcomeUnknown: true) with { Deleting = true }, new Lookup.Found([Seen.Machine()]), 1)), Is.EqualTo(new NodeStep.RecordProviderId(Seen.MachineId)));

    [Test]
    public void Delete_CredentialsRefused_KeepsTheFinalizerAndSaysWhy()
    {
        var seen = Seen.WithMachine() with { Deleting = true };
        seen = seen with { Trace = seen.Trace.AfterTrouble(new DriverException(DriverFault.NotAllowed, "keys are wrong"), Samples.Noon, "c1") };

        Assert.That(NodeLifecycle.Next(seen), Is.EqualTo(new NodeStep.Wait("CredentialsRefused", $"The machine {Seen.MachineId} cannot be removed yet: keys are wrong", TimeSpan.FromMinutes(5), NeedsHuman: true)));
    }

    [Test]
    public void Next_InstallationMoved_FreezesDeletionToo() =>
        Assert.That(NodeLifecycle.Next(Seen.WithMachine() with { Deleting = true, Frozen = new Freeze("InstallationMoved", "copied") }), Is.EqualTo(new NodeStep.Wait("InstallationMoved", "copied", NeedsHuman: true)));

    [Test]
    public void Next_AttemptOfAnotherNodeUid_FreezesThisCopy()
    {
        var copy = Seen.WithMachine() with { Uid = "copy", Deleting = true };

        Assert.That((NodeLifecycle.Next(copy) as NodeStep.Wait)?.Reason, Is.EqualTo("Restored"));
    }

    private static NodeSeen Looked(NodeSeen seen, Lookup answer, params int[] atSeconds)
    {
        var trace = seen.Trace;
        foreach (var second in atSeconds) trace = trace.AfterLook(answer, Samples.Noon.AddSeconds(second), CloudModel.Keyed, "c1");
        return (seen with { Trace = trace }).At(TimeSpan.FromSeconds(atSeconds[^1]));
    }
}
