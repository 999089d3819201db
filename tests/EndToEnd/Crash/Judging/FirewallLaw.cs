using Kontena.Simulator.Ec2;
using Kontena.Simulator.Ec2.Flows;

namespace Kontena.EndToEnd.Crash.Judging;

/// <summary>What must hold of the security groups in the cloud's own history, at every instant of it.</summary>
internal static class FirewallLaw
{
    public const string OwnerTag = "kontena-owner-uid";

    /// <summary>Never two groups at a time for one owner in one VPC.</summary>
    /// <param name="groups">All there ever were.</param>
    public static IEnumerable<string> Violations(IReadOnlyList<SecurityGroupSnapshot> groups)
    {
        var own = groups.Where(g => g.ThroughApi).ToList();
        foreach (var unmarked in own.Where(g => OwnerOf(g) is null)) yield return $"group {unmarked.Id} ({unmarked.Name}) carries no mark of an owner";
        // What is there at most at a time is there at some birth.
        foreach (var place in own.Where(g => OwnerOf(g) is not null).GroupBy(g => (Owner: OwnerOf(g), g.VpcId)))
            foreach (var born in place)
                if (place.Where(g => IsThereAt(g, born.Created)).ToList() is { Count: > 1 } together)
                    yield return $"owner {place.Key.Owner} has {together.Count} groups in {place.Key.VpcId} at {born.Created:HH:mm:ss.fff}: {Names(together)}";
    }

    /// <summary>A machine is launched with the groups of its owners: one that gets them later stands open to nobody, or to the wrong ones, until then.</summary>
    /// <param name="owners">UIDs of those whose groups a machine has to have from its launch on.</param>
    public static IEnumerable<string> LaunchViolations(IReadOnlyList<InstanceSnapshot> machines, IReadOnlyList<SecurityGroupSnapshot> groups, Func<InstanceSnapshot, IEnumerable<string>> owners)
    {
        foreach (var machine in machines)
        {
            var had = machine.LaunchGroupIds.Select(id => groups.FirstOrDefault(g => g.Id == id)).OfType<SecurityGroupSnapshot>().Select(OwnerOf).ToHashSet();
            foreach (var owner in owners(machine).Where(o => !had.Contains(o))) yield return $"machine {machine.Id} was launched without the group of {owner}";
        }
    }

    /// <summary>Of groups that others made, or that come with a VPC: all are there, as they were.</summary>
    public static IEnumerable<string> ForeignViolations(IReadOnlyList<SecurityGroupSnapshot> before, IReadOnlyList<SecurityGroupSnapshot> now)
    {
        foreach (var was in before)
        {
            if (now.FirstOrDefault(g => g.Id == was.Id) is not { Deleted: null } still) yield return $"group {was.Name}, which is somebody else's, was deleted";
            else if (!still.Inbound.SequenceEqual(was.Inbound) || !still.Outbound.SequenceEqual(was.Outbound) || !still.Tags.OrderBy(t => t.Key).SequenceEqual(was.Tags.OrderBy(t => t.Key)))
                yield return $"group {was.Name}, which is somebody else's, was changed";
        }
    }

    /// <summary>Rules that others put into our groups are there as long as the group is, and groups that they attached to our machines as long as the machine.</summary>
    public static IEnumerable<string> ForeignViolations(ForeignHand hand, IReadOnlyList<SecurityGroupSnapshot> groups, IReadOnlyList<InstanceSnapshot> machines)
    {
        foreach (var (group, rule) in hand.Rules)
            if (groups.FirstOrDefault(g => g.Id == group)?.Inbound.Contains(rule) != true) yield return $"the rule {TextOf(rule)} in {group}, which is somebody else's, was taken away or changed";
        foreach (var (machine, group) in hand.Attached)
            if (machines.FirstOrDefault(m => m.Id == machine)?.GroupIds.Contains(group) != true) yield return $"group {group}, which somebody attached to {machine}, was taken off";
    }

    /// <summary>What every policy of a script lets in is never refused once it was let in.</summary>
    public static IEnumerable<string> LockOuts(IEnumerable<Flow> flows) =>
        from flow in flows
        where flow.RefusedOnceOpen.Count > 0
        select $"{flow.Packet} from {flow.From} to {flow.To} was open, and was refused at {flow.RefusedOnceOpen[0].At:HH:mm:ss.fff}";

    /// <summary>What stands open before the first of its machines runs is never refused at all.</summary>
    public static IEnumerable<string> Refusals(IEnumerable<Flow> flows) =>
        from flow in flows
        where flow.Refused.Count > 0
        select $"{flow.Packet} from {flow.From} to {flow.To} was refused at {flow.Refused[0].At:HH:mm:ss.fff} while both ran";

    /// <summary>The group lets in these and nothing else, as far as its rules are ours.</summary>
    /// <param name="wanted">As <see cref="TextOf"/> has them; a group's own members are <c>members</c>.</param>
    public static IEnumerable<string> RuleViolations(SecurityGroupSnapshot group, IReadOnlySet<string> wanted, IEnumerable<SecurityRule> foreign)
    {
        var have = group.Inbound.Except(foreign).Select(r => TextOf(r.Peer == group.Id ? r with { Peer = "members" } : r)).ToList();
        foreach (var missing in wanted.Except(have)) yield return $"group {group.Name} does not let in {missing}";
        foreach (var more in have.Where(h => !wanted.Contains(h))) yield return $"group {group.Name} lets in {more}, which nobody asks for";
    }

    /// <summary>Of groups of an owner that is gone, or will be: none is left.</summary>
    public static IEnumerable<string> LeftOf(IReadOnlyList<SecurityGroupSnapshot> groups, Func<string, bool> isGone) =>
        from @group in groups
        where @group is { ThroughApi: true, Deleted: null } && isGone(OwnerOf(@group) ?? "")
        select $"group {@group.Id} ({@group.Name}) is left of an owner that is gone";

    public static string? OwnerOf(SecurityGroupSnapshot group) => group.Tags.GetValueOrDefault(OwnerTag);

    /// <summary>E.g. <c>tcp 80-80 0.0.0.0/0</c>.</summary>
    public static string TextOf(SecurityRule rule) => rule.FromPort is null ? $"{rule.Protocol} {rule.Peer}" : $"{rule.Protocol} {rule.FromPort}-{rule.ToPort} {rule.Peer}";

    private static bool IsThereAt(SecurityGroupSnapshot group, DateTimeOffset at) => group.Created <= at && !(group.Deleted <= at);

    private static string Names(IEnumerable<SecurityGroupSnapshot> groups) => string.Join(", ", groups.Select(g => $"{g.Id} ({g.Name})"));
}
