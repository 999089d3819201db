using System.Runtime.Versioning;
using Kontena.EndToEnd.Operator;
using Kontena.Simulator.Ec2;
using Kontena.TestKit;

namespace Kontena.EndToEnd.HighAvailability;

/// <summary>
/// Two operator processes against the real API server. Each test ends with the pool's deletion: nothing may be left then but what is somebody
/// else's, and no node may ever have had two living machines.
/// </summary>
[Platform("Linux")]
[SupportedOSPlatform("linux")]
public abstract class ReplicaTests : OperatorTests
{
    private protected static readonly TimeSpan Patience = Eventually.Patience;

    /// <summary>Not much longer than a call may take, so that a test need not wait fifteen seconds for a lease to run out.</summary>
    private protected static readonly string[] BriefLease = ["--leader-elect-lease-duration", "8s", "--leader-elect-renew-deadline", "6s", "--leader-elect-retry-period", "1s"];

    private Replicas? replicas;
    private OperatorScene scene = null!;
    private InstanceSnapshot foreign = null!;

    [TearDown]
    public async Task StopReplicasAsync()
    {
        if (replicas is null) return;
        var logs = replicas.All.Select(r => r.Log).ToList();
        await replicas.DisposeAsync();
        foreach (var line in logs.SelectMany(l => l.Split('\n'))) Assert.That(Canary.In(line), Is.Empty);
        if (TestContext.CurrentContext.Result.Outcome.Status == NUnit.Framework.Interfaces.TestStatus.Failed)
            foreach (var log in logs) TestContext.Out.WriteLine(log);
    }

    /// <summary>Two replicas, and a pool of so many nodes that they have made.</summary>
    private protected async Task<(OperatorScene Scene, Replicas Replicas)> PlayTwoAsync(int nodes, params string[] arguments)
    {
        if (replicas is not null) await replicas.DisposeAsync();
        scene = await OpenAsync(new SceneOptions { Engine = SceneEngine.Real });
        // Somebody else's, by "launch more like this" from one of ours.
        foreign = scene.Ec2.LaunchForeign(new ForeignInstance { Tags = new Dictionary<string, string> { ["kontena-installation"] = "of-another", ["kontena-node"] = "of-another" } });
        await scene.Objects.CredentialsAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", nodes);
        replicas = await Replicas.StartTwoAsync(scene, arguments);
        await ReadyAsync(nodes);
        return (scene, replicas);
    }

    /// <summary>
    /// Plays until the leader was struck as planned. On a starved machine it may lose its lease before; such a play says nothing.
    /// </summary>
    /// <param name="play">False where the leader was not struck.</param>
    private protected static async Task RepeatAsync(Func<Task<bool>> play)
    {
        for (var tries = 0; tries < 5; tries++)
            if (await play())
                return;
        Assert.Fail("Five times the leader lost its lease before it was struck.");
    }

    /// <returns>False where the leader ended first.</returns>
    private protected static async Task<bool> IsStruckAsync(Task struck, Replica leader)
    {
        var ended = leader.ExitAsync(Ct);
        return await Task.WhenAny(struck, ended).WaitAsync(Patience, TimeProvider.System, Ct) == struck;
    }

    private protected Task ReadyAsync(int nodes) => scene.Waits.UntilAsync(async () =>
    {
        await replicas!.ReplaceAsync();
        var pool = await scene.Objects.FindPoolAsync("web");
        return pool?.Status is { } status && status.ObservedGeneration == pool.Metadata.Generation && status.Replicas == nodes
            && status.Conditions.Any(c => c is { Type: "Ready", IsTrue: true }) && scene.Living.Count == nodes;
    }, $"pool web is Ready with {nodes} nodes", Patience);

    /// <summary>Deletes the pool, and judges all that ever happened.</summary>
    /// <param name="most">As many machines as were ever asked for at one time.</param>
    private protected async Task AssertAllWentRightAsync(int most)
    {
        await scene.Objects.DeletePoolAsync("web");
        await scene.Waits.UntilAsync(async () =>
        {
            await replicas!.ReplaceAsync();
            return await scene.Objects.FindPoolAsync("web") is null && (await scene.Objects.NodesAsync()).Count == 0;
        }, "the pool and its nodes go", Patience);
        Assert.That(scene.Living, Is.Empty, "no machine is left");
        Assert.That(replicas!.Violations(most), Is.Empty);
        Assert.That((scene.Ec2.Find(foreign.Id)!.Living, scene.Ec2.Find(foreign.Id)!.Tags), Is.EqualTo((true, foreign.Tags)), "what is somebody else's stays as it was");
    }
}
