using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Ports;

/// <summary>What a pool or Grid needs to know of the firewalls that it owns.</summary>
public sealed record OwnFirewallsSeen
{
    /// <summary>For its status; null: as they were.</summary>
    public IReadOnlyList<FirewallRef>? Refs { get; init; }

    /// <summary>None is left that it could leave behind.</summary>
    public bool Gone { get; init; }

    /// <summary>The first thing that is not, or not yet, as it should be; null where all is.</summary>
    public Freeze? Lacks { get; init; }

    /// <summary>True where waiting does not end <see cref="Lacks"/>.</summary>
    public bool NeedsHuman { get; init; }
}
