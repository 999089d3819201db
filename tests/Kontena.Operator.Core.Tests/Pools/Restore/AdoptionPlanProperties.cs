using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Core.Pools.Restore;
using static Kontena.Operator.Core.Tests.Pools.Restore.Restored;

namespace Kontena.Operator.Core.Tests.Pools.Restore;

/// <summary>Seeded pools in any state that a restore may leave: what holds of every plan.</summary>
public sealed class AdoptionPlanProperties
{
    private const int Pools = 3000;

    [Test]
    public void Plan_HeldByARestore_RemovesNoMachineAndMakesNone()
    {
        for (var seed = 0; seed < Pools; seed++)
        {
            var pool = Any(new Random(seed));
            var plan = PoolPlanner.Plan(pool);
            if (plan.Held?.Reason is not ("Restored" or "Adopting")) continue;
            var machines = pool.Nodes.Where(n => n.HasMachine).Select(n => n.Uid);
            Assert.That(plan.Actions.OfType<PoolAction.RemoveNode>().Select(r => r.Uid).Intersect(machines), Is.Empty, $"seed {seed}");
            Assert.That(plan.Actions.OfType<PoolAction.AddNode>(), Is.Empty, $"seed {seed}");
        }
    }

    [Test]
    public void Plan_AnotherOrder_IsTheSamePlan()
    {
        for (var seed = 0; seed < Pools; seed++)
        {
            var random = new Random(seed);
            var pool = Any(random);
            var shuffled = pool with { Nodes = Shuffled(pool.Nodes, random), Copies = Shuffled(pool.Copies, random), Strays = Shuffled(pool.Strays, random) };
            Assert.That(PoolPlanner.Plan(shuffled).Actions, Is.EqualTo(PoolPlanner.Plan(pool).Actions), $"seed {seed}");
            Assert.That(PoolPlanner.Plan(shuffled).Held, Is.EqualTo(PoolPlanner.Plan(pool).Held), $"seed {seed}");
        }
    }

    [Test]
    public void Plan_Consent_EndsWithEveryMachineTakenOverOnceAndNoCopyLeft()
    {
        for (var seed = 0; seed < Pools; seed++)
        {
            var pool = Any(new Random(seed)) with { Adopt = Former, Deleting = false };
            pool = pool with { Copies = [.. pool.Copies.Where(c => c.Spec.PoolUID == Former)], Strays = [.. pool.Strays.Where(s => s.Marks!.PoolUid == Former)] };
            var wanted = AdoptionCandidate.Of(pool, Former).Select(c => c.Machine.ProviderID).Concat(pool.Nodes.Where(n => n.Adopts is not null).Select(n => n.Adopts!.ProviderID)).Distinct().ToList();
            for (var round = 0; round < 20 && pool.Adopt is not null; round++) pool = Apply(pool, PoolPlanner.Plan(pool), seed);
            Assert.That(pool.Adopt, Is.Null, $"seed {seed}: the adoption ends");
            Assert.That(pool.Copies, Is.Empty, $"seed {seed}");
            Assert.That(pool.Nodes.Where(n => n.Adopts is not null).Select(n => n.Adopts!.ProviderID), Is.EquivalentTo(wanted), $"seed {seed}");
            Assert.That(pool.Nodes.Select(n => n.Name), Is.Unique, $"seed {seed}");
        }
    }

    /// <summary>What the operator and the nodes make of a plan: every adoption succeeds.</summary>
    private static PoolSeen Apply(PoolSeen pool, PoolPlan plan, int seed)
    {
        foreach (var action in plan.Actions)
        {
            pool = action switch
            {
                PoolAction.AdoptMachine adopt => pool with
                {
                    Nodes = [.. pool.Nodes, RandomPool.Ready(adopt.Ordinal) with { HasMachine = false, Ready = false, Adopts = adopt.Machine, Uid = $"new-{adopt.Ordinal}" }],
                    Strays = [.. pool.Strays.Where(s => s.ProviderId != adopt.Machine.ProviderID)],
                    Copies = [.. pool.Copies.Select(c => IsOf(c, adopt) ? c with { BeingAdopted = true } : c)],
                },
                PoolAction.ForgetCopy forget => pool with { Copies = [.. pool.Copies.Where(c => c.Uid != forget.Uid)] },
                PoolAction.EndAdoption => pool with { Adopt = null },
                _ => throw new AssertionException($"seed {seed}: unexpected {action}"),
            };
        }
        var recorded = pool.Nodes.Where(n => n.Adopts is not null).ToList();
        return pool with
        {
            Nodes = [.. pool.Nodes.Select(n => n.Adopts is null ? n : n with { HasMachine = true, Ready = true })],
            Copies = [.. pool.Copies.Select(c => c.BeingAdopted || recorded.Exists(n => n.Adopts!.ProviderID == c.Spec.ProviderID) ? c with { BeingAdopted = false, MachineHeld = true } : c)],
        };
    }

    private static bool IsOf(CopyView copy, PoolAction.AdoptMachine adopt) =>
        copy.Spec.ProviderID is { } id ? id == adopt.Machine.ProviderID : copy.FormerMarks.NodeUid == adopt.Machine.NodeUID && copy.FormerMarks.Attempt == adopt.Machine.Attempt;

    private static PoolSeen Any(Random random)
    {
        var former = new[] { Former, Former, "third", "pool-uid" };
        List<CopyView> copies = [];
        List<Machine> strays = [];
        List<NodeView> nodes = [];
        foreach (var ordinal in Enumerable.Range(0, 12))
        {
            var pool = former[random.Next(former.Length)];
            switch (random.Next(6))
            {
                case 0:
                    copies.Add(Copy(ordinal, ordinal, pool) with { MachineHeld = random.Next(4) == 0, MachineEnded = random.Next(6) == 0 });
                    break;
                case 1:
                    copies.Add(Copy(ordinal, ordinal, pool));
                    strays.Add(Stray(ordinal, ordinal, pool));
                    break;
                case 2:
                    copies.Add(Copy(ordinal, null, pool));
                    if (random.Next(2) == 0) strays.Add(Stray(ordinal, ordinal, pool));
                    break;
                case 3:
                    strays.Add(Stray(ordinal, ordinal, pool));
                    break;
                case 4:
                    nodes.Add(random.Next(3) == 0 ? Adopting(ordinal, 100 + ordinal) : RandomPool.Ready(ordinal) with { MachineTerminated = random.Next(5) == 0 });
                    break;
            }
        }
        var adopt = new[] { null, Former, "third", "pool-uid", "none-pool-uid", "nonsense" }[random.Next(6)];
        return Pool(random.Next(0, 6), copies, strays, adopt, [.. nodes]) with { Deleting = random.Next(8) == 0 };
    }

    private static T[] Shuffled<T>(IReadOnlyList<T> items, Random random)
    {
        var shuffled = items.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }
}
