namespace Kontena.Simulator.Kontena.Agents;

/// <summary>An agent that was let in.</summary>
/// <param name="NodeKey">The node's, which may be removed by now.</param>
/// <param name="NodeId">The engine id, by which it is asked; two connections can have the same.</param>
internal sealed record AgentClient(AgentConnection Connection, long NodeKey, string NodeId, string Name, string Grid, DateTimeOffset ConnectedAt);
