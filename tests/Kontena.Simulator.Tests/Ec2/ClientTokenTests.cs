namespace Kontena.Simulator.Tests.Ec2;

/// <summary>Idempotency as the EC2 documentation has it: what the operator's "exactly one machine" leans on.</summary>
public sealed class ClientTokenTests
{
    private static readonly string[] InZoneA = ["ClientToken", "t", "Placement.AvailabilityZone", "eu-west-1a"];

    [Test]
    public async Task Run_SameTokenSameParameters_GivesTheSameInstanceInItsPresentState()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var first = await ec2.RunAsync(InZoneA);
        ec2.Clock.Advance(TimeSpan.FromSeconds(6));
        var second = await ec2.RunAsync(InZoneA);

        Assert.That(second.Text("instanceId"), Is.EqualTo(first.Text("instanceId")));
        Assert.That(second.Text("reservationId"), Is.EqualTo(first.Text("reservationId")));
        Assert.That(second.Text("name"), Is.EqualTo("running"));
        Assert.That(ec2.Cloud.Instances, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Run_SameTokenOtherParameters_IsAMismatch()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        await ec2.RunAsync(InZoneA);
        var other = await ec2.RunAsync([.. InZoneA, "UserData", Convert.ToBase64String("x"u8)]);
        Assert.That(other.Outcome, Is.EqualTo("400 IdempotentParameterMismatch"));
        Assert.That(ec2.Cloud.Instances, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Run_ManyAtOnceWithOneToken_LaunchOne()
    {
        await using var ec2 = await Ec2Session.StartAsync(new() { Throttling = false });
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => ec2.RunAsync(InZoneA)));
        Assert.That(answers.Select(a => a.Text("instanceId")).Distinct().Count(), Is.EqualTo(1));
        Assert.That(ec2.Cloud.Instances, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Run_TokenOfATerminatedInstance_SaysSo()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = (await ec2.RunAsync(InZoneA)).Text("instanceId");
        await ec2.CallAsync("TerminateInstances", "InstanceId.1", id);
        Assert.That((await ec2.RunAsync(InZoneA)).Text("name"), Is.EqualTo("shutting-down"));
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That((await ec2.RunAsync(InZoneA)).Outcome, Is.EqualTo("400 IdempotentInstanceTerminated"));
        ec2.Clock.Advance(TimeSpan.FromHours(2));
        Assert.That((await ec2.RunAsync(InZoneA)).Outcome, Is.EqualTo("400 IdempotentInstanceTerminated"), "also when it is no longer listed");
    }

    [Test]
    public async Task Run_TokenADayAfterTermination_IsFreeAgain()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = (await ec2.RunAsync(InZoneA)).Text("instanceId");
        ec2.Clock.Advance(TimeSpan.FromDays(3));
        Assert.That((await ec2.RunAsync(InZoneA)).Text("instanceId"), Is.EqualTo(id), "as long as it lives its token holds");
        await ec2.CallAsync("TerminateInstances", "InstanceId.1", id);
        ec2.Clock.Advance(TimeSpan.FromHours(49));
        Assert.That((await ec2.RunAsync(InZoneA)).Text("instanceId"), Is.Not.EqualTo(id));
    }

    [Test]
    public async Task Run_SameTokenInTwoZones_LaunchesTwo()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        await ec2.RunAsync(InZoneA);
        await ec2.RunAsync("ClientToken", "t", "SubnetId", ec2.Cloud.SubnetId("eu-west-1b"));
        Assert.That(ec2.Cloud.Instances.Select(i => i.Zone), Is.EqualTo(new[] { "eu-west-1a", "eu-west-1b" }), "a named zone narrows the token's scope to it");
    }

    [Test]
    public async Task Run_FailedForCapacity_BindsTheTokenToItsParametersButMayBeRepeated()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        ec2.Cloud.SetCapacity("eu-west-1a", "t3.small", 0);
        Assert.That((await ec2.RunAsync(InZoneA)).Outcome, Is.EqualTo("500 InsufficientInstanceCapacity"));
        Assert.That((await ec2.RunAsync([.. InZoneA, "EbsOptimized", "true"])).Outcome, Is.EqualTo("400 IdempotentParameterMismatch"));
        ec2.Cloud.SetCapacity("eu-west-1a", "t3.small", null);
        Assert.That((await ec2.RunAsync(InZoneA)).Outcome, Is.EqualTo("200"));
    }

    [Test]
    public async Task Run_RefusedForAParameter_LeavesTheTokenFree()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        Assert.That((await ec2.RunAsync([.. InZoneA, "KeyName", "nobody"])).Status, Is.EqualTo(400));
        Assert.That((await ec2.RunAsync(InZoneA)).Outcome, Is.EqualTo("200"));
    }

    [Test]
    public async Task Run_SameTokenInAnotherRegion_LaunchesAnother()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        await ec2.RunAsync("ClientToken", "t");
        ec2.Region = "us-east-1";
        await ec2.RunAsync("ClientToken", "t");
        Assert.That(ec2.Cloud.Instances.Select(i => i.Region), Is.EqualTo(new[] { "eu-west-1", "us-east-1" }));
    }
}
