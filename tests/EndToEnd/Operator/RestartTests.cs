using System.Diagnostics;
using Kontena.Kubernetes.Client;
using Kontena.Simulator.Faults;

namespace Kontena.EndToEnd.Operator;

/// <summary>An operator that is killed anywhere, and the next one: one machine a node, and everything ready.</summary>
public sealed class RestartTests : OperatorTests
{
    /// <summary>Two nodes cost about twenty writes; past the last one nothing is left to interrupt.</summary>
    [Test]
    public async Task KilledAtAWrite_TheNextFinishes_OneMachineEach([Range(1, 20)] int write, [Values] bool after)
    {
        var scene = await OpenAsync();
        await scene.Objects.CredentialsAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await PlayDoomedAsync(scene, scene.DoomedApi(write, after));

        await scene.StartOperatorAsync();

        await scene.Waits.ReadyAsync("web", 2);
        Assert.That(scene.Machines.Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task KilledAtAWriteWhileDeleting_TheNextFinishes_NothingIsLeft([Range(1, 9, 2)] int write, [Values] bool after)
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        await scene.Operator.StopAsync();
        await scene.Objects.DeletePoolAsync("web");
        await PlayDoomedAsync(scene, scene.DoomedApi(write, after));

        await scene.StartOperatorAsync();

        await scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync("web") is null, "the pool goes");
        Assert.That(scene.Living, Is.Empty);
        Assert.That(await scene.Objects.NodesAsync(), Is.Empty);
    }

    [TestCase(FaultKind.Hang)]
    [TestCase(FaultKind.LostAnswer)]
    [TestCase(FaultKind.Slow)]
    public async Task KilledDuringACreateCall_TheNextFindsItsMachine(FaultKind kind)
    {
        var scene = await PlayAsync();
        scene.Ec2.Faults.Add(new Fault { Kind = kind, Action = "RunInstances", Count = 2, Delay = kind == FaultKind.Slow ? TimeSpan.FromSeconds(0.4) : default });
        await scene.Objects.PoolAsync(scene.Cloud, "web", 3);
        await scene.Waits.UntilAsync(() => scene.Ec2.Faults.All[0].Struck > 0, "a create call is on its way");

        await scene.Operator.CrashAsync();
        await scene.StartOperatorAsync();

        await scene.Waits.ReadyAsync("web", 3);
        Assert.That(scene.Machines.Count(), Is.EqualTo(3));
    }

    [Test]
    public async Task StoppedWhileCreating_EndsWithinFiveSeconds_AndTheNextFinishes()
    {
        var scene = await PlayAsync();
        scene.Ec2.Faults.Add(new Fault { Kind = FaultKind.Hang, Action = "RunInstances", Count = 3 });
        await scene.Objects.PoolAsync(scene.Cloud, "web", 6);
        await scene.Waits.UntilAsync(() => scene.Ec2.Faults.All[0].Struck > 0, "a create call hangs");

        var watch = Stopwatch.StartNew();
        await scene.Operator.StopAsync();

        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That(scene.Logs.Lines.Where(l => l.Level >= Microsoft.Extensions.Logging.LogLevel.Error), Is.Empty);
        await scene.StartOperatorAsync();
        await scene.Waits.ReadyAsync("web", 6);
        Assert.That(scene.Machines.Count(), Is.EqualTo(6));
    }

    [Test]
    public async Task RestartOfASettledPool_WritesNothing()
    {
        var scene = await PlayAsync();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 3);
        await scene.Waits.ReadyAsync("web", 3);

        await scene.RestartOperatorAsync();
        await scene.Waits.PoolAsync("web", "ProviderReady", "True");
        await scene.Waits.ListingsAsync(6);

        Assert.That(scene.Operator.Api.Writes.Where(w => !w.Contains("nodepools", StringComparison.Ordinal)), Is.Empty);
        await scene.Waits.ReadyAsync("web", 3);
        Assert.That(scene.Machines.Count(), Is.EqualTo(3));
    }

    /// <summary>Plays until it dies, or until there is nothing left that it could die of.</summary>
    private static async Task PlayDoomedAsync(OperatorScene scene, WatchedApi api)
    {
        try
        {
            await scene.StartOperatorAsync(api);
        }
        catch (KubeFault)
        {
            Assert.That(api.Died.IsCompleted, Is.True, "it died before it could begin");
            return;
        }
        await scene.Waits.UntilAsync(async () => api.Died.IsCompleted || await IsOverAsync(scene), "it dies, or is done");
        await scene.Operator.CrashAsync();
    }

    private static async Task<bool> IsOverAsync(OperatorScene scene)
    {
        var pool = await scene.Objects.FindPoolAsync("web");
        return pool is null || (!pool.Metadata.IsBeingDeleted && pool.Status?.Conditions.Any(c => c is { Type: "Ready", IsTrue: true }) == true);
    }
}
