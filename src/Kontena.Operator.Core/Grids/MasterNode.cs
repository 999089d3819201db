namespace Kontena.Operator.Core.Grids;

/// <summary>A node as the Master knows it (kontena server/app/views/v1/host_nodes/_host_node.json.jbuilder), without the grid's token that the Master puts into every answer.</summary>
public sealed record MasterNode
{
    public required string Name { get; init; }

    /// <summary>Docker Engine ID, or the one that was chosen for it; null until an agent has connected with the node's token.</summary>
    public string? NodeId { get; init; }

    public required MasterNodeStatus Status { get; init; }

    /// <summary>A WebSocket of its agent is open.</summary>
    public bool Connected { get; init; }

    /// <summary>True where the node was made with a token of its own.</summary>
    public bool HasToken { get; init; }

    /// <summary>True while services move away from it.</summary>
    public bool Draining { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>1 to 254 and unique in the grid; the lowest free one is taken when the node is made. 0 where an old Master does not tell.</summary>
    public int Number { get; init; }

    /// <summary>The node runs etcd: its number is not above the grid's initial size.</summary>
    public bool InitialMember { get; init; }

    public string? PublicIp { get; init; }

    public string? PrivateIp { get; init; }

    public string? OverlayIp { get; init; }

    public string? AgentVersion { get; init; }

    public string? DockerVersion { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? ConnectedAt { get; init; }

    public DateTimeOffset? DisconnectedAt { get; init; }

    /// <summary>An agent has never been accepted for this entry.</summary>
    public bool NeverJoined => Status == MasterNodeStatus.Created;

    /// <summary>The value of the label <paramref name="key"/> (<c>key=value</c>), or null.</summary>
    public string? Label(string key) =>
        Labels.FirstOrDefault(l => l.StartsWith(key + "=", StringComparison.Ordinal))?[(key.Length + 1)..];
}
