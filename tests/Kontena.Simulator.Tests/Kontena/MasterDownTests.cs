using Kontena.Simulator.Kontena;
using Kontena.TestKit;

namespace Kontena.Simulator.Tests.Kontena;

public sealed class MasterDownTests
{
    [Test]
    public async Task Stop_CutsRefusesAndForgetsNothing()
    {
        await using var session = await MasterSession.StartAsync();
        var agent = await session.JoinAsync("web", EngineIds.A);
        var url = session.Server.MasterUrl;

        await session.Master.StopAsync();
        Assert.That((await agent.Closed).Code, Is.EqualTo(1006), "cut, not closed");
        Assert.That(async () => await session.GetAsync("/v1/ping"), Throws.InstanceOf<HttpRequestException>());
        Assert.That(async () => await session.JoinAsync("web", EngineIds.A), Throws.InstanceOf<System.Net.WebSockets.WebSocketException>());
        Assert.That((session.Master.Running, session.Server.MasterUrl), Is.EqualTo((false, url)));

        await session.Master.StartAsync(CancellationToken.None);
        await session.Master.StartAsync(CancellationToken.None);
        Assert.That(session.Server.MasterUrl, Is.EqualTo(url));
        Assert.That((await session.NodeAsync("web")).Json["connected"]!.GetValue<bool>(), Is.True, "nobody was left to mark it");
        await session.JoinAsync("web", EngineIds.A);
        Assert.That(session.Master.Nodes, Has.Count.EqualTo(1));
        Assert.That((await session.NodeAsync("web")).Json["status"]!.ToString(), Is.EqualTo("online"));
    }

    [Test]
    public async Task Upgrade_ToAnotherMinor_RefusesTheAgentsThatWereThere()
    {
        await using var session = await MasterSession.StartAsync(MasterSession.Brisk with { Version = "1.4.3" });
        var old = new AgentHeaders { NodeId = EngineIds.A, NodeName = "web", Version = "1.4.0", GridToken = MasterSession.GridToken };
        var agent = await session.ConnectAsync(old);
        await agent.UpdateAsync();

        Assert.That(async () => await session.Master.UpgradeAsync("new", CancellationToken.None), Throws.InstanceOf<FormatException>());
        Assert.That(agent.Closed.IsCompleted, Is.False);
        await session.Master.UpgradeAsync("1.5.4", CancellationToken.None);
        await agent.Closed;
        Assert.That((await session.GetAsync("/")).Json["version"]!.ToString(), Is.EqualTo("1.5.4"));
        var again = await session.ConnectAsync(old);
        Assert.That((await again.Closed).Code, Is.EqualTo(4010));
        Assert.That(again.Last("/agent/master_info")![2]![0]!["version"]!.ToString(), Is.EqualTo("1.5.4"), "so that it can follow");
        await (await session.ConnectAsync(old with { Version = "1.5.0" })).UpdateAsync();
        Assert.That(session.Master.Nodes, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Watchdog_LeavesWhoWasSeenWithinItsTime()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var session = await MasterSession.StartAsync(MasterSession.Brisk with { ClockSkew = TimeSpan.FromSeconds(30) }, time);
        await session.JoinAsync("web", EngineIds.A);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(session.Master.Find(MasterSession.Grid, "web")!.Status, Is.EqualTo(HostNodeStatus.Online));
    }

    [Test]
    public async Task Watchdog_MarksWhoWasNotSeen()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var session = await MasterSession.StartAsync(MasterSession.Brisk with { ClockSkew = TimeSpan.FromSeconds(30) }, time);
        await session.JoinAsync("web", EngineIds.A);
        await session.Master.StopAsync();
        await session.Master.StartAsync(CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.That(session.Master.Find(MasterSession.Grid, "web")!.Status, Is.EqualTo(HostNodeStatus.Online));
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.That(session.Master.Find(MasterSession.Grid, "web")!.Status, Is.EqualTo(HostNodeStatus.Offline));
    }

    [Test]
    public async Task Restart_WithARequestThatHangs_EndsIt()
    {
        await using var session = await MasterSession.StartAsync();
        session.Master.Faults.Add(new() { Kind = Simulator.Faults.FaultKind.Hang });
        var hanging = session.GetAsync("/v1/ping");
        await Eventually.HoldsAsync(() => Task.FromResult(session.Master.Faults.All[0].Struck == 1), "the request hangs", TimeSpan.FromSeconds(10), CancellationToken.None);
        await session.Master.StopAsync();
        Assert.That(async () => await hanging, Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task Master_NotAskedFor_IsNotThere()
    {
        await using var server = await SimulatorServer.StartAsync(new(), Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, CancellationToken.None);
        Assert.That(() => server.Master, Throws.InvalidOperationException);
        Assert.That(() => server.MasterUrl, Throws.InvalidOperationException);
    }
}
