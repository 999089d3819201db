using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Orphans;

/// <summary>
/// Judges the machines of one account that no node stands for. Pure. Nothing is judged on one look: the machine has to stand to the
/// cluster in the same way in two sightings, the second listing begun after the first list of nodes was read.
/// <code>
/// machine                                                     verdict
/// ──────────────────────────────────────────────────────────  ─────────────────────────────────────
/// recorded by a node; being made; ended; another's            ignore
/// its node is gone, a tombstone has its attempt and token     remove
/// proven second machine of a node, its tombstone is written   remove
/// proven second machine of a node                             condemn: write the tombstone
/// anything else that carries our marks, 10 minutes old        report
/// </code>
/// </summary>
public static class OrphanSweep
{
    /// <summary>Machines that one sweep of one account may remove: a mistake in here stays small until somebody sees it.</summary>
    public const int Budget = 5;

    /// <summary>Younger machines are not judged but for tombstones: longer than any create call and the write that records its answer.</summary>
    public static readonly TimeSpan MinimumAge = TimeSpan.FromMinutes(10);

    /// <returns>One verdict for each machine of the later listing, by provider id; none where the sightings prove nothing.</returns>
    public static IReadOnlyList<OrphanVerdict> Plan(SweepSeen seen)
    {
        if (seen.Frozen is not null || seen.Installation.Length == 0) return [];
        if (seen is not { Earlier: { IsInOrder: true } earlier, Later: { IsInOrder: true } later }) return [];
        if (later.Listing.BegunAt <= earlier.NodesReadAt) return [];
        var judge = new Judge(seen, earlier, later);
        var verdicts = later.Listing.Machines.OrderBy(m => m.ProviderId, StringComparer.Ordinal).Select(judge.Of);
        return [.. WithinBudget(verdicts, seen.Budget)];
    }

    private static IEnumerable<OrphanVerdict> WithinBudget(IEnumerable<OrphanVerdict> verdicts, int budget)
    {
        var left = budget;
        foreach (var verdict in verdicts)
            yield return verdict is OrphanVerdict.Remove && left-- <= 0 ? new OrphanVerdict.Ignore(verdict.Machine, "OverBudget") : verdict;
    }

    private sealed class Judge(SweepSeen seen, Sighting earlier, Sighting later)
    {
        private readonly Dictionary<string, Machine> before = earlier.Listing.Machines.DistinctBy(m => m.ProviderId, StringComparer.Ordinal).ToDictionary(m => m.ProviderId, StringComparer.Ordinal);
        private readonly NodeRecords nodesBefore = new(earlier.Nodes);
        private readonly NodeRecords nodesNow = new(later.Nodes);
        private readonly ILookup<string, Tombstone> tombstones = seen.Tombstones.Where(t => t.Installation == seen.Installation).ToLookup(t => t.NodeUid, StringComparer.Ordinal);

        public OrphanVerdict Of(Machine machine)
        {
            if (machine.Marks?.Installation != seen.Installation) return Ignore(machine, "Foreign");
            if (HasEnded(machine)) return Ignore(machine, "Ended");
            var kinship = nodesNow.Of(machine);
            if (kinship == Kinship.Recorded || nodesBefore.Of(machine) == Kinship.Recorded) return Ignore(machine, "Recorded");
            if (kinship == Kinship.Making) return Ignore(machine, "BeingMade");
            return SeenAlike(machine) && nodesBefore.Of(machine) == kinship ? OfOrphan(machine, kinship) : Ignore(machine, "SeenOnce");
        }

        private OrphanVerdict OfOrphan(Machine machine, Kinship kinship)
        {
            var stones = tombstones[machine.Marks!.NodeUid].Where(t => t.PoolUid == machine.Marks.PoolUid)
                .OrderBy(t => t.Kind).ThenByDescending(t => t.Until).ThenBy(t => t.Namespace, StringComparer.Ordinal).ToList();
            if (stones.Any(t => t.Kind == TombstoneKind.GivenUp)) return Aged(machine, () => new OrphanVerdict.Report(machine, "GivenUp", Words.GivenUp(machine)));
            if (stones.Find(t => Licenses(t, machine, kinship)) is { } stone)
                return new OrphanVerdict.Remove(machine, stone, stone.Kind.ToString(), Words.Removal(machine, stone));
            return Aged(machine, () => kinship switch
            {
                Kinship.Twin => new OrphanVerdict.Condemn(machine, Words.Twin(machine)),
                Kinship.TwinOrCopy => new OrphanVerdict.Report(machine, "UnprovenTwin", Words.UnprovenTwin(machine)),
                Kinship.Copy => new OrphanVerdict.Report(machine, "CopiedMarks", Words.Copy(machine)),
                Kinship.FutureAttempt => new OrphanVerdict.Report(machine, "FutureAttempt", Words.FutureAttempt(machine)),
                Kinship.Nodeless => new OrphanVerdict.Report(machine, "UnknownNode", Words.UnknownNode(machine)),
                _ => throw new ArgumentOutOfRangeException(nameof(kinship), kinship, "not an orphan's kinship"),
            });
        }

        /// <summary>A mark proves what to look at; only the token, which a copy cannot have, proves what may go.</summary>
        private bool Licenses(Tombstone stone, Machine machine, Kinship kinship) =>
            stone.Removes(seen.Now)
            && machine.Token is { } token
            && token == stone.Token
            && token == Token.Of(stone.NodeUid, stone.Attempt)
            && machine.Marks!.Attempt == stone.Attempt
            && stone.Kind switch
            {
                TombstoneKind.Late => kinship == Kinship.Nodeless,
                TombstoneKind.Twin => kinship is Kinship.Twin or Kinship.Nodeless && stone.Machine == machine.ProviderId,
                _ => false,
            };

        private bool SeenAlike(Machine machine) =>
            before.TryGetValue(machine.ProviderId, out var was) && !HasEnded(was) && was.Marks == machine.Marks && was.Token == machine.Token;

        private OrphanVerdict Aged(Machine machine, Func<OrphanVerdict> verdict)
        {
            var since = machine.CreatedAt ?? seen.FirstSeen.GetValueOrDefault(machine.ProviderId, seen.Now);
            return seen.Now - since >= MinimumAge ? verdict() : Ignore(machine, "Young");
        }

        private static bool HasEnded(Machine machine) => machine.State is MachineState.Terminated or MachineState.Terminating;

        private static OrphanVerdict.Ignore Ignore(Machine machine, string reason) => new(machine, reason);
    }
}
