namespace Kontena.Simulator.Kontena;

/// <summary>The status of a node; what holds first, counts (kontena server/app/models/host_node.rb).</summary>
public enum HostNodeStatus
{
    /// <summary>Made by a call; no agent came yet.</summary>
    Created,

    Offline,

    /// <summary>The agent's connection was let in, and it did not tell about itself yet.</summary>
    Connecting,

    /// <summary>Online, and set to take no service instances.</summary>
    Drain,

    Online,
}
