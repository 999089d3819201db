namespace Kontena.Simulator.Kontena;

/// <summary>A node as it is now, or was when it was removed. No token is in it.</summary>
/// <param name="Key">Of this entry, and of no other that has or had the same name.</param>
/// <param name="NodeId">The engine id; null while no agent came.</param>
/// <param name="Number">1 to 254 in its grid; the address in the overlay.</param>
/// <param name="Availability"><c>active</c> or <c>drain</c>.</param>
/// <param name="Events">Oldest first; the latest 1,000.</param>
public sealed record NodeSnapshot(
    long Key, string Grid, string Name, string? NodeId, int Number, bool InitialMember, HostNodeStatus Status, bool HasToken, string Availability,
    IReadOnlyList<string> Labels, string? PrivateAddress, string? PublicAddress, NodeOrigin Origin, IReadOnlyList<NodeEvent> Events)
{
    /// <summary>What the agent that has the node now said when it connected, on its own clock; it moves with every connection. Null while none came.</summary>
    public DateTimeOffset? ConnectedAt { get; init; }

    public DateTimeOffset RegisteredAt => Events[0].At;

    /// <summary>When it was removed; null while it is there.</summary>
    public DateTimeOffset? RemovedAt => Events[^1] is { Kind: NodeEventKind.Removed } removed ? removed.At : null;

    internal bool ThereAt(DateTimeOffset at) => RegisteredAt <= at && (RemovedAt is not { } gone || gone > at);
}

/// <summary>Who made a node.</summary>
public enum NodeOrigin
{
    /// <summary>A call of <c>POST /v1/grids/:grid/nodes</c>.</summary>
    Api,

    /// <summary>An agent that came with the grid token.</summary>
    Agent,

    /// <summary>A test: somebody else's node.</summary>
    Foreign,
}

public enum NodeEventKind
{
    Registered,

    /// <summary>The agent's connection was let in.</summary>
    Connected,

    /// <summary>The agent told about itself, the first time on this connection.</summary>
    Updated,

    /// <summary>The connection ended, was given up, or the watchdog did not see the node for too long.</summary>
    Disconnected,

    /// <summary>The node was found and its agent refused: its clock is off.</summary>
    Rejected,

    Drained,

    Activated,

    Removed,
}

/// <param name="At">On the simulation's clock, not on the Master's, which may be off.</param>
/// <param name="Detail">Close code and reason; of <see cref="NodeEventKind.Updated"/> the private address that was told; null where there is none.</param>
public sealed record NodeEvent(NodeEventKind Kind, DateTimeOffset At, string? Detail);
