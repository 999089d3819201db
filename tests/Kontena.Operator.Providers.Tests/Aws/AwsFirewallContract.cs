using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Providers.Shared;
using Kontena.Operator.Providers.Tests.Contract;

namespace Kontena.Operator.Providers.Tests.Aws;

/// <summary>The contract, and what only EC2 has, against its groups in memory.</summary>
public sealed class AwsFirewallContract : FirewallDriverContract
{
    private static readonly PortRule overlay = new(IpProtocol.Tcp, new PortRange(6783, 6784), RuleSource.Members.Instance);

    private WiredFirewalls Wired => (WiredFirewalls)Cloud;

    protected override async Task<FirewallCloud> StartAsync() => await WiredFirewalls.StartAsync(Ct);

    [Test]
    public async Task Ensure_Pool_TagsInTheCallAndADescriptionThatEc2Takes()
    {
        await EnsureAsync(Pool);
        var sent = Wired.Last("CreateSecurityGroup").Where(f => f.Key is not ("Version" or "GroupName")).ToDictionary();
        Assert.That(sent, Is.EqualTo(new Dictionary<string, string>
        {
            ["Action"] = "CreateSecurityGroup",
            ["GroupDescription"] = "Ports of the pool -web-: kept by the operator.",
            ["VpcId"] = GroupsInMemory.Vpc,
            ["TagSpecification.1.ResourceType"] = "security-group",
            ["TagSpecification.1.Tag.1.Key"] = "kontena-installation",
            ["TagSpecification.1.Tag.1.Value"] = Requests.Installation,
            ["TagSpecification.1.Tag.2.Key"] = "kontena-owner",
            ["TagSpecification.1.Tag.2.Value"] = "pool",
            ["TagSpecification.1.Tag.3.Key"] = "kontena-owner-uid",
            ["TagSpecification.1.Tag.3.Value"] = "pool-uid",
            ["TagSpecification.1.Tag.4.Key"] = "Name",
            ["TagSpecification.1.Tag.4.Value"] = Request(Pool).Name,
            ["TagSpecification.1.Tag.5.Key"] = "team",
            ["TagSpecification.1.Tag.5.Value"] = "web",
        }));
        Assert.That(Wired.Count("DescribeSecurityGroups"), Is.Zero, "made without a look first");
    }

