namespace Kontena.Simulator.Kontena;

/// <summary>An agent that was let in, and closed by the Master at a keepalive. The real Master writes this to its log only.</summary>
/// <param name="At">On the simulation's clock.</param>
/// <param name="NodeName">Of the entry in the Master, which is not always what the agent called itself: a clone takes the first one's.</param>
/// <param name="Code">4030 no pong, 4031 disconnected, 4040 removed, 4041 a newer connection has the node id.</param>
public sealed record ClosedAgent(DateTimeOffset At, string Grid, string NodeId, string NodeName, int Code, string Reason);
