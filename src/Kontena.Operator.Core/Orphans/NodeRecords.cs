using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Orphans;

/// <summary>The nodes of one sighting, ready to be asked by machine.</summary>
internal sealed class NodeRecords
{
    private readonly Dictionary<string, NodeOnRecord> byUid = new(StringComparer.Ordinal);
    private readonly HashSet<string> recorded = new(StringComparer.Ordinal);
    private readonly HashSet<string> adopting = new(StringComparer.Ordinal);
    private readonly HashSet<string> tokens = new(StringComparer.Ordinal);

    public NodeRecords(IEnumerable<NodeOnRecord> nodes)
    {
        foreach (var node in nodes)
        {
            byUid[node.Uid] = node;
            if (node.ProviderId is { } id) recorded.Add(id);
            if (node.Adopts is { } wanted) adopting.Add(wanted);
            if (node.Token is { } token) tokens.Add(token);
        }
    }

    /// <param name="machine">One that carries marks.</param>
    public Kinship Of(Machine machine)
    {
        if (recorded.Contains(machine.ProviderId)) return Kinship.Recorded;
        if (adopting.Contains(machine.ProviderId)) return Kinship.Making;
        var marks = machine.Marks!;
        // A node that was put back from a backup has another UID and still the attempt that made the machine: a human may let it adopt.
        if (!byUid.TryGetValue(marks.NodeUid, out var node)) return machine.Token is { } held && tokens.Contains(held) ? Kinship.Making : Kinship.Nodeless;
        if (machine.Token is { } token && token != Token.Of(marks.NodeUid, marks.Attempt)) return Kinship.Copy;
        if (marks.Attempt > node.Attempt) return Kinship.FutureAttempt;
        if (node.ProviderId is null) return Kinship.Making;
        return machine.Token is null ? Kinship.TwinOrCopy : Kinship.Twin;
    }
}
