using Kontena.Simulator.Ec2.Inventory;

namespace Kontena.Simulator.Ec2.Firewalls;

/// <summary>A security group of a VPC. To be used within the account's lock.</summary>
internal sealed class SecurityGroup(long sequence, string id, Vpc vpc, string name, string description, DateTimeOffset created)
{
    public const string DefaultName = "default";

    /// <summary>Rises from group to group: the order of listings.</summary>
    public long Sequence => sequence;

    public string Id => id;

    public Vpc Vpc => vpc;

    public string Name => name;

    public string Description => description;

    public DateTimeOffset Created => created;

    public DateTimeOffset? Deleted { get; set; }

    public bool IsDefault => name == DefaultName;

    /// <summary>False for one that a test put there.</summary>
    public bool ThroughApi { get; init; } = true;

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    public List<SecurityRule> Inbound { get; } = [];

    public List<SecurityRule> Outbound { get; } = [];

    public List<SecurityRule> Rules(RuleDirection direction) => direction == RuleDirection.Inbound ? Inbound : Outbound;

    public bool RefersTo(SecurityGroup other) => Inbound.Concat(Outbound).Any(rule => rule.Peer == other.Id);

    public SecurityGroupSnapshot Snapshot() => new(id, vpc.Region, vpc.Id, name, description, new Dictionary<string, string>(Tags, StringComparer.Ordinal),
        [.. Inbound], [.. Outbound], created, Deleted, ThroughApi);
}
