namespace Kontena.Simulator.Tests.Ec2;

/// <summary>What a driver looks up before it launches, and tags afterwards.</summary>
public sealed class SurroundingsTests
{
    [Test]
    public async Task DescribeImages_ByOwnerNameAndArchitecture_GivesTheBuilds()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var answer = await ec2.CallAsync("DescribeImages", "Owner.1", "099720109477", "Filter.1.Name", "name", "Filter.1.Value.1", "ubuntu/images/hvm-ssd*/ubuntu-*-amd64-server-*",
            "Filter.2.Name", "architecture", "Filter.2.Value.1", "x86_64");
        Assert.That(answer.All("creationDate"), Is.EquivalentTo(new[] { "2025-06-08T12:00:00.000Z", "2025-09-08T12:00:00.000Z" }));
        Assert.That(answer.All("rootDeviceName"), Is.All.EqualTo("/dev/sda1"));
        Assert.That((await ec2.CallAsync("DescribeImages", "Owner.1", "self")).All("imageId"), Is.Empty);
        Assert.That((await ec2.CallAsync("DescribeImages", "ImageId.1", "ami-0123456789abcdef0")).Outcome, Is.EqualTo("400 InvalidAMIID.NotFound"));
    }

    [Test]
    public async Task DescribeSubnets_OfAZone_CountsItsFreeAddresses()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        await ec2.RunAsync("Placement.AvailabilityZone", "eu-west-1a");
        var answer = await ec2.CallAsync("DescribeSubnets", "Filter.1.Name", "availability-zone", "Filter.1.Value.1", "eu-west-1a");
        Assert.That(answer.Text("subnetId"), Is.EqualTo(ec2.Cloud.SubnetId("eu-west-1a")));
        Assert.That(answer.Text("availableIpAddressCount"), Is.EqualTo("4090"), "a /20 less AWS's five and the one taken");
        Assert.That(answer.Text("availabilityZoneId"), Is.EqualTo("euw1-az1"));
        Assert.That((await ec2.CallAsync("DescribeSubnets", "SubnetId.1", "subnet-0123456789abcdef0")).Outcome, Is.EqualTo("400 InvalidSubnetID.NotFound"));
    }

    [Test]
    public async Task DescribeInstanceTypes_Filtered_GivesThatArchitecture()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var answer = await ec2.CallAsync("DescribeInstanceTypes", "Filter.1.Name", "instance-type", "Filter.1.Value.1", "*.small",
            "Filter.2.Name", "processor-info.supported-architecture", "Filter.2.Value.1", "arm64");
        Assert.That(answer.All("instanceType"), Is.EqualTo(new[] { "t4g.small" }));
        Assert.That(answer.Text("defaultVCpus"), Is.EqualTo("2"));
        Assert.That(answer.Text("sizeInMiB"), Is.EqualTo("2048"));
        Assert.That((await ec2.CallAsync("DescribeInstanceTypes", "InstanceType.1", "t9.huge")).Outcome, Is.EqualTo("400 InvalidInstanceType"));
    }

    [Test]
    public async Task DescribeAvailabilityZones_OfEachRegion_GivesItsOwn()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        ec2.Region = "us-east-1";
        Assert.That((await ec2.CallAsync("DescribeAvailabilityZones")).All("zoneName"), Is.EqualTo(new[] { "us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d" }));
        Assert.That((await ec2.CallAsync("DescribeAvailabilityZones", "ZoneName.1", "eu-west-1a")).Outcome, Is.EqualTo("400 InvalidParameterValue"));
    }

    [Test]
    public async Task Groups_AndKeys_ThatAreNotThere_AreNotFound()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        Assert.That((await ec2.CallAsync("DescribeSecurityGroups", "GroupName.1", "web")).Outcome, Is.EqualTo("400 InvalidGroup.NotFound"));
        Assert.That((await ec2.CallAsync("DescribeSecurityGroups", "Filter.1.Name", "group-name", "Filter.1.Value.1", "web")).All("groupId"), Is.Empty);
        Assert.That((await ec2.CallAsync("DescribeKeyPairs", "KeyName.1", "nobody")).Outcome, Is.EqualTo("400 InvalidKeyPair.NotFound"));
        var group = (await ec2.CallAsync("DescribeSecurityGroups")).Text("groupId");
        Assert.That((await ec2.RunAsync("SecurityGroupId.1", group)).Outcome, Is.EqualTo("200"));
    }

    [Test]
    public async Task Tags_CreatedAndDeleted_ShowOnTheInstance()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.LaunchAsync();
        await ec2.CallAsync("CreateTags", "ResourceId.1", id, "Tag.1.Key", "a", "Tag.1.Value", "1", "Tag.2.Key", "b", "Tag.2.Value", "2");
        await ec2.CallAsync("CreateTags", "ResourceId.1", id, "Tag.1.Key", "a", "Tag.1.Value", "3");
        await ec2.CallAsync("DeleteTags", "ResourceId.1", id, "Tag.1.Key", "b", "Tag.1.Value", "other");
        Assert.That(ec2.Cloud.Find(id)?.Tags, Is.EqualTo(new Dictionary<string, string> { ["a"] = "3", ["b"] = "2" }));
        await ec2.CallAsync("DeleteTags", "ResourceId.1", id, "Tag.1.Key", "b");
        var tags = await ec2.CallAsync("DescribeTags", "Filter.1.Name", "resource-id", "Filter.1.Value.1", id);
        Assert.That(tags.All("key").Zip(tags.All("value")), Is.EqualTo(new[] { ("a", "3") }));
        Assert.That((await ec2.CallAsync("CreateTags", "ResourceId.1", "i-0123456789abcdef0", "Tag.1.Key", "a")).Outcome, Is.EqualTo("400 InvalidInstanceID.NotFound"));
        Assert.That((await ec2.CallAsync("CreateTags", "ResourceId.1", id, "Tag.1.Key", "AWS:a")).Outcome, Is.EqualTo("400 InvalidParameterValue"));
    }

    [Test]
    public async Task Tags_OfAnyCharacters_ComeBackAsTheyWere()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        const string value = "<a&b> \"ü\" 🚢 +%2B=";
        await ec2.CallAsync("CreateTags", "ResourceId.1", await ec2.LaunchAsync(), "Tag.1.Key", "k", "Tag.1.Value", value);
        Assert.That((await ec2.CallAsync("DescribeTags", "Filter.1.Name", "value", "Filter.1.Value.1", value)).Text("value"), Is.EqualTo(value));
        var control = await ec2.CallAsync("DescribeInstances", "InstanceId.1", "a\u0001b");
        Assert.That(control.Text("Message"), Does.Contain("a\uFFFDb"));
    }
}
