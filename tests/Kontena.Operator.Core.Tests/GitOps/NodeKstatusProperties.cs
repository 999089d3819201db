using FsCheck;
using FsCheck.Fluent;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Tests.Nodes;
using Kontena.TestKit.GitOps;

namespace Kontena.Operator.Core.Tests.GitOps;

/// <summary>What is read from a node's status: <c>Current</c> only of a machine that was seen running, under the node's present generation.</summary>
public sealed class NodeKstatusProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(3000);

    private static readonly Arbitrary<NodeSeen> Any = Arb.From(
        from seen in Gen.OneOf(
            Gen.Constant(Seen.New),
            Gen.Constant(Seen.WithAttempt()),
            Gen.Elements(Enum.GetValues<MachineState>()).Select(state => Seen.WithMachine(state)),
            Gen.Constant(Seen.WithMachine()),
            Gen.Constant(Seen.WithMachine(listed: null)),
            Gen.Elements(Enum.GetValues<DriverFault>()).Select(fault => Seen.Refused(fault)))
        from deleting in Rarely
        from frozen in Rarely
        from held in Rarely
        select seen with
        {
            Deleting = deleting,
            Frozen = frozen ? new Freeze("InstallationMoved", "Look at the installation's record.") : null,
            PoolHolds = held ? new Freeze("Paused", "The pool is paused.") : null,
        });

    private static Gen<bool> Rarely => Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)));

    [Test]
    public void Judge_AnyNodeAtRest_IsCurrentOnlyOnARunningMachine_AndFailedExactlyWhenAHumanIsNeeded()
    {
        var counts = new Dictionary<KstatusVerdict, int>();
        Check.One(Many, Prop.ForAll(Any, seen =>
        {
            if (NodeLifecycle.Next(seen) is not NodeStep.Wait step) return true;
            var status = NodeStatus.Compose(seen, step, 7, null);
            var judged = Judged.Of(status, 7, seen.Deleting);
            counts[judged.Verdict] = counts.GetValueOrDefault(judged.Verdict) + 1;

            Assert.That(judged.Verdict, Is.EqualTo(Expected(seen, step)), string.Join("\n", status.Conditions));
            if (judged.Verdict == KstatusVerdict.Failed) Assert.That(judged.Message, Is.EqualTo(step.Message));
            Assert.That(Judged.Of(status, 8).Verdict, Is.EqualTo(KstatusVerdict.InProgress), "of the next generation nothing was said");
            return true;
        }));
        foreach (var verdict in new[] { KstatusVerdict.Current, KstatusVerdict.Failed, KstatusVerdict.InProgress, KstatusVerdict.Terminating })
            Assert.That(counts.GetValueOrDefault(verdict), Is.GreaterThan(20), $"the nodes must have been such that {verdict} was to be said");
    }

    [Test]
    public void Judge_RestartBeforeTheSpecWasSeen_InProgress()
    {
        var seen = Seen.WithMachine();
        var before = NodeStatus.Compose(seen, NodeLifecycle.Next(seen), 1, null);

        var unseen = Seen.WithMachine(listed: null);
        var after = NodeStatus.Compose(unseen, NodeLifecycle.Next(unseen), 2, before);

        Assert.That(Judged.Of(after, 2).Verdict, Is.EqualTo(KstatusVerdict.InProgress), "what is kept from before was said of generation 1");
    }

    private static KstatusVerdict Expected(NodeSeen seen, NodeStep.Wait step)
    {
        if (seen.Deleting) return KstatusVerdict.Terminating;
        if (step.NeedsHuman) return KstatusVerdict.Failed;
        return seen.Sight.ById(Seen.MachineId) is { State: MachineState.Running } && seen.Spec.ProviderID is not null ? KstatusVerdict.Current : KstatusVerdict.InProgress;
    }
}