    [Test]
    public async Task Ensure_ThereButNotShownYet_UnknownAndNotAnothers()
    {
        await EnsureAsync(Pool);
        Wired.Groups.BlindReads = 1;
        var fault = Assert.ThrowsAsync<DriverException>(() => EnsureAsync(Pool));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.Unavailable, true)));
        Assert.That((await EnsureAsync(Pool)).Marks, Is.EqualTo(Pool));
    }

    [Test]
    public void Ensure_NetworkThatIsNot_BadSettings()
    {
        var fault = Assert.ThrowsAsync<DriverException>(() => Cloud.Open().EnsureAsync(Request(Pool) with { Network = "vpc-0fffffff" }, Ct));
        Assert.That((fault.Fault, fault.Code), Is.EqualTo((DriverFault.BadSettings, "InvalidVpcID.NotFound")));
    }

    [Test]
    public async Task Open_Rules_OneCallWithOurMarkInEach()
    {
        var group = await EnsureAsync(Pool);
        await Cloud.Open().OpenAsync(group.Id, Pool, [Http, Tcp(80, "::/0"), overlay, Tcp(80, "10.0.0.0/8")], Ct);
        var sent = Wired.Last("AuthorizeSecurityGroupIngress").Where(f => f.Key is not "Version").ToDictionary();
        Assert.That(sent, Is.EqualTo(new Dictionary<string, string>
        {
            ["Action"] = "AuthorizeSecurityGroupIngress",
            ["GroupId"] = group.Id,
            ["IpPermissions.1.IpProtocol"] = "tcp",
            ["IpPermissions.1.FromPort"] = "80",
            ["IpPermissions.1.ToPort"] = "80",
            ["IpPermissions.1.IpRanges.1.CidrIp"] = "0.0.0.0/0",
            ["IpPermissions.1.IpRanges.1.Description"] = "kontena installation-1/pool-uid",
            ["IpPermissions.1.IpRanges.2.CidrIp"] = "10.0.0.0/8",
            ["IpPermissions.1.IpRanges.2.Description"] = "kontena installation-1/pool-uid",
            ["IpPermissions.1.Ipv6Ranges.1.CidrIpv6"] = "::/0",
            ["IpPermissions.1.Ipv6Ranges.1.Description"] = "kontena installation-1/pool-uid",
            ["IpPermissions.2.IpProtocol"] = "tcp",
            ["IpPermissions.2.FromPort"] = "6783",
            ["IpPermissions.2.ToPort"] = "6784",
            ["IpPermissions.2.Groups.1.GroupId"] = group.Id,
            ["IpPermissions.2.Groups.1.Description"] = "kontena installation-1/pool-uid",
        }));
        Assert.That(Wired.Writes, Is.EqualTo(2), "the group and its rules");
    }

    [TestCase(1, 2)]
    [TestCase(2, 4)]
    public async Task Open_WhatIsShownIsOld_DuplicatesAreSuccess(int staleReads, int calls)
    {
        var group = await EnsureAsync(Pool);
        await Cloud.Open().OpenAsync(group.Id, Pool, [Http], Ct);
        var before = Wired.Writes;
        for (var i = 0; i < staleReads; i++) Wired.Groups.OldRules.Enqueue(new Dictionary<string, string?>());
        await Cloud.Open().OpenAsync(group.Id, Pool, [Http, Tcp(443, "0.0.0.0/0")], Ct);
        Assert.That((await RulesAsync(group.Id)).Select(r => (r.Rule, r.IsOurs)), Is.EquivalentTo(new[] { (Http, true), (Tcp(443, "0.0.0.0/0"), true) }));
        Assert.That(Wired.Writes - before, Is.EqualTo(calls));
    }

    [TestCase(false, 1, 2)]
    [TestCase(false, 2, 4)]
    [TestCase(true, 1, 1)]
    public async Task Close_WhatIsShownIsOld_GoneIsSuccess(bool isDefaultVpc, int staleReads, int calls)
    {
        var group = await EnsureAsync(Pool);
        await Cloud.Open().OpenAsync(group.Id, Pool, [Http, Tcp(443, "0.0.0.0/0")], Ct);
        var before = Wired.Writes;
        Wired.Groups.IsDefaultVpc = isDefaultVpc;
        for (var i = 0; i < staleReads; i++) Wired.Groups.OldRules.Enqueue(Wired.Groups[group.Id].Rules.ToDictionary());
        Assert.That(Wired.Groups[group.Id].Rules.Remove("tcp 80 80 0.0.0.0/0"), Is.True);
        await Cloud.Open().CloseAsync(group.Id, Pool, [Http, Tcp(443, "0.0.0.0/0")], Ct);
        Assert.That(Wired.Groups[group.Id].Rules, Is.Empty);
        Assert.That(Wired.Writes - before, Is.EqualTo(calls));
    }

    [Test]
    public async Task Open_TooMany_QuotaReachedSaysHowManyAndNothingWasOpened()
    {
        Wired.Groups.MostRules = 3;
        var group = await EnsureAsync(Pool);
        await Cloud.Open().OpenAsync(group.Id, Pool, [Http], Ct);
        var fault = Assert.ThrowsAsync<DriverException>(() => Cloud.Open().OpenAsync(group.Id, Pool, [Http, Tcp(1, "10.0.0.0/8"), Tcp(2, "10.0.0.0/8"), Tcp(3, "10.0.0.0/8")], Ct));
        Assert.That((fault.Fault, fault.Code, fault.OutcomeUnknown), Is.EqualTo((DriverFault.QuotaReached, "RulesPerSecurityGroupLimitExceeded", false)));
        Assert.That(fault.Message, Does.Contain("3 more are needed"));
        Assert.That(await RulesAsync(group.Id), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task OpenAndAttach_FreshGroupNotShownYet_FaultsThatPass()
    {
        var group = await EnsureAsync(Pool);
        Wired.Groups.BlindReads = 1;
        Assert.That(Assert.ThrowsAsync<DriverException>(() => Cloud.Open().OpenAsync(group.Id, Pool, [Http], Ct)).Fault, Is.EqualTo(DriverFault.Unavailable));
        var machine = Cloud.AddMachine(Requests.Installation, Cloud.AddForeign("somebody's"));
        Assert.That(Assert.ThrowsAsync<DriverException>(() => Cloud.Open().AttachAsync(machine, Requests.Installation, [Cloud.UnknownId], Ct)).Fault, Is.EqualTo(DriverFault.Unavailable));
        Assert.That(Cloud.Attached(machine), Has.Count.EqualTo(1));
    }

    [Test]
    public void Attach_MachineThatShowsNoGroups_TakesNothingAway()
    {
        var machine = Cloud.AddMachine(Requests.Installation);
        var fault = Assert.ThrowsAsync<DriverException>(() => Cloud.Open().AttachAsync(machine, Requests.Installation, [Cloud.UnknownId], Ct));
        Assert.That((fault.Fault, Wired.Writes), Is.EqualTo((DriverFault.Unavailable, 0)));
    }

    [Test]
    public async Task Attach_EndedMachine_NothingToDo()
    {
        var machine = Cloud.AddMachine(Requests.Installation, Cloud.UnknownId);
        Cloud.End(machine);
        await Cloud.Open().AttachAsync(machine, Requests.Installation, ["sg-0eeeeeeeeeeeeeee0"], Ct);
        Assert.That(Wired.Writes, Is.Zero);
    }

    [Test]
    public async Task Attach_MachineThatIsNotShown_IsAFaultThatPasses()
    {
        var fault = await FaultAsync(Cloud.Open().AttachAsync("aws:///eu-west-1a/i-0123456789abcdef0", Requests.Installation, ["sg-1"], Ct));
        Assert.That(fault.Fault, Is.EqualTo(DriverFault.Unavailable));
    }

    [Test]
    public void Attach_IdOfAnotherRegion_BadSettingsAndNotAsked()
    {
        var fault = Assert.ThrowsAsync<DriverException>(() => Cloud.Open().AttachAsync("aws:///us-east-1a/i-0123456789abcdef0", Requests.Installation, ["sg-1"], Ct));
        Assert.That((fault.Fault, Wired.Count("DescribeInstances")), Is.EqualTo((DriverFault.BadSettings, 0)));
    }

    [Test]
    public async Task Read_ManyIds_AFilterTakesTwoHundred()
    {
        var ids = Enumerable.Range(0, 450).Select(n => $"sg-{n:x17}").ToList();
        await Cloud.Open().ReadAsync(ids, Ct);
        Assert.That(Wired.Count("DescribeSecurityGroups"), Is.EqualTo(3));
    }

    [Test]
    public async Task Read_SecondReadBroken_IsAFaultAndNoShorterList()
    {
        var ids = Enumerable.Range(0, 201).Select(n => $"sg-{n:x17}").ToList();
        Cloud.BreakReads(Breakage.ServerError, nth: 2);
        var fault = await FaultAsync(Cloud.Open().ReadAsync(ids, Ct));
        Assert.That(fault.Fault, Is.EqualTo(DriverFault.Unavailable));
    }

    [Test]
    public async Task AnyChange_LeadershipLostDuringTheRead_IsNotSent()
    {
        var group = await EnsureAsync(Pool);
        await Cloud.Open().OpenAsync(group.Id, Pool, [Http], Ct);
        var machine = Cloud.AddMachine(Requests.Installation, Cloud.AddForeign("somebody's"));
        var before = Wired.Writes;
        foreach (var call in (Func<IFirewallDriver, Task>[])
            [
                d => d.EnsureAsync(Request(Pool), Ct), d => d.OpenAsync(group.Id, Pool, [overlay], Ct), d => d.CloseAsync(group.Id, Pool, [Http], Ct),
                d => d.AttachAsync(machine, Requests.Installation, [group.Id], Ct), d => d.DeleteAsync(group.Id, Pool, Ct),
            ])
        {
            var fault = Assert.ThrowsAsync<DriverException>(() => call(Wired.OpenDriver(new WriteFence(() => false)).Firewalls!));
            Assert.That((fault.Fault, fault.Code, fault.OutcomeUnknown), Is.EqualTo((DriverFault.Unavailable, WriteFence.Code, false)));
        }
        Assert.That(Wired.Writes, Is.EqualTo(before));
    }

    [Test]
    public async Task Networks_AskedOften_SubnetsAreReadOnce()
    {
        var driver = Wired.OpenDriver();
        for (var i = 0; i < 5; i++) await driver.Firewalls!.NetworksAsync(Cloud.Settings, Ct);
        await driver.Firewalls!.NetworksAsync(Wired.Aws with { Zones = ["a", "eu-west-1a"] }, Ct);
        Assert.That(Wired.Count("DescribeSubnets"), Is.EqualTo(1));
    }

    [Test]
    public async Task Networks_SubnetThatIsNot_BadSettings()
    {
        var fault = await FaultAsync(Cloud.Open().NetworksAsync(Wired.Aws with { Subnets = ["subnet-0fffffff"] }, Ct));
        Assert.That(fault.Fault, Is.EqualTo(DriverFault.BadSettings));
    }
}
