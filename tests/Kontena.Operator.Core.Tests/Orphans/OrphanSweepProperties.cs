using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Orphans;
using static Kontena.Operator.Core.Tests.Orphans.SweepSamples;

namespace Kontena.Operator.Core.Tests.Orphans;

/// <summary>Promise 2 for the sweep: seeded worlds of nodes, machines, copies, strangers and tombstones; a failing seed replays by itself.</summary>
public sealed class OrphanSweepProperties
{
    private const int Worlds = 3000;

    [Test]
    public void Plan_AnyWorld_ActsOnlyOnWhatIsProvenOursAndNobodys()
    {
        var (removals, condemnations, reports) = (0, 0, 0);
        for (var seed = 0; seed < Worlds; seed++)
        {
            var seen = World(new Random(seed));
            foreach (var verdict in OrphanSweep.Plan(seen).Where(v => v is not OrphanVerdict.Ignore))
            {
                var machine = verdict.Machine;
                Assert.That(machine.Marks?.Installation, Is.EqualTo(Ours), $"seed {seed}: {verdict} touches what lacks our mark");
                Assert.That(AllNodes(seen).Any(n => n.ProviderId == machine.ProviderId), Is.False, $"seed {seed}: {verdict} is a node's recorded machine");
                Assert.That(seen.Earlier!.Listing.Machines.Any(m => m.ProviderId == machine.ProviderId && m.IsAlive), Is.True, $"seed {seed}: {verdict} was seen once");
                if (verdict is OrphanVerdict.Report) reports++;
                else Assert.That(machine.Token, Is.EqualTo(Token.Of(machine.Marks!.NodeUid, machine.Marks.Attempt)), $"seed {seed}: {verdict} is not proven ours");
                if (verdict is OrphanVerdict.Condemn) condemnations++;
                if (verdict is not OrphanVerdict.Remove remove) continue;
                removals++;
                Assert.That(remove.Because.Token, Is.EqualTo(machine.Token), $"seed {seed}: {verdict}");
                Assert.That(seen.Tombstones, Has.Member(remove.Because), $"seed {seed}: {verdict}");
                var node = AllNodes(seen).FirstOrDefault(n => n.Uid == machine.Marks!.NodeUid);
                Assert.That(remove.Because.Kind == TombstoneKind.Late ? node : null, Is.Null, $"seed {seed}: {verdict} takes a machine from a node that may still want it");
                Assert.That(node is null || node.ProviderId is not null, Is.True, $"seed {seed}: {verdict} takes a node's only machine");
            }
        }
        // Worlds without such cases would prove nothing.
        Assert.That(removals, Is.GreaterThan(100));
        Assert.That(condemnations, Is.GreaterThan(20));
        Assert.That(reports, Is.GreaterThan(100));
    }

    [Test]
    public void Plan_AnyWorld_KeepsTheBudget()
    {
        var full = 0;
        for (var seed = 0; seed < Worlds; seed++)
        {
            var seen = World(new Random(seed));
            var removals = OrphanSweep.Plan(seen).Count(v => v is OrphanVerdict.Remove);
            Assert.That(removals, Is.LessThanOrEqualTo(seen.Budget), $"seed {seed}");
            if (OrphanSweep.Plan(seen).Any(v => v.Reason == "OverBudget")) full++;
        }
        Assert.That(full, Is.GreaterThan(20));
    }

    [Test]
    public void Plan_AnyOrderOfWhatIsSeen_SaysTheSame()
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            var seen = World(new Random(seed));
            var random = new Random(seed + 1);
            var shuffled = seen with
            {
                Earlier = Shuffled(seen.Earlier!, random),
                Later = Shuffled(seen.Later!, random),
                Tombstones = Shuffled(seen.Tombstones, random),
            };
            Assert.That(OrphanSweep.Plan(shuffled), Is.EqualTo(OrphanSweep.Plan(seen)), $"seed {seed}");
        }
    }

    private static IEnumerable<NodeOnRecord> AllNodes(SweepSeen seen) => seen.Earlier!.Nodes.Concat(seen.Later!.Nodes);

    private static SweepSeen World(Random random)
    {
        string[] uids = ["n0", "n1", "n2", "n3", "n4", "n5"];
        var machines = Enumerable.Range(0, random.Next(2, 12)).Select(i => AnyMachine(i, uids, random)).ToList();
        return new SweepSeen
        {
            Installation = Ours,
            Earlier = AnySighting(6, machines, uids, random),
            Later = AnySighting(1, machines, uids, random),
            Tombstones = [.. uids.Where(_ => random.Next(3) > 0).Select(uid => AnyStone(uid, machines, random))],
            Now = Samples.Noon,
            Budget = random.Next(0, 4),
        };
    }

    private static Machine AnyMachine(int i, string[] uids, Random random)
    {
        var machine = Machine($"aws:///a/i-{i}", uids[random.Next(uids.Length)], random.Next(1, 3));
        return random.Next(12) switch
        {
            0 => machine with { Marks = null },
            1 => machine with { Marks = machine.Marks! with { Installation = "inst-2" } },
            2 => machine with { Token = "by hand" },
            3 => machine with { Token = null },
            4 => machine with { CreatedAt = Samples.Noon.AddMinutes(-random.Next(20)) },
            5 => machine with { State = MachineState.Terminating },
            _ => machine,
        };
    }

    private static Sighting AnySighting(int minutes, List<Machine> machines, string[] uids, Random random) => Sighting(
        minutes,
        [.. machines.Where(_ => random.Next(10) > 0)],
        [.. uids.Where(uid => uid[1] % 2 == 0 && random.Next(10) > 0).Select(uid => Node(uid, Recorded(uid, machines), 2))]);

    private static string? Recorded(string uid, List<Machine> machines) => machines.FirstOrDefault(m => m.Marks?.NodeUid == uid)?.ProviderId;

    private static Tombstone AnyStone(string uid, List<Machine> machines, Random random)
    {
        var machine = machines.LastOrDefault(m => m.Marks?.NodeUid == uid);
        var kind = random.Next(8) == 0 ? TombstoneKind.GivenUp : random.Next(2) == 0 ? TombstoneKind.Late : TombstoneKind.Twin;
        var stone = Stone(uid, kind, machine?.Marks?.Attempt ?? 1, kind == TombstoneKind.Twin ? machine?.ProviderId : null);
        return random.Next(8) == 0 ? stone with { Until = Samples.Noon.AddMinutes(-1) } : stone;
    }

    private static Sighting Shuffled(Sighting sighting, Random random) => sighting with
    {
        Listing = sighting.Listing with { Machines = Shuffled(sighting.Listing.Machines, random) },
        Nodes = Shuffled(sighting.Nodes, random),
    };

    private static T[] Shuffled<T>(IReadOnlyList<T> list, Random random)
    {
        T[] shuffled = [.. list];
        random.Shuffle(shuffled);
        return shuffled;
    }
}
