using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Identity;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Pools.Restore;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Pools;

/// <summary>Everything that a pool's plan and status are made from.</summary>
public sealed record PoolSeen
{
    public required string Name { get; init; }

    public required string Uid { get; init; }

    public required long Generation { get; init; }

    public required NodePoolSpec Spec { get; init; }

    public bool Deleting { get; init; }

    /// <summary>Every node that names this pool's UID as its owner, those being deleted included, copies not.</summary>
    public required IReadOnlyList<NodeView> Nodes { get; init; }

    /// <summary>Set where nothing may be created or deleted (installation moved).</summary>
    public Freeze? Frozen { get; init; }

    /// <summary>Text of the annotation <c>kontena.io/adopt</c>; null where there is none.</summary>
    public string? Adopt { get; init; }

    /// <summary>Copies of nodes in this pool's namespace that name a pool of this name.</summary>
    public IReadOnlyList<CopyView> Copies { get; init; } = [];

    /// <summary>
    /// Living machines of this installation, in this pool's account, that no known node has, makes or takes over, and that carry this
    /// pool's UID or that of no pool which exists. Not empty means data was put back, or a node was lost.
    /// </summary>
    public IReadOnlyList<Machine> Strays { get; init; } = [];

    /// <summary>Those with this pool's own UID.</summary>
    public IEnumerable<Machine> UnknownMachines => Strays.Where(m => m.Marks!.PoolUid == Uid);

    /// <summary>Those of a pool that does not exist: a pool that is made anew would make them a second time.</summary>
    public IEnumerable<Machine> Homeless => Strays.Where(m => m.Marks!.PoolUid != Uid);

    /// <summary>Ordinals whose names stay taken by nodes that are not this pool's.</summary>
    public IReadOnlySet<int> TakenOrdinals { get; init; } = new HashSet<int>();

    /// <summary>Every ordinal that a new node may have, lowest first; without end.</summary>
    internal IEnumerable<int> FreeOrdinals
    {
        get
        {
            var taken = Nodes.Select(n => n.Ordinal).ToHashSet();
            for (var ordinal = 0; ; ordinal++)
                if (!taken.Contains(ordinal) && !TakenOrdinals.Contains(ordinal))
                    yield return ordinal;
        }
    }

    /// <summary>
    /// True where the last listing shows a living machine of this installation: the account is the one that machines were made in. Wrong
    /// credentials show an empty one, truthfully.
    /// </summary>
    public bool AccountShowsMachines { get; init; }

    /// <summary>Names of Secrets that this pool keeps from being deleted though neither it nor a node of it names them any more.</summary>
    public IReadOnlyList<string> SecretsNamedNoMore { get; init; } = [];

    /// <summary>Names of the Secrets that its nodes need where the pool has nodes but no finalizer of ours any more; null where it is held as it should be.</summary>
    public IReadOnlyList<string>? HoldLost { get; init; }

    /// <summary>What the last contact with the provider said.</summary>
    public required ProviderSeen Provider { get; init; }

    /// <summary>Names at the Master of all nodes of the grid, of whichever pool, that are being deleted.</summary>
    public IReadOnlySet<string> GoingInGrid { get; init; } = new HashSet<string>();

    /// <summary>How its nodes' ids stand to all others; null where they were not looked at since the operator started.</summary>
    public IdStanding? Identity { get; init; }

    /// <summary>Null where it needs no firewall of its own.</summary>
    public OwnFirewallsSeen? Firewalls { get; init; }

    /// <summary>The grid that its nodes join; null where the pool has no gridRef.</summary>
    public GridView? Grid { get; init; }
}
