namespace Kontena.Simulator.Machines;

/// <summary>How the agent of a machine stands.</summary>
public enum AgentState
{
    /// <summary>No agent runs; the journal says why.</summary>
    None,

    /// <summary>It tries to reach the Master, or waits to try again.</summary>
    Connecting,

    /// <summary>The socket is open; the Master may still close it.</summary>
    Open,

    /// <summary>The Master sent <c>/agent/master_info</c>: the agent's own notion of connected.</summary>
    Connected,
}
