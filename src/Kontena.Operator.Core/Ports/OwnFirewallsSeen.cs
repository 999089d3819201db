using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Pools;

namespace Kontena.Operator.Core.Ports;

/// <summary>What a pool or Grid needs to know of the firewalls that it owns.</summary>
public sealed record OwnFirewallsSeen
{
    /// <summary>They have been looked at since the operator started.</summary>
    public bool IsObserved { get; init; }

    /// <summary>For its status; null: as they were.</summary>
    public IReadOnlyList<FirewallRef>? Refs { get; init; }

    /// <summary>None is left that it could leave behind: see <see cref="NothingLeft"/>.</summary>
    public bool Gone { get; init; }

    /// <summary>The first thing that is not, or not yet, as it should be; null where all is.</summary>
    public Freeze? Lacks { get; init; }

    /// <summary>True where waiting does not end <see cref="Lacks"/>.</summary>
    public bool NeedsHuman { get; init; }

    /// <summary>What the verdicts on a pool's nodes come to; null where none was made since the operator started.</summary>
    public PoolVerdict? Ports { get; init; }

    /// <summary>The same of encryption; null without a grid, too.</summary>
    public PoolVerdict? Ipsec { get; init; }

    /// <summary>
    /// Each is written down before it is made, and forgotten when it is proven to be gone: where nothing is written down and nothing is seen, there is
    /// nothing. The record decides, not the plan that led to it: others that look whether the owner still needs its credentials read it as well.
    /// </summary>
    /// <param name="records">As the owner's status has them.</param>
    /// <param name="states">As they were last seen, by whatever plan.</param>
    public static bool NothingLeft(IReadOnlyList<FirewallRef>? records, IReadOnlyList<FirewallState> states) =>
        records is not { Count: > 0 } && !states.Any(s => s.Firewall is not null);
}
