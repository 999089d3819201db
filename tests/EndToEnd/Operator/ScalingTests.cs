using Kontena.Operator.Core.Nodes;
using Kontena.Simulator.Ec2;

namespace Kontena.EndToEnd.Operator;

/// <summary>The main path, on both engines: as many machines as asked for, no more at any time, and silence in between.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class ScalingTests(SceneEngine engine) : OperatorTests(engine)
{
    [Test]
    public async Task NewPool_ThreeOverThreeZones_IsReadyWithMarkedMachines()
    {
        var scene = await PlayAsync();
        var pool = await scene.Objects.PoolAsync(scene.Cloud, "web", 3);

        await scene.Waits.ReadyAsync("web", 3);

        var installation = (await scene.Objects.FindInstallationAsync())!.Data!["id"];
        var nodes = await scene.Objects.NodesAsync("web");
        Assert.That(nodes.Select(n => n.Metadata.Name), Is.EquivalentTo(new[] { "web-0", "web-1", "web-2" }));
        foreach (var node in nodes)
        {
            var machine = scene.Living.Single(m => m.Tags["kontena-node"] == node.Metadata.Uid);
            Assert.That(machine.Tags["kontena-installation"], Is.EqualTo(installation));
            Assert.That(machine.Tags["kontena-pool"], Is.EqualTo(pool.Metadata.Uid));
            Assert.That(machine.Tags["kontena-attempt"], Is.EqualTo("1"));
            Assert.That(machine.Tags["Name"], Is.EqualTo(node.Metadata.Name));
            Assert.That(machine.ClientToken, Is.EqualTo(Token.Of(node.Metadata.Uid!, 1)));
            Assert.That(node.Spec.ProviderID, Is.EqualTo($"aws:///{machine.Zone}/{machine.Id}"));
            Assert.That(node.Status!.Addresses, Does.Contain(machine.PrivateAddress));
        }
        Assert.That(scene.Living.Select(m => m.Zone), Is.EquivalentTo(new[] { "eu-west-1a", "eu-west-1b", "eu-west-1c" }));
        var status = (await scene.Objects.PoolAsync("web")).Status!;
        Assert.That(status.Zones, Is.EquivalentTo(new Dictionary<string, int> { ["eu-west-1a"] = 1, ["eu-west-1b"] = 1, ["eu-west-1c"] = 1 }));
        Assert.That(status.Conditions.Select(c => c.Type), Has.None.EqualTo("Reconciling").And.None.EqualTo("Stalled"));
    }

    [Test]
    public async Task SettledPool_SeveralListings_NoWriteAndNoLogLine()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 3);
        await scene.Waits.ReadyAsync("web", 3);
        await SettledAsync(scene);
        var calls = scene.Ec2.Calls.Counts;
        var (writes, events, lines) = (scene.Operator.Api.Writes.Count, scene.Operator.Api.EventWrites, scene.Logs.Shown.Count);

        await scene.Waits.ListingsAsync(6);

        Assert.That(scene.Operator.Api.Writes.Skip(writes), Is.Empty);
        Assert.That(scene.Operator.Api.EventWrites, Is.EqualTo(events));
        Assert.That(scene.Logs.Shown.Skip(lines), Is.Empty);
        // One shared listing, whatever the number of nodes; nothing else is asked.
        Assert.That(scene.Ec2.Calls.Counts.Where(c => c.Key != "DescribeInstances"), Is.EquivalentTo(calls.Where(c => c.Key != "DescribeInstances")));
    }

    [Test]
    public async Task Scaling_UpDownToZeroAndUp_FollowsAndRemovesTheNewestFirst()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 3);
        await scene.Waits.ReadyAsync("web", 3);
        foreach (var replicas in new[] { 5, 1, 0, 2 })
        {
            await scene.Objects.ScaleAsync("web", replicas);
            await scene.Waits.ReadyAsync("web", replicas);
            Assert.That(scene.Living, Has.Count.EqualTo(replicas));
            Assert.That((await scene.Objects.NodesAsync("web")).Select(n => n.Spec.Ordinal).Order(), Is.EqualTo(Enumerable.Range(0, replicas)));
        }
        Assert.That(scene.Machines.Count(), Is.EqualTo(7));
        await NoBootstrapLeftButAsync(scene, 2);
    }

    [Test]
    public async Task NodeDeletedByHand_IsReplaced_NeverMoreThanOneAboveReplicas()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 3);
        await scene.Waits.ReadyAsync("web", 3);
        var old = (await scene.Objects.FindNodeAsync("web-1"))!.Metadata.Uid!;

        await scene.Objects.DeleteNodeAsync("web-1");

        await scene.Waits.UntilAsync(() => scene.Machines.Count() == 4, "another machine is made");
        await scene.Waits.ReadyAsync("web", 3);
        Assert.That(scene.Machines.Count(), Is.EqualTo(4));
        Assert.That(MostAtOnce(scene.Machines), Is.LessThanOrEqualTo(4));
        Assert.That((await scene.Objects.NodesAsync("web")).Select(n => n.Metadata.Uid), Has.None.EqualTo(old));
    }

    [Test]
    public async Task ReplicasLeftOut_OneIsWrittenOnce()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", replicas: null);

        await scene.Waits.ReadyAsync("web", 1);

        var pool = await scene.Objects.PoolAsync("web");
        Assert.That((pool.Spec.Replicas, pool.Metadata.Generation), Is.EqualTo((1, 2)));
        Assert.That((await scene.Objects.EventsAsync()).Count(e => e.Reason == "ReplicasSet"), Is.EqualTo(1));
    }

    [Test]
    public async Task PausedPool_DoesNothing_UntilItIsResumed()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2, spec: s => s with { Paused = true });

        var ready = await scene.Waits.PoolAsync("web", "Ready", "False", "Paused");
        await scene.Waits.ListingsAsync(4);

        Assert.That(ready.Message, Does.Contain("spec.paused is true"));
        Assert.That(await scene.Objects.NodesAsync(), Is.Empty);
        Assert.That(scene.Machines, Is.Empty);
        await scene.Objects.EditPoolAsync("web", new() { ["paused"] = false });
        await scene.Waits.ReadyAsync("web", 2);
    }

    [Test]
    public async Task PausedPool_LosesAMachine_ReplacesItOnlyWhenResumed()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        await scene.Objects.EditPoolAsync("web", new() { ["paused"] = true });
        await scene.Waits.PoolAsync("web", "Ready", "False", "Paused");

        scene.Ec2.TerminateBehindTheBack(scene.Living[0].Id);
        await scene.Waits.UntilAsync(async () => (await scene.Objects.NodesAsync()).Any(n => n.Status!.Conditions.Any(c => c.Reason == "MachineTerminated")), "the loss is seen");
        await scene.Waits.ListingsAsync(4);

        Assert.That(scene.Machines.Count(), Is.EqualTo(2));
        await scene.Objects.EditPoolAsync("web", new() { ["paused"] = false });
        await scene.Waits.ReadyAsync("web", 2);
        Assert.That(scene.Machines.Count(), Is.EqualTo(3));
    }

    [Test]
    public async Task MachineTerminatedBehindTheBack_IsReplaced_AndTheEventSaysWhy()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 3);
        await scene.Waits.ReadyAsync("web", 3);
        var victim = scene.Living[1];

        scene.Ec2.TerminateBehindTheBack(victim.Id, "Server.SpotInstanceTermination");

        await scene.Waits.UntilAsync(async () => (await scene.Objects.EventsAsync()).Any(e => e.Reason == "MachineLost"), "the loss is told");
        await scene.Waits.ReadyAsync("web", 3);
        Assert.That(scene.Machines.Count(), Is.EqualTo(4));
        Assert.That(scene.Living.Select(m => m.Zone), Does.Contain(victim.Zone), "the replacement goes where one is missing");
        var lost = (await scene.Objects.EventsAsync()).First(e => e.Reason == "MachineLost");
        Assert.That(lost.Message, Does.Contain("Server.SpotInstanceTermination"));
    }

    /// <summary>Written is what was to be said, and the quick listings are over.</summary>
    private static async Task SettledAsync(OperatorScene scene)
    {
        var before = -1;
        await scene.Waits.UntilAsync(async () =>
        {
            var now = scene.Operator.Api.Writes.Count + scene.Operator.Api.EventWrites + scene.Logs.Shown.Count;
            var same = now == before;
            before = now;
            await scene.Waits.ListingsAsync(5);
            return same;
        }, "nothing is written or said over five listings");
    }

    private static async Task NoBootstrapLeftButAsync(OperatorScene scene, int count) =>
        await scene.Waits.UntilAsync(async () => (await scene.Objects.SecretsAsync()).Count(s => s.Type == "kontena.io/bootstrap") == count, $"{count} bootstrap Secrets are left");

    private static int MostAtOnce(IEnumerable<InstanceSnapshot> machines)
    {
        var all = machines.ToList();
        return all.Max(born => all.Count(m => m.LivingAt(born.History[0].At)));
    }
}
