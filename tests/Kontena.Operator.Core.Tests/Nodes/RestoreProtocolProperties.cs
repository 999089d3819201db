using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Tests.Nodes;

/// <summary>The node's record is put back to any earlier state, at any moment, over a cloud that misbehaves: still one machine.</summary>
public sealed class RestoreProtocolProperties
{
    private const int Walks = 600;

    [Test]
    public void PutBack_AtAnyMoment_NeverMakesASecondMachine([Values] bool keyed)
    {
        var rewound = 0;
        for (var seed = 0; seed < Walks; seed++)
        {
            var node = Walk(seed, keyed, ref rewound);
            for (var round = 0; round < 30; round++)
            {
                node.Reconcile(deadliness: 10);
                Assert.That(node.Cloud.Alive.Count(), Is.LessThanOrEqualTo(1), () => $"seed {seed}\n{string.Join('\n', node.Story)}");
            }
        }
        TestContext.Out.WriteLine($"{Walks} walks, {rewound} of them back to an earlier attempt than a living machine's");
        Assert.That(rewound, Is.GreaterThan(10), "the walks must meet what they are about");
    }

    [Test]
    public void PutBack_OnceTheTroubleIsOver_TheMachineIsRecordedAgain()
    {
        var rewound = 0;
        for (var seed = 0; seed < Walks; seed++)
        {
            var node = Walk(seed, keyed: true, ref rewound);
            node.Cloud.Trouble = 0;
            for (var round = 0; round < 120 && node.Next().Reason != "Running"; round++) node.Reconcile(deadliness: 0);
            Assert.That(node.Cloud.Alive.Select(m => m.ProviderId), Is.EqualTo(new[] { node.ProviderId }), () => $"seed {seed}\n{string.Join('\n', node.Story)}");
        }
    }

    [Test]
    public void Next_ListingShowsALivingMachineOfTheNode_NeverSendsNorOpens()
    {
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var recorded = random.Next(0, 4);
            var machines = Enumerable.Range(0, random.Next(1, 4))
                .Select(i => Seen.Machine((MachineState)random.Next(0, 5), random.Next(3) == 0 ? "copied" : null, attempt: Math.Max(1, recorded) + random.Next(0, 3)) with { ProviderId = $"model:///{i}" }).ToList();
            var seen = recorded == 0 ? Seen.New : Seen.WithAttempt(recorded);
            seen = seen with { Sight = new MachineSight(Samples.Noon, machines), Trace = random.Next(2) == 0 ? seen.Trace : AttemptTrace.Inherited(recorded, Samples.Noon) };
            var ownOrLater = machines.Any(m => m.Marks!.Attempt > recorded || (m.Marks.Attempt == recorded && m.Token != "copied"));

            var step = NodeLifecycle.Next(seen);

            if (ownOrLater) Assert.That(step, Is.Not.TypeOf<NodeStep.SendCreate>().And.Not.TypeOf<NodeStep.OpenAttempt>(), $"seed {seed}: {string.Join(", ", machines)}");
        }
    }

    private static NodeModel Walk(int seed, bool keyed, ref int rewound)
    {
        var random = new Random(seed + 7);
        var node = new NodeModel(seed, keyed, trouble: 45);
        List<KontenaNodeSpec> backups = [node.Backup()];
        for (var round = random.Next(3, 25); round > 0; round--)
        {
            node.Reconcile(deadliness: 10);
            backups.Add(node.Backup());
        }
        var earlier = backups[random.Next(backups.Count)];
        if (node.Cloud.Alive.Any(m => m.Marks!.Attempt > (earlier.Attempt?.Number ?? 0))) rewound++;
        node.PutBack(earlier);
        return node;
    }
}
