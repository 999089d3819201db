using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Tests.Nodes;

/// <summary>A node that takes a living machine over: nothing is made or terminated, whatever it finds.</summary>
public sealed class AdoptPathTests
{
    private static readonly MachineMarks former = new("elsewhere", "old-pool", "old-node", 3);
    private static readonly MachineMarks own = new("here", "pool", "node", 3);

    [Test]
    public void Next_Fresh_LooksPastTheCaches() =>
        Assert.That(NodeLifecycle.Next(Adopting()), Is.EqualTo(new NodeStep.LookUp(new MachineQuery.ById(Seen.MachineId), "Adopting", $"Taking over the machine {Seen.MachineId}.")));

    [Test]
    public void Next_MachineHasItsFormerMarks_WritesTheLaunchDownThenClaims()
    {
        var machine = Machine(former);

        Assert.That(NodeLifecycle.Next(Adopting(machine)), Is.EqualTo(new NodeStep.OpenAdoption(machine)));
        Assert.That(NodeLifecycle.Next(Opened(machine)), Is.EqualTo(new NodeStep.Claim(Seen.MachineId, former with { Installation = "" }, own)));
    }

    [Test]
    public void Next_Claimed_IsRecorded([Values] bool deleting) =>
        Assert.That(NodeLifecycle.Next(Opened(Machine(own)) with { Deleting = deleting }), Is.EqualTo(new NodeStep.RecordProviderId(Seen.MachineId)));

    [Test]
    public void Next_ClaimDoesNotShowYet_LooksBeforeItClaimsAgain()
    {
        var seen = Opened(Machine(former));
        seen = seen with { Trace = seen.Trace with { ClaimedAt = Samples.Noon, LookedAt = Samples.Noon } };

        Assert.That((NodeLifecycle.Next(seen) as NodeStep.Wait)?.For, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(NodeLifecycle.Next(seen.At(TimeSpan.FromSeconds(5))), Is.TypeOf<NodeStep.Claim>());
    }

    [Test]
    public void Next_MachineIsGoneOrSomebodyElses_SaysSo_AndNoHumanIsNeeded()
    {
        foreach (var machine in new[] { Machine(former) with { State = MachineState.Terminated }, Machine(former with { NodeUid = "third" }), Machine(null) })
        {
            var step = NodeLifecycle.Next(Opened(machine)) as NodeStep.Wait;
            Assert.That((step?.Reason, step?.NeedsHuman), Is.EqualTo(("AdoptionFailed", false)), $"{machine}");
        }
    }

    [Test]
    public void Next_DeletedBeforeItWasClaimed_GoesAndLeavesTheMachine()
    {
        foreach (var machine in new[] { Machine(former), Machine(former with { NodeUid = "third" }), Machine(former) with { State = MachineState.Terminated } })
            Assert.That(NodeLifecycle.Next(Opened(machine) with { Deleting = true }), Is.TypeOf<NodeStep.DropFinalizer>().With.Property("Reason").EqualTo("NeverAdopted"), $"{machine}");
    }

    [Test]
    public void Next_DeletedAndNotLookedYet_LooksFirst() =>
        Assert.That(NodeLifecycle.Next(Adopting() with { Deleting = true }), Is.TypeOf<NodeStep.LookUp>());

    [Test]
    public void Next_PoolIsPaused_Waits() =>
        Assert.That(NodeLifecycle.Next(Opened(Machine(former)) with { PoolHolds = new Freeze("Paused", "paused") }).Reason, Is.EqualTo("Paused"));

    [Test]
    public void AfterClaimFailed_ForgetsWhatWasSeen()
    {
        var trace = Opened(Machine(former)).Trace.AfterClaimFailed(new DriverException(DriverFault.Unavailable, "timed out") { OutcomeUnknown = true }, Samples.Noon, "c1");

        var seen = Opened(Machine(former)) with { Trace = trace };
        Assert.That(NodeLifecycle.Next(seen).Reason, Is.EqualTo("ProviderUnavailable"));
        Assert.That(NodeLifecycle.Next(seen.At(TimeSpan.FromSeconds(2)) with { Deleting = true }), Is.TypeOf<NodeStep.LookUp>(), "it may have been claimed");
    }

    [Test]
    public void Next_RecordedMachineWasTakenOverByAnother_IsReportedAndNeverTerminated()
    {
        var seen = Seen.WithMachine(listed: null) with { Sight = new MachineSight(Samples.Noon, []) };
        var taken = seen with { Trace = seen.Trace with { LookedAt = Samples.Noon, Seen = [Machine(former)] } };

        Assert.That(NodeLifecycle.Next(taken), Is.TypeOf<NodeStep.Wait>().With.Property("Reason").EqualTo("MachineTakenOver"));
        Assert.That(NodeLifecycle.Next(seen with { Deleting = true }), Is.TypeOf<NodeStep.LookUp>(), "before it is terminated");
        Assert.That(NodeLifecycle.Next(taken with { Deleting = true }), Is.TypeOf<NodeStep.DropFinalizer>().With.Property("Reason").EqualTo("TakenOver"));
    }

    private static NodeSeen Adopting(params Machine[] looked) => Seen.New with
    {
        Spec = Seen.New.Spec with { Adopts = new AdoptedMachine { ProviderID = Seen.MachineId, PoolUID = "old-pool", NodeUID = "old-node", Attempt = 3 } },
        Trace = AttemptTrace.None with { Seen = looked, LookedAt = looked.Length == 0 ? null : Samples.Noon },
    };

    private static NodeSeen Opened(Machine looked)
    {
        var seen = Adopting(looked);
        return seen with { Spec = seen.Spec with { Attempt = Seen.WithAttempt(3).Spec.Attempt }, Trace = seen.Trace with { Number = 3 } };
    }

    private static Machine Machine(MachineMarks? marks) => Seen.Machine(attempt: 3) with { Marks = marks, Token = Token.Of("old-node", 3) };
}
