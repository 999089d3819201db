using Kontena.Simulator.Ec2;

namespace Kontena.Simulator.Tests.Ec2;

public sealed class PowerTests
{
    private static async Task<(Ec2Session Ec2, string Id)> RunningAsync(params string[] parameters)
    {
        var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.LaunchAsync(parameters);
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        return (ec2, id);
    }

    [Test]
    public async Task StopAndStart_Running_KeepsThePrivateAddressAndChangesThePublicOne()
    {
        var (ec2, id) = await RunningAsync();
        await using var session = ec2;
        var before = ec2.Cloud.Find(id)!;

        Assert.That((await ec2.CallAsync("StopInstances", "InstanceId.1", id)).All("name"), Is.EqualTo(new[] { "stopping", "running" }));
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        var stopped = await ec2.CallAsync("DescribeInstances", "InstanceId.1", id);
        Assert.That((stopped.Text("code"), stopped.Text("name")), Is.EqualTo(("80", "stopped")));
        Assert.That(stopped.All("ipAddress"), Is.Empty);
        Assert.That(stopped.Text("privateIpAddress"), Is.EqualTo(before.PrivateAddress));
        Assert.That((await ec2.CallAsync("StartInstances", "InstanceId.1", id)).All("name"), Is.EqualTo(new[] { "pending", "stopped" }));
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));

        var after = ec2.Cloud.Find(id)!;
        Assert.That(after.PrivateAddress, Is.EqualTo(before.PrivateAddress));
        Assert.That(after.PublicAddress, Is.Not.Null.And.Not.EqualTo(before.PublicAddress));
        Assert.That(after.History.Select(c => c.To), Is.EqualTo(new[]
        {
            InstanceState.Pending, InstanceState.Running, InstanceState.Stopping, InstanceState.Stopped, InstanceState.Pending, InstanceState.Running,
        }));
    }

    [Test]
    public async Task Terminate_WhileStopping_SkipsStoppedAndGivesItsPlaceBackOnce()
    {
        var (ec2, id) = await RunningAsync("Placement.AvailabilityZone", "eu-west-1a");
        await using var session = ec2;
        ec2.Cloud.SetCapacity("eu-west-1a", "t3.small", 1);
        await ec2.CallAsync("StopInstances", "InstanceId.1", id);
        await ec2.CallAsync("TerminateInstances", "InstanceId.1", id);
        ec2.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(ec2.Cloud.Find(id)!.History.Select(c => c.To), Is.EqualTo(new[]
        {
            InstanceState.Pending, InstanceState.Running, InstanceState.Stopping, InstanceState.ShuttingDown, InstanceState.Terminated,
        }));
        Assert.That((await ec2.RunAsync("Placement.AvailabilityZone", "eu-west-1a")).Status, Is.EqualTo(200));
        Assert.That((await ec2.RunAsync("Placement.AvailabilityZone", "eu-west-1a")).Outcome, Is.EqualTo("500 InsufficientInstanceCapacity"));
    }

    [Test]
    public async Task Terminate_Stopped_GivesNoPlaceBackTwice()
    {
        var (ec2, id) = await RunningAsync("Placement.AvailabilityZone", "eu-west-1a");
        await using var session = ec2;
        ec2.Cloud.SetCapacity("eu-west-1a", "t3.small", 1);
        await ec2.CallAsync("StopInstances", "InstanceId.1", id);
        ec2.Clock.Advance(TimeSpan.FromMinutes(1));
        await ec2.CallAsync("TerminateInstances", "InstanceId.1", id);
        ec2.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await ec2.RunAsync("Placement.AvailabilityZone", "eu-west-1a")).Status, Is.EqualTo(200));
        Assert.That((await ec2.RunAsync("Placement.AvailabilityZone", "eu-west-1a")).Outcome, Is.EqualTo("500 InsufficientInstanceCapacity"));
    }

    [Test]
    public async Task Power_InAStateThatForbidsIt_IsRefusedForTheWholeBatch()
    {
        var (ec2, id) = await RunningAsync();
        await using var session = ec2;
        var pending = await ec2.LaunchAsync();
        foreach (var action in new[] { "StopInstances", "RebootInstances" })
            Assert.That((await ec2.CallAsync(action, "InstanceId.1", id, "InstanceId.2", pending)).Outcome, Is.EqualTo("400 IncorrectInstanceState"), action);
        Assert.That(ec2.Cloud.Find(id)!.State, Is.EqualTo(InstanceState.Running));
        await ec2.CallAsync("TerminateInstances", "InstanceId.1", id);
        Assert.That((await ec2.CallAsync("StartInstances", "InstanceId.1", id)).Outcome, Is.EqualTo("400 IncorrectInstanceState"));
        Assert.That((await ec2.CallAsync("RebootInstances", "InstanceId.1", id)).Text("return"), Is.EqualTo("true"), "ignored, as EC2 says");
        Assert.That((await ec2.CallAsync("StopInstances")).Outcome, Is.EqualTo("400 MissingParameter"));
    }
}
