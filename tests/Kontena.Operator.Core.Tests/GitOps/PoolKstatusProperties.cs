using FsCheck;
using FsCheck.Fluent;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Core.Tests.Pools;
using Kontena.TestKit.GitOps;

namespace Kontena.Operator.Core.Tests.GitOps;

/// <summary>What Flux and others read from a pool's status, whatever the pool looks like: <c>Current</c> means settled and nothing less.</summary>
public sealed class PoolKstatusProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(3000);

    private static readonly Gen<ProviderSeen> Provider = Gen.Frequency(
        (8, Gen.Constant<ProviderSeen>(new ProviderSeen.Answers())),
        (1, Gen.Constant<ProviderSeen>(new ProviderSeen.NotYet())),
        (2, Gen.Elements(Enum.GetValues<DriverFault>()).Select(f => (ProviderSeen)new ProviderSeen.Fails(f, Reasons.Of(f), $"It said {f}."))));

    private static readonly Arbitrary<PoolSeen> Any = Arb.From(
        from pool in Gen.OneOf(RandomPool.Any.Generator, Settled())
        from provider in Provider
        from generation in Gen.Choose(1, 9)
        from paused in Rarely
        from deleting in Rarely
        from frozen in Rarely
        from leftOut in Rarely
        from missing in Rarely
        from shows in Gen.Elements(true, false)
        select pool with
        {
            Generation = generation,
            Provider = provider,
            Deleting = deleting,
            AccountShowsMachines = shows,
            Frozen = frozen ? new Freeze("InstallationMoved", "Look at the installation's record.") : null,
            Spec = pool.Spec with { Paused = paused, Replicas = leftOut ? null : pool.Spec.Replicas },
            Nodes = missing ? [.. pool.Nodes.Select((n, i) => i % 2 == 0 && n.HasMachine ? n with { Ready = false, MachineMissing = true, Reason = NodeReasons.MachineMissing } : n)] : pool.Nodes,
        });

    private static Gen<bool> Rarely => Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)));

    [Test]
    public void Judge_AnyPool_IsCurrentExactlyWhenSettled_AndFailedExactlyWhenStalled()
    {
        var counts = new Dictionary<KstatusVerdict, int>();
        Check.One(Many, Prop.ForAll(Any, pool =>
        {
            var plan = PoolPlanner.Plan(pool);
            var status = PoolStatus.Compose(pool, plan, null, Samples.Noon);
            var judged = Judged.Of(status, pool.Generation, pool.Deleting);
            counts[judged.Verdict] = counts.GetValueOrDefault(judged.Verdict) + 1;

            Assert.That(judged.Verdict, Is.EqualTo(Expected(pool, plan)), string.Join("\n", status.Conditions));
            if (judged.Verdict == KstatusVerdict.Failed) Assert.That(judged.Message, Is.Not.Empty.And.EqualTo(status.Conditions[0].Message), "what to do is what Ready says");
            Assert.That(status.Conditions.Count(c => c.Type is PoolConditions.Reconciling or PoolConditions.Stalled), Is.LessThan(2), "never both");
            return true;
        }));
        foreach (var verdict in new[] { KstatusVerdict.Current, KstatusVerdict.Failed, KstatusVerdict.InProgress, KstatusVerdict.Terminating })
            Assert.That(counts.GetValueOrDefault(verdict), Is.GreaterThan(50), $"the pools must have been such that {verdict} was to be said");
    }

    [Test]
    public void Judge_SpecChangedSince_InProgressWhateverWasSaid() => Check.One(Many, Prop.ForAll(Any, pool =>
    {
        var status = PoolStatus.Compose(pool, PoolPlanner.Plan(pool), null, Samples.Noon);

        Assert.That(Judged.Of(status, pool.Generation + 1).Verdict, Is.EqualTo(KstatusVerdict.InProgress));
        return true;
    }));

    /// <summary>Said without the status: from what is there and what is planned.</summary>
    private static KstatusVerdict Expected(PoolSeen pool, PoolPlan plan)
    {
        if (pool.Deleting) return KstatusVerdict.Terminating;
        var removed = plan.Actions.OfType<PoolAction.RemoveNode>().Select(a => a.Uid).ToList();
        var stuck = plan.NeedsHuman
            || plan.Held is null && pool.Nodes.Any(n => (!n.Ready || n.Deleting) && n.NeedsHuman && !removed.Contains(n.Uid))
            || plan.Held is null && pool.Provider is ProviderSeen.Fails { Fault: DriverFault.BadSettings or DriverFault.NotAllowed or DriverFault.QuotaReached };
        if (stuck) return KstatusVerdict.Failed;
        var settled = plan is { Held: null, Actions.Count: 0 }
            && pool.Nodes.Count == pool.Spec.Replicas
            && pool.Nodes.All(n => n is { Ready: true, Deleting: false })
            && pool.Provider is not ProviderSeen.Fails;
        return settled ? KstatusVerdict.Current : KstatusVerdict.InProgress;
    }

    private static Gen<PoolSeen> Settled() =>
        from count in Gen.Choose(0, 8)
        select RandomPool.Pool(count, RemovalOrder.Newest, [.. Enumerable.Range(0, count).Select(o => RandomPool.Ready(o))]);
}
