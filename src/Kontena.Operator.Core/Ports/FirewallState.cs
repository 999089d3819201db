using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Ports;

/// <summary>How one firewall of an owner stands.</summary>
public sealed record FirewallState
{
    public required FirewallAccount Account { get; init; }

    public required string Network { get; init; }

    public required string Name { get; init; }

    /// <summary>As the provider last showed it; null where it did not.</summary>
    public Firewall? Firewall { get; init; }

    /// <summary>Why it is not, or not yet, as it should be; null where it is.</summary>
    public Freeze? Lacks { get; init; }

    public bool NeedsHuman { get; init; }

    /// <summary>It is there, and lets in all that it is to let in; whether it lets in more is another matter.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Rules in it that we did not make and do not want; they stay.</summary>
    public IReadOnlyList<PortRule> Foreign { get; init; } = [];
}
