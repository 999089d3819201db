using Kontena.EndToEnd.Crash.Judging;
using Kontena.EndToEnd.Operator;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Ec2.Flows;
using Kontena.Simulator.Networks;

namespace Kontena.EndToEnd.Crash.Staging;

/// <summary>Security groups on stage: ours as a script asks for them, strangers' ones, hands that change ours, the flows that must never be refused, and who judges it all.</summary>
internal sealed class PortsStage : IDisposable
{
    private const string Region = "eu-west-1";

    /// <summary>Members of a grid reach each other so (weave site/faq.md): with a rule that names the group itself.</summary>
    private static readonly HashSet<string> overlay = ["tcp 6783-6784 members", "udp 6783-6784 members", "50 members"];

    private static readonly Packet[] overlayPackets = [Packet.WeaveControl, Packet.WeaveSleeve, Packet.WeaveFastdp, Packet.Esp];

    private readonly Script script;
    private readonly Ec2Cloud cloud;
    private readonly Func<IEnumerable<InstanceSnapshot>> machines;
    private readonly FirewallWitness witness;
    private readonly List<SecurityGroupSnapshot> strangers = [];
    private readonly List<FlowWatch> kept = [];
    private readonly List<FlowWatch> members = [];
    private ForeignHand hand = ForeignHand.None;
    private string? pool;
    private string? grid;

    public PortsStage(Script script, OperatorScene scene)
    {
        (this.script, cloud, machines) = (script, scene.Ec2, () => scene.Machines);
        witness = new FirewallWitness(() => Groups);
    }

    public FirewallWitness Witness => witness;

    private IReadOnlyList<SecurityGroupSnapshot> Groups => cloud.Groups(Region);

    private IEnumerable<SecurityGroupSnapshot> Living => Groups.Where(g => g is { ThroughApi: true, Deleted: null });

    /// <summary>Somebody has a group of his own; and the overlay is watched from its first packet on.</summary>
    /// <param name="grid">Null: there is none.</param>
    public void Prepare(NodePool pool, Grid? grid)
    {
        (this.pool, this.grid) = (pool.Metadata.Uid, grid?.Metadata.Uid);
        var theirs = cloud.Firewall.AddGroup(Region, "kontena-pool-web-somebody-elses", tags: new Dictionary<string, string> { ["team"] = "other" });
        cloud.Firewall.AddRule(theirs.Id, RuleDirection.Inbound, "tcp", 9100, 9100, "192.0.2.0/24", "theirs");
        strangers.AddRange(Groups.Where(g => !g.ThroughApi));
        if (grid is not null) members.AddRange(overlayPackets.Select(p => cloud.Watch(new FlowPattern(FlowEnd.Tagged("kontena-pool"), FlowEnd.Tagged("kontena-pool"), p))));
        if (script.Before == 0) WatchKept();
    }

    /// <summary>Right before the user asks: others lay their hands on what is ours, and from now on nothing is refused that was and stays wanted.</summary>
    public void Begin()
    {
        if (GroupOf(pool) is { } own && script.Ways.Count > 0) Meddle(own);
        WatchKept();
    }

    /// <summary>Rules and attachments are what the owners that are there ask for.</summary>
    /// <param name="ways">Of the first pool.</param>
    public bool IsAs(IReadOnlyCollection<Way> ways, IReadOnlyCollection<NodePool> pools) => Lacks(ways, pools).Count == 0;

    public bool IsBare => !Living.Any();

    public IEnumerable<string> Violations()
    {
        var groups = Groups;
        return
        [
            .. witness.Violations,
            .. FirewallLaw.Violations(groups),
            .. FirewallLaw.LaunchViolations([.. machines()], groups, OwnersAtLaunch),
            .. FirewallLaw.ForeignViolations(strangers, groups),
            .. FirewallLaw.ForeignViolations(hand, groups, [.. machines()]),
            .. FirewallLaw.LockOuts(kept.SelectMany(w => w.Flows)),
            .. FirewallLaw.Refusals(members.SelectMany(w => w.Flows)),
        ];
    }

