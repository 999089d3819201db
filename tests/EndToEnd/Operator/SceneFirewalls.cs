using Kontena.Simulator.Ec2;
using Kontena.Simulator.Ec2.Flows;
using Kontena.Simulator.Networks;

namespace Kontena.EndToEnd.Operator;

/// <summary>The security groups of the scene's cloud: the operator's, and those of others, which are to stay as they were made; and the flows of the overlay, which are never to be refused.</summary>
internal sealed class SceneFirewalls
{
    /// <summary>What carries this tag was made by an operator.</summary>
    private const string Installation = "kontena-installation";

    private static readonly Packet[] overlay = [Packet.WeaveControl, Packet.WeaveSleeve, Packet.WeaveFastdp];

    private readonly OperatorScene scene;
    private readonly Dictionary<string, SecurityGroupSnapshot> foreign = new(StringComparer.Ordinal);
    private readonly List<(string Group, SecurityRule Rule)> foreignRules = [];
    private readonly List<FlowWatch> watches = [];

    /// <summary>What is there now is somebody else's; from now on the flows are watched.</summary>
    public SceneFirewalls(OperatorScene scene)
    {
        this.scene = scene;
        foreach (var group in All) foreign.Add(group.Id, group);
        WatchOverlay();
    }

    /// <summary>All groups that there are.</summary>
    public IReadOnlyList<SecurityGroupSnapshot> All => [.. Ever.Where(g => g.Deleted is null)];

    /// <summary>All that there ever were.</summary>
    public IEnumerable<SecurityGroupSnapshot> Ever => scene.Ec2.Options.Regions.Keys.SelectMany(scene.Ec2.Groups);

    /// <summary>Those that an operator made, and that are there.</summary>
    public IReadOnlyList<SecurityGroupSnapshot> Own => [.. All.Where(g => g.ThroughApi)];

    /// <summary>Groups of others, as they were left by those who may change them.</summary>
    public IReadOnlyCollection<SecurityGroupSnapshot> Foreign => foreign.Values;

    /// <summary>Rules of others in groups of the operator's.</summary>
    public IReadOnlyList<(string Group, SecurityRule Rule)> ForeignRules => foreignRules;

    /// <summary>The flows that were ever refused although both machines ran and they had been open, by all watches.</summary>
    public IEnumerable<Flow> Refused => watches.SelectMany(w => w.RefusedOnceOpen);

    /// <summary>A human gave groups up: they stay without their owners.</summary>
    public bool Abandoned { get; set; }

    private Ec2Firewall Hand => scene.Ec2.Firewall;

    /// <summary>The groups of a NodePool or Grid that are there.</summary>
    public IReadOnlyList<SecurityGroupSnapshot> OwnedBy(string ownerUid) => [.. Own.Where(g => g.Tags.GetValueOrDefault("kontena-owner-uid") == ownerUid)];

    /// <summary>The only group of a pool.</summary>
    public async Task<SecurityGroupSnapshot> OfPoolAsync(string name) => OwnedBy((await scene.Objects.PoolAsync(name)).Metadata.Uid!).Single();

    /// <summary>The only group of the scene's Grid.</summary>
    public async Task<SecurityGroupSnapshot> OfGridAsync() => OwnedBy((await scene.Grids.FindAsync())!.Metadata.Uid!).Single();

    public SecurityGroupSnapshot Find(string id) => All.Single(g => g.Id == id);

    /// <summary>What a group lets in, in order: <c>tcp 80 0.0.0.0/0</c>, <c>udp 6783-6784 self</c>, <c>50 self</c>.</summary>
    public static IReadOnlyList<string> RulesOf(SecurityGroupSnapshot group) => [.. group.Inbound.Select(r => Text(group, r)).Order(StringComparer.Ordinal)];

