namespace Kontena.Operator.Core.Machines;

/// <summary>A machine type in a zone: what a provider has, or has not, room for.</summary>
/// <param name="Zone">As in the settings; empty where the provider chooses.</param>
public sealed record Offering(string Zone, string Type);
