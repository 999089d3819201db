using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Ports;

/// <summary>What is to be done for an owner's firewalls, and how they stand.</summary>
/// <param name="Records">For the owner's status: every firewall that is there, is to be made, or may come of a call that is on its way.</param>
/// <param name="Looks">Listings that are waited for, the provider not being in trouble.</param>
/// <param name="Wait">How soon to look again though nothing changes; null: not by itself.</param>
/// <param name="Gone">The owner leaves, and none of its firewalls is left.</param>
public sealed record FirewallPlan(IReadOnlyList<FirewallAction> Actions, IReadOnlyList<FirewallState> States, IReadOnlyList<FirewallRef> Records, IReadOnlyList<FirewallLook> Looks, TimeSpan? Wait = null, bool Gone = false);
