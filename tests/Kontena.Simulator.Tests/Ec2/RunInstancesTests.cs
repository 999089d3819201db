using System.Text;
using Kontena.Simulator.Ec2;

namespace Kontena.Simulator.Tests.Ec2;

public sealed class RunInstancesTests
{
    private static readonly string LongToken = new('t', 65);

    [Test]
    public async Task Run_AllThatADriverSends_IsKeptAndAnswered()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var answer = await ec2.RunAsync("ClientToken", "t-1", "KeyName", "kontena", "UserData", Convert.ToBase64String("#cloud-config"u8),
            "NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.1.SubnetId", ec2.Cloud.SubnetId("eu-west-1b"), "NetworkInterface.1.AssociatePublicIpAddress", "true",
            "MetadataOptions.HttpTokens", "required", "MetadataOptions.HttpPutResponseHopLimit", "2",
            "BlockDeviceMapping.1.DeviceName", "/dev/xvda", "BlockDeviceMapping.1.Ebs.VolumeSize", "30", "BlockDeviceMapping.1.Ebs.VolumeType", "gp3", "BlockDeviceMapping.1.Ebs.Encrypted", "true",
            "TagSpecification.1.ResourceType", "instance", "TagSpecification.1.Tag.1.Key", "kontena-node", "TagSpecification.1.Tag.1.Value", "n1",
            "TagSpecification.2.ResourceType", "volume", "TagSpecification.2.Tag.1.Key", "kontena-pool", "TagSpecification.2.Tag.1.Value", "p1");

        Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Text("clientToken"), Is.EqualTo("t-1"));
            Assert.That(answer.Text("keyName"), Is.EqualTo("kontena"));
            Assert.That(answer.Text("availabilityZone"), Is.EqualTo("eu-west-1b"));
            Assert.That(answer.Text("httpTokens"), Is.EqualTo("required"));
            Assert.That(answer.Text("httpPutResponseHopLimit"), Is.EqualTo("2"));
            Assert.That(answer.Text("rootDeviceName"), Is.EqualTo("/dev/xvda"));
            Assert.That(answer.All("deviceName"), Is.EqualTo(new[] { "/dev/xvda" }));
            Assert.That(answer.Text("launchTime"), Is.EqualTo("2026-01-01T00:00:00.000Z"));
            Assert.That(answer.Text("privateIpAddress"), Is.EqualTo("172.31.16.4"));
            Assert.That(answer.All("ipAddress"), Is.Empty, "the public address comes with running");
        });
        var instance = ec2.Cloud.LivingInstances("kontena-node", "n1").Single();
        Assert.That(instance.State, Is.EqualTo(InstanceState.Pending));
        Assert.That(Encoding.UTF8.GetString(ec2.Cloud.UserData(instance.Id)!.Value.Span), Is.EqualTo("#cloud-config"));
        var volumeTags = await ec2.CallAsync("DescribeTags", "Filter.1.Name", "resource-type", "Filter.1.Value.1", "volume");
        Assert.That(volumeTags.All("key"), Is.EqualTo(new[] { "kontena-pool" }));
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case("400 MissingParameter", "ImageId", null);
        yield return Case("400 MissingParameter", "MinCount", null);
        yield return Case("400 InvalidParameterValue", "MinCount", "0");
        yield return Case("400 InvalidParameterValue", "MinCount", "2");
        yield return Case("400 InvalidParameterValue", "MaxCount", "many");
        yield return Case("400 InvalidAMIID.NotFound", "ImageId", "ami-0123456789abcdef0");
        yield return Case("400 InvalidAMIID.Malformed", "ImageId", "flatcar");
        yield return Case("400 InvalidParameterValue", "InstanceType", "t9.huge");
        yield return Case("400 InvalidParameterValue", "InstanceType", "t4g.small");
        yield return Case("400 InvalidSubnetID.NotFound", "SubnetId", "subnet-0123456789abcdef0");
        yield return Case("400 InvalidSubnetID.Malformed", "SubnetId", "subnet-1");
        yield return Case("400 InvalidGroup.NotFound", "SecurityGroupId.1", "sg-0123456789abcdef0");
        yield return Case("400 InvalidGroup.NotFound", "SecurityGroup.1", "web");
        yield return Case("400 InvalidKeyPair.NotFound", "KeyName", "nobody");
        yield return Case("400 InvalidUserData.Malformed", "UserData", "not base64!");
        yield return Case("400 InvalidParameterValue", "UserData", Convert.ToBase64String(new byte[16385]));
        yield return Case("400 InvalidParameterValue", "Placement.AvailabilityZone", "eu-west-1z");
        yield return Case("400 InvalidParameterValue", "ClientToken", LongToken);
        yield return Case("400 InvalidParameterValue", "MetadataOptions.HttpTokens", "maybe");
        yield return Case("400 InvalidParameterValue", "MetadataOptions.HttpPutResponseHopLimit", "65");
        yield return Case("400 InvalidParameterValue", "EbsOptimized", "yes");
        yield return Case("400 InvalidParameterValue", "InstanceMarketOptions.MarketType", "auction");
        yield return Case("400 InvalidParameterValue", "IamInstanceProfile.Name", "nobody");
        yield return Case("400 UnknownParameter", "Colour", "blue");
        yield return Case("400 UnknownParameter", "TagSpecification.x.ResourceType", "instance");
        yield return Case("400 UnknownParameter", "TagSpecification.0.ResourceType", "instance");
        yield return Case("412 DryRunOperation", "DryRun", "true");
    }

    [TestCaseSource(nameof(Refused))]
    public async Task Run_WrongParameter_IsRefusedAndNothingIsLaunched(string outcome, string key, string? value)
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var parameters = new Dictionary<string, string> { ["ImageId"] = ec2.Flatcar, ["InstanceType"] = "t3.small", ["MinCount"] = "1", ["MaxCount"] = "1" };
        if (value is null) parameters.Remove(key);
        else parameters[key] = value;

        var answer = await ec2.CallAsync("RunInstances", [.. parameters.SelectMany(p => new[] { p.Key, p.Value })]);

        Assert.That(answer.Outcome, Is.EqualTo(outcome), answer.Body);
        Assert.That(answer.Text("RequestID"), Is.Not.Empty);
        Assert.That(ec2.Cloud.Instances, Is.Empty);
    }

    [TestCase("400 InvalidParameterCombination", "SubnetId", "S", "NetworkInterface.1.DeviceIndex", "0")]
    [TestCase("400 InvalidParameterCombination", "SecurityGroup.1", "default", "NetworkInterface.1.DeviceIndex", "0")]
    [TestCase("400 MissingParameter", "NetworkInterface.1.SubnetId", "S")]
    [TestCase("400 InvalidParameterValue", "SubnetId", "S", "Placement.AvailabilityZone", "eu-west-1b")]
    [TestCase("400 InvalidBlockDeviceMapping", "BlockDeviceMapping.1.DeviceName", "/dev/xvda", "BlockDeviceMapping.1.Ebs.VolumeSize", "4")]
    [TestCase("400 MissingParameter", "BlockDeviceMapping.1.Ebs.VolumeSize", "40")]
    [TestCase("400 InvalidParameterValue", "BlockDeviceMapping.1.DeviceName", "/dev/xvda", "BlockDeviceMapping.1.Ebs.VolumeType", "floppy")]
    [TestCase("400 InvalidParameterValue", "TagSpecification.1.ResourceType", "instance", "TagSpecification.1.Tag.1.Key", "aws:mine")]
    [TestCase("400 InvalidParameterValue", "TagSpecification.1.ResourceType", "vpc", "TagSpecification.1.Tag.1.Key", "k")]
    [TestCase("400 UnsupportedOperation", "NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.2.DeviceIndex", "1")]
    public async Task Run_ParametersThatDoNotFit_IsRefused(string outcome, params string[] parameters)
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var answer = await ec2.RunAsync([.. parameters.Select(p => p == "S" ? ec2.Cloud.SubnetId("eu-west-1a") : p)]);
        Assert.That(answer.Outcome, Is.EqualTo(outcome), answer.Body);
    }

    [Test]
    public async Task Run_TagLimits_AreKept()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        Task<Ec2Answer> WithTags(params (string Key, string Value)[] tags) => ec2.RunAsync(["TagSpecification.1.ResourceType", "instance",
            .. tags.SelectMany((t, i) => new[] { $"TagSpecification.1.Tag.{i + 1}.Key", t.Key, $"TagSpecification.1.Tag.{i + 1}.Value", t.Value })]);
        (string, string)[] Many(int count) => [.. Enumerable.Range(0, count).Select(i => ($"k{i}", "v"))];

        Assert.That((await WithTags(Many(50))).Outcome, Is.EqualTo("200"));
        Assert.That((await WithTags(Many(51))).Outcome, Is.EqualTo("400 TagLimitExceeded"));
        Assert.That((await WithTags((new string('k', 128), new string('v', 256)))).Outcome, Is.EqualTo("200"));
        Assert.That((await WithTags((new string('k', 129), "v"))).Outcome, Is.EqualTo("400 InvalidParameterValue"));
        Assert.That((await WithTags(("k", new string('v', 257)))).Outcome, Is.EqualTo("400 InvalidParameterValue"));
    }

    [Test]
    public async Task Run_UserDataOfTheFullLength_IsTaken()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        Assert.That((await ec2.RunAsync("UserData", Convert.ToBase64String(new byte[16384]))).Outcome, Is.EqualTo("200"));
    }

    [Test]
    public async Task Run_WithoutZone_GoesRoundTheZones()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        for (var i = 0; i < 4; i++) await ec2.RunAsync();
        Assert.That(ec2.Cloud.Instances.Select(i => i.Zone), Is.EqualTo(new[] { "eu-west-1a", "eu-west-1b", "eu-west-1c", "eu-west-1a" }));
    }

    [Test]
    public async Task Run_ZoneIsFull_IsRefusedThereAndGoesElsewhereWhenUnnamed()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        ec2.Cloud.SetCapacity("eu-west-1a", "t3.small", 1);
        await ec2.RunAsync("Placement.AvailabilityZone", "eu-west-1a");

        var full = await ec2.RunAsync("Placement.AvailabilityZone", "eu-west-1a");
        var elsewhere = await ec2.RunAsync();

        Assert.That(full.Outcome, Is.EqualTo("500 InsufficientInstanceCapacity"));
        Assert.That(full.Text("Message"), Does.Contain("t3.small").And.Contain("eu-west-1a"));
        Assert.That(elsewhere.Text("availabilityZone"), Is.EqualTo("eu-west-1b"));
        Assert.That((await ec2.RunAsync("Placement.AvailabilityZone", "eu-west-1a", "InstanceType", "t3.medium")).Status, Is.EqualTo(400), "a key twice is refused");
        Assert.That(ec2.Cloud.Instances, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Run_CapacityBetweenLeastAndMost_LaunchesWhatFits()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        ec2.Cloud.SetCapacity("eu-west-1a", "t3.small", 3);
        var answer = await ec2.CallAsync("RunInstances", "ImageId", ec2.Flatcar, "InstanceType", "t3.small", "MinCount", "2", "MaxCount", "5",
            "Placement.AvailabilityZone", "eu-west-1a");
        Assert.That(answer.All("instanceId"), Has.Count.EqualTo(3));
        Assert.That(answer.All("amiLaunchIndex"), Is.EqualTo(new[] { "0", "1", "2" }));
        Assert.That(answer.All("reservationId"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Run_OverQuota_IsRefusedUntilAnInstanceHasTerminated()
    {
        await using var ec2 = await Ec2Session.StartAsync(new() { Quota = new() { Vcpus = 3, SpotInstances = 1 } });
        var first = await ec2.LaunchAsync();
        Assert.That((await ec2.RunAsync()).Outcome, Is.EqualTo("400 VcpuLimitExceeded"));
        Assert.That((await ec2.RunAsync("InstanceMarketOptions.MarketType", "spot")).Text("instanceLifecycle"), Is.EqualTo("spot"), "spot has a quota of its own");
        Assert.That((await ec2.RunAsync("InstanceMarketOptions.MarketType", "spot")).Outcome, Is.EqualTo("400 MaxSpotInstanceCountExceeded"));

        await ec2.CallAsync("TerminateInstances", "InstanceId.1", first);
        ec2.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.That((await ec2.RunAsync()).Outcome, Is.EqualTo("400 VcpuLimitExceeded"), "shutting down still counts");
        ec2.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await ec2.RunAsync()).Outcome, Is.EqualTo("200"));
    }

    [Test]
    public async Task Run_InstanceQuota_IsNamedApart()
    {
        await using var ec2 = await Ec2Session.StartAsync(new() { Quota = new() { Instances = 0 } });
        Assert.That((await ec2.RunAsync()).Outcome, Is.EqualTo("400 InstanceLimitExceeded"));
    }

    [Test]
    public async Task Run_WithoutPublicAddress_NeverGetsOne()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.LaunchAsync("NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.1.AssociatePublicIpAddress", "false");
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That((await ec2.CallAsync("DescribeInstances", "InstanceId.1", id)).All("ipAddress"), Is.Empty);
    }

    private static TestCaseData Case(string outcome, string key, string? value) =>
        new TestCaseData(outcome, key, value).SetArgDisplayNames(outcome, key, value?.Length > 30 ? "long" : value ?? "absent");
}
