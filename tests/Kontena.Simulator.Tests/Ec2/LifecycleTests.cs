using Kontena.Simulator.Ec2;

namespace Kontena.Simulator.Tests.Ec2;

public sealed class LifecycleTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public async Task Instance_FromLaunchToForgotten_PassesEveryStateInItsTime()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.LaunchAsync("KeyName", "kontena");
        async Task<string> StateAsync() => (await ec2.CallAsync("DescribeInstances", "InstanceId.1", id)) is { Status: 200 } a ? $"{a.Text("code")} {a.Text("name")}" : "unknown";

        Assert.That(await StateAsync(), Is.EqualTo("0 pending"));
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await StateAsync(), Is.EqualTo("16 running"));
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        await ec2.CallAsync("TerminateInstances", "InstanceId.1", id);
        Assert.That(await StateAsync(), Is.EqualTo("32 shutting-down"));
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await StateAsync(), Is.EqualTo("48 terminated"));
        ec2.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.That(await StateAsync(), Is.EqualTo("48 terminated"));
        ec2.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await ec2.CallAsync("DescribeInstances", "InstanceId.1", id)).Outcome, Is.EqualTo("400 InvalidInstanceID.NotFound"));

        var kept = ec2.Cloud.Find(id);
        Assert.That(kept?.Gone, Is.True);
        Assert.That(kept?.History.Select(c => (c.To, c.At)), Is.EqualTo(new[]
        {
            (InstanceState.Pending, Start), (InstanceState.Running, Start.AddSeconds(5)),
            (InstanceState.ShuttingDown, Start.AddSeconds(10)), (InstanceState.Terminated, Start.AddSeconds(15)),
        }));
    }

    [Test]
    public async Task Terminated_InDescribe_HasLostItsNetworkAndSaysWhy()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.LaunchAsync();
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        var running = await ec2.CallAsync("DescribeInstances", "InstanceId.1", id);
        Assert.That(running.Text("ipAddress"), Does.StartWith("198.18."));
        Assert.That(running.Text("dnsName"), Does.EndWith(".eu-west-1.compute.amazonaws.com"));
        Assert.That(running.All("subnetId"), Has.Count.EqualTo(2), "on the instance and on its interface");
        await ec2.CallAsync("TerminateInstances", "InstanceId.1", id);
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));

        var gone = await ec2.CallAsync("DescribeInstances", "InstanceId.1", id);

        Assert.That(gone.All("subnetId"), Is.Empty);
        Assert.That(gone.All("privateIpAddress"), Is.Empty);
        Assert.That(gone.Text("networkInterfaceSet"), Is.Empty);
        Assert.That(gone.All("code"), Does.Contain("Client.UserInitiatedShutdown"));
        Assert.That(gone.Text("reason"), Is.EqualTo("User initiated (2026-01-01 00:00:05 GMT)"));
    }

    [Test]
    public async Task Terminate_Twice_AnswersTheSecondToo()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.LaunchAsync();
        Assert.That((await ec2.CallAsync("TerminateInstances", "InstanceId.1", id)).All("name"), Is.EqualTo(new[] { "shutting-down", "pending" }));
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That((await ec2.CallAsync("TerminateInstances", "InstanceId.1", id)).All("name"), Is.EqualTo(new[] { "terminated", "terminated" }));
        Assert.That(ec2.Cloud.Find(id)?.History.Select(c => c.To), Is.EqualTo(new[] { InstanceState.Pending, InstanceState.ShuttingDown, InstanceState.Terminated }));
    }

    [Test]
    public async Task Terminate_OneUnknownInTheBatch_TerminatesNone()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.LaunchAsync();
        var answer = await ec2.CallAsync("TerminateInstances", "InstanceId.1", id, "InstanceId.2", "i-0123456789abcdef0");
        Assert.That(answer.Outcome, Is.EqualTo("400 InvalidInstanceID.NotFound"));
        Assert.That(answer.Text("Message"), Is.EqualTo("The instance ID 'i-0123456789abcdef0' does not exist"));
        Assert.That(ec2.Cloud.Find(id)?.Living, Is.True);
        Assert.That((await ec2.CallAsync("TerminateInstances", "InstanceId.1", id, "InstanceId.2", "x")).Outcome, Is.EqualTo("400 InvalidInstanceID.Malformed"));
        Assert.That((await ec2.CallAsync("TerminateInstances")).Outcome, Is.EqualTo("400 MissingParameter"));
    }

    [Test]
    public async Task Terminate_Protected_IsNotPermitted()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.LaunchAsync("DisableApiTermination", "true");
        Assert.That((await ec2.CallAsync("TerminateInstances", "InstanceId.1", id)).Outcome, Is.EqualTo("400 OperationNotPermitted"));
        Assert.That(ec2.Cloud.Find(id)?.Living, Is.True);
    }

    [Test]
    public async Task TerminateBehindTheBack_IsSeenByTheNextDescribe()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.LaunchAsync();
        ec2.Clock.Advance(TimeSpan.FromMinutes(1));
        ec2.Cloud.TerminateBehindTheBack(id, "Server.SpotInstanceTermination");
        var seen = await ec2.CallAsync("DescribeInstances", "InstanceId.1", id);
        Assert.That(seen.Text("name"), Is.EqualTo("shutting-down"));
        Assert.That(seen.All("code"), Does.Contain("Server.SpotInstanceTermination"));
        Assert.That(() => ec2.Cloud.TerminateBehindTheBack("i-0123456789abcdef0"), Throws.ArgumentException);
    }

    [Test]
    public async Task UserData_OfAnInstanceNoLongerListed_IsForgotten()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.LaunchAsync("UserData", Convert.ToBase64String(Canary.Bytes("user-data")));
        await ec2.CallAsync("TerminateInstances", "InstanceId.1", id);
        Assert.That(ec2.Cloud.UserData(id)?.Length, Is.EqualTo(Canary.Bytes("user-data").Length));
        ec2.Clock.Advance(TimeSpan.FromHours(2));
        Assert.That(ec2.Cloud.UserData(id), Is.Null);
    }

    [Test]
    public async Task LaunchForeign_CarriesTagsAndIsMarkedAsNotOurs()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var foreign = ec2.Cloud.LaunchForeign(new() { Zone = "eu-west-1c", Tags = new Dictionary<string, string> { ["kontena-node"] = "n1" } });
        Assert.That(foreign.ThroughApi, Is.False);
        Assert.That(foreign.Zone, Is.EqualTo("eu-west-1c"));
        var seen = await ec2.CallAsync("DescribeInstances", "Filter.1.Name", "tag:kontena-node", "Filter.1.Value.1", "n1");
        Assert.That(seen.Text("instanceId"), Is.EqualTo(foreign.Id));
    }

    [Test]
    public async Task MostLivingAtOnce_OneAfterTheOther_IsOneAndTogetherTwo()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        string[] tag(string value) => ["TagSpecification.1.ResourceType", "instance", "TagSpecification.1.Tag.1.Key", "node", "TagSpecification.1.Tag.1.Value", value];
        var first = await ec2.LaunchAsync(tag("a"));
        ec2.Clock.Advance(TimeSpan.FromSeconds(30));
        await ec2.CallAsync("TerminateInstances", "InstanceId.1", first);
        ec2.Clock.Advance(TimeSpan.FromSeconds(30));
        await ec2.RunAsync(tag("a"));
        await ec2.RunAsync(tag("b"));
        await ec2.RunAsync(tag("b"));
        Assert.That(ec2.Cloud.MostLivingAtOnce("node", "a"), Is.EqualTo(1));
        Assert.That(ec2.Cloud.MostLivingAtOnce("node", "b"), Is.EqualTo(2));
        Assert.That(ec2.Cloud.MostLivingAtOnce("node", "c"), Is.Zero);
    }
}
