using Kontena.Simulator.Faults;
using Kontena.Simulator.Tests.Ec2;
using Kontena.TestKit;

namespace Kontena.Simulator.Tests.Faults;

public sealed class FaultTests
{
    [TestCase(FaultKind.Throttle, "503 RequestLimitExceeded")]
    [TestCase(FaultKind.Capacity, "500 InsufficientInstanceCapacity")]
    [TestCase(FaultKind.Quota, "400 VcpuLimitExceeded")]
    [TestCase(FaultKind.ServerError, "500 InternalError")]
    [TestCase(FaultKind.AuthFailure, "401 AuthFailure")]
    [TestCase(FaultKind.Unauthorized, "403 UnauthorizedOperation")]
    public async Task Fault_ThatRefuses_StrikesOnceAndLaunchesNothing(FaultKind kind, string outcome)
    {
        await using var ec2 = await Ec2Session.StartAsync();
        ec2.Cloud.Faults.Add(new() { Kind = kind, Action = "RunInstances", Zone = "eu-west-1a", Count = 1 });

        Assert.That((await ec2.CallAsync("DescribeInstances")).Outcome, Is.EqualTo("200"), "another action");
        Assert.That((await ec2.RunAsync("Placement.AvailabilityZone", "eu-west-1b")).Outcome, Is.EqualTo("200"), "another zone");
        Assert.That((await ec2.RunAsync("Placement.AvailabilityZone", "eu-west-1a")).Outcome, Is.EqualTo(outcome));
        Assert.That(ec2.Cloud.Instances, Has.Count.EqualTo(1));
        Assert.That((await ec2.RunAsync("SubnetId", ec2.Cloud.SubnetId("eu-west-1a"))).Outcome, Is.EqualTo("200"), "spent");
    }

    [TestCase(FaultKind.ServerError, "Unavailable", "503 Unavailable")]
    [TestCase(FaultKind.Quota, "MaxSpotInstanceCountExceeded", "400 MaxSpotInstanceCountExceeded")]
    public async Task Fault_WithACode_AnswersThatCode(FaultKind kind, string code, string outcome)
    {
        await using var ec2 = await Ec2Session.StartAsync();
        ec2.Cloud.Faults.Add(new() { Kind = kind, Code = code });
        Assert.That((await ec2.RunAsync()).Outcome, Is.EqualTo(outcome));
    }

