using Kontena.Simulator.Ec2.Inventory;

namespace Kontena.Simulator.Ec2.Firewalls;

/// <summary>The security groups of a region. To be used within the account's lock.</summary>
internal sealed class SecurityGroups(Ids ids)
{
    // Enough for any test's post-mortem; a simulator that runs for weeks must not grow.
    private const int DeletedKept = 10_000;
    private readonly SortedDictionary<long, SecurityGroup> existing = [];
    private readonly Dictionary<string, SecurityGroup> byId = new(StringComparer.Ordinal);
    private readonly Queue<SecurityGroup> deleted = new();
    private long sequence;

    /// <summary>In the order of their creation.</summary>
    public IReadOnlyCollection<SecurityGroup> Existing => existing.Values;

    /// <summary>The same, after those that were deleted.</summary>
    public IEnumerable<SecurityGroup> Ever => deleted.Concat(existing.Values);

    public SecurityGroup? Find(string id) => byId.GetValueOrDefault(id);

    /// <summary>"Names are not case-sensitive" and are unique within a VPC (EC2 user guide).</summary>
    public SecurityGroup? Named(Vpc vpc, string name) =>
        existing.Values.FirstOrDefault(g => g.Vpc == vpc && string.Equals(g.Name, name, StringComparison.OrdinalIgnoreCase));

    public SecurityGroup DefaultOf(Vpc vpc) => Named(vpc, SecurityGroup.DefaultName) ?? throw new InvalidOperationException($"{vpc.Id} has no default group.");

    /// <summary>The group that a new VPC comes with: its members reach each other and everything else.</summary>
    public SecurityGroup AddDefault(Vpc vpc, DateTimeOffset now)
    {
        var group = Add(new(sequence++, Ids.Named("sg", vpc.IsDefault ? vpc.Region : vpc.Id), vpc, SecurityGroup.DefaultName, "default VPC security group", now)
        {
            ThroughApi = false,
        });
        group.Inbound.Add(new(Ids.Named("sgr", group.Id), IpProtocols.All, null, null, group.Id, null));
        group.Outbound.Add(new(Ids.Named("sgr", group.Id + "-out"), IpProtocols.All, null, null, "0.0.0.0/0", null));
        return group;
    }

    /// <summary>A new group lets nothing in and everything out.</summary>
    public SecurityGroup Add(Vpc vpc, string name, string description, IReadOnlyDictionary<string, string> tags, DateTimeOffset now, bool throughApi)
    {
        var group = Add(new(sequence++, ids.Resource("sg"), vpc, name, description, now) { ThroughApi = throughApi });
        foreach (var (key, value) in tags) group.Tags[key] = value;
        group.Outbound.Add(new(ids.Resource("sgr"), IpProtocols.All, null, null, "0.0.0.0/0", null));
        return group;
    }

    public void Remove(SecurityGroup group, DateTimeOffset now)
    {
        group.Deleted = now;
        existing.Remove(group.Sequence);
        byId.Remove(group.Id);
        deleted.Enqueue(group);
        if (deleted.Count > DeletedKept) deleted.Dequeue();
    }

    /// <summary>A rule with an id of its own.</summary>
    public SecurityRule Rule(RuleDraft draft) =>
        new(ids.Resource("sgr"), draft.Key.Protocol, draft.Key.FromPort, draft.Key.ToPort, draft.Key.Peer, draft.Description);

    private SecurityGroup Add(SecurityGroup group)
    {
        existing.Add(group.Sequence, group);
        byId.Add(group.Id, group);
        return group;
    }
}

/// <summary>A rule that was asked for, checked and in canonical form.</summary>
internal sealed record RuleDraft(RuleKey Key, string? Description);
