using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Ipsec;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>What the last look at an owner's firewalls came to. Immutable.</summary>
internal sealed record OwnerPorts
{
    /// <summary>Null where the look did not come to a plan: see <see cref="Trouble"/>.</summary>
    public FirewallPlan? Plan { get; init; }

    /// <summary>Of a pool: what its spec asked for at that look (<see cref="PoolFirewalls.AskedOf"/>).</summary>
    public string Asked { get; init; } = "";

    /// <summary>The provider has no firewalls: nothing keeps a packet out, and nothing is to be made.</summary>
    public bool NoFirewalls { get; init; }

    /// <summary>Why not even the networks are known in which firewalls are needed; null where they are.</summary>
    public Freeze? Trouble { get; init; }

    /// <summary>True where waiting does not end <see cref="Trouble"/>.</summary>
    public bool NeedsHuman { get; init; }

    /// <summary>Where machines of a pool may be placed.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>Of a grid: what its members are to let in of each other, in every network where there are any, whoever keeps the firewalls there.</summary>
    public IReadOnlyList<FirewallPlace> Members { get; init; } = [];

    /// <summary>Of a pool: the verdict on each of its machines, by the node's UID.</summary>
    public IReadOnlyDictionary<string, PortsVerdict> Ports { get; init; } = new Dictionary<string, PortsVerdict>();

    /// <summary>Of a grid: the verdict on the encryption of each of our nodes, by UID.</summary>
    public IReadOnlyDictionary<string, IpsecVerdict> Ipsec { get; init; } = new Dictionary<string, IpsecVerdict>();

    public IReadOnlyList<FirewallState> States => Plan?.States ?? [];

    /// <summary>For the owner's status; null: as they were.</summary>
    public IReadOnlyList<FirewallRef>? Records => NoFirewalls ? [] : Plan?.Records;

    /// <summary>The same for everybody who is told of it: lists are compared by what is in them.</summary>
    public bool Says(OwnerPorts other) =>
        (Asked, NoFirewalls, Trouble, NeedsHuman, Plan is null) == (other.Asked, other.NoFirewalls, other.Trouble, other.NeedsHuman, other.Plan is null)
        && Networks.SequenceEqual(other.Networks, StringComparer.Ordinal)
        && Same(Ports, other.Ports) && Same(Ipsec, other.Ipsec)
        && Members.Count == other.Members.Count && Members.Zip(other.Members).All(m => (m.First.Account, m.First.Network) == (m.Second.Account, m.Second.Network) && m.First.Want.SequenceEqual(m.Second.Want))
        && (Records ?? []).SequenceEqual(other.Records ?? [])
        && States.Count == other.States.Count
        && States.Zip(other.States).All(pair => Same(pair.First, pair.Second));

    private static bool Same<T>(IReadOnlyDictionary<string, T> one, IReadOnlyDictionary<string, T> other) where T : class =>
        one.Count == other.Count && one.All(e => e.Value.Equals(other.GetValueOrDefault(e.Key)));

    private static bool Same(FirewallState one, FirewallState other) =>
        (one.Account, one.Network, one.Name, one.Firewall?.Id, one.Lacks, one.NeedsHuman, one.IsOpen) == (other.Account, other.Network, other.Name, other.Firewall?.Id, other.Lacks, other.NeedsHuman, other.IsOpen)
        && one.Foreign.SequenceEqual(other.Foreign);
}
