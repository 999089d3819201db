namespace Kontena.Operator.Core.Ports;

/// <summary>What is to be done for an owner's firewalls, and how they stand.</summary>
/// <param name="Wait">How soon to look again though nothing changes; null: not by itself.</param>
/// <param name="Gone">The owner leaves, and none of its firewalls is left.</param>
public sealed record FirewallPlan(IReadOnlyList<FirewallAction> Actions, IReadOnlyList<FirewallState> States, TimeSpan? Wait = null, bool Gone = false);
