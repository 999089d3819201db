namespace Kontena.Simulator.Tests.Ec2;

public sealed class ThrottleTests
{
    [Test]
    public async Task RunInstances_BurstOfFiveThenTwoASecond()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        for (var i = 0; i < 5; i++) Assert.That((await ec2.RunAsync()).Outcome, Is.EqualTo("200"));
        Assert.That((await ec2.RunAsync()).Outcome, Is.EqualTo("503 RequestLimitExceeded"));
        ec2.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await ec2.RunAsync()).Outcome, Is.EqualTo("200"));
        Assert.That((await ec2.RunAsync()).Outcome, Is.EqualTo("200"));
        Assert.That((await ec2.RunAsync()).Outcome, Is.EqualTo("503 RequestLimitExceeded"));
        Assert.That(ec2.Cloud.Instances, Has.Count.EqualTo(7));
    }

    [Test]
    public async Task RunInstances_AfterALongRest_HasNoMoreThanItsBurst()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        await ec2.RunAsync();
        ec2.Clock.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 5; i++) Assert.That((await ec2.RunAsync()).Outcome, Is.EqualTo("200"));
        Assert.That((await ec2.RunAsync()).Outcome, Is.EqualTo("503 RequestLimitExceeded"));
    }

    [Test]
    public async Task RunInstances_MoreThanAThousandInstances_SpendTheResourceBucket()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        Task<Ec2Answer> Run(int count) => ec2.CallAsync("RunInstances", "ImageId", ec2.Flatcar, "InstanceType", "t3.small", "MinCount", $"{count}", "MaxCount", $"{count}");
        Assert.That((await Run(1000)).Outcome, Is.EqualTo("200"));
        Assert.That((await Run(1)).Outcome, Is.EqualTo("503 RequestLimitExceeded"));
        ec2.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await Run(2)).Outcome, Is.EqualTo("200"));
    }

    [Test]
    public async Task Describe_Unfiltered_HasTheSmallerBucketOfItsOwn()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        for (var i = 0; i < 50; i++) Assert.That((await ec2.CallAsync("DescribeVpcs")).Outcome, Is.EqualTo("200"));
        Assert.That((await ec2.CallAsync("DescribeVpcs")).Outcome, Is.EqualTo("503 RequestLimitExceeded"));
        Assert.That((await ec2.CallAsync("DescribeVpcs", "MaxResults", "5")).Outcome, Is.EqualTo("200"));
        ec2.Region = "us-east-1";
        Assert.That((await ec2.CallAsync("DescribeVpcs")).Outcome, Is.EqualTo("200"), "each region has its own");
    }

    [Test]
    public async Task Throttling_SwitchedOff_NeverStrikes()
    {
        await using var ec2 = await Ec2Session.StartAsync(new() { Throttling = false });
        for (var i = 0; i < 20; i++) Assert.That((await ec2.RunAsync()).Outcome, Is.EqualTo("200"));
    }
}
