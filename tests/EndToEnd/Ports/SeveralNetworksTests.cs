using Kontena.EndToEnd.Operator;
using Kontena.EndToEnd.Ports.Judging;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Machines;
using Kontena.Simulator.Networks;
using Kontena.Simulator.Overlay;

namespace Kontena.EndToEnd.Ports;

/// <summary>A grid whose members are in several networks: no group can name all of them, so their addresses are written out, and kept current.</summary>
public sealed class SeveralNetworksTests : PortTests
{
    [Test]
    public async Task TwoRegions_MembersReachEachOtherByPublicAddresses_WhichFollowThemAsTheyComeAndGo()
    {
        var scene = await PlayPoolAsync(2, Web);
        await scene.Grids.PoolAsync("far", 1, aws: aws => aws with { Region = "us-east-1", Zones = ["a", "b"] });
        await scene.Waits.ReadyAsync("far", 1);
        await LetInAsync(scene);
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: true);

        await scene.Objects.ScaleAsync("far", 2);
        await scene.Waits.ReadyAsync("far", 2);
        await LetInAsync(scene);
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: true);
        var (leaving, address) = await LatestAsync(scene, "far");
        await scene.Objects.DeleteNodeAsync(leaving.Metadata.Name!);
        await ReplacedAsync(scene, leaving);
        await scene.Waits.ReadyAsync("far", 2);
        await LetInAsync(scene);
        Assert.That(Group(scene, "eu-west-1").Inbound.Select(r => r.Peer), Has.None.EqualTo($"{address}/32"), "whose address that was is gone");
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: true);

        await scene.Objects.DeletePoolAsync("far");
        await PoolGoneAsync(scene, "far");
        await scene.Waits.UntilAsync(() => SceneFirewalls.RulesOf(Group(scene, "eu-west-1")).SequenceEqual(MemberRules), "nobody is elsewhere any more");
        await AssertDeletingLeavesNothingAsync(scene);
    }

    [Test]
    public async Task TwoNetworksOfARegion_AGroupInEach_WithThePrivateAddressesOfTheOthers()
    {
        var scene = await PlayPoolAsync(1, Web);
        var other = scene.Ec2.AddVpc(new ExtraVpc { Cidr = "10.1.0.0/16", MapPublicIpOnLaunch = true });

        await scene.Grids.PoolAsync("other", 2, s => s with { Network = Web }, aws => aws with { Zones = null, Subnets = [other.Subnets["eu-west-1a"], other.Subnets["eu-west-1b"]] });
        await scene.Waits.ReadyAsync("other", 2);

        var grid = (await scene.Grids.FindAsync())!;
        await scene.Waits.UntilAsync(() => scene.Firewalls.OwnedBy(grid.Metadata.Uid!).Select(g => g.VpcId).Distinct().Count() == 2, "one in each network");
        var (here, there) = (scene.Firewalls.OwnedBy(grid.Metadata.Uid!).Single(g => g.VpcId != other.Id), scene.Firewalls.OwnedBy(grid.Metadata.Uid!).Single(g => g.VpcId == other.Id));
        await AdmitsAsync(scene, () => scene.Firewalls.Find(here.Id), scene.Living.Where(m => m.VpcId == other.Id).Select(m => m.PrivateAddress));
        await AdmitsAsync(scene, () => scene.Firewalls.Find(there.Id), scene.Living.Where(m => m.VpcId != other.Id).Select(m => m.PrivateAddress));
        foreach (var machine in scene.Living) Assert.That(machine.GroupIds, Has.Count.EqualTo(2).And.Member((machine.VpcId == other.Id ? there : here).Id));
        await AssertDeletingLeavesNothingAsync(scene);
    }

    [Test]
    public async Task AMemberThatIsNotOurs_GetsInByItsAddress_UntilItLeaves()
    {
        var scene = await PlayPoolAsync(1, Web);
        var foreign = scene.Cloud.LaunchForeign(new ForeignMachine { Grid = GridName, Name = "theirs", Image = "ubuntu/*" });
        var address = scene.Ec2.Find(foreign.InstanceId)!;

        await scene.Waits.UntilAsync(() => foreign.Connected, "it joins");
        await scene.Waits.UntilAsync(async () => Admits(await scene.Firewalls.OfGridAsync(), scene.Ec2.Find(foreign.InstanceId)!.PublicAddress!) || Admits(await scene.Firewalls.OfGridAsync(), address.PrivateAddress), "its address is let in");

        await scene.Waits.UntilAsync(() => scene.Ec2.Networks.Passes(foreign.InstanceId, scene.Living[0].PrivateAddress, Packet.WeaveControl) || scene.Ec2.Networks.Passes(foreign.InstanceId, scene.Living[0].PublicAddress!, Packet.WeaveControl), "it reaches ours");
        scene.Ec2.TerminateBehindTheBack(foreign.InstanceId);
        scene.Grids.Kontena.RemoveBehindTheBack(GridName, "theirs");
        await RulesAsync(scene, scene.Firewalls.OfGridAsync, MemberRules);
    }

    [Test]
    public async Task MasterAwayWhileTheOperatorStartsAnew_NobodyWhoWasLetInIsShutOut()
    {
        var scene = await PlayPoolAsync(1, Web);
        await scene.Grids.PoolAsync("far", 1, aws: aws => aws with { Region = "us-east-1", Zones = ["a"] });
        await scene.Waits.ReadyAsync("far", 1);
        await LetInAsync(scene);
        await scene.Operator.StopAsync();
        await scene.Grids.Kontena.StopAsync();
        var rules = SceneFirewalls.RulesOf(Group(scene, "eu-west-1"));

        await scene.StartOperatorAsync();

        await scene.Grids.UntilAsync("MasterReachable", "False");
        await scene.Waits.ListingsAsync(6);
        Assert.That(SceneFirewalls.RulesOf(Group(scene, "eu-west-1")), Is.EqualTo(rules));
        Assert.That(scene.Firewalls.Writes.GetValueOrDefault("RevokeSecurityGroupIngress"), Is.Zero);
        await scene.Grids.Kontena.StartAsync(Ct);
        await scene.Grids.UntilAsync("MasterReachable", "True");
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: true);
        await scene.Waits.ListingsAsync(4);
        Assert.That(SceneFirewalls.RulesOf(Group(scene, "eu-west-1")), Is.EqualTo(rules));
        Assert.That(scene.Firewalls.Writes.GetValueOrDefault("RevokeSecurityGroupIngress"), Is.Zero);
    }

    /// <summary>Each region's group of the grid lets the other region's living machines in by their public addresses, and nobody else from outside.</summary>
    private static async Task LetInAsync(OperatorScene scene)
    {
        foreach (var region in new[] { "eu-west-1", "us-east-1" })
            await AdmitsAsync(scene, () => Group(scene, region), scene.Living.Where(m => m.Region != region).Select(m => m.PublicAddress!));
    }

    private static async Task AdmitsAsync(OperatorScene scene, Func<SecurityGroupSnapshot> group, IEnumerable<string> addresses)
    {
        var wanted = addresses.Append(FlowRule.Self).SelectMany(Member).ToList();
        await scene.Waits.UntilAsync(() => !FlowRule.Differences([.. group().Inbound.Select(r => FlowRule.Of(group(), r))], wanted).Any(), $"exactly these are let in: {string.Join(", ", wanted.Select(w => w.Peer).Distinct())}");
    }

    private static IEnumerable<FlowRule> Member(string address)
    {
        var peer = address == FlowRule.Self ? address : $"{address}/32";
        return [new(6, 6783, 6784, peer), new(17, 6783, 6784, peer), FlowRule.Esp(peer)];
    }

    private static bool Admits(SecurityGroupSnapshot group, string address) => new FlowSample(6, 6783, System.Net.IPAddress.Parse(address)).In(group.Inbound.Select(r => FlowRule.Of(group, r)));

    private static SecurityGroupSnapshot Group(OperatorScene scene, string region) => scene.Firewalls.Own.Single(g => g.Region == region && g.Tags["kontena-owner"] == "grid");

    private static async Task<(KontenaNode Node, string Address)> LatestAsync(OperatorScene scene, string pool)
    {
        var node = (await scene.Objects.NodesAsync(pool)).MaxBy(n => n.Status!.NodeNumber)!;
        return (node, scene.Ec2.Find(node.Spec.ProviderID!.Split('/')[^1])!.PublicAddress!);
    }
}
