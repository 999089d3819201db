using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Inventories;

/// <summary>One complete listing, ready to be asked by node. Immutable.</summary>
internal sealed class Sightings
{
    private readonly Dictionary<string, MachineSight> byNode;

    public Sightings(MachineListing listing)
    {
        Listing = listing;
        byNode = listing.Machines
            .Where(m => m.Marks is not null)
            .GroupBy(m => m.Marks!.NodeUid, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => new MachineSight(listing.BegunAt, [.. g.OrderBy(m => m.CreatedAt).ThenBy(m => m.ProviderId, StringComparer.Ordinal)]), StringComparer.Ordinal);
        Empty = new MachineSight(listing.BegunAt, []);
    }

    public MachineListing Listing { get; }

    private MachineSight Empty { get; }

    public MachineSight Of(string nodeUid) => byNode.GetValueOrDefault(nodeUid, Empty);

    /// <summary>UIDs of nodes whose machines look different from before.</summary>
    public IEnumerable<string> ChangedSince(Sightings? before)
    {
        foreach (var (uid, sight) in byNode)
            if (before is null || !Same(sight, before.Of(uid)))
                yield return uid;
        if (before is null) yield break;
        foreach (var uid in before.byNode.Keys)
            if (!byNode.ContainsKey(uid))
                yield return uid;
    }

    private static bool Same(MachineSight one, MachineSight other) =>
        one.Machines.Select(Shown).SequenceEqual(other.Machines.Select(Shown));

    private static (string, MachineState, string, string) Shown(Machine machine) => (machine.ProviderId, machine.State, string.Join(',', machine.Addresses), string.Join(',', machine.Firewalls.Order(StringComparer.Ordinal)));
}
