using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Core.Nodes;

/// <summary>
/// The entry at the Master first, then the machine: its agent is refused unless the Master knows the token. The token is written down before
/// the entry is made, so whoever meets the name again can ask whose it is.
/// </summary>
internal static class RegistrationPath
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LookAgainAtForeign = TimeSpan.FromMinutes(1);

    /// <summary>Before an attempt is opened: the Master must be there to tell what the machine is told, and must not have the last attempt's entry any more.</summary>
    public static NodeStep? BeforeOpening(NodeSeen seen)
    {
        if (seen.Grid is not { } grid) return null;
        if (grid.View.Holds is { } hold) return new NodeStep.Wait(hold.Reason, hold.Message, Again, grid.View.HoldNeedsHuman);
        if (grid.Silent("The node cannot be prepared") is { } silent) return silent;
        return seen.Spec.Attempt is { } last ? Cleared(seen, grid, last) : null;
    }

    /// <summary>Before a create call: null once the Master is known to have the entry with this attempt's token.</summary>
    public static NodeStep? BeforeSending(NodeSeen seen)
    {
        if (seen.Grid is not { } grid || grid.Trace.ConfirmedAt is not null) return null;
        var name = grid.Name;
        if (grid.View.Holds is { } hold) return new NodeStep.Wait(hold.Reason, hold.Message, Again, grid.View.HoldNeedsHuman);
        if (grid.Silent($"{name} cannot be registered") is { } silent) return silent;
        if (grid.Troubled(seen.Now, $"{name} cannot be registered") is { } troubled) return troubled;
        if (!grid.Trace.HasToken) return TokenLost(seen);
        if (grid.Trace.ForeignAt is { } foreign && Foreign(seen, grid, foreign) is { } step) return step;
        if (grid.Trace.NameMet || grid.Trace.ForeignAt is not null || grid.Entry is not null) return new NodeStep.VerifyEntry(name);
        if (grid.Trace.LastPossibleRemoval is { } removal && removal > seen.Now)
            return new NodeStep.Wait("Registering", $"A call that removes the former entry of {name} was not answered; waiting until it can no longer take the new one away.", removal - seen.Now);
        var refused = RegistrationRule.Check(grid.View.Last!, grid.View.Grid!.InitialSize, Others(grid), grid.GoingInPool, grid.Known);
        return refused is null
            ? new NodeStep.Register(name)
            : new NodeStep.Wait(refused.Reason, refused.Message, Again, NeedsHuman: refused.Reason == GridReasons.GridFull);
    }

    /// <summary>
    /// While no machine can be had, for want of capacity or until a human helps: the entry's number belongs to nodes that come, and may be an etcd
    /// member's. It is made again before the next call.
    /// </summary>
    public static NodeStep WhileIdle(NodeSeen seen, NodeStep.Wait wait)
    {
        if (seen is not { Grid: { View: { Trouble: null, Last: not null } } grid, Spec.Attempt: { } last }) return wait;
        // An earlier call that was not answered may have made a machine, which is to join.
        if (!CreatePath.NothingCanCome(seen) || grid.Entry is { NeverJoined: false }) return wait;
        return Cleared(seen, grid, last) switch
        {
            null => wait,
            NodeStep.Wait { For: { } again } => wait with { For = wait.For < again ? wait.For : again },
            var step => step,
        };
    }

    /// <summary>An attempt that made no machine leaves an entry that nobody would ever connect to: it goes before the next one, or it might stay an etcd member for good.</summary>
    private static NodeStep? Cleared(NodeSeen seen, EntrySeen grid, CreateAttempt last)
    {
        if (grid.Trace.GoneAt is not null) return null;
        if (grid.Troubled(seen.Now, $"The entry of attempt {last.Number} cannot be removed") is { } troubled) return troubled;
        if (grid.Trace.ConfirmedAt is not null || (grid.Entry is { } entry && grid.IsOurs(entry))) return new NodeStep.RemoveEntry(grid.Name, $"Attempt {last.Number} made no machine.");
        if (grid.Trace.ForeignAt is not null || !grid.Trace.HasToken) return null;
        if (grid.Entry is not null) return new NodeStep.VerifyEntry(grid.Name);
        // A call that another process sent may still be on its way.
        return grid.Trace.LastPossibleSend is { } send && grid.View.Last!.BegunAt <= send ? new NodeStep.VerifyEntry(grid.Name) : null;
    }

    /// <summary>The entry has another token: a call of a former attempt that was carried out late, or a stranger's. The list tells, by the mark.</summary>
    private static NodeStep? Foreign(NodeSeen seen, EntrySeen grid, DateTimeOffset known)
    {
        if (grid.Entry is { NeverJoined: true } entry && grid.IsMarked(entry)) return new NodeStep.RemoveEntry(grid.Name, "An earlier attempt of this node made it.");
        if (grid.Entry is null)
            return grid.View.Last!.BegunAt > known ? null : new NodeStep.Wait("VerifyingEntry", $"The Master has a node {grid.Name} with another token; waiting for its list, which tells whose it is.", Again);
        return known + LookAgainAtForeign > seen.Now ? NameTaken(grid, known + LookAgainAtForeign - seen.Now) : null;
    }

    private static NodeStep.Wait TokenLost(NodeSeen seen) => new(
        "TokenLost",
        $"The node token of attempt {seen.Spec.Attempt!.Number} is not written down any more: Secret {seen.Spec.Attempt.BootstrapRef} is gone, or is not the one that was written. Delete this node to have it replaced.",
        LookAgainAtForeign, NeedsHuman: true);

    private static IReadOnlySet<string> Others(EntrySeen grid) =>
        grid.Pending.Contains(grid.Name) ? grid.Pending.Where(n => n != grid.Name).ToHashSet(StringComparer.Ordinal) : grid.Pending;

    private static NodeStep.Wait NameTaken(EntrySeen grid, TimeSpan wait) => new(
        "NameTaken",
        $"The Master has a node {grid.Name} in grid {grid.View.GridName} that was not made by this node: its token is another. It is left alone, and no machine is made. Remove it there if nobody needs it (kontena node rm {grid.Name}), or delete this node to have it replaced under another name.",
        wait, NeedsHuman: true);
}
