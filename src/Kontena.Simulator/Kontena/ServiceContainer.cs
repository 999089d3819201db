namespace Kontena.Simulator.Kontena;

/// <summary>A container of a service instance.</summary>
/// <param name="Service"><c>stack/service</c>.</param>
/// <param name="Node">The node that it is on; null: nowhere, as its node was removed and no other takes it.</param>
public sealed record ServiceContainer(string Grid, string? Node, string Service, int InstanceNumber, bool Stateful, bool Running);
