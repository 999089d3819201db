using System.Collections.Immutable;

namespace Kontena.Operator.Core.Identity;

/// <summary>Which replacement is under way, and which were made. Holds the last <see cref="Most"/>; lost with the process.</summary>
public sealed record RemedyMemory
{
    /// <summary>How many replacements are remembered.</summary>
    public const int Most = 64;

    public static RemedyMemory Empty { get; } = new();

    internal Choice? Chosen { get; private init; }

    /// <summary>Replacements that were carried out, oldest first.</summary>
    internal ImmutableList<Choice> Made { get; private init; } = [];

    /// <summary>UIDs of nodes whose id was another's when they were last seen, as long as they are there.</summary>
    private ImmutableHashSet<string> Newcomers { get; init; } = [];

    /// <summary>A choice whose node is being deleted, or gone, was carried out.</summary>
    internal RemedyMemory After(IReadOnlyDictionary<string, RemedyNode> nodes, IReadOnlyDictionary<string, RemedyPool> pools, IReadOnlySet<string> newcomers, DateTimeOffset now)
    {
        var still = Newcomers.Where(uid => nodes.GetValueOrDefault(uid) is { Deleting: true }).Concat(newcomers).ToImmutableHashSet(StringComparer.Ordinal);
        var made = Made.RemoveAll(m => !pools.ContainsKey(m.PoolUid));
        if (Chosen is not { } chosen || nodes.GetValueOrDefault(chosen.NodeUid) is { Deleting: false }) return this with { Made = made, Newcomers = still };
        made = made.Add(chosen with { DoneAt = now });
        return new RemedyMemory { Made = made.Count > Most ? made.RemoveAt(0) : made, Newcomers = still };
    }

    /// <param name="nodes">All that are there when the choice is made.</param>
    internal RemedyMemory Choose(RemedyNode node, IdVerdict verdict, string revision, IReadOnlyCollection<RemedyNode> nodes, DateTimeOffset now)
    {
        if (Chosen?.NodeUid == node.Uid) return this;
        var latest = nodes.Where(n => n.PoolUid == node.PoolUid).Max(n => n.CreatedAt);
        var known = nodes.Where(n => n.PoolUid == node.PoolUid && n.CreatedAt == latest).Select(n => n.Uid).ToImmutableHashSet(StringComparer.Ordinal);
        return this with { Chosen = new Choice(node.Uid, node.PoolUid, verdict.Id?.Text ?? "", revision, now, default, latest, known) };
    }

    internal RemedyMemory ChooseNone() => Chosen is null ? this : this with { Chosen = null };

    /// <summary>The successor of one that was replaced collides on the same id, and what would come now is made of the same.</summary>
    internal bool WasInVain(IdVerdict verdict, RemedyNode node, RemedyPool pool) =>
        pool.WasGivenUp || Made.Exists(m => m.PoolUid == node.PoolUid && m.Id == (verdict.Id?.Text ?? "") && m.Revision == pool.Revision && m.Made(node));

    /// <summary>The last one is not at its end: the machine is being removed, its successor is to be made, or has not joined yet.</summary>
    internal bool IsBusy(IReadOnlyCollection<RemedyNode> nodes, IReadOnlyDictionary<string, RemedyPool> pools, IReadOnlySet<string> newcomers, DateTimeOffset now)
    {
        // Whoever removes them, two of one conflict do not go at a time.
        if (nodes.Any(n => n.Deleting && Newcomers.Contains(n.Uid))) return true;
        if (Made.Count == 0 || Made[^1] is var last && now - last.DoneAt >= Remedy.LongestTurn) return false;
        if (pools.GetValueOrDefault(last.PoolUid) is { Lacks: true }) return true;
        return nodes.Any(n => n is { Joined: false, Deleting: false } && n.PoolUid == last.PoolUid && last.Made(n) && !newcomers.Contains(n.Uid));
    }

    /// <param name="Id">Empty where it is not known.</param>
    /// <param name="Revision">That of the pool then: what its successor is made of.</param>
    /// <param name="Latest">When the youngest node of the pool was made, by the API server's clock: this operator's may be ahead of it.</param>
    /// <param name="Youngest">UIDs of those that were made in that second: the API keeps whole ones.</param>
    internal sealed record Choice(string NodeUid, string PoolUid, string Id, string Revision, DateTimeOffset ChosenAt, DateTimeOffset DoneAt, DateTimeOffset Latest, ImmutableHashSet<string> Youngest)
    {
        /// <summary>The node may be the successor: it was made after the choice, and is of what the pool makes since.</summary>
        public bool Made(RemedyNode node) => node.Revision == Revision && node.CreatedAt >= Latest && !Youngest.Contains(node.Uid);
    }
}
