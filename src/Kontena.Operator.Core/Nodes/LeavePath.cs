using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Nodes;

/// <summary>
/// How a node leaves its grid: an initial member takes the slot, services move away, the machine ends (<see cref="DeletePath"/>), the entry
/// goes, the slot is given back. Each part may be gone already. While the Master does not answer nothing is decided for it: a human may give it up.
/// </summary>
internal static class LeavePath
{
    /// <summary>An answer about the other members' health counts for this long.</summary>
    public static readonly TimeSpan HealthFresh = TimeSpan.FromSeconds(30);

    /// <summary>So long the answer to <see cref="NodeStep.ReadEntry"/> counts.</summary>
    private static readonly TimeSpan ReadFresh = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan CountAgain = TimeSpan.FromSeconds(3);

    /// <summary>What is to be done at the Master before the machine is ended; null where nothing is.</summary>
    public static NodeStep? BeforeTermination(NodeSeen seen)
    {
        if (seen.Grid is not { GivenUp: false } grid || seen.Spec.ProviderID is not { } id) return null;
        if (seen.Trace.DeleteAskedAt is not null || IsOver(seen, id)) return null;
        if (grid.Silent($"{grid.Name} cannot be drained, so its machine stays") is { } silent) return OrGiveUp(seen, silent);
        var isInDoubt = grid.Entry is { } shown ? shown.NeverJoined || grid.IsSomebodyElses(shown) : grid.Trace.MayBeMissingIn(grid.View.Last!);
        if (isInDoubt && IsFresh(seen, grid)) return null;
        if (!isInDoubt && grid.Entry is null) return null;
        if (grid.Troubled(seen.Now, $"{grid.Name} cannot be drained, so its machine stays") is { } troubled) return OrGiveUp(seen, troubled);
        if (isInDoubt) return new NodeStep.ReadEntry(grid.Name);
        var entry = grid.Entry!;
        // Its mark may have been taken off by hand: without asking, an initial member would go without the slot.
        if (!grid.IsOurs(entry)) return grid.Trace is { HasToken: true, ForeignAt: null } ? new NodeStep.VerifyEntry(grid.Name) : null;
        return Slot(seen, grid) ?? Drain(seen, grid, entry) ?? Recheck(seen, grid);
    }

    /// <summary>The machine is gone, or never was: what is left to do before the object may go.</summary>
    public static NodeStep? BeforeGoing(NodeSeen seen)
    {
        if (seen.Grid is not { } grid || seen.Spec.KontenaName is null) return null;
        if (!grid.GivenUp && Removed(seen, grid) is { } step) return step;
        return SlotOf(seen);
    }

    /// <summary>The slot goes back before the node does, however that ends: nobody else would ever get it.</summary>
    public static NodeStep? SlotOf(NodeSeen seen) => seen.Grid?.View.Slot?.NodeUID == seen.Uid ? new NodeStep.GiveSlotBack() : null;

    private static bool IsOver(NodeSeen seen, string id) =>
        seen.Trace.Absences is { IsProof: true }
        || seen.Trace.Seen.Concat(seen.Sight.Machines).Any(m => m.ProviderId == id && (m.State is MachineState.Terminated or MachineState.Terminating || seen.IsSomebodyElses(m)));

    private static NodeStep? Slot(NodeSeen seen, EntrySeen grid)
    {
        var (listing, size) = (grid.View.Last!, grid.View.Grid!.InitialSize);
        if (!QuorumRule.NeedsSlot(listing, size, grid.Name, grid.Going, grid.Coming) || grid.View.Slot?.NodeUID == seen.Uid) return null;
        if (grid.View.Slot is { } held)
            return new NodeStep.Wait("WaitingForQuorum", $"{grid.Name} is an initial member of the grid; {held.Name}, which has number {held.Number}, goes first: one at a time.", Again);
        return Checked(seen, grid, since: null) ?? new NodeStep.TakeSlot(grid.Name, grid.Entry!.Number);
    }

    /// <summary>
    /// Others may have fallen sick while services moved away, and what was known before the slot was ours may still show the member that had it:
    /// looked at once more, right before the machine ends. Whoever cannot go on lets another go first, which may be the sick one.
    /// </summary>
    private static NodeStep? Recheck(NodeSeen seen, EntrySeen grid)
    {
        if (!QuorumRule.NeedsSlot(grid.View.Last!, grid.View.Grid!.InitialSize, grid.Name, grid.Going, grid.Coming)) return null;
        if (grid.View.Slot!.Since > grid.View.Last!.BegunAt)
            return new NodeStep.Wait("WaitingForQuorum", $"{grid.Name} is the initial member that goes next; waiting for a list of the Master's from after its turn began.", Again);
        return Checked(seen, grid, grid.View.Slot.Since) switch
        {
            NodeStep.Wait wait => new NodeStep.GiveSlotBack($"Another initial member may go first. {wait.Message}"),
            var step => step,
        };
    }

