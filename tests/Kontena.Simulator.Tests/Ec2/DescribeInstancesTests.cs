using Kontena.Simulator.Ec2;

namespace Kontena.Simulator.Tests.Ec2;

public sealed class DescribeInstancesTests
{
    private static readonly Ec2Options Unthrottled = new() { Throttling = false };

    [TestCase("tag:pool", "web", "web")]
    [TestCase("tag:pool", "w?b", "web")]
    [TestCase("tag:pool", "*", "web", "db")]
    [TestCase("tag:pool", "w\\*", new string[0])]
    [TestCase("tag-key", "po*", "web", "db")]
    [TestCase("client-token", "token-web", "web")]
    [TestCase("availability-zone", "eu-west-1b", "db")]
    [TestCase("instance-type", "t3.*", "web", "db", "none")]
    [TestCase("instance-state-name", "pending", "web", "db", "none")]
    [TestCase("instance-state-name", "running", new string[0])]
    [TestCase("tag:pool", "WEB", new string[0])]
    public async Task Describe_Filter_GivesWhatFits(string filter, string value, params string[] names)
    {
        await using var ec2 = await Ec2Session.StartAsync(Unthrottled);
        var ids = await ThreeAsync(ec2);
        var answer = await ec2.CallAsync("DescribeInstances", "Filter.1.Name", filter, "Filter.1.Value.1", value);
        Assert.That(answer.All("instanceId").Select(id => ids.Single(i => i.Value == id).Key), Is.EqualTo(names));
    }

    [Test]
    public async Task Describe_SeveralFilters_AllMustHoldAndAnyValue()
    {
        await using var ec2 = await Ec2Session.StartAsync(Unthrottled);
        var ids = await ThreeAsync(ec2);
        var answer = await ec2.CallAsync("DescribeInstances", "Filter.1.Name", "tag:pool", "Filter.1.Value.1", "web", "Filter.1.Value.2", "db",
            "Filter.2.Name", "subnet-id", "Filter.2.Value.1", ec2.Cloud.SubnetId("eu-west-1b"));
        Assert.That(answer.All("instanceId"), Is.EqualTo(new[] { ids["db"] }));
    }

    [TestCase("400 InvalidParameterValue", "Filter.1.Name", "colour", "Filter.1.Value.1", "blue")]
    [TestCase("400 InvalidParameterValue", "Filter.1.Name", "instance-id")]
    [TestCase("400 InvalidParameterValue", "MaxResults", "4")]
    [TestCase("400 InvalidParameterValue", "MaxResults", "1001")]
    [TestCase("400 InvalidNextToken", "NextToken", "bm9uc2Vuc2U=")]
    [TestCase("400 InvalidNextToken", "NextToken", "??")]
    [TestCase("400 InvalidParameterCombination", "MaxResults", "5", "InstanceId.1", "i-0123456789abcdef0")]
    [TestCase("400 InvalidInstanceID.Malformed", "InstanceId.1", "i-xyz")]
    [TestCase("400 InvalidInstanceID.NotFound", "InstanceId.1", "i-0123456789abcdef0")]
    public async Task Describe_WrongQuestion_IsRefused(string outcome, params string[] parameters)
    {
        await using var ec2 = await Ec2Session.StartAsync();
        Assert.That((await ec2.CallAsync("DescribeInstances", parameters)).Outcome, Is.EqualTo(outcome));
    }

    [Test]
    public async Task Describe_Pages_GiveEachInstanceOnceAlsoWhileOthersCome()
    {
        await using var ec2 = await Ec2Session.StartAsync(Unthrottled);
        var launched = new List<string>();
        for (var i = 0; i < 12; i++) launched.Add(await ec2.LaunchAsync());

        var first = await ec2.CallAsync("DescribeInstances", "MaxResults", "5");
        var late = await ec2.LaunchAsync();
        var second = await ec2.CallAsync("DescribeInstances", "MaxResults", "5", "NextToken", first.Text("nextToken"));
        var third = await ec2.CallAsync("DescribeInstances", "MaxResults", "5", "NextToken", second.Text("nextToken"));

        Assert.That(first.All("instanceId").Concat(second.All("instanceId")).Concat(third.All("instanceId")), Is.EqualTo(launched.Append(late)));
        Assert.That(third.All("nextToken"), Is.Empty);
    }

    [Test]
    public async Task Describe_TokenWithOtherFilters_IsRefused()
    {
        await using var ec2 = await Ec2Session.StartAsync(Unthrottled);
        for (var i = 0; i < 6; i++) await ec2.LaunchAsync();
        var first = await ec2.CallAsync("DescribeInstances", "MaxResults", "5");
        var other = await ec2.CallAsync("DescribeInstances", "MaxResults", "5", "NextToken", first.Text("nextToken"),
            "Filter.1.Name", "instance-state-name", "Filter.1.Value.1", "pending");
        Assert.That(other.Outcome, Is.EqualTo("400 InvalidNextToken"));
    }

    [Test]
    public async Task Describe_FreshInstance_IsInvisibleForAWhile()
    {
        await using var ec2 = await Ec2Session.StartAsync(new() { InvisibleFor = TimeSpan.FromSeconds(3) });
        var id = await ec2.LaunchAsync("ClientToken", "t");
        Assert.That((await ec2.CallAsync("DescribeInstances", "InstanceId.1", id)).Outcome, Is.EqualTo("400 InvalidInstanceID.NotFound"));
        Assert.That((await ec2.CallAsync("DescribeInstances", "Filter.1.Name", "client-token", "Filter.1.Value.1", "t")).All("instanceId"), Is.Empty);
        Assert.That(await ec2.LaunchAsync("ClientToken", "t"), Is.EqualTo(id), "the token knows it all the same");
        Assert.That(ec2.Cloud.Instances, Has.Count.EqualTo(1), "and so does the test");
        ec2.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.That((await ec2.CallAsync("DescribeInstances", "InstanceId.1", id)).Text("instanceId"), Is.EqualTo(id));
    }

    [Test]
    public async Task Describe_TenThousandInstances_AreListedWholeInPagesOfAThousand()
    {
        await using var ec2 = await Ec2Session.StartAsync(Unthrottled);
        for (var i = 0; i < 10; i++)
            await ec2.CallAsync("RunInstances", "ImageId", ec2.Flatcar, "InstanceType", "t3.small", "MinCount", "1000", "MaxCount", "1000");
        var seen = new HashSet<string>();
        var pages = 0;
        string[] next = [];
        do
        {
            // No MaxResults: a listing of more than a thousand is cut all the same.
            var page = await ec2.CallAsync("DescribeInstances", next);
            seen.UnionWith(page.All("instanceId"));
            next = page.All("nextToken") is [var token] ? ["NextToken", token] : [];
            pages++;
        }
        while (next.Length > 0);
        Assert.That((seen.Count, pages), Is.EqualTo((10_000, 10)));
    }

    private static async Task<Dictionary<string, string>> ThreeAsync(Ec2Session ec2)
    {
        string[] pool(string name) => ["TagSpecification.1.ResourceType", "instance", "TagSpecification.1.Tag.1.Key", "pool", "TagSpecification.1.Tag.1.Value", name];
        return new()
        {
            ["web"] = await ec2.LaunchAsync([.. pool("web"), "ClientToken", "token-web", "Placement.AvailabilityZone", "eu-west-1a"]),
            ["db"] = await ec2.LaunchAsync([.. pool("db"), "Placement.AvailabilityZone", "eu-west-1b"]),
            ["none"] = await ec2.LaunchAsync("Placement.AvailabilityZone", "eu-west-1c"),
        };
    }
}
