using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Grids;

/// <summary>
/// Whether one more entry may be made at the Master now. Numbers are given at that moment, the lowest free first, and a grid's first numbers
/// are its etcd members for good: an entry that never becomes a node must not hold one for long, and a member's successor must find its number
/// free (kontena server/app/models/grid.rb; docs, "initial nodes").
/// </summary>
public static class RegistrationRule
{
    /// <summary>Node numbers are the last byte of an overlay address.</summary>
    public const int MostNodes = 254;

    /// <param name="pending">Names that were sent to the Master after the listing was begun.</param>
    /// <param name="leaving">Names of the pool's nodes that are being deleted.</param>
    /// <param name="known">Names of all nodes that there are for the grid; null: every entry with a mark of ours has its node.</param>
    /// <returns>Null where the entry may be made.</returns>
    public static Freeze? Check(MasterListing listing, int initialSize, IReadOnlySet<string> pending, IReadOnlySet<string> leaving, IReadOnlySet<string>? known = null)
    {
        var unseen = pending.Count(name => listing.ByName(name) is null);
        if (listing.Nodes.Count + unseen >= MostNodes)
            return new Freeze(GridReasons.GridFull, $"The grid has {listing.Nodes.Count + unseen} nodes, and a grid has room for {MostNodes}. Remove nodes that are gone at the Master (kontena node rm), or use another grid.");
        var taken = listing.Nodes.Where(n => n.Number >= 1 && n.Number <= initialSize).ToList();
        var free = initialSize - taken.Select(n => n.Number).Distinct().Count();
        // Entries with higher numbers that have not joined take no initial one: a member's successor need not wait for them.
        var onTheirWay = taken.Count(n => IsOnItsWay(n, known));
        if (free + onTheirWay > 0)
            return unseen < free ? null : new Freeze("WaitingForInitialMembers", $"The first {initialSize} nodes of the grid become its etcd members; {onTheirWay + unseen} are on their way to join, and the next is registered when they have.");
        return taken.Find(n => leaving.Contains(n.Name)) is { } member
            ? new Freeze("WaitingForNumber", $"The initial member {member.Name} is being removed; its number {member.Number} is waited for, so that etcd gets its member back.")
            : null;
    }

    /// <summary>An entry of ours that has not joined. A stranger's may stand for ever, and so may one whose node is gone (given up, or its mark put there by hand).</summary>
    private static bool IsOnItsWay(MasterNode node, IReadOnlySet<string>? known) =>
        node.NeverJoined && node.Label(KontenaLabels.Node) is not null && known?.Contains(node.Name) != false;
}
