using Kontena.Simulator.Ec2;
using Kontena.Simulator.Ec2.Flows;
using Kontena.Simulator.Networks;

namespace Kontena.Simulator.Tests.Ec2;

/// <summary>Which packets arrive.</summary>
public sealed class NetworksTests
{
    private static readonly Packet Http = new(6, 80);

    [Test]
    public async Task Passes_NothingIsLetIn_UntilARuleIsAddedAndAfterItIsRevoked()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var group = await ec2.GroupAsync("members");
        var (a, b) = (await StartAsync(ec2, group), await StartAsync(ec2, group));
        Assert.That(Passes(ec2, a, b, Packet.WeaveControl), Is.False);
        await ec2.AuthorizeAsync(group, $"tcp 6783 {group}", $"udp 6783-6784 {group}", $"50 - {group}");
        Assert.That(new[] { Packet.WeaveControl, Packet.WeaveSleeve, Packet.WeaveFastdp, Packet.Esp }.Select(p => Passes(ec2, a, b, p)), Is.All.True);
        Assert.That(new[] { new Packet(6, 6784), new Packet(17, 6782), new Packet(51, 0), Http }.Select(p => Passes(ec2, a, b, p)), Is.All.False);
        await ec2.RevokeAsync(group, $"50 - {group}");
        Assert.That(Passes(ec2, a, b, Packet.Esp), Is.False);
        Assert.That(Passes(ec2, a, a, Packet.Esp), Is.True, "to itself");
    }

    [Test]
    public async Task Passes_ByGroupOrBlock_SeesTheSourcesPrivateAddressWithinAVpcOnly()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var (byGroup, byBlock, byPublic) = (await ec2.GroupAsync("by-group"), await ec2.GroupAsync("by-block"), await ec2.GroupAsync("by-public"));
        var source = await StartAsync(ec2, await ec2.GroupAsync("source"));
        await ec2.AuthorizeAsync(byGroup, $"tcp 80 {source.GroupIds[0]}");
        await ec2.AuthorizeAsync(byBlock, $"tcp 80 {source.PrivateAddress}/32");
        await ec2.AuthorizeAsync(byPublic, $"tcp 80 {source.PublicAddress}/32");
        var targets = new[] { await StartAsync(ec2, byGroup), await StartAsync(ec2, byBlock), await StartAsync(ec2, byPublic) };
        Assert.That(targets.Select(t => ec2.Cloud.Networks.Passes(source.Id, t.PrivateAddress, Http)), Is.EqualTo(new[] { true, true, false }));
        Assert.That(targets.Select(t => ec2.Cloud.Networks.Passes(source.Id, t.PublicAddress!, Http)), Is.EqualTo(new[] { false, false, true }));
    }

    [Test]
    public async Task Passes_BetweenVpcsAndRegions_OnlyByPublicAddresses()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var vpc = ec2.Cloud.AddVpc(new ExtraVpc { Cidr = "172.31.0.0/16", MapPublicIpOnLaunch = true });
        var open = await ec2.GroupAsync("open", "VpcId", vpc.Id);
        await ec2.AuthorizeAsync(open, "-1 - 0.0.0.0/0");
        var there = await StartAsync(ec2, open, "SubnetId", vpc.Subnets["eu-west-1a"]);
        var hidden = await StartAsync(ec2, open, "NetworkInterface.1.SubnetId", vpc.Subnets["eu-west-1b"], "NetworkInterface.1.AssociatePublicIpAddress", "false");
        var here = await StartAsync(ec2, await ec2.GroupAsync("here"), "SubnetId", ec2.Cloud.SubnetId("eu-west-1c"));
        ec2.Region = "us-east-1";
        var far = await StartAsync(ec2, await ec2.GroupAsync("far"));
        var networks = ec2.Cloud.Networks;
        foreach (var from in new[] { here, far })
        {
            Assert.That(networks.Passes(from.Id, there.PublicAddress!, Http), Is.True);
            Assert.That(networks.Passes(from.Id, hidden.PrivateAddress, Http), Is.False, "private addresses reach only within a VPC");
        }
        Assert.That(networks.Passes(there.Id, hidden.PrivateAddress, Http), Is.True);
        Assert.That(networks.Passes(hidden.Id, there.PublicAddress!, Http), Is.False, "there is no NAT");
        Assert.That(networks.InstanceAt(here.Id, there.PublicAddress!), Is.EqualTo(there.Id));
        Assert.That(networks.InstanceAt(there.Id, hidden.PrivateAddress), Is.EqualTo(hidden.Id));
        Assert.That(networks.InstanceAt(here.Id, hidden.PrivateAddress), Is.Null);
        Assert.That(here.PublicAddress, Is.Not.EqualTo(far.PublicAddress), "one pool for all regions");
    }

    [Test]
    public async Task Passes_WithoutAWayOutOrAnEndThatRuns_IsFalse()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var group = await ec2.GroupAsync("members");
        await ec2.AuthorizeAsync(group, $"tcp 80 {group}");
        var (a, b) = (await StartAsync(ec2, group), await StartAsync(ec2, group));
        Assert.That(Passes(ec2, a, b, Http), Is.True);
        await ec2.CallAsync("RevokeSecurityGroupEgress", ["GroupId", group, .. GroupCalls.Permission("-1 - 0.0.0.0/0")]);
        Assert.That(Passes(ec2, a, b, Http), Is.False);
        await ec2.CallAsync("AuthorizeSecurityGroupEgress", ["GroupId", group, .. GroupCalls.Permission($"tcp 80 {group}")]);
        Assert.That(Passes(ec2, a, b, Http), Is.True);
        await ec2.CallAsync("StopInstances", "InstanceId.1", b.Id);
        Assert.That((Passes(ec2, a, b, Http), Passes(ec2, b, a, Http)), Is.EqualTo((false, false)));
        Assert.That(ec2.Cloud.Networks.Passes("i-0", b.PrivateAddress, Http), Is.False);
        Assert.That(ec2.Cloud.Networks.Passes(a.Id, "192.0.2.1", Http), Is.False);
    }

    [Test]
    public async Task Version_RisesWithEveryChangeAndNotWithoutOne()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var group = await ec2.GroupAsync("members");
        var instance = await ec2.LaunchAsync("SecurityGroupId.1", group);
        var versions = new List<long> { ec2.Cloud.Networks.Version };
        async Task After(Func<Task> change)
        {
            await change();
            versions.Add(ec2.Cloud.Networks.Version);
        }
        Task Advance()
        {
            ec2.Clock.Advance(TimeSpan.FromSeconds(5));
            return Task.CompletedTask;
        }
        await After(Advance);
        await After(() => ec2.AuthorizeAsync(group, "tcp 80 0.0.0.0/0"));
        await After(() => ec2.RevokeAsync(group, "tcp 80 0.0.0.0/0"));
        await After(() => ec2.CallAsync("ModifyInstanceAttribute", "InstanceId", instance, "GroupId.1", ec2.Cloud.Vpcs("eu-west-1")[0].DefaultGroupId));
        await After(() => ec2.CallAsync("StopInstances", "InstanceId.1", instance));
        await After(Advance);
        await After(() => ec2.CallAsync("StartInstances", "InstanceId.1", instance));
        await After(Advance);
        await After(() => ec2.CallAsync("TerminateInstances", "InstanceId.1", instance));
        await After(Advance);
        Assert.That(versions, Is.Ordered.Ascending.And.Unique);
        await ec2.CallAsync("DescribeSecurityGroups");
        ec2.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(ec2.Cloud.Networks.Version, Is.EqualTo(versions[^1]));
    }

    [Test]
    public async Task Passes_250MachinesInAGroup_ForEveryPairAfterEachChange()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var group = ec2.Cloud.Firewall.AddGroup("eu-west-1", "members").Id;
        var all = Enumerable.Range(0, 250).Select(_ => ec2.Cloud.LaunchForeign(new() { GroupIds = [group], Tags = new Dictionary<string, string> { ["grid"] = "g" } })).ToList();
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        using var watch = ec2.Cloud.Watch(new(FlowEnd.Tagged("grid"), FlowEnd.Tagged("grid"), Packet.Esp));
        int Open() => all.Sum(a => all.Count(b => a != b && Passes(ec2, a, b, Packet.Esp)));
        Assert.That(Open(), Is.Zero);
        var rule = ec2.Cloud.Firewall.AddRule(group, RuleDirection.Inbound, "50", null, null, group);
        Assert.That(Open(), Is.EqualTo(250 * 249));
        ec2.Cloud.TerminateBehindTheBack(all[0].Id);
        Assert.That(Open(), Is.EqualTo(249 * 248));
        ec2.Cloud.Firewall.RemoveRule(group, rule.Id);
        Assert.That(watch.RefusedOnceOpen, Has.Count.EqualTo(249 * 248));
    }

    private static bool Passes(Ec2Session ec2, InstanceSnapshot from, InstanceSnapshot to, Packet packet) =>
        ec2.Cloud.Networks.Passes(from.Id, to.PrivateAddress, packet);

    /// <summary>Launches an instance with the group, on its interface where a parameter is about that, and waits until it runs.</summary>
    private static async Task<InstanceSnapshot> StartAsync(Ec2Session ec2, string group, params string[] more)
    {
        string[] groups = more.Any(p => p.StartsWith("NetworkInterface", StringComparison.Ordinal))
            ? ["NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.1.SecurityGroupId.1", group] : ["SecurityGroupId.1", group];
        var id = await ec2.LaunchAsync([.. groups, .. more]);
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        return ec2.Cloud.Find(id)!;
    }
}
