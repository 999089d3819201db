using FsCheck;
using FsCheck.Fluent;
using Kontena.Operator.Core.Pools;

namespace Kontena.Operator.Core.Tests.Pools;

/// <summary>The planner's laws, over pools in any state.</summary>
public sealed class PoolPlannerProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(1000);

    [Test]
    public void Plan_AppliedUntilQuiet_HasWhatWasAskedAndStaysThere() => Check.One(Many, Prop.ForAll(RandomPool.Any, pool =>
    {
        for (var round = 0; round < 60; round++)
        {
            var plan = PoolPlanner.Plan(pool);
            if (plan.Actions.Count == 0 && !pool.Nodes.Any(n => n.Deleting)) break;
            pool = Finish(Apply(pool, plan));
        }
        Assert.Multiple(() =>
        {
            Assert.That(pool.Nodes, Has.Count.EqualTo(pool.Spec.Replicas));
            Assert.That(PoolPlanner.Plan(pool).Actions, Is.Empty, "a settled pool plans nothing");
        });
        return true;
    }));

    [Test]
    public void Plan_AnyPool_RemovesOnlyItsOwnLivingNodesAndEachOnce() => Check.One(Many, Prop.ForAll(RandomPool.Any, pool =>
    {
        var removed = PoolPlanner.Plan(pool).Actions.OfType<PoolAction.RemoveNode>().Select(a => a.Uid).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(removed, Is.Unique);
            Assert.That(removed, Is.SubsetOf(pool.Nodes.Where(n => !n.Deleting).Select(n => n.Uid)));
        });
        return true;
    }));

    [Test]
    public void Plan_SameNodesInAnotherOrder_IsTheSamePlan() => Check.One(Many, Prop.ForAll(RandomPool.Any, Arb.From(Gen.Choose(0, int.MaxValue - 1)), (pool, seed) =>
    {
        var shuffled = pool.Nodes.ToArray();
        new Random(seed).Shuffle(shuffled);
        Assert.That(PoolPlanner.Plan(pool with { Nodes = shuffled }).Actions, Is.EqualTo(PoolPlanner.Plan(pool).Actions));
        return true;
    }));

    [Test]
    public void Plan_AnyInterleavingOfDeletions_NeverExceedsReplicasAndSurge() => Check.One(Many, Prop.ForAll(RandomPool.Any, Arb.From(Gen.Choose(0, int.MaxValue - 1)), (pool, seed) =>
    {
        var random = new Random(seed);
        var ceiling = Math.Max(pool.Nodes.Count, pool.Spec.Replicas!.Value + PoolPlanner.Surge);
        for (var round = 0; round < 30; round++)
        {
            pool = Apply(pool, PoolPlanner.Plan(pool));
            Assert.That(pool.Nodes, Has.Count.LessThanOrEqualTo(ceiling), $"in round {round}");
            // Some deletions finish, others hang; somebody may delete a node by hand at any time.
            pool = pool with { Nodes = [.. pool.Nodes.Where(n => !n.Deleting || random.Next(2) == 0).Select(n => random.Next(10) == 0 ? n with { Deleting = true } : n)] };
            ceiling = Math.Max(pool.Nodes.Count, pool.Spec.Replicas!.Value + PoolPlanner.Surge);
        }
        return true;
    }));

    [Test]
    public void Plan_NamesOfAddedNodes_AreFreeAndTheLowest() => Check.One(Many, Prop.ForAll(RandomPool.Any, pool =>
    {
        var added = PoolPlanner.Plan(pool).Actions.OfType<PoolAction.AddNode>().Select(a => a.Ordinal).ToList();
        var taken = pool.Nodes.Select(n => n.Ordinal).ToHashSet();
        Assert.That(added, Is.EqualTo(Enumerable.Range(0, 100).Where(o => !taken.Contains(o)).Take(added.Count)));
        return true;
    }));

    private static PoolSeen Apply(PoolSeen pool, PoolPlan plan)
    {
        var nodes = pool.Nodes.ToList();
        foreach (var action in plan.Actions)
        {
            switch (action)
            {
                case PoolAction.AddNode add:
                    Assert.That(nodes.Select(n => n.Ordinal), Has.None.EqualTo(add.Ordinal), "an ordinal in use was given again");
                    nodes.Add(RandomPool.Ready(add.Ordinal, add.Zone) with { Uid = $"new-{Guid.NewGuid()}" });
                    break;
                case PoolAction.RemoveNode remove:
                    var at = nodes.FindIndex(n => n.Uid == remove.Uid);
                    nodes[at] = nodes[at] with { Deleting = true };
                    break;
                default:
                    Assert.Fail($"unexpected {action}");
                    break;
            }
        }
        return pool with { Nodes = nodes };
    }

    private static PoolSeen Finish(PoolSeen pool) => pool with { Nodes = [.. pool.Nodes.Where(n => !n.Deleting)] };
}
