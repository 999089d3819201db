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
        if (grid.Trace.ForeignAt is { } foreign && foreign + LookAgainAtForeign > seen.Now) return NameTaken(grid, foreign + LookAgainAtForeign - seen.Now);
        if (grid.Trace.NameMet || grid.Trace.ForeignAt is not null || grid.Entry is not null && !GoneSince(grid)) return new NodeStep.VerifyEntry(name);
        var refused = RegistrationRule.Check(grid.View.Last!, grid.View.Grid!.InitialSize, Others(grid), grid.GoingInPool);
        return refused is null
            ? new NodeStep.Register(name)
            : new NodeStep.Wait(refused.Reason, refused.Message, Again, NeedsHuman: refused.Reason == "GridFull");
    }

    /// <summary>An attempt that made no machine leaves an entry that nobody would ever connect to: it goes before the next one, or it might stay an etcd member for good.</summary>
    private static NodeStep? Cleared(NodeSeen seen, GridSeen grid, CreateAttempt last)
    {
        if (grid.Trace.GoneAt is not null || grid.Trace.ForeignAt is not null || !grid.Trace.HasToken) return null;
        if (grid.Troubled(seen.Now, $"The entry of attempt {last.Number} cannot be removed") is { } troubled) return troubled;
        if (grid.Trace.ConfirmedAt is not null) return new NodeStep.RemoveEntry(grid.Name, $"Attempt {last.Number} made no machine.");
        if (grid.Entry is { } entry) return grid.IsOurs(entry) ? new NodeStep.RemoveEntry(grid.Name, $"Attempt {last.Number} made no machine.") : new NodeStep.VerifyEntry(grid.Name);
        // A call that another process sent may still be on its way.
        return grid.Trace.LastPossibleSend is { } send && grid.View.Last!.BegunAt <= send ? new NodeStep.VerifyEntry(grid.Name) : null;
    }

    private static bool GoneSince(GridSeen grid) => grid.Trace.GoneAt is { } gone && grid.View.Last!.BegunAt <= gone;

    private static IReadOnlySet<string> Others(GridSeen grid) =>
        grid.Pending.Contains(grid.Name) ? grid.Pending.Where(n => n != grid.Name).ToHashSet(StringComparer.Ordinal) : grid.Pending;

    private static NodeStep.Wait NameTaken(GridSeen grid, TimeSpan wait) => new(
        "NameTaken",
        $"The Master has a node {grid.Name} in grid {grid.View.GridName} that was not made by this node: its token is another. It is left alone, and no machine is made. Remove it there if nobody needs it (kontena node rm {grid.Name}), or delete this node to have it replaced under another name.",
        wait, NeedsHuman: true);
}
