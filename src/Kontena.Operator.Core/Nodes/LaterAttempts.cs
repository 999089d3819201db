using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Nodes;

/// <summary>
/// A node whose record is older than its machine: the cluster's data was put back to an earlier state. Opening or repeating an earlier
/// attempt would make a second machine, since the tokens of two attempts differ, and EC2 forgets a token some time after its launch.
/// </summary>
internal static class LaterAttempts
{
    /// <returns>Null where the listing shows no living machine of a later attempt.</returns>
    public static NodeStep? Next(NodeSeen seen)
    {
        var later = Shown(seen);
        if (later.Count == 0) return null;
        return OnlyProven(later, seen.Uid) is { } own ? new NodeStep.RecordLaterAttempt(own) : Unproven(seen, later);
    }

    /// <summary>The node's own machine of a later attempt, where exactly one is proven.</summary>
    public static Machine? Proven(NodeSeen seen) => OnlyProven(Shown(seen), seen.Uid);

    /// <summary>True once a listing could have shown such a machine.</summary>
    public static bool CouldBeShown(NodeSeen seen) => seen.Sight.ListedAt is { } at && !(at < seen.Trace.RewoundAt);

    private static List<Machine> Shown(NodeSeen seen)
    {
        var number = seen.Spec.Attempt?.Number ?? 0;
        return [.. seen.Sight.Machines.Where(m => m.IsAlive && m.Marks is { } marks && marks.Installation == seen.Installation && marks.NodeUid == seen.Uid && marks.Attempt > number)];
    }

    private static Machine? OnlyProven(IEnumerable<Machine> machines, string uid)
    {
        var proven = machines.Where(m => m.Token == Token.Of(uid, m.Marks!.Attempt)).ToList();
        return proven.Count == 1 ? proven[0] : null;
    }

    private static NodeStep.Wait Unproven(NodeSeen seen, List<Machine> later) => new(
        NodeReasons.Restored,
        $"{(later.Count == 1 ? "A living machine carries" : $"{later.Count} living machines carry")} the marks of a later attempt of this node than is written down ({string.Join(", ", later.Take(3).Select(m => m.ProviderId))}): "
        + $"the cluster's data looks put back to an earlier state, and nothing proves which machine is the node's own. No machine is made meanwhile: terminate {(later.Count == 1 ? "it" : "them")} at the provider, or take the marks off, or delete this node.",
        NeedsHuman: true);
}