    /// <summary>The calls so far that change groups or what has them, by action.</summary>
    public IReadOnlyDictionary<string, int> Writes => scene.Ec2.Calls.Counts.Where(c => c.Key.Contains("SecurityGroup", StringComparison.Ordinal) || c.Key.StartsWith("Modify", StringComparison.Ordinal))
        .Where(c => !c.Key.StartsWith("Describe", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);

    /// <summary>A group of somebody else's, which must stay as it is.</summary>
    public SecurityGroupSnapshot AddForeign(string name, string? vpcId = null, string region = "eu-west-1", IReadOnlyDictionary<string, string>? tags = null)
    {
        var group = Hand.AddGroup(region, name, vpcId, "somebody else's", tags);
        foreign[group.Id] = group;
        return group;
    }

    /// <summary>Its owner removes it.</summary>
    public void RemoveForeign(string id)
    {
        foreign.Remove(id);
        Hand.RemoveGroup(id);
    }

    /// <summary>A rule that lets in what somebody else wants, in a group of his or of the operator's; it must stay as it is.</summary>
    public SecurityRule AddForeignRule(string groupId, string protocol, int? from, int? to, string peer, string description = "by hand")
    {
        var rule = Hand.AddRule(groupId, RuleDirection.Inbound, protocol, from, to, peer, description);
        if (foreign.ContainsKey(groupId)) foreign[groupId] = Find(groupId);
        else foreignRules.Add((groupId, rule));
        return rule;
    }

    /// <summary>Who added it takes it away; what it kept open is refused from now on.</summary>
    public void RemoveForeignRule(string groupId, string ruleId)
    {
        AtOddsWith(hand => hand.RemoveRule(groupId, ruleId));
        foreignRules.RemoveAll(r => r.Rule.Id == ruleId);
        if (foreign.ContainsKey(groupId)) foreign[groupId] = Find(groupId);
    }

    /// <summary>Somebody meddles at the cloud. What that closes is not the operator's fault: the flows are watched until then, and anew from <see cref="WatchOverlay"/> on.</summary>
    public void AtOddsWith(Action<Ec2Firewall> meddle)
    {
        AssertNeverRefused();
        foreach (var watch in watches) watch.Dispose();
        watches.Clear();
        meddle(Hand);
    }

    /// <summary>Watches the overlay's flows between all machines of operators, those that come later too.</summary>
    public void WatchOverlay()
    {
        if (!scene.HasMaster) return;
        foreach (var packet in overlay) watches.Add(scene.Ec2.Watch(new FlowPattern(FlowEnd.Tagged(Installation), FlowEnd.Tagged(Installation), packet)));
    }

    /// <summary>Watches somebody in the world who is allowed into a pool's machines: whom the old and the new policy let in is refused at no time between them.</summary>
    public FlowWatch Watch(NodePool pool, string from, Packet packet)
    {
        var watch = scene.Ec2.Watch(new FlowPattern(FlowEnd.World(from), FlowEnd.Tagged("kontena-pool", pool.Metadata.Uid), packet));
        watches.Add(watch);
        return watch;
    }

    public void AssertNeverRefused() =>
        Assert.That(Refused.Select(f => $"{f.Packet} from {f.From} to {f.To}: {string.Join(", ", f.History.Select(h => $"{h.To} at {h.At:mm:ss.fff}"))}"), Is.Empty, "flows that were open, and were refused");

    /// <summary>For a failure's message.</summary>
    public string Describe() => string.Concat(All.Where(g => g.ThroughApi || g.Inbound.Any(r => r.Description is not null)).Select(g =>
        $"group {g.Id} {g.Name} in {g.VpcId}: {string.Join("; ", g.Inbound.Select(r => $"{Text(g, r)} ({r.Description})"))}; machines {string.Join(' ', scene.Machines.Where(m => m.Living && m.GroupIds.Contains(g.Id)).Select(m => m.Id))}\n"));

    private static string Text(SecurityGroupSnapshot group, SecurityRule rule)
    {
        var ports = rule.FromPort is null ? "" : rule.FromPort == rule.ToPort ? $" {rule.FromPort}" : $" {rule.FromPort}-{rule.ToPort}";
        return $"{rule.Protocol}{ports} {(rule.Peer == group.Id ? "self" : rule.Peer)}";
    }
}
