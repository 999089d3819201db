namespace Kontena.Operator.Core.Ports;

/// <summary>A listing that a plan waits for, though nothing changes at the provider.</summary>
/// <param name="After">It has to be begun later than this.</param>
public sealed record FirewallLook(FirewallAccount Account, DateTimeOffset After);
