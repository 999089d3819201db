namespace Kontena.Simulator.Overlay;

/// <summary>The overlays of all machines: who is connected with whom, and how.</summary>
/// <param name="Routers">Instance ids of the machines whose router runs, in order.</param>
/// <param name="Links">In the order of the two instance ids. Machines that do not try to connect have none.</param>
public sealed record OverlayView(IReadOnlyList<string> Routers, IReadOnlyList<OverlayLink> Links)
{
    /// <summary>The link of two machines in either order; null where neither tries to connect.</summary>
    public OverlayLink? Between(string one, string other)
    {
        var (first, second) = string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one);
        return Links.FirstOrDefault(l => l.First == first && l.Second == second);
    }

    /// <summary>The pairs of these machines that are not connected with each other: none where their overlay is whole.</summary>
    public IReadOnlyList<(string First, string Second)> Gaps(IEnumerable<string> instanceIds)
    {
        var machines = instanceIds.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var connected = Links.Where(l => l.State == OverlayPeerState.Connected).Select(l => (l.First, l.Second)).ToHashSet();
        return [.. machines.SelectMany((one, at) => machines.Skip(at + 1).Select(other => (one, other))).Where(pair => !connected.Contains(pair))];
    }

    /// <summary>How many pairs are connected that way.</summary>
    public int Count(OverlayMode mode, bool encrypted) => Links.Count(l => l.Mode == mode && l.Encrypted == encrypted);
}
