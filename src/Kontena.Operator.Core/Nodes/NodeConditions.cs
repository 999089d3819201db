namespace Kontena.Operator.Core.Nodes;

/// <summary>The condition types of a KontenaNode.</summary>
public static class NodeConditions
{
    /// <summary>The machine exists and runs.</summary>
    public const string MachineReady = "MachineReady";

    /// <summary>The Kontena agent is connected to its Master and works. Only in a grid.</summary>
    public const string AgentConnected = "AgentConnected";

    /// <summary>Every way in that the pool and the grid ask for is open, and only where firewalls are asked for.</summary>
    public const string PortsOpen = "PortsOpen";

    /// <summary>As much of the overlay's encryption as the pool asks for can work. Only in a grid.</summary>
    public const string IPSecReady = "IPSecReady";

    /// <summary>No other node or machine has its Kontena Node ID, or it had it first. Only in a grid.</summary>
    public const string IDUnique = "IDUnique";

    /// <summary>The node does what it is for: its machine runs and, where it has a grid, is online in it.</summary>
    public const string Ready = "Ready";

    /// <summary>Only while the operator is still at it.</summary>
    public const string Reconciling = "Reconciling";

    /// <summary>Only while a human is needed.</summary>
    public const string Stalled = "Stalled";
}
