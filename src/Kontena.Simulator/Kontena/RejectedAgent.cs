namespace Kontena.Simulator.Kontena;

/// <summary>An agent that was refused. The real Master writes this to its log only.</summary>
/// <param name="Code">4000 to 4020; 0: the Master itself failed, and left the connection open without a word.</param>
public sealed record RejectedAgent(DateTimeOffset At, string? NodeId, string? NodeName, int Code, string Reason);