    [Test]
    public async Task LostAnswer_TheLaunchHappened_AndTheTokenFindsIt()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        ec2.Cloud.Faults.Add(new() { Kind = FaultKind.LostAnswer, Action = "RunInstances", Count = 1 });
        Assert.That(async () => await ec2.RunAsync("ClientToken", "t"), Throws.InstanceOf<HttpRequestException>());
        var made = ec2.Cloud.Instances.Single();
        Assert.That(await ec2.LaunchAsync("ClientToken", "t"), Is.EqualTo(made.Id));
        Assert.That(ec2.Cloud.Calls.Recent.Select(c => (c.Action, c.Status)), Is.EqualTo(new[] { ("RunInstances", 200), ("RunInstances", 200) }));
    }

    [Test]
    public async Task Cut_NothingHappened()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        ec2.Cloud.Faults.Add(new() { Kind = FaultKind.Cut, Count = 1 });
        Assert.That(async () => await ec2.RunAsync(), Throws.InstanceOf<HttpRequestException>());
        Assert.That(ec2.Cloud.Instances, Is.Empty);
        Assert.That(ec2.Cloud.Calls.Recent.Single().Status, Is.Zero);
    }

    [Test]
    public async Task HalfPage_Answers200WithADocumentThatEndsInTheMiddle()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        await ec2.RunAsync();
        ec2.Cloud.Faults.Add(new() { Kind = FaultKind.HalfPage, Action = "DescribeInstances" });
        var half = await ec2.CallAsync("DescribeInstances");
        Assert.That(half.Status, Is.EqualTo(200));
        Assert.That(half.Body, Does.Contain("<DescribeInstancesResponse"));
        Assert.That(() => half.Root, Throws.InstanceOf<System.Xml.XmlException>());
    }

    [Test]
    public async Task Slow_IsCarriedOutAfterItsDelayOnTheSimulatedClock()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        ec2.Cloud.Faults.Add(new() { Kind = FaultKind.Slow, Delay = TimeSpan.FromMinutes(1) });
        var answer = ec2.RunAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(ec2.Clock.WaitingTimers > 0), "the request waits", TimeSpan.FromSeconds(10), CancellationToken.None);
        Assert.That(ec2.Cloud.Instances, Is.Empty);
        ec2.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await answer).Outcome, Is.EqualTo("200"));
        Assert.That(ec2.Cloud.Instances, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Hang_EndsWhenTheCallerGivesUpOrTheSimulatorStops()
    {
        var ec2 = await Ec2Session.StartAsync();
        ec2.Cloud.Faults.Add(new() { Kind = FaultKind.Hang });
        var answer = ec2.RunAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(ec2.Cloud.Faults.All[0].Struck == 1), "the request hangs", TimeSpan.FromSeconds(10), CancellationToken.None);
        Assert.That(answer.IsCompleted, Is.False);
        await ec2.Server.DisposeAsync();
        Assert.That(async () => await answer, Throws.InstanceOf<HttpRequestException>());
        Assert.That(ec2.Cloud.Instances, Is.Empty);
        await ec2.DisposeAsync();
    }

    [Test]
    public async Task Capacity_WithoutANamedZone_OnlyMovesTheLaunchElsewhere()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        ec2.Cloud.Faults.Add(new() { Kind = FaultKind.Capacity, Zone = "eu-west-1a", InstanceType = "t3.small" });
        Assert.That((await ec2.RunAsync()).Text("availabilityZone"), Is.EqualTo("eu-west-1b"));
        ec2.Cloud.Faults.Add(new() { Kind = FaultKind.Capacity });
        Assert.That((await ec2.RunAsync()).Outcome, Is.EqualTo("500 InsufficientInstanceCapacity"));
    }

    [Test]
    public void Strike_NthCountAndRemoval_AreKept()
    {
        var book = new FaultBook();
        var added = book.Add(new() { Kind = FaultKind.Cut, Nth = 3, Count = 2 });
        var struck = Enumerable.Range(1, 6).Where(_ => book.StrikeRequest(new("ec2", "A", null, null)).Count > 0).ToList();
        Assert.That(struck, Is.EqualTo(new[] { 3, 4 }));
        Assert.That(book.All.Single(), Is.EqualTo(added with { Seen = 6, Struck = 2 }));
        Assert.That(book.Remove(added.Id), Is.True);
        Assert.That(book.Remove(added.Id), Is.False);
    }

    [Test]
    public void Strike_Probability_RepeatsWithItsSeed()
    {
        List<int> Run(int seed)
        {
            var book = new FaultBook();
            book.Add(new() { Kind = FaultKind.Throttle, Probability = 0.3, Seed = seed });
            return [.. Enumerable.Range(0, 1000).Where(_ => book.StrikeRequest(new("ec2", "A", null, null)).Count > 0)];
        }

        var (first, again, other) = (Run(7), Run(7), Run(8));
        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
        Assert.That(first, Has.Count.InRange(240, 360));
    }

    [Test]
    public void Add_FaultThatCannotStrike_IsRefused()
    {
        var book = new FaultBook();
        Assert.That(() => book.Add(new() { Kind = FaultKind.Cut, Nth = 0 }), Throws.ArgumentException);
        Assert.That(() => book.Add(new() { Kind = FaultKind.Cut, Count = 0 }), Throws.ArgumentException);
        Assert.That(() => book.Add(new() { Kind = FaultKind.Cut, Probability = 0 }), Throws.ArgumentException);
        Assert.That(() => book.Add(new() { Kind = FaultKind.Slow }), Throws.ArgumentException);
        Assert.That(() => book.Add(new() { Kind = FaultKind.Cut, Delay = TimeSpan.FromSeconds(1) }), Throws.ArgumentException);
        Assert.That(() => book.Add(new() { Kind = FaultKind.Cut, Code = "X" }), Throws.ArgumentException);
    }
}
