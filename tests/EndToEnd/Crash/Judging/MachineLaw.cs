using Kontena.Simulator.Ec2;

namespace Kontena.EndToEnd.Crash.Judging;

/// <summary>What must hold of the cloud's own history, at every instant of it.</summary>
internal static class MachineLaw
{
    /// <param name="machines">All that were ever made through the API.</param>
    /// <param name="most">As many as the user ever asked for at one time.</param>
    public static IEnumerable<string> Violations(IReadOnlyList<InstanceSnapshot> machines, int most)
    {
        foreach (var unmarked in machines.Where(m => !m.Tags.ContainsKey("kontena-node"))) yield return $"machine {unmarked.Id} carries no mark of a node";
        // What lives at most at a time lives at some birth.
        foreach (var node in machines.GroupBy(m => m.Tags.GetValueOrDefault("kontena-node") ?? "(unmarked)"))
            foreach (var born in node)
                if (node.Where(m => m.LivingAt(born.History[0].At)).ToList() is { Count: > 1 } together)
                    yield return $"node {node.Key} has {together.Count} living machines at {born.History[0].At:HH:mm:ss.fff}: {string.Join(", ", together.Select(m => $"{m.Id} (token {m.ClientToken})"))}";
        foreach (var born in machines)
            if (machines.Count(m => m.LivingAt(born.History[0].At)) is var count && count > most)
                yield return $"{count} machines live at {born.History[0].At:HH:mm:ss.fff}, and never were more than {most} asked for";
    }
}
