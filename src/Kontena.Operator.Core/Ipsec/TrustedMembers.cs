using System.Net;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Ipsec;

/// <summary>
/// Which members the overlay does not encrypt between: those that trust each other's address, which each does where any trusted subnet has it
/// (weaveworks/mesh connection.go, Untrusted). Members of one region use private addresses, others public ones (kontena server/app/models/host_node.rb).
/// </summary>
internal sealed class TrustedMembers
{
    private readonly Dictionary<string, GridMember> byName;
    private readonly List<IPNetwork> subnets;

    /// <summary>Members whose private address is trusted, by region; those whose public one is. By name each.</summary>
    private readonly Dictionary<string, List<GridMember>> near;

    private readonly List<GridMember> far;

    /// <param name="trusted">As the Master has them. What is no network trusts nobody.</param>
    public TrustedMembers(IEnumerable<GridMember> members, IEnumerable<string> trusted)
    {
        subnets = [.. trusted.Select(s => IPNetwork.TryParse(s, out var network) ? network : (IPNetwork?)null).OfType<IPNetwork>().Distinct()];
        byName = members.DistinctBy(m => m.Name).ToDictionary(m => m.Name, StringComparer.Ordinal);
        var ordered = byName.Values.OrderBy(m => m.Name, StringComparer.Ordinal).ToList();
        near = ordered.Where(m => Subnet(Near(m)) is not null).GroupBy(m => m.Region, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        far = [.. ordered.Where(m => Subnet(Far(m)) is not null)];
    }

    public bool Knows(string name) => byName.ContainsKey(name);

    /// <summary>The first by name, or null where all that the member sends to others is encrypted.</summary>
    public BareLink? Link(string name)
    {
        if (!byName.TryGetValue(name, out var member)) return null;
        if (Subnet(Near(member)) is { } here && near.GetValueOrDefault(member.Region)?.Find(m => m.Name != name) is { } neighbour) return Link(neighbour, here, Near(neighbour));
        return Subnet(Far(member)) is { } there && far.Find(m => m.Region != member.Region) is { } distant ? Link(distant, there, Far(distant)) : null;
    }

    /// <summary>True where there are others to talk to, and nothing between any two members is encrypted.</summary>
    public bool CoverAll
    {
        get
        {
            if (byName.Count < 2) return false;
            var regions = byName.Values.GroupBy(m => m.Region, StringComparer.Ordinal).ToList();
            return regions.All(r => r.Count() == 1 || near.GetValueOrDefault(r.Key)?.Count == r.Count()) && (regions.Count == 1 || far.Count == byName.Count);
        }
    }

    private BareLink Link(GridMember peer, IPNetwork mine, IPAddress? theirs) =>
        new(peer.Name, [.. new[] { mine, Subnet(theirs)!.Value }.Distinct().Select(s => s.ToString())]);

    private IPNetwork? Subnet(IPAddress? address)
    {
        if (address is null) return null;
        foreach (var subnet in subnets)
            if (subnet.Contains(address)) return subnet;
        return null;
    }

    private static IPAddress? Near(GridMember member) => member.Private ?? member.Public;

    private static IPAddress? Far(GridMember member) => member.Public ?? member.Private;
}
