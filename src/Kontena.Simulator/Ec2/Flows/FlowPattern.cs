using Kontena.Simulator.Networks;

namespace Kontena.Simulator.Ec2.Flows;

/// <summary>Flows to watch: one from each source to each target, but not from an instance to itself.</summary>
/// <param name="To">Instances: nothing is known of what the world lets in.</param>
public sealed record FlowPattern(FlowEnd From, FlowEnd To, Packet Packet);