    /// <summary>How groups stand, and what they lack.</summary>
    public string Describe(IReadOnlyCollection<NodePool> pools)
    {
        var lines = Groups.Where(g => g.ThroughApi).Select(g => $"group {g.Id} {g.Name}{(g.Deleted is null ? "" : " (deleted)")} in {g.VpcId}: {string.Join(", ", g.Inbound.Select(FirewallLaw.TextOf))}");
        return string.Join('\n', [.. lines, .. machines().Select(m => $"machine {m.Id} has {string.Join(' ', m.GroupIds)}"), .. Lacks(script.WaysAfter, pools)]) + "\n";
    }

    public void Dispose()
    {
        foreach (var watch in kept.Concat(members)) watch.Dispose();
    }

    private void WatchKept() =>
        kept.AddRange(script.Ways.Intersect(script.WaysAfter).Select(w => cloud.Watch(new FlowPattern(FlowEnd.World(w.From), FlowEnd.Tagged("kontena-pool", pool), w.Packet))));

    /// <summary>A rule and a group of somebody's, which stay; and where the script is about drift, a rule of ours is taken away, and our group off its machine.</summary>
    private void Meddle(SecurityGroupSnapshot own)
    {
        var machine = machines().First(m => m.Living && m.GroupIds.Contains(own.Id));
        var theirs = strangers.First(s => s.Name.EndsWith("somebody-elses", StringComparison.Ordinal));
        var rule = cloud.Firewall.AddRule(own.Id, RuleDirection.Inbound, "tcp", 9100, 9100, "192.0.2.0/24", "by hand");
        cloud.Firewall.Attach(machine.Id, theirs.Id);
        hand = new ForeignHand([(own.Id, rule)], [(machine.Id, theirs.Id)]);
        if (!script.Drifts) return;
        cloud.Firewall.RemoveRule(own.Id, own.Inbound.First(r => FirewallLaw.TextOf(r) == script.Ways[0].Rule).Id);
        cloud.Firewall.Detach(machine.Id, own.Id);
    }

    /// <summary>A pool that got its ports later has machines that were made before.</summary>
    private IEnumerable<string> OwnersAtLaunch(InstanceSnapshot machine)
    {
        if (grid is null && script.Ways.Count == 0) return [];
        return new[] { grid, machine.Tags.GetValueOrDefault("kontena-pool") }.OfType<string>();
    }

    private List<string> Lacks(IReadOnlyCollection<Way> ways, IReadOnlyCollection<NodePool> pools)
    {
        List<string> lacks = [.. FirewallLaw.LeftOf(Groups, uid => uid != grid && pools.All(p => p.Metadata.Uid != uid))];
        var wanted = ways.Select(w => w.Rule).ToHashSet(StringComparer.Ordinal);
        foreach (var each in pools)
        {
            var uid = each.Metadata.Uid!;
            if (grid is null && wanted.Count == 0) continue;
            lacks.AddRange(LacksOf(uid, uid == pool ? wanted : []));
            if (grid is not null) lacks.AddRange(LacksOf(grid, overlay));
            lacks.AddRange(from machine in machines()
                           where machine.Living && machine.Tags.GetValueOrDefault("kontena-pool") == uid
                           from owner in new[] { grid, uid }.OfType<string>()
                           where GroupOf(owner) is { } own && !machine.GroupIds.Contains(own.Id)
                           select $"machine {machine.Id} lacks the group of {owner}");
        }
        return lacks;
    }

    private IEnumerable<string> LacksOf(string owner, HashSet<string> wanted) =>
        GroupOf(owner) is { } own ? FirewallLaw.RuleViolations(own, wanted, hand.Rules.Select(r => r.Rule)) : [$"{owner} has no group"];

    private SecurityGroupSnapshot? GroupOf(string? owner) => Living.FirstOrDefault(g => FirewallLaw.OwnerOf(g) == owner);
}
