using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Tests.Nodes;

/// <summary>The record is older than the machine: the cluster's data was put back in place.</summary>
public sealed class LaterAttemptTests
{
    [TestCase(0)]
    [TestCase(1)]
    public void Next_LaterAttemptsMachineWithItsToken_IsRecorded(int recorded)
    {
        var machine = Seen.Machine(attempt: 2);

        Assert.That(NodeLifecycle.Next(At(recorded, machine)), Is.EqualTo(new NodeStep.RecordLaterAttempt(machine)));
    }

    [TestCase("another token")]
    [TestCase(null)]
    public void Next_LaterAttemptsMachineThatNothingProves_WaitsForAHuman(string? token)
    {
        var step = NodeLifecycle.Next(At(1, Seen.Machine(attempt: 2) with { Token = token })) as NodeStep.Wait;

        Assert.That((step?.Reason, step?.NeedsHuman), Is.EqualTo(("Restored", true)));
        Assert.That(step!.Message, Does.Contain(Seen.MachineId).And.Contain("terminate it at the provider"));
    }

    [Test]
    public void Next_TwoProvenMachinesOfLaterAttempts_WaitsForAHuman() =>
        Assert.That(NodeLifecycle.Next(At(1, Seen.Machine(attempt: 2), Seen.Machine(attempt: 3) with { ProviderId = "aws:///eu-west-1b/i-0000000000000000b" })).Reason, Is.EqualTo("Restored"));

    [Test]
    public void Next_ProvenMachineBesideACopyOfIt_TakesTheProvenOne() =>
        Assert.That(NodeLifecycle.Next(At(1, Seen.Machine(attempt: 2), Seen.Machine(attempt: 2, token: "copied") with { ProviderId = "aws:///eu-west-1b/i-0000000000000000b" })), Is.TypeOf<NodeStep.RecordLaterAttempt>());

    [Test]
    public void Next_LaterAttemptsMachineIsTerminated_GoesOnAsEver() =>
        Assert.That(NodeLifecycle.Next(At(1, Seen.Machine(MachineState.Terminated, attempt: 2))), Is.TypeOf<NodeStep.SendCreate>());

    [Test]
    public void Next_AnotherInstallationsMachine_GoesOnAsEver() =>
        Assert.That(NodeLifecycle.Next(At(1, Seen.Machine(attempt: 2) with { Marks = new MachineMarks("elsewhere", "pool", "node", 2) })), Is.TypeOf<NodeStep.SendCreate>());

    [Test]
    public void Next_NoListingYet_NeitherOpensNorSends([Values(0, 1)] int recorded)
    {
        var step = NodeLifecycle.Next(At(recorded) with { Sight = MachineSight.Nothing });

        Assert.That(step, Is.TypeOf<NodeStep.Wait>().With.Property("Reason").EqualTo("Observing"));
    }

    [Test]
    public void Next_RewoundUnderARunningOperator_WaitsForAListingBegunAfterThat()
    {
        var seen = At(1) with { Trace = AttemptTrace.Rewound(1, Samples.Noon.AddSeconds(5), Samples.Noon) };

        Assert.That(NodeLifecycle.Next(seen).Reason, Is.EqualTo("Observing"));
        Assert.That(NodeLifecycle.Next(seen with { Sight = new MachineSight(Samples.Noon.AddSeconds(6), []) }), Is.TypeOf<NodeStep.SendCreate>());
    }

    [Test]
    public void Next_DeletedNode_RecordsItsLaterMachineFirst() =>
        Assert.That(NodeLifecycle.Next(At(0, Seen.Machine(attempt: 2)) with { Deleting = true }), Is.TypeOf<NodeStep.RecordLaterAttempt>());

    private static NodeSeen At(int recorded, params Machine[] machines) =>
        (recorded == 0 ? Seen.New : Seen.WithAttempt(recorded)) with { Sight = new MachineSight(Samples.Noon, machines) };
}
