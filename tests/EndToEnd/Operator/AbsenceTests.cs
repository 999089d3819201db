using Kontena.Simulator.Faults;

namespace Kontena.EndToEnd.Operator;

/// <summary>An error is not an absence: while the provider cannot be asked, nothing is created, terminated or forgotten.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class AbsenceTests(SceneEngine engine) : OperatorTests(engine)
{
    [TestCase(FaultKind.AuthFailure, "CredentialsRefused", "AuthFailure")]
    [TestCase(FaultKind.Unauthorized, "CredentialsRefused", "UnauthorizedOperation")]
    [TestCase(FaultKind.Throttle, "ProviderThrottles", "RequestLimitExceeded")]
    [TestCase(FaultKind.ServerError, "ProviderUnavailable", "InternalError")]
    [TestCase(FaultKind.Hang, "ProviderUnavailable", "not done within")]
    [TestCase(FaultKind.Cut, "ProviderUnavailable", "DescribeInstances")]
    [TestCase(FaultKind.HalfPage, "ProviderUnavailable", "not a whole")]
    public async Task ListingFails_NothingHappensUntilItIsOver_AndOtherPoolsGoOn(FaultKind kind, string reason, string mention)
    {
        var scene = await PlayAsync();
        var elsewhere = await scene.AddCloudAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Objects.PoolAsync(elsewhere, "other", 1);
        await scene.Waits.ReadyAsync("web", 2);
        await scene.Waits.ReadyAsync("other", 1);
        var nodes = (await scene.Objects.NodesAsync("web")).Select(n => n.Metadata.Uid).ToList();

        scene.Ec2.Faults.Add(new Fault { Kind = kind, Action = "DescribeInstances" });
        var provider = await scene.Waits.PoolAsync("web", "ProviderReady", "False", reason);
        await scene.Objects.ScaleAsync("web", 3);
        await scene.Objects.ScaleAsync("other", 2);
        var ready = await scene.Waits.PoolAsync("web", "Ready", "False", reason);
        await scene.Waits.ListingsAsync(2);

        Assert.That(provider.Message, Does.Contain(mention));
        Assert.That(ready.Message, Does.Contain(mention));
        Assert.That(Calls(scene), Is.EqualTo((2, 0)), "RunInstances and TerminateInstances");
        Assert.That((await scene.Objects.NodesAsync("web")).Select(n => n.Metadata.Uid), Is.EquivalentTo(nodes));
        await scene.Waits.ReadyAsync("other", 2);

        scene.Ec2.Faults.Clear();
        await scene.Waits.ReadyAsync("web", 3);
        Assert.That(Calls(scene), Is.EqualTo((3, 0)), "RunInstances and TerminateInstances");
        Assert.That((await scene.Objects.NodesAsync("web")).Select(n => n.Metadata.Uid), Is.SupersetOf(nodes));
    }

    [TestCase(FaultKind.AuthFailure)]
    [TestCase(FaultKind.ServerError)]
    [TestCase(FaultKind.HalfPage)]
    public async Task OperatorStartsWhileListingFails_NothingHappens_ConditionsOfNodesStay(FaultKind kind)
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 3);
        await scene.Waits.ReadyAsync("web", 3);
        await scene.Operator.StopAsync();
        scene.Ec2.Faults.Add(new Fault { Kind = kind, Action = "DescribeInstances" });
        scene.Ec2.TerminateBehindTheBack(scene.Living[0].Id);

        await scene.StartOperatorAsync();
        await scene.Waits.PoolAsync("web", "ProviderReady", "False");
        await scene.Waits.ListingsAsync(3);

        Assert.That(Calls(scene), Is.EqualTo((3, 0)));
        Assert.That((await scene.Objects.NodesAsync()).Select(n => n.Status!.Conditions[0].Reason), Is.All.EqualTo("Running"));
        scene.Ec2.Faults.Clear();
        await scene.Waits.UntilAsync(() => scene.Machines.Count() == 4, "the machine that really went is replaced");
        await scene.Waits.ReadyAsync("web", 3);
    }

    [Test]
    public async Task WholeOutageInTheMiddleOfEverything_NothingIsLost()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 3);
        await scene.Waits.ReadyAsync("web", 3);

        scene.Ec2.Faults.Add(new Fault { Kind = FaultKind.ServerError });
        await scene.Objects.DeleteNodeAsync("web-0");
        await scene.Objects.ScaleAsync("web", 4);
        await scene.Waits.PoolAsync("web", "ProviderReady", "False", "ProviderUnavailable");
        await scene.Waits.ListingsAsync(3);

        Assert.That(scene.Living, Has.Count.EqualTo(3));
        Assert.That((await scene.Objects.FindNodeAsync("web-0"))!.Metadata.Finalizers, Does.Contain("kontena.io/machine"));
        scene.Ec2.Faults.Clear();
        await scene.Waits.ReadyAsync("web", 4);
        Assert.That(scene.Living, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Outage_LongAndTheSame_IsTold_NotRepeated()
    {
        var scene = await PlayAsync(Usual.AtSpeed(4));
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Waits.ReadyAsync("web", 2);

        scene.Ec2.Faults.Add(new Fault { Kind = FaultKind.ServerError, Action = "DescribeInstances" });
        await scene.Waits.PoolAsync("web", "ProviderReady", "False", "ProviderUnavailable");
        var (writes, lines) = (scene.Operator.Api.Writes.Count, scene.Logs.Shown.Count);
        await scene.Waits.ListingsAsync(8);

        Assert.That(scene.Operator.Api.Writes.Skip(writes), Is.Empty);
        Assert.That(scene.Logs.Shown.Skip(lines).Where(l => l.Category == "Inventory"), Is.Empty);
    }

    [Test]
    public async Task AnotherAccountAnswers_NothingIsReplaced_AndThePoolSaysWhatItLooksLike()
    {
        var scene = await PlayAsync(Usual.AtSpeed(20));
        await scene.Objects.PoolAsync(scene.Cloud, "web", 3);
        await scene.Waits.ReadyAsync("web", 3);

        await scene.ReplaceCloudAsync();
        await scene.Waits.StalledAsync("web", "ManyMachinesMissing");
        await scene.Waits.ListingsAsync(5);

        var stalled = await scene.Waits.PoolAsync("web", "Stalled", "True", "ManyMachinesMissing");
        Assert.That(stalled.Message, Does.Contain("wrong credentials or a wrong region"));
        Assert.That(scene.Ec2.Calls.Count("RunInstances"), Is.Zero);
        Assert.That((await scene.Objects.NodesAsync()).Select(n => n.Metadata.IsBeingDeleted), Is.All.False);
    }

    [Test]
    public async Task OneMachineFellOutOfTheListing_IsAskedForByIdAndThenReplaced()
    {
        var options = Usual;
        var scene = await PlayAsync((options with { Ec2 = options.Ec2 with { TerminatedListedFor = TimeSpan.Zero, ShutdownTime = TimeSpan.Zero } }).AtSpeed(20));
        await scene.Objects.PoolAsync(scene.Cloud, "web", 3);
        await scene.Waits.ReadyAsync("web", 3);
        var victim = scene.Living[0];

        scene.Ec2.TerminateBehindTheBack(victim.Id);

        await scene.Waits.UntilAsync(async () => (await scene.Objects.EventsAsync()).Any(e => e.Reason == "MachineLost"), "the loss is told");
        await scene.Waits.ReadyAsync("web", 3);
        Assert.That(scene.Machines.Count(), Is.EqualTo(4));
        Assert.That((await scene.Objects.NodesAsync()).Select(n => n.Spec.ProviderID), Has.None.Contain(victim.Id));
    }

    [Test]
    public async Task FreshMachineIsNotListedYet_IsNotTakenForMissing()
    {
        var options = Usual;
        var scene = await PlayAsync(options with { Ec2 = options.Ec2 with { InvisibleFor = TimeSpan.FromSeconds(2) } });
        await scene.Objects.PoolAsync(scene.Cloud, "web", 3);

        await scene.Waits.ReadyAsync("web", 3);

        Assert.That(scene.Machines.Count(), Is.EqualTo(3));
    }

    private static (int Run, int Terminate) Calls(OperatorScene scene) =>
        (scene.Ec2.Calls.Count("RunInstances"), scene.Ec2.Calls.Count("TerminateInstances"));
}