    /// <param name="since">Answers from before count for nothing; null: any that are fresh.</param>
    /// <returns>Null where a healthy majority stays, as of a moment ago.</returns>
    private static NodeStep? Checked(NodeSeen seen, EntrySeen grid, DateTimeOffset? since)
    {
        if (grid.Trace.Health is not { } health || !(grid.Trace.HealthAt + HealthFresh > seen.Now) || grid.Trace.HealthAt < since) return new NodeStep.CheckMembers(grid.Name);
        // One that has just come back was not healthy when it was asked.
        if (grid.Trace.HealthAt + Again <= seen.Now && QuorumRule.Members(grid.View.Last!, grid.View.Grid!.InitialSize).Any(n => n.Connected && n.Name != grid.Name && health.GetValueOrDefault(n.Name)?.IsHealthy != true)) return new NodeStep.CheckMembers(grid.Name);
        return QuorumRule.Of(grid.View.Last!, grid.View.Grid!.InitialSize, grid.Name, health, grid.Going, grid.Coming, grid.ComingMeanwhile) switch
        {
            QuorumVerdict.NotYet notYet => new NodeStep.Wait("WaitingForQuorum", $"{grid.Name} stays for now: {notYet.Message}", Again),
            QuorumVerdict.AtRisk risk => new NodeStep.Wait(NodeReasons.QuorumAtRisk, $"{grid.Name} stays: {risk.Message} {GiveUp(seen)}", Again, NeedsHuman: true),
            _ => null,
        };
    }

    private static NodeStep? Drain(NodeSeen seen, EntrySeen grid, MasterNode entry)
    {
        var name = grid.Name;
        // Nothing can be moved off a machine whose agent is gone, nor to nodes that there are not.
        if (entry.Status == MasterNodeStatus.Offline || !grid.View.Last!.Nodes.Any(n => n.Status == MasterNodeStatus.Online && n.Name != name && !grid.Going.Contains(n.Name))) return null;
        if (grid.Trace.DrainAskedAt is not { } asked) return new NodeStep.Drain(name);
        var begun = grid.View.Slot is { } slot && slot.NodeUID == seen.Uid ? slot.Since : grid.DeletedAt ?? asked;
        if (begun + grid.DrainTimeout <= seen.Now) return null;
        if (grid.Trace.Containers is not { } containers || containers.At + CountAgain <= seen.Now) return new NodeStep.CountContainers(name);
        if (containers.Count == 0) return null;
        return new NodeStep.Wait("Draining", $"Services move off {name}, which has {Plural(containers.Count, "container")} still; its machine is ended at {begun + grid.DrainTimeout:yyyy-MM-ddTHH:mm:ssZ} at the latest.", containers.At + CountAgain - seen.Now);
    }

    private static NodeStep? Removed(NodeSeen seen, EntrySeen grid)
    {
        var what = $"The machine is gone, but {grid.Name} cannot be removed at the Master";
        if (grid.Silent(what) is { } silent) return OrGiveUp(seen, silent);
        if (grid.Troubled(seen.Now, what) is { } troubled) return OrGiveUp(seen, troubled);
        if (grid.Entry is not { } entry) return NothingShown(grid);
        // No slot for the entry of a machine that is gone: it helps no majority, and whoever holds the slot may wait for this one's successor.
        if (grid.IsOurs(entry)) return new NodeStep.RemoveEntry(grid.Name, "Its machine is gone.");
        if (grid.IsSomebodyElses(entry)) return IsFresh(seen, grid) ? null : new NodeStep.ReadEntry(grid.Name);
        return grid.Trace is { HasToken: false } or { ForeignAt: not null } ? null : new NodeStep.VerifyEntry(grid.Name);
    }

    /// <summary>
    /// Whether the Master was asked for this one entry a moment ago. The list may be older than the moment at which the agent came, with services in its
    /// wake. And machines are taken over before their entries are, so another's mark on the entry of a machine that is ours was put there by hand, and
    /// whoever did may have made it good since.
    /// </summary>
    private static bool IsFresh(NodeSeen seen, EntrySeen grid) => (grid.Trace.Read?.At ?? grid.Trace.GoneAt) + ReadFresh > seen.Now;

    /// <summary>A list that was begun before the last call of ours, or of whoever had the node before us, proves nothing.</summary>
    private static NodeStep.Wait? NothingShown(EntrySeen grid)
    {
        return grid.Trace.GoneAt >= grid.View.Last!.BegunAt || grid.Trace.MayBeMissingIn(grid.View.Last) ? new NodeStep.Wait("LeavingGrid", $"Making sure that {grid.Name} is not in the Master's list.", Again) : null;
    }

    private static NodeStep.Wait OrGiveUp(NodeSeen seen, NodeStep.Wait wait) => wait with { Message = $"{wait.Message} {GiveUp(seen)}" };

    private static string GiveUp(NodeSeen seen) =>
        $"To let the node go without the Master's part: kubectl annotate kn {seen.Name} {Api.ApiGroup.AbandonNodeAnnotation}=true";

    private static string Plural(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
