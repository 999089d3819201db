using Kontena.Simulator.Ec2.Firewalls;
using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;

namespace Kontena.Simulator.Ec2;

/// <summary>A hand on security groups, as somebody else has at the console: no call, no fault, no throttle, and no rule about names or numbers stops it.</summary>
public sealed class Ec2Firewall
{
    private readonly IReadOnlyCollection<Region> regions;

    internal Ec2Firewall(IReadOnlyCollection<Region> regions) => this.regions = regions;

    /// <summary>Adds a group that was not made through the API.</summary>
    /// <param name="vpcId">Null: the default VPC.</param>
    /// <exception cref="ArgumentException">There is no such region or VPC, or the VPC has a group of that name.</exception>
    public SecurityGroupSnapshot AddGroup(
        string region, string name, string? vpcId = null, string description = "by hand", IReadOnlyDictionary<string, string>? tags = null)
    {
        var at = regions.FirstOrDefault(r => r.Name == region) ?? throw new ArgumentException($"There is no region {region}.", nameof(region));
        var vpc = vpcId is null ? at.DefaultVpc
            : at.Vpcs.FirstOrDefault(v => v.Id == vpcId) ?? throw new ArgumentException($"There is no VPC {vpcId} in {region}.", nameof(vpcId));
        return at.Look(now => at.Groups_NeedsLock.Named(vpc, name) is null
            ? at.Groups_NeedsLock.Add(vpc, name, description, tags ?? new Dictionary<string, string>(), now, throughApi: false).Snapshot()
            : throw new ArgumentException($"{vpc.Id} has a group {name}.", nameof(name)));
    }

    /// <summary>Deletes a group, whoever made it; instances and rules of others lose it.</summary>
    /// <exception cref="ArgumentException">There is no such group, or it is a VPC's default one.</exception>
    public void RemoveGroup(string groupId) => With(groupId, (region, group, now) =>
    {
        if (group.IsDefault) throw new ArgumentException($"{groupId} is the default group of its VPC.", nameof(groupId));
        foreach (var instance in region.Members_NeedsLock(group)) region.Attach_NeedsLock(instance, [.. instance.Groups.Where(g => g != group)], now);
        foreach (var other in region.Groups_NeedsLock.Existing.Where(g => g.RefersTo(group)).ToList())
        {
            other.Inbound.RemoveAll(rule => rule.Peer == groupId);
            other.Outbound.RemoveAll(rule => rule.Peer == groupId);
            region.RulesChanged_NeedsLock(other, now);
        }
        region.Groups_NeedsLock.Remove(group, now);
        return group;
    });

    /// <summary>Adds a rule.</summary>
    /// <param name="protocol"><c>tcp</c>, <c>udp</c>, <c>icmp</c>, <c>icmpv6</c>, <c>-1</c> or a number.</param>
    /// <param name="peer">A block or the id of a group of the same VPC.</param>
    /// <exception cref="ArgumentException">There is no such group, it has the rule, or EC2 would not take it.</exception>
    public SecurityRule AddRule(
        string groupId, RuleDirection direction, string protocol, int? fromPort, int? toPort, string peer, string? description = null) =>
        With(groupId, (region, group, now) =>
        {
            var rule = region.Groups_NeedsLock.Rule(Draft(region, group, protocol, fromPort, toPort, peer, description));
            if (group.Rules(direction).Any(r => r.Key == rule.Key)) throw new ArgumentException($"{groupId} has that rule.", nameof(peer));
            group.Rules(direction).Add(rule);
            region.RulesChanged_NeedsLock(group, now);
            return rule;
        });

    /// <summary>Takes a rule away, whoever made it; false where the group has none with that id.</summary>
    /// <exception cref="ArgumentException">There is no such group.</exception>
    public bool RemoveRule(string groupId, string ruleId) => With(groupId, (region, group, now) =>
    {
        var removed = group.Inbound.RemoveAll(rule => rule.Id == ruleId) + group.Outbound.RemoveAll(rule => rule.Id == ruleId) > 0;
        if (removed) region.RulesChanged_NeedsLock(group, now);
        return removed;
    });

    /// <summary>Adds a group to an instance's interface.</summary>
    /// <exception cref="ArgumentException">There is no such group or instance, or they are in two VPCs.</exception>
    public void Attach(string instanceId, string groupId) => With(groupId, (region, group, now) =>
    {
        var instance = Living(region, instanceId);
        if (instance.Subnet.Vpc != group.Vpc) throw new ArgumentException($"{instanceId} is not in {group.Vpc.Id}.", nameof(instanceId));
        if (!instance.Groups.Contains(group)) region.Attach_NeedsLock(instance, [.. instance.Groups, group], now);
        return group;
    });

    /// <summary>Takes a group off an instance's interface, the last one too: then nothing gets in or out.</summary>
    /// <exception cref="ArgumentException">There is no such group or instance.</exception>
    public void Detach(string instanceId, string groupId) => With(groupId, (region, group, now) =>
    {
        var instance = Living(region, instanceId);
        if (instance.Groups.Contains(group)) region.Attach_NeedsLock(instance, [.. instance.Groups.Where(g => g != group)], now);
        return group;
    });

    private T With<T>(string groupId, Func<Region, SecurityGroup, DateTimeOffset, T> act)
    {
        // A group stays in its region, and all regions have one lock: what was found is still there or is not found again.
        foreach (var region in regions)
        {
            var (found, result) = region.Look(now => region.Groups_NeedsLock.Find(groupId) is { } group ? (true, act(region, group, now)) : (false, default));
            if (found && result is not null) return result;
        }
        throw new ArgumentException($"There is no security group {groupId}.", nameof(groupId));
    }

    private static Instance Living(Region region, string instanceId) =>
        region.Find_NeedsLock(instanceId) is { End: null } instance ? instance
            : throw new ArgumentException($"There is no living instance {instanceId} in {region.Name}.", nameof(instanceId));

    private static RuleDraft Draft(Region region, SecurityGroup group, string protocol, int? fromPort, int? toPort, string peer, string? description)
    {
        try
        {
            var canonical = IpProtocols.Canonical(protocol);
            var (from, to) = IpProtocols.Ports(canonical, fromPort, toPort);
            var isGroup = region.Groups_NeedsLock.Find(peer)?.Vpc == group.Vpc;
            var block = isGroup ? peer : CidrBlocks.Canonical(peer) ?? throw new ArgumentException($"{peer} is no block, and no group of {group.Vpc.Id}.", nameof(peer));
            return new(new(canonical, from, to, block), description);
        }
        catch (ApiException refusal)
        {
            throw new ArgumentException(refusal.Message, nameof(protocol), refusal);
        }
    }
}
