using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Inventories;

/// <summary>An account's firewalls as last listed. Immutable.</summary>
/// <param name="Own">Those with this installation's mark.</param>
/// <param name="Asked">Those that somebody asked for by id, whosever they are.</param>
internal sealed record FirewallSights(FirewallListing Own, FirewallListing Asked)
{
    public Firewall? ById(string id) => Own.ById(id) ?? Asked.ById(id);

    /// <summary>True where both show the same; the time does not count, nor the order of rules.</summary>
    public bool Shows(FirewallSights other) => Same(Own.Firewalls, other.Own.Firewalls) && Same(Asked.Firewalls, other.Asked.Firewalls);

    private static bool Same(IReadOnlyList<Firewall> one, IReadOnlyList<Firewall> other)
    {
        if (one.Count != other.Count) return false;
        var byId = other.ToDictionary(f => f.Id, StringComparer.Ordinal);
        return one.All(f => byId.TryGetValue(f.Id, out var twin) && Same(f, twin));
    }

    private static bool Same(Firewall one, Firewall other) =>
        one with { Rules = [] } == other with { Rules = [] } && one.Rules.Count == other.Rules.Count && one.Rules.ToHashSet().SetEquals(other.Rules);
}
