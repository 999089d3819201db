namespace Kontena.Operator.Core.Ports;

/// <summary>The sentences of <see cref="PortsVerdict"/>.</summary>
internal static class PortsWords
{
    public static string Closed(IReadOnlyList<PortRule> closed, IReadOnlyList<Firewall> attached) => attached.Count == 0
        ? $"The machine has no firewall that lets in: {Words.List(closed)}."
        : $"{Words.List(closed)} {(closed.Count == 1 ? "is" : "are")} closed in {Ids(attached)}.";

    public static string Unjudged(IReadOnlyList<PortRule> unjudged, IReadOnlyList<Firewall> attached)
    {
        var others = attached.SelectMany(f => f.Rules).Select(r => r.Rule.Source).OfType<RuleSource.Other>().Select(o => o.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return $"Whether {Words.List(unjudged)} {(unjudged.Count == 1 ? "is" : "are")} open in {Ids(attached)} depends on {NameList.Of(others)}, which the operator does not look into. Name the members' network as the source, or set spec.network.firewall.managed: true.";
    }

    public static string NoWayOut(IReadOnlyList<Firewall> attached) =>
        $"{(attached.Count == 1 ? $"{attached[0].Id} does not let" : $"None of {Ids(attached)} lets")} everything out: the machine may not reach the Master, other members or a registry by itself. Add an outbound rule for all traffic.";

    /// <summary>Why ways in are closed, and what becomes of it.</summary>
    public static (string Reason, string Sentence) Cure(PortsSeen seen, IReadOnlyList<Firewall> attached)
    {
        if (!seen.Managed) return (PortsReasons.RulesMissing, "The operator does not change these firewalls: open what is missing, or set spec.network.firewall.managed: true.");
        if (seen.Trouble is { } trouble) return (trouble.Reason, trouble.Message);
        return Detached(seen, attached) is { } lacking ? (PortsReasons.NotAttached, lacking) : (PortsReasons.RulesMissing, "The operator opens what is missing.");
    }

    /// <returns>Null where all rules in our firewalls are ours, and all of those attached.</returns>
    public static string? Foreign(PortsSeen seen, IReadOnlyList<Firewall> attached)
    {
        var told = attached.Where(f => seen.Own.Contains(f.Id)).OrderBy(f => f.Id, StringComparer.Ordinal)
            .Select(f => (f.Id, Rules: PortDiff.Of(f.Rules, f.Marks?.Owner is FirewallOwner.Grid ? seen.Members : seen.Pool).Foreign))
            .Where(f => f.Rules.Count > 0)
            .Select(f => $"{f.Rules.Count} {(f.Rules.Count == 1 ? "rule in " + f.Id + " is not ours and stays" : "rules in " + f.Id + " are not ours and stay")}: {Words.List(f.Rules)}.")
            .ToList();
        if (seen.Managed && Detached(seen, attached) is { } lacking) told.Add(lacking);
        return told.Count == 0 ? null : string.Join(' ', told);
    }

    private static string? Detached(PortsSeen seen, IReadOnlyList<Firewall> attached)
    {
        var lacking = seen.Own.Where(id => attached.All(f => f.Id != id)).Order(StringComparer.Ordinal).ToList();
        return lacking.Count == 0 ? null : $"The machine lacks {NameList.Of(lacking)}, which the operator attaches.";
    }

    private static string Ids(IReadOnlyList<Firewall> firewalls) => NameList.Of(firewalls.Select(f => f.Id).Order(StringComparer.Ordinal));
}
