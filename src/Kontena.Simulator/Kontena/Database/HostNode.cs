namespace Kontena.Simulator.Kontena.Database;

/// <summary>The Master's record of a node, under the fields' own names (kontena server/app/models/host_node.rb). Times are the Master's.</summary>
internal sealed class HostNode(long key, Grid grid, int number, NodeOrigin origin)
{
    /// <summary>Enough for any judge; a node that flaps for weeks must not grow.</summary>
    private const int EventsKept = 1000;

    private const string DefaultRegion = "default";

    private readonly List<NodeEvent> events = [];

    public long Key => key;

    public Grid Grid => grid;

    public int Number => number;

    /// <summary>Null only at Masters below 1.4, until the agent tells about itself.</summary>
    public string? Name { get; set; }

    public string? NodeId { get; set; }

    public string? Token { get; set; }

    public IReadOnlyList<string> Labels
    {
        get;
        set
        {
            field = value;
            Region = value.Select(l => l.Split('=', 2)).FirstOrDefault(l => l[0] == "region") is [_, { Length: > 0 } region] ? region : DefaultRegion;
        }
    } = [];

    /// <summary>The label <c>region</c>; worked out once, as every node's list of peers asks every other node for it.</summary>
    public string Region { get; private set; } = DefaultRegion;

    public bool Draining { get; set; }

    public bool Connected { get; set; }

    public bool Updated { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>What the agent's header said when it connected; tells its connections apart.</summary>
    public DateTimeOffset? ConnectedAt { get; set; }

    public DateTimeOffset? DisconnectedAt { get; set; }

    public DateTimeOffset? LastSeenAt { get; set; }

    public WebsocketConnection? Connection { get; set; }

    public string? AgentVersion { get; set; }

    public DockerInfo Docker { get; set; } = DockerInfo.None;

    /// <summary>What the agent last answered about etcd; null before it did.</summary>
    public bool? EtcdHealth { get; set; }

    public string Availability => Draining ? "drain" : "active";

    public bool InitialMember => number <= grid.InitialSize;

    public HostNodeStatus Status => NodeId is null ? HostNodeStatus.Created
        : !Connected ? HostNodeStatus.Offline
        : !Updated ? HostNodeStatus.Connecting
        : Draining ? HostNodeStatus.Drain : HostNodeStatus.Online;

    public override string ToString() => Name ?? NodeId ?? "(initializing)";

    public void Tell(NodeEventKind kind, DateTimeOffset simulated, string? detail = null)
    {
        // The first one stays: it says since when the node is there.
        if (events.Count == EventsKept) events.RemoveAt(1);
        events.Add(new NodeEvent(kind, simulated, detail));
    }

    public NodeSnapshot Snapshot() => new(
        key, grid.Name, ToString(), NodeId, number, InitialMember, Status, Token is not null, Availability, Labels,
        Docker.PrivateIp, Docker.PublicIp, origin, [.. events])
    {
        ConnectedAt = ConnectedAt,
    };
}

/// <summary>How the latest connection went (kontena server/app/models/host_node_connection.rb).</summary>
/// <param name="Opened">False where it was refused.</param>
internal sealed record WebsocketConnection(bool Opened, int? CloseCode = null, string? CloseReason = null);

internal sealed record DockerDriver(string Name, string? Version);

/// <summary>What the agent tells with <c>/nodes/update</c>.</summary>
internal sealed record DockerInfo
{
    public static readonly DockerInfo None = new();

    public string? Name { get; init; }

    public string? OperatingSystem { get; init; }

    public string? DockerRootDir { get; init; }

    public string? Driver { get; init; }

    public string? KernelVersion { get; init; }

    public string? ServerVersion { get; init; }

    public string? AgentVersion { get; init; }

    public string? PublicIp { get; init; }

    public string? PrivateIp { get; init; }

    /// <summary>Bytes.</summary>
    public long? MemTotal { get; init; }

    /// <summary>1 where the kernel can limit memory.</summary>
    public long? MemLimit { get; init; }

    public long? Cpus { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    public IReadOnlyList<DockerDriver> VolumeDrivers { get; init; } = [];

    public IReadOnlyList<DockerDriver> NetworkDrivers { get; init; } = [];
}
