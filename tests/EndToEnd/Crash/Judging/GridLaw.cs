using Kontena.Simulator.Kontena;

namespace Kontena.EndToEnd.Crash.Judging;

/// <summary>What must hold of the Master's own history, at every instant of it.</summary>
internal static class GridLaw
{
    public const string OwnerLabel = "kontena-node=";

    /// <summary>Of nodes that were made by calls: never two at a time for one KontenaNode, or for one machine.</summary>
    public static IEnumerable<string> Violations(IReadOnlyList<NodeSnapshot> nodes)
    {
        foreach (var stray in nodes.Where(n => n.Origin == NodeOrigin.Agent)) yield return $"{stray.Name} was made by an agent, not by the operator: its machine did not have its node's token";
        var own = nodes.Where(n => n.Origin == NodeOrigin.Api).ToList();
        foreach (var unmarked in own.Where(n => OwnerOf(n) is null)) yield return $"{unmarked.Name} carries no mark of a KontenaNode";
        foreach (var owner in own.Where(n => OwnerOf(n) is not null).GroupBy(n => OwnerOf(n)!))
            foreach (var together in Together(owner)) yield return $"KontenaNode {owner.Key} has {together.Count} nodes at the Master at {together[0].RegisteredAt:HH:mm:ss.fff}: {Names(together)}";
        foreach (var machine in own.Where(n => n.NodeId is not null).GroupBy(n => n.NodeId!))
            foreach (var together in Together(machine)) yield return $"one machine is {together.Count} nodes at the Master at {together[0].RegisteredAt:HH:mm:ss.fff}: {Names(together)}";
    }

    /// <summary>
    /// Of the initial members, from when all were there until the pool's end: a majority of their numbers always has a node, and a majority of
    /// them always works.
    /// </summary>
    /// <param name="until">When the pool was deleted; null where it was not.</param>
    /// <param name="countsHealth">False where agents lost their Master for other reasons.</param>
    public static IEnumerable<string> QuorumViolations(IReadOnlyList<QuorumSample> samples, DateTimeOffset? until, bool countsHealth)
    {
        foreach (var sample in samples.SkipWhile(s => s.Healthy < s.InitialSize).TakeWhile(s => !(s.At >= until)))
        {
            if (sample.Members < sample.InitialSize / 2 + 1)
                yield return $"only {sample.Members} of {sample.InitialSize} initial numbers have a node at {sample.At:HH:mm:ss.fff}";
            if (countsHealth && !sample.HasQuorum) yield return $"etcd has no majority at {sample.At:HH:mm:ss.fff}: {sample.Healthy} of {sample.InitialSize} initial members work";
        }
    }

    /// <summary>Of nodes that others made: all are there, as they were.</summary>
    public static IEnumerable<string> ForeignViolations(IReadOnlyList<NodeSnapshot> before, IReadOnlyList<NodeSnapshot> now)
    {
        foreach (var was in before)
        {
            if (now.FirstOrDefault(n => n.Key == was.Key) is not { RemovedAt: null } still) yield return $"{was.Name}, which is somebody else's, was removed";
            else if (!still.Labels.SequenceEqual(was.Labels) || still.Availability != was.Availability) yield return $"{was.Name}, which is somebody else's, was changed";
        }
    }

    public static string? OwnerOf(NodeSnapshot node) => node.Labels.FirstOrDefault(l => l.StartsWith(OwnerLabel, StringComparison.Ordinal))?[OwnerLabel.Length..];

    /// <summary>What is there at most at a time is there at some birth.</summary>
    private static IEnumerable<List<NodeSnapshot>> Together(IEnumerable<NodeSnapshot> nodes)
    {
        var all = nodes.ToList();
        return all.Select(born => all.Where(n => IsThereAt(n, born.RegisteredAt)).OrderByDescending(n => n.RegisteredAt).ToList()).Where(t => t.Count > 1);
    }

    private static bool IsThereAt(NodeSnapshot node, DateTimeOffset at) => node.RegisteredAt <= at && !(node.RemovedAt <= at);

    private static string Names(IEnumerable<NodeSnapshot> nodes) => string.Join(", ", nodes.Select(n => $"{n.Name} (number {n.Number})"));
}
