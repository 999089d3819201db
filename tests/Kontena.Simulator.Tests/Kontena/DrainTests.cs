using Kontena.Simulator.Kontena;
using Kontena.TestKit;

namespace Kontena.Simulator.Tests.Kontena;

public sealed class DrainTests
{
    private static readonly MasterOptions Slow = MasterSession.Brisk with { ClockSkew = TimeSpan.FromHours(1), InstanceMoves = TimeSpan.FromSeconds(2), KeepaliveInterval = TimeSpan.FromHours(2) };

    private ManualTime time = null!;
    private MasterSession session = null!;

    [SetUp]
    public async Task StartAsync()
    {
        time = new ManualTime(TimeProvider.System.GetUtcNow());
        session = await MasterSession.StartAsync(Slow, time);
    }

    [TearDown]
    public async Task StopAsync() => await session.DisposeAsync();

    [Test]
    public async Task Drain_StatelessInstances_MoveOneAfterAnother()
    {
        await session.JoinAsync("web-0", EngineIds.A);
        await session.JoinAsync("web-1", EngineIds.B);
        for (var i = 1; i <= 3; i++) session.Master.PlaceContainer(MasterSession.Grid, "web-0", "shop/front", i);
        Assert.That(await RunningOnAsync("web-0"), Is.EqualTo(3));

        await SetAsync("web-0", "drain");
        Assert.That(await RunningOnAsync("web-0"), Is.EqualTo(3), "it takes its time");
        foreach (var left in new[] { 2, 1, 0 })
        {
            time.Advance(TimeSpan.FromSeconds(2));
            Assert.That(await RunningOnAsync("web-0"), Is.EqualTo(left));
        }
        Assert.That(await RunningOnAsync("web-1"), Is.EqualTo(3));
        var all = (await session.GetAsync("/v1/containers/production?all=1")).Json["containers"]!.AsArray();
        Assert.That(all, Has.Count.EqualTo(6), "the old ones are listed as deleted");
        Assert.That(all[0]!["service_id"]!.ToString(), Is.EqualTo("production/shop/front"));
    }

    [Test]
    public async Task Drain_WithNowhereToGo_KeepsThem_UntilThereIs()
    {
        await session.JoinAsync("web-0", EngineIds.A);
        await session.JoinAsync("web-1", EngineIds.B);
        session.Master.PlaceContainer(MasterSession.Grid, "web-0", "shop/front");
        await SetAsync("web-1", "drain");
        await SetAsync("web-0", "drain");
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(await RunningOnAsync("web-0"), Is.EqualTo(1));
        await SetAsync("web-1", "active");
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.That((await RunningOnAsync("web-0"), await RunningOnAsync("web-1")), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task Drain_StatefulInstances_StopAndStartAgain()
    {
        await session.JoinAsync("db-0", EngineIds.A);
        await session.JoinAsync("db-1", EngineIds.B);
        session.Master.PlaceContainer(MasterSession.Grid, "db-0", "shop/db", stateful: true);
        await SetAsync("db-0", "drain");
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(session.Master.Containers.Single(), Is.EqualTo(new ServiceContainer(MasterSession.Grid, "db-0", "shop/db", 1, true, false)));
        await SetAsync("db-0", "active");
        Assert.That(await RunningOnAsync("db-0"), Is.EqualTo(1));
    }

    [Test]
    public async Task Drain_GivenUp_Stops()
    {
        await session.JoinAsync("web-0", EngineIds.A);
        await session.JoinAsync("web-1", EngineIds.B);
        session.Master.PlaceContainer(MasterSession.Grid, "web-0", "shop/front");
        await SetAsync("web-0", "drain");
        await SetAsync("web-0", "active");
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(await RunningOnAsync("web-0"), Is.EqualTo(1));
    }

    [Test]
    public async Task Delete_TakesItsContainersWithIt_AndTheStatelessStartElsewhere()
    {
        await session.JoinAsync("web-0", EngineIds.A);
        session.Master.PlaceContainer(MasterSession.Grid, "web-0", "shop/front");
        await session.DeleteAsync("/v1/nodes/production/web-0");
        Assert.That((await session.GetAsync("/v1/containers/production?all=1")).Json["containers"]!.AsArray(), Is.Empty);
        Assert.That(session.Master.Containers.Single().Node, Is.Null);
        await session.JoinAsync("web-1", EngineIds.B);
        Assert.That(session.Master.Containers.Single().Node, Is.EqualTo("web-1"));
    }

    private async Task SetAsync(string node, string availability) =>
        Assert.That((await session.PutAsync($"/v1/nodes/production/{node}", $$"""{"availability": "{{availability}}"}""")).Outcome, Is.EqualTo("200"));

    private async Task<int> RunningOnAsync(string node) =>
        (await session.GetAsync("/v1/containers/production")).Json["containers"]!.AsArray().Count(c => c!["node"]!["name"]!.ToString() == node);
}
