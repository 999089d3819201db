using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Core.Nodes;

/// <summary>What a node sees of the grid that it belongs to.</summary>
public sealed record EntrySeen
{
    public required GridView View { get; init; }

    /// <summary>The node's name at the Master, or the one that it is going to have.</summary>
    public required string Name { get; init; }

    /// <summary>UIDs that the entry's mark may have to be ours: the node's own, and that of the node whose machine it took over.</summary>
    public required IReadOnlyList<string> OwnUids { get; init; }

    public required MasterTrace Trace { get; init; }

    /// <summary>A human gave the entry at the Master up: it is neither drained nor removed.</summary>
    public bool GivenUp { get; init; }

    /// <summary>Names of the grid's nodes whose entries the listing may lack: sent to the Master at this moment, or <see cref="MasterTrace.MayBeMissingIn"/>.</summary>
    public IReadOnlySet<string> Pending { get; init; } = new HashSet<string>();

    /// <summary>Names of all of the grid's nodes; null: not looked.</summary>
    public IReadOnlySet<string>? Known { get; init; }

    /// <summary>Names of the grid's nodes that are being deleted, and of those of this pool.</summary>
    public IReadOnlySet<string> Going { get; init; } = new HashSet<string>();

    public IReadOnlySet<string> GoingInPool { get; init; } = new HashSet<string>();

    /// <summary>How many of our nodes have not joined yet and are to.</summary>
    public int Coming { get; init; }

    /// <summary>How many of them come whatever becomes of this node; null: all. The others are made once nodes that are being deleted are gone.</summary>
    public int? ComingMeanwhile { get; init; }

    /// <summary>How long services may take to move away.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>When the node was marked for deletion.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>When it was first seen online; null before.</summary>
    public DateTimeOffset? JoinedAt { get; init; }

    /// <summary>How long a machine may take from running to online before the condition says that something is wrong.</summary>
    public TimeSpan JoinDeadline { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The node's entry in the last listing, unless the Master told of it, or said that there is none, after that was begun.</summary>
    public MasterNode? Entry => View.Last is not { } last || Trace.GoneAt >= last.BegunAt ? null : Trace.Read is { } read && read.At >= last.BegunAt ? read.Entry : last.ByName(Name);

    /// <summary>True where the entry's mark names this node, or where it has none and the Master has told that its token is ours.</summary>
    public bool IsOurs(MasterNode entry) => IsMarked(entry) || (Trace.ConfirmedAt is not null && !IsSomebodyElses(entry));

    /// <summary>True where the entry's mark names this node, whatever its token: a former attempt may have made it.</summary>
    public bool IsMarked(MasterNode entry) => entry.Label(KontenaLabels.Node) is { } uid && OwnUids.Contains(uid);

    /// <summary>True where the mark names another node: whoever takes a machine over puts its own mark on the entry, and the token stays.</summary>
    public bool IsSomebodyElses(MasterNode entry) => entry.Label(KontenaLabels.Node) is { } uid && !OwnUids.Contains(uid);

    /// <summary>A wait where the Master does not answer, or the Grid does not let it be asked; null where it does.</summary>
    public NodeStep.Wait? Silent(string what)
    {
        if (View.Trouble is { } trouble) return new NodeStep.Wait(trouble.Reason, $"{what}: {trouble.Message}", Again, trouble.NeedsHuman);
        if (View.Last is null || View.Grid is null) return new NodeStep.Wait(View.Holds?.Reason ?? "Observing", $"{what}: {View.Holds?.Message ?? $"waiting for the first answer of the Master of grid {View.Name}."}", Again, View.HoldNeedsHuman);
        return null;
    }

    /// <summary>A wait where the node's own last call failed a moment ago; null where it may be tried again.</summary>
    public NodeStep.Wait? Troubled(DateTimeOffset now, string what) => Trace.Trouble is { } trouble && trouble.RetryAt > now
        ? new NodeStep.Wait(trouble.Reason, $"{what}: {trouble.Message}", trouble.RetryAt - now, trouble.NeedsHuman)
        : null;

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(15);
}
