namespace Kontena.EndToEnd.Operator;

/// <summary>Two operators, one lease.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class LeadershipTests(SceneEngine engine) : OperatorTests(engine)
{
    [Test]
    public async Task Standby_WritesNothing_AndTakesOverAtOnceWhenTheLeaderStops()
    {
        var scene = await PlayAsync(Usual with { LeaderElection = true });
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        var standby = await scene.StartAnotherAsync();
        await scene.Waits.ListingsAsync(3);
        Assert.That(standby.Api.Writes.Where(w => !w.Contains("leases", StringComparison.Ordinal)), Is.Empty);

        await scene.Objects.ScaleAsync("web", 5);
        await scene.Waits.UntilAsync(() => scene.Machines.Count() > 2, "the leader is at it");
        await scene.Operator.StopAsync();

        await scene.Waits.ReadyAsync("web", 5);
        Assert.That(scene.Machines.Count(), Is.EqualTo(5));
        Assert.That(standby.Api.Writes.Count(w => w.Contains("kontena", StringComparison.Ordinal) || w.Contains("nodepools", StringComparison.Ordinal)), Is.Positive);
    }
}
