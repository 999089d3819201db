using System.Net;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Ec2.Flows;
using Kontena.Simulator.Networks;

namespace Kontena.Simulator.Tests.Ec2;

/// <summary>Changes machines, groups and rules at random, and works out from snapshots alone what a flow between members must be.</summary>
internal sealed class FirewallWalk
{
    private static readonly string[] Protocols = ["tcp", "tcp", "tcp", "udp", "-1", "50"];
    private readonly Ec2Session ec2;
    private readonly Random random;
    private readonly IReadOnlyList<VpcSnapshot> vpcs;

    public FirewallWalk(Ec2Session ec2, int seed)
    {
        (this.ec2, random) = (ec2, new Random(seed));
        vpcs = ec2.Cloud.Vpcs("eu-west-1");
        foreach (var vpc in vpcs)
            for (var i = 0; i < 3; i++) ec2.Cloud.Firewall.AddGroup("eu-west-1", $"g{i}", vpc.Id);
        for (var i = 0; i < 4; i++) Launch();
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
    }

    private IReadOnlyList<SecurityGroupSnapshot> Groups => [.. ec2.Cloud.Groups("eu-west-1").Where(g => g.Deleted is null)];

    private IReadOnlyList<InstanceSnapshot> Living => [.. ec2.Cloud.Instances.Where(i => i.Living)];

    /// <summary>One change; says what it was.</summary>
    public string Step()
    {
        switch (random.Next(8))
        {
            case 0 when Living.Count < 8:
                return Launch();
            case 0 or 1 when Living.Count > 3 && random.Next(3) == 0:
                var ended = Pick(Living);
                ec2.Cloud.TerminateBehindTheBack(ended.Id);
                return "terminate " + ended.Id;
            case 2:
                ec2.Clock.Advance(TimeSpan.FromSeconds(random.Next(1, 6)));
                return "time";
            case 3:
                return Move(attach: true);
            case 4:
                return Move(attach: false);
            case 5:
                return RemoveRule();
            default:
                return AddRule();
        }
    }

    /// <summary>What each flow must be now.</summary>
    public IEnumerable<(Flow Flow, FlowState State)> Judge(IReadOnlyList<Flow> flows)
    {
        var instances = ec2.Cloud.Instances.ToDictionary(i => i.Id);
        var groups = Groups.ToDictionary(g => g.Id);
        return flows.Select(flow => (flow, StateOf(flow, instances[flow.From], instances[flow.To], groups)));
    }

    private FlowState StateOf(Flow flow, InstanceSnapshot from, InstanceSnapshot to, Dictionary<string, SecurityGroupSnapshot> groups)
    {
        if (from.State != InstanceState.Running || to.State != InstanceState.Running) return FlowState.Down;
        var near = from.VpcId == to.VpcId;
        var (source, target) = near ? (from.PrivateAddress, to.PrivateAddress) : (from.PublicAddress, to.PublicAddress);
        if (source is null || target is null) return FlowState.Down;
        var open = from.GroupIds.SelectMany(id => groups[id].Outbound).Any(r => Covers(r, flow.Packet, target, near ? to.GroupIds : []))
            && to.GroupIds.SelectMany(id => groups[id].Inbound).Any(r => Covers(r, flow.Packet, source, near ? from.GroupIds : []));
        Assert.That(ec2.Cloud.Networks.Passes(from.Id, target, flow.Packet), Is.EqualTo(open));
        return open ? FlowState.Open : FlowState.Refused;
    }

    private static bool Covers(SecurityRule rule, Packet packet, string peer, IReadOnlyList<string> peerGroups)
    {
        var protocol = rule.Protocol is "-1" || rule.Protocol == (packet.Protocol == 6 ? "tcp" : packet.Protocol == 17 ? "udp" : $"{packet.Protocol}");
        var port = rule.FromPort is null || (packet.Port >= rule.FromPort && packet.Port <= rule.ToPort);
        return protocol && port && (rule.Peer.StartsWith("sg-", StringComparison.Ordinal) ? peerGroups.Contains(rule.Peer) : IPNetwork.Parse(rule.Peer).Contains(IPAddress.Parse(peer)));
    }

    private string Launch()
    {
        var vpc = Pick(vpcs);
        var group = Pick([.. Groups.Where(g => g.VpcId == vpc.Id)]);
        return "launch " + ec2.Cloud.LaunchForeign(new()
        {
            SubnetId = Pick([.. vpc.Subnets.Values]),
            GroupIds = [group.Id],
            Tags = new Dictionary<string, string> { ["grid"] = "g" },
        }).Id;
    }

    private string Move(bool attach)
    {
        if (Living.Count == 0) return Launch();
        var instance = Pick(Living);
        var group = Pick([.. Groups.Where(g => g.VpcId == instance.VpcId)]);
        if (attach) ec2.Cloud.Firewall.Attach(instance.Id, group.Id);
        else ec2.Cloud.Firewall.Detach(instance.Id, group.Id);
        return $"{(attach ? "attach" : "detach")} {group.Id} {instance.Id}";
    }

    private string AddRule()
    {
        var group = Pick(Groups);
        var direction = random.Next(4) == 0 ? RuleDirection.Outbound : RuleDirection.Inbound;
        string[] peers = ["0.0.0.0/0", "172.31.0.0/20", "10.1.0.0/16", "198.18.0.0/29", Pick([.. Groups.Where(g => g.VpcId == group.VpcId)]).Id];
        var (protocol, port) = (Pick(Protocols), random.Next(2) == 0 ? 6783 : 80);
        try
        {
            var rule = ec2.Cloud.Firewall.AddRule(group.Id, direction, protocol, port, port, Pick(peers));
            return $"add {direction} {rule} to {group.Id}";
        }
        catch (ArgumentException e)
        {
            // The walk may draw a rule that is there.
            Assert.That(e.Message, Does.Contain("has that rule"));
            return "nothing";
        }
    }

    private string RemoveRule()
    {
        var group = Pick(Groups);
        if (group.Inbound.Concat(group.Outbound).ToList() is not { Count: > 0 } rules) return "nothing";
        var rule = Pick(rules);
        Assert.That(ec2.Cloud.Firewall.RemoveRule(group.Id, rule.Id), Is.True);
        return $"remove {rule} from {group.Id}";
    }

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
