namespace Kontena.Operator.Core.Ipsec;

/// <summary>Two members that the overlay does not encrypt between.</summary>
/// <param name="Peer">The other one's name at the Master.</param>
/// <param name="Subnets">The trusted subnets that have the two, one or two.</param>
public sealed record BareLink(string Peer, IReadOnlyList<string> Subnets);
