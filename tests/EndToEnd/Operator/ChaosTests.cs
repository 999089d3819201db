using Kontena.Simulator.Faults;

namespace Kontena.EndToEnd.Operator;

/// <summary>Everything at once, from a seed: the API server, the cloud and the operator itself fail while the user changes his mind.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class ChaosTests(SceneEngine engine) : OperatorTests(engine)
{
    private const double ApiFaults = 0.08;

    private static readonly FaultKind[] cloudFaults = [FaultKind.LostAnswer, FaultKind.ServerError, FaultKind.Cut, FaultKind.HalfPage, FaultKind.Throttle];

    [Test]
    public async Task ApiAndCloudFailAndTheOperatorIsKilled_WhatIsLeftIsWhatWasAskedFor([Values(1, 2, 3)] int seed)
    {
        var scene = await OpenAsync(Usual.AtSpeed(15));
        await scene.Objects.CredentialsAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 4);
        foreach (var kind in cloudFaults) scene.Ec2.Faults.Add(new Fault { Kind = kind, Probability = 0.06, Seed = seed });
        var random = new Random(seed);
        await scene.StartOperatorAsync();
        await scene.Operator.StopAsync();
        foreach (var replicas in new[] { 6, 2, 5, 1, 3 })
        {
            await scene.Objects.ScaleAsync("web", replicas);
            await scene.StartOperatorAsync(scene.UnreliableApi(ApiFaults, random.Next()));
            await scene.Waits.ListingsAsync(random.Next(1, 15));
            await scene.Operator.CrashAsync();
        }

        scene.Ec2.Faults.Clear();
        await scene.StartOperatorAsync();

        await scene.Waits.ReadyAsync("web", 3);
        await scene.Waits.UntilAsync(() => scene.Living.Count == 3, "three machines live");
        var nodes = (await scene.Objects.NodesAsync()).Select(n => n.Metadata.Uid);
        Assert.That(scene.Living.Select(m => m.Tags["kontena-node"]), Is.EquivalentTo(nodes));
        await scene.Objects.DeletePoolAsync("web");
        await scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync("web") is null, "the pool goes");
        Assert.That(scene.Living, Is.Empty);
        await scene.Waits.UntilAsync(async () => !(await scene.Objects.SecretsAsync()).Any(s => s.Type == "kontena.io/bootstrap"), "no bootstrap Secret is left");
        Assert.That((await scene.Objects.FindSecretAsync("aws"))!.Metadata.Finalizers ?? [], Is.Empty);
    }
}
