using System.Net;
using System.Text.Json.Nodes;

namespace Kontena.Simulator.Kontena.Database;

/// <summary>A grid and its nodes (kontena server/app/models/grid.rb).</summary>
internal sealed class Grid(string name, int initialSize, string token)
{
    public const int MostNodes = 254;

    public string Name => name;

    public int InitialSize => initialSize;

    /// <summary>For good: no call changes it (kontena issue 1973).</summary>
    public string Token => token;

    public string Subnet { get; init; } = "10.81.0.0/16";

    public string Supernet { get; init; } = "10.80.0.0/12";

    public IReadOnlyList<string> TrustedSubnets { get; set; } = [];

    public IReadOnlyList<string> DefaultAffinity { get; set; } = [];

    public JsonNode? Statsd { get; set; }

    public JsonNode? Logs { get; set; }

    public List<HostNode> Nodes { get; } = [];

    public List<ServiceInstance> Instances { get; } = [];

    /// <summary>The lowest number that no node has; null where the grid is full.</summary>
    public int? FreeNumber()
    {
        var taken = Nodes.Select(n => n.Number).ToHashSet();
        for (var number = 1; number <= MostNodes; number++)
            if (!taken.Contains(number)) return number;
        return null;
    }

    public HostNode? Named(string node) => Nodes.FirstOrDefault(n => n.Name == node);

    public HostNode? WithId(string nodeId) => Nodes.FirstOrDefault(n => n.NodeId == nodeId);

    /// <summary>As the API looks up: by node id where there is a colon in it, else by name.</summary>
    public HostNode? Find(string nameOrId) => nameOrId.Contains(':', StringComparison.Ordinal) ? WithId(nameOrId) : Named(nameOrId);

    /// <summary>The subnet's base with the node's number in it.</summary>
    public string OverlayIp(HostNode node)
    {
        var bytes = IPAddress.Parse(Subnet.Split('/')[0]).GetAddressBytes();
        bytes[^1] |= (byte)node.Number;
        return new IPAddress(bytes).ToString();
    }

    /// <summary>Where the node's overlay finds the others: by private address within a region, else by public; offline ones too (kontena issue 3002).</summary>
    public IEnumerable<string> PeerIps(HostNode node) => Nodes.Where(n => n != node)
        .Select(n => n.Region == node.Region ? n.Docker.PrivateIp : n.Docker.PublicIp).OfType<string>();
}
