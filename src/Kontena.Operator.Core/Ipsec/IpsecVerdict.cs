using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Ipsec;

/// <summary>
/// What is said of a node's encryption: from the rules and addresses that were read back. Which way the overlay really takes, only it could tell,
/// and nobody can ask it from outside of the machine.
/// </summary>
/// <param name="Status">Of <see cref="ConditionStatus"/>.</param>
/// <param name="Reason">Of <see cref="IpsecReasons"/>.</param>
/// <param name="Message">What stands against encryption, and what to do.</param>
/// <param name="BlocksReady">The node asked for nothing less, so it is not ready.</param>
public sealed record IpsecVerdict(string Status, string Reason, string Message, bool BlocksReady)
{
    /// <summary>What stands against encryption are rules of firewalls, which change.</summary>
    public bool IsOfRules => Reason is IpsecReasons.EspClosed or IpsecReasons.EspClosedAtPeer;

    private const string Sleeve = "the overlay encrypts in user space (sleeve), which is slow";

    public static IpsecVerdict Of(IpsecPolicy policy, IpsecNode node)
    {
        if (node.Mode is IpsecMode.Disabled) return new IpsecVerdict(ConditionStatus.True, IpsecReasons.Disabled, OfDisabled(policy), BlocksReady: false);
        var required = node.Mode is IpsecMode.Required;
        if (Bare(policy, node) is var (why, said)) return new IpsecVerdict(ConditionStatus.False, why, said, required);
        if (WithoutEsp(policy, node) is var (reason, message))
            return required
                ? new IpsecVerdict(ConditionStatus.False, reason, message, BlocksReady: true)
                : new IpsecVerdict(ConditionStatus.False, IpsecReasons.FallsBack, $"{message} Until then {Sleeve}.", BlocksReady: false);
        if (Unobserved(policy, node) is { } unknown) return new IpsecVerdict(ConditionStatus.Unknown, IpsecReasons.NotObserved, unknown, required);
        return new IpsecVerdict(ConditionStatus.True, IpsecReasons.EspOpen, "ESP may pass between the node and all other members, and no trusted subnet has it together with another one.", BlocksReady: false);
    }

    /// <param name="nodes">The verdicts on the pool's nodes, by name.</param>
    public static PoolVerdict OfPool(IEnumerable<KeyValuePair<string, IpsecVerdict>> nodes) =>
        PoolVerdict.Of([.. nodes.Select(n => new NodeVerdict(n.Key, n.Value.Status, n.Value.Reason, n.Value.Message))], "have what encryption takes");

    /// <summary>Nothing is encrypted, by whatever way.</summary>
    private static (string Reason, string Message)? Bare(IpsecPolicy policy, IpsecNode node)
    {
        if (!node.HasGridToken)
            return (IpsecReasons.NoGridToken, "The node's agent was started without KONTENA_TOKEN, which is the overlay's password: members that have one refuse it, and it encrypts nothing. Delete the node to have it replaced.");
        if (policy.BareLinkOf(node.Name) is not { } link) return null;
        var cure = policy.SubnetsAreDeclared ? "Take them out of the Grid's spec.trustedSubnets" : "Take them out of the grid's trusted subnets at the Master (kontena grid trusted-subnet remove)";
        var instead = node.Mode is IpsecMode.Preferred ? ", or say that it is meant with spec.network.ipsec.mode: Disabled" : "";
        return (IpsecReasons.TrustedSubnets, $"Trusted subnets have the node and {link.Peer}: {string.Join(", ", link.Subnets)}. What these two send each other is not encrypted. {cure}{instead}.");
    }

    /// <summary>The kernel's encryption cannot work with one member at least.</summary>
    private static (string Reason, string Message)? WithoutEsp(IpsecPolicy policy, IpsecNode node)
    {
        if (node is { ExpressesEsp: false, EspOpen: not true })
            return (IpsecReasons.EspNotExpressible, "The provider's firewalls cannot let ESP (IP protocol 50) in. Set spec.network.ipsec.mode: Preferred or Disabled, or use another provider for this grid.");
        if (node.EspOpen == false)
            return (IpsecReasons.EspClosed, "The machine's firewalls keep ESP (IP protocol 50) from members out: the condition PortsOpen says where.");
        if (policy.EspClosedBut(node.Name).ToList() is { Count: > 0 } peers)
            return (IpsecReasons.EspClosedAtPeer, $"The firewalls of {NameList.Of(peers)} keep ESP (IP protocol 50) from members out: their conditions PortsOpen say where.");
        return policy.Unprepared.Where(p => p != node.Pool).ToList() is { Count: > 0 } pools
            ? (IpsecReasons.PeersDisabled, $"Machines of {NameList.Of(pools)} are not prepared for ESP: spec.network.ipsec.mode is Disabled there. Set it to Preferred or Required, or put the pools into different grids.")
            : null;
    }

    private static string? Unobserved(IpsecPolicy policy, IpsecNode node)
    {
        if (!policy.IsObserved) return "The Master has not told yet who is in the grid and which subnets are trusted.";
        if (!policy.Knows(node.Name)) return "The Master does not know the node's addresses yet.";
        return node.EspOpen is null ? "Whether the machine's firewalls let ESP in is not known: the condition PortsOpen says why." : null;
    }

    private static string OfDisabled(IpsecPolicy policy)
    {
        if (!policy.IsObserved) return "Nothing is asked for.";
        var subnets = NameList.Of(policy.TrustedSubnets);
        return policy switch
        {
            { IsBare: true } => $"Nothing is asked for. The overlay is not encrypted: all members are in trusted subnets ({subnets}).",
            { TrustedSubnets.Count: > 0 } => $"Nothing is asked for. All the same {Sleeve}, but for members that are both in trusted subnets ({subnets}).",
            _ => $"Nothing is asked for. All the same {Sleeve}: name the members' networks in the Grid's spec.trustedSubnets to have it unencrypted.",
        };
    }
}
