using Kontena.EndToEnd.Operator;
using Kontena.Simulator.Faults;

namespace Kontena.EndToEnd.Grids;

/// <summary>Everything at once, from a seed: API server, cloud, Master and the operator itself fail while the user changes his mind.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class ChaosTests(SceneEngine engine) : GridTests(engine)
{
    private const double ApiFaults = 0.06;

    private static readonly FaultKind[] kinds = [FaultKind.LostAnswer, FaultKind.ServerError, FaultKind.Cut, FaultKind.HalfPage, FaultKind.Throttle];

    [Test]
    public async Task EverythingFailsAndTheOperatorIsKilled_WhatIsLeftIsWhatWasAskedFor([Values(1, 2, 3)] int seed)
    {
        var scene = await PlayGridAsync(Usual.WithGrid(initialSize: 3, speed: 10));
        await scene.Grids.PoolAsync("web", 4);
        foreach (var kind in kinds) scene.Ec2.Faults.Add(new Fault { Kind = kind, Probability = 0.05, Seed = seed });
        var random = new Random(seed);
        await scene.Operator.StopAsync();
        foreach (var replicas in new[] { 6, 3, 5 })
        {
            await scene.Objects.ScaleAsync("web", replicas);
            await scene.StartOperatorAsync(scene.UnreliableApi(ApiFaults, random.Next()));
            await scene.Waits.ListingsAsync(random.Next(5, 25));
            await scene.Operator.CrashAsync();
        }

        Assert.That(scene.Ec2.Faults.All.Select(f => f.Struck), Is.All.GreaterThan(0), "every kind of trouble was had");
        scene.Ec2.Faults.Clear();
        await scene.StartOperatorAsync();

        await scene.Waits.UntilAsync(async () => await IsAsAskedForAsync(scene, 5), "five nodes are online, and no others");
        Assert.That(scene.Living, Has.Count.EqualTo(5));
        await AssertEntriesAreOfNodesAsync(scene);
        Assert.That(scene.Grids.Entries.Count(e => e.InitialMember), Is.EqualTo(3));
        await scene.Objects.DeletePoolAsync("web");
        await scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync("web") is null, "the pool goes");
        Assert.That((scene.Living.Count, scene.Grids.Entries.Count), Is.EqualTo((0, 0)));
        await scene.Waits.UntilAsync(async () => !(await scene.Objects.SecretsAsync()).Any(s => s.Type == "kontena.io/bootstrap"), "no bootstrap Secret is left");
    }

    private static async Task<bool> IsAsAskedForAsync(OperatorScene scene, int replicas)
    {
        var nodes = await scene.Objects.NodesAsync("web");
        return nodes.Count == replicas && nodes.All(n => n.Status?.Conditions.Any(c => c is { Type: "Ready", IsTrue: true }) == true);
    }
}
