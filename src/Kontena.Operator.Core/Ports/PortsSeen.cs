using System.Net;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Ports;

/// <summary>All that the verdict on one machine's ways in is made from.</summary>
public sealed record PortsSeen
{
    /// <summary>Wanted by the pool (<see cref="PortPolicy.OfPool"/>).</summary>
    public IReadOnlyList<PortRule> Pool { get; init; } = [];

    /// <summary>Wanted by the grid (<see cref="PortPolicy.OfMembers"/>); empty without one.</summary>
    public IReadOnlyList<PortRule> Members { get; init; } = [];

    /// <summary>The addresses that members stand for, as far as they are known: a rule for their network lets them in as well as one for members.</summary>
    public IReadOnlyList<IPNetwork> MemberAddresses { get; init; } = [];

    /// <summary>All firewalls of the machine, whosever they are, as they were read from the provider. Null: not yet.</summary>
    public IReadOnlyList<Firewall>? Attached { get; init; }

    /// <summary>Ids of our firewalls that the machine is to have, as far as they are made.</summary>
    public IReadOnlyList<string> Own { get; init; } = [];

    /// <summary>The operator keeps the rules; else it only looks.</summary>
    public bool Managed { get; init; } = true;

    /// <summary>What hinders the operator from reading or keeping them; null where nothing does.</summary>
    public Freeze? Trouble { get; init; }
}
