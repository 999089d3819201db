using System.Diagnostics;
using Kontena.Simulator.Faults;

namespace Kontena.EndToEnd.Operator;

/// <summary>An operator that is stopped, or killed while the cloud has its call, and the next one. Every single call as the place to be killed at is for the folder Crash.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class RestartTests(SceneEngine engine) : OperatorTests(engine)
{
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
}
