using Kontena.Operator.Core.Nodes;
using Kontena.Simulator.Faults;

namespace Kontena.EndToEnd.Operator;

/// <summary>Whatever becomes of the create call: one machine a node.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class CreatingTests(SceneEngine engine) : OperatorTests(engine)
{
    [TestCase(FaultKind.LostAnswer, 5)]
    [TestCase(FaultKind.Throttle, 7)]
    [TestCase(FaultKind.ServerError, 7)]
    [TestCase(FaultKind.Cut, 7)]
    [TestCase(FaultKind.HalfPage, 5)]
    [TestCase(FaultKind.Hang, 2)]
    [TestCase(FaultKind.Capacity, 2)]
    public async Task CreateCallFails_SomeTimes_OneMachineEach(FaultKind kind, int count)
    {
        var scene = await PlayAsync(Usual.AtSpeed(3));
        scene.Ec2.Faults.Add(new Fault { Kind = kind, Action = "RunInstances", Count = count });
        await scene.Objects.PoolAsync(scene.Cloud, "web", 3);

        await scene.Waits.ReadyAsync("web", 3);

        Assert.That(scene.Machines.Count(), Is.EqualTo(3));
        Assert.That(scene.Ec2.Faults.All.Single().Struck, Is.EqualTo(count));
    }

    [TestCase(1)]
    [TestCase(2)]
    public async Task EverythingFailsNowAndThen_OneMachineEach(int seed)
    {
        var scene = await PlayAsync(Usual.AtSpeed(8));
        foreach (var kind in new[] { FaultKind.LostAnswer, FaultKind.ServerError, FaultKind.Cut, FaultKind.Throttle, FaultKind.HalfPage })
            scene.Ec2.Faults.Add(new Fault { Kind = kind, Probability = 0.12, Seed = seed });
        await scene.Objects.PoolAsync(scene.Cloud, "web", 8);
        await scene.Waits.ReadyAsync("web", 8);
        await scene.Objects.ScaleAsync("web", 3);
        await scene.Waits.UntilAsync(async () => (await scene.Objects.NodesAsync()).Count == 3, "five nodes go");

        scene.Ec2.Faults.Clear();
        await scene.Waits.ReadyAsync("web", 3);
        Assert.That(scene.Machines.Count(), Is.EqualTo(8));
        Assert.That(scene.Living, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task NoCapacityForTheFirstType_TheSecondIsTakenInAttemptTwo()
    {
        var scene = await PlayAsync();
        scene.Ec2.SetCapacity("eu-west-1a", "t3.small", 0);
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2, aws => aws with { Zones = ["a"], InstanceTypes = ["t3.small", "t3a.small"] });

        await scene.Waits.ReadyAsync("web", 2);

        Assert.That(scene.Living.Select(m => m.InstanceType), Is.All.EqualTo("t3a.small"));
        var nodes = await scene.Objects.NodesAsync();
        foreach (var node in nodes)
        {
            var number = node.Spec.Attempt!.Number;
            Assert.That((number, node.Spec.Attempt.Type, node.Spec.Attempt.Token), Is.EqualTo((number, "t3a.small", Token.Of(node.Metadata.Uid!, number))));
            Assert.That(scene.Living.Single(m => m.Tags["kontena-node"] == node.Metadata.Uid).Tags["kontena-attempt"], Is.EqualTo($"{number}"));
        }
        // Whoever begins after the other's refusal knows of it, and does not ask for the first type at all.
        Assert.That(nodes.Select(n => n.Spec.Attempt!.Number).OrderDescending(), Is.EqualTo(new[] { 2, 2 }).Or.EqualTo(new[] { 2, 1 }));
        Assert.That((await scene.Objects.SecretsAsync()).Count(s => s.Type == "kontena.io/bootstrap"), Is.EqualTo(2), "the first attempts' data is gone");
    }

    [Test]
    public async Task NoCapacityInOneZone_AnotherIsTaken()
    {
        var scene = await PlayAsync();
        scene.Ec2.SetCapacity("eu-west-1b", "t3.small", 0);
        await scene.Objects.PoolAsync(scene.Cloud, "web", 3);

        await scene.Waits.ReadyAsync("web", 3);

        Assert.That(scene.Living.Select(m => m.Zone), Has.None.EqualTo("eu-west-1b"));
        Assert.That(scene.Machines.Count(), Is.EqualTo(3));
    }

    [Test]
    public async Task CapacityNowhere_GrowingPauses_NoStorm_GoesOnByItself()
    {
        var scene = await PlayAsync(Usual.AtSpeed(3));
        foreach (var zone in new[] { "eu-west-1a", "eu-west-1b" }) scene.Ec2.SetCapacity(zone, "t3.small", 0);
        await scene.Objects.PoolAsync(scene.Cloud, "web", 3, aws => aws with { Zones = ["a", "b"] });

        var ready = await scene.Waits.PoolAsync("web", "Ready", "False", "NoCapacity");
        // Nobody is needed yet: it is still being worked at, and said why.
        Assert.That(ready.Message, Does.Contain("NoCapacity"));
        await scene.Waits.UntilAsync(async () => (await scene.Objects.NodesAsync()).All(n => n.Spec.Attempt?.Number >= 4), "two rounds over both zones");
        var calls = scene.Ec2.Calls.Count("RunInstances");
        var attempts = (await scene.Objects.NodesAsync()).Sum(n => n.Spec.Attempt!.Number);

        Assert.That(calls, Is.LessThanOrEqualTo(attempts), "one call an attempt");
        Assert.That(attempts, Is.LessThanOrEqualTo(3 * 6));
        foreach (var zone in new[] { "eu-west-1a", "eu-west-1b" }) scene.Ec2.SetCapacity(zone, "t3.small", null);
        await scene.Waits.ReadyAsync("web", 3);
        Assert.That(scene.Machines.Count(), Is.EqualTo(3));
    }
}
