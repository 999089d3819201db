using Kontena.Simulator.Ec2;

namespace Kontena.Simulator.Tests.Ec2;

/// <summary>Groups at launches and at instances, and VPCs.</summary>
public sealed class AttachmentTests
{
    [Test]
    public async Task Run_WithGroups_ShowsThemAtInstanceAndInterface()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var (web, members) = (await ec2.GroupAsync("web"), await ec2.GroupAsync("members"));
        var byId = await ec2.LaunchAsync("SecurityGroupId.1", web, "SecurityGroupId.2", members);
        var atInterface = await ec2.LaunchAsync("NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.1.SecurityGroupId.1", members);
        var byName = await ec2.LaunchAsync("SecurityGroup.1", "web");
        var byDefault = await ec2.LaunchAsync();
        var listed = await ec2.CallAsync("DescribeInstances", "InstanceId.1", byId);
        Assert.That(listed.All("groupName").Where(n => n.Length > 0), Is.EqualTo(new[] { "web", "members", "web", "members" }), "instance, then interface");
        Assert.That(new[] { byId, atInterface, byName, byDefault }.Select(i => string.Join(' ', ec2.Cloud.Find(i)!.GroupIds)),
            Is.EqualTo(new[] { $"{web} {members}", members, web, ec2.Cloud.Vpcs("eu-west-1")[0].DefaultGroupId }));
        var found = await ec2.CallAsync("DescribeInstances", "Filter.1.Name", "instance.group-id", "Filter.1.Value.1", members);
        Assert.That(found.All("instanceId"), Is.EqualTo(new[] { byId, atInterface }));
    }

    [Test]
    public async Task Run_WithMoreGroupsThanAnInterfaceMayHave_IsRefused()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var groups = new List<string>();
        for (var i = 0; i < 6; i++) groups.Add(await ec2.GroupAsync($"g{i}"));
        string[] All(int count) => [.. groups.Take(count).SelectMany((id, index) => new[] { $"SecurityGroupId.{index + 1}", id })];
        Assert.That((await ec2.RunAsync(All(6))).Outcome, Is.EqualTo("400 SecurityGroupsPerInterfaceLimitExceeded"));
        var instance = await ec2.LaunchAsync(All(5));
        Assert.That((await ec2.CallAsync("ModifyInstanceAttribute", ["InstanceId", instance, .. groups.SelectMany((id, index) => new[] { $"GroupId.{index + 1}", id })])).Outcome,
            Is.EqualTo("400 SecurityGroupsPerInterfaceLimitExceeded"));
    }

    [Test]
    public async Task Run_GroupOfAnotherVpcThanTheSubnets_IsRefused()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var vpc = ec2.Cloud.AddVpc(new ExtraVpc());
        var there = await ec2.GroupAsync("there", "VpcId", vpc.Id);
        Assert.That((await ec2.RunAsync("SecurityGroupId.1", there)).Outcome, Is.EqualTo("400 InvalidParameter"));
        Assert.That((await ec2.RunAsync("SubnetId", ec2.Cloud.SubnetId("eu-west-1a"), "SecurityGroupId.1", there)).Outcome, Is.EqualTo("400 InvalidParameter"));
        Assert.That((await ec2.RunAsync("SubnetId", vpc.Subnets["eu-west-1a"], "SecurityGroupId.1", there)).Outcome, Is.EqualTo("200"));
        Assert.That((await ec2.RunAsync("SubnetId", vpc.Subnets["eu-west-1a"], "SecurityGroup.1", "default")).Outcome, Is.EqualTo("400 InvalidParameterCombination"));
    }

    [Test]
    public async Task Run_SameTokenOtherGroups_IsAMismatch()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var (web, members) = (await ec2.GroupAsync("web"), await ec2.GroupAsync("members"));
        var first = await ec2.LaunchAsync("ClientToken", "t", "SecurityGroupId.1", web);
        Assert.That(await ec2.LaunchAsync("ClientToken", "t", "SecurityGroupId.1", web), Is.EqualTo(first));
        Assert.That((await ec2.RunAsync("ClientToken", "t", "SecurityGroupId.1", web, "SecurityGroupId.2", members)).Outcome, Is.EqualTo("400 IdempotentParameterMismatch"));
        Assert.That((await ec2.RunAsync("ClientToken", "t")).Outcome, Is.EqualTo("400 IdempotentParameterMismatch"));
    }

    [Test]
    public async Task Modify_ByInstanceOrInterface_ReplacesAllGroups()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var (web, members) = (await ec2.GroupAsync("web"), await ec2.GroupAsync("members"));
        var elsewhere = await ec2.GroupAsync("there", "VpcId", ec2.Cloud.AddVpc(new ExtraVpc()).Id);
        var instance = await ec2.LaunchAsync("SecurityGroupId.1", web);
        await ec2.CallAsync("ModifyInstanceAttribute", "InstanceId", instance, "GroupId.1", members);
        Assert.That(ec2.Cloud.Find(instance)!.GroupIds, Is.EqualTo(new[] { members }));
        var eni = (await ec2.CallAsync("DescribeInstances", "InstanceId.1", instance)).Text("networkInterfaceId");
        await ec2.CallAsync("ModifyNetworkInterfaceAttribute", "NetworkInterfaceId", eni, "SecurityGroupId.1", web, "SecurityGroupId.2", members);
        Assert.That(ec2.Cloud.Find(instance)!.GroupIds, Is.EqualTo(new[] { web, members }));
        Assert.That(ec2.Cloud.Find(instance)!.LaunchGroupIds, Is.EqualTo(new[] { web }), "how it was launched stays");
        Assert.That((await ec2.CallAsync("ModifyInstanceAttribute", "InstanceId", instance)).Outcome, Is.EqualTo("400 InvalidParameterCombination"));
        Assert.That((await ec2.CallAsync("ModifyInstanceAttribute", "InstanceId", instance, "GroupId.1", elsewhere)).Outcome, Is.EqualTo("400 InvalidGroup.NotFound"));
        Assert.That((await ec2.CallAsync("ModifyNetworkInterfaceAttribute", "NetworkInterfaceId", "eni-0123456789abcdef0", "SecurityGroupId.1", web)).Outcome,
            Is.EqualTo("400 InvalidNetworkInterfaceID.NotFound"));
        await ec2.CallAsync("TerminateInstances", "InstanceId.1", instance);
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That((await ec2.CallAsync("ModifyInstanceAttribute", "InstanceId", instance, "GroupId.1", web)).Outcome, Is.EqualTo("400 IncorrectInstanceState"));
    }

    [Test]
    public async Task Vpc_Added_HasSubnetsAddressesAndADefaultGroupOfItsOwn()
    {
        await using var ec2 = await Ec2Session.StartAsync(new() { Vpcs = [new ExtraVpc { Cidr = "10.7.0.0/16" }] });
        var vpc = ec2.Cloud.Vpcs("eu-west-1")[1];
        var run = await ec2.RunAsync("SubnetId", vpc.Subnets["eu-west-1b"]);
        var described = await ec2.CallAsync("DescribeVpcs", "Filter.1.Name", "is-default", "Filter.1.Value.1", "false");
        Assert.That((described.Text("vpcId"), described.Text("cidrBlock")), Is.EqualTo((vpc.Id, "10.7.0.0/16")));
        Assert.That((run.Text("vpcId"), run.Text("privateIpAddress"), run.Text("availabilityZone")), Is.EqualTo((vpc.Id, "10.7.16.4", "eu-west-1b")));
        Assert.That(ec2.Cloud.Find(run.Text("instanceId"))!.PublicAddress, Is.Null, "as EC2's own subnets have it");
        Assert.That(ec2.Cloud.Find(run.Text("instanceId"))!.GroupIds, Is.EqualTo(new[] { vpc.DefaultGroupId }));
        var subnets = await ec2.CallAsync("DescribeSubnets", "Filter.1.Name", "vpc-id", "Filter.1.Value.1", vpc.Id);
        Assert.That(subnets.All("defaultForAz"), Is.EqualTo(new[] { "false", "false", "false" }));
        Assert.That((await ec2.CallAsync("DescribeAvailabilityZones")).All("zoneName"), Has.Count.EqualTo(3));
        Assert.That((await ec2.RunAsync("SubnetId", vpc.Subnets["eu-west-1b"], "Placement.AvailabilityZone", "eu-west-1a")).Outcome, Is.EqualTo("400 InvalidParameterValue"));
        Assert.That(() => ec2.Cloud.AddVpc(new ExtraVpc { Cidr = "10.0.0.0/20" }), Throws.ArgumentException);
    }

    [Test]
    public async Task Launches_WithoutSubnet_StayInTheDefaultVpc()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        ec2.Cloud.AddVpc(new ExtraVpc());
        for (var i = 0; i < 7; i++) await ec2.RunAsync();
        Assert.That(ec2.Cloud.Instances.Select(i => i.VpcId).Distinct(), Is.EqualTo(new[] { ec2.Cloud.Vpcs("eu-west-1")[0].Id }));
    }
}
