using Kontena.Simulator.Kontena;
using Kontena.TestKit;

namespace Kontena.Simulator.Tests.Kontena;

public sealed class KeepaliveTests
{
    private static Task<bool> StandsAt(MasterSession session, string node, HostNodeStatus status) =>
        Task.FromResult(session.Master.Find(MasterSession.Grid, node)?.Status == status);

    [Test]
    public async Task Pong_IsSeen()
    {
        await using var session = await MasterSession.StartAsync();
        await session.JoinAsync("web", EngineIds.A);
        async Task<string> SeenAsync() => (await session.NodeAsync("web")).Json["last_seen_at"]!.ToString();
        var first = await SeenAsync();
        await Eventually.HoldsAsync(async () => await SeenAsync() != first, "the node is seen again", TimeSpan.FromSeconds(10), CancellationToken.None);
        Assert.That(await StandsAt(session, "web", HostNodeStatus.Online), Is.True);
    }

    /// <summary>As a network that breaks, many times: whether the connection's end or the request's is seen first is a matter of luck.</summary>
    [Test]
    public async Task Reset_IsSeenAtOnce_AndWhoComesAfterIsAsked()
    {
        // Nothing but the connection's own end is to tell.
        await using var session = await MasterSession.StartAsync(MasterSession.Brisk with { KeepaliveInterval = TimeSpan.FromHours(1) });
        for (var round = 0; round < 40; round++)
        {
            var agent = await session.JoinAsync("web", EngineIds.A);
            Assert.That((await session.GetAsync($"/v1/nodes/{MasterSession.Grid}/web/health")).Outcome, Is.EqualTo("200"), $"round {round}");
            agent.Abort();
            await Eventually.HoldsAsync(() => StandsAt(session, "web", HostNodeStatus.Offline), $"round {round}: the node is offline", TimeSpan.FromSeconds(10), CancellationToken.None);
        }
    }

    [Test]
    public async Task Pong_OfARemovedNode_Is4040()
    {
        await using var session = await MasterSession.StartAsync();
        var agent = await session.JoinAsync("web", EngineIds.A);
        Assert.That((await session.DeleteAsync($"/v1/nodes/{MasterSession.Grid}/web")).Outcome, Is.EqualTo("200"));
        Assert.That(await agent.Closed, Is.EqualTo((4040, $"host node {EngineIds.A} has been removed")));
        Assert.That(session.Master.Nodes.Single().RemovedAt, Is.Not.Null);
    }

    [Test]
    public async Task Pong_OfAnOlderConnection_Is4041AndTheNewerKeepsTheNode()
    {
        await using var session = await MasterSession.StartAsync();
        var first = await session.JoinAsync("web", EngineIds.A);
        var second = await session.JoinAsync("clone", EngineIds.A, before: a => a.PrivateIp = "10.0.0.2");
        var (code, reason) = await first.Closed;
        Assert.That(code, Is.EqualTo(4041));
        Assert.That(reason, Does.Match(@"^host node web connection conflict with new connection at .* UTC$"));
        Assert.That(session.Master.Nodes.Single(), Has.Property("Name").EqualTo("web").And.Property("PrivateAddress").EqualTo("10.0.0.2"));
        Assert.That(await StandsAt(session, "web", HostNodeStatus.Online), Is.True, "the end of the older one does not mark the newer");
        Assert.That(second.Closed.IsCompleted, Is.False);
        var closed = session.Master.Closed.Single();
        Assert.That((closed.Grid, closed.NodeId, closed.NodeName, closed.Code, closed.Reason), Is.EqualTo((MasterSession.Grid, EngineIds.A, "web", 4041, reason)));
        Assert.That((session.Master.Evictions(closed.At), session.Master.Evictions(closed.At, EngineIds.A), session.Master.Evictions(closed.At, EngineIds.B), session.Master.Evictions(closed.At.AddTicks(1))), Is.EqualTo((1, 1, 0, 0)));
        Assert.That(session.Master.Nodes.Single().Events.Where(e => e.Kind == NodeEventKind.Updated).Select(e => e.Detail), Is.EqualTo(new[] { "10.0.0.1", "10.0.0.2" }));
    }

    [Test]
    public async Task Pong_AfterTheTokenWasResetWithItsConnection_Is4031()
    {
        await using var session = await MasterSession.StartAsync();
        var token = await session.CreateNodeAsync("web");
        var agent = await session.ConnectAsync(new AgentHeaders { NodeId = EngineIds.A, NodeName = "web", NodeToken = token });
        await agent.UpdateAsync();
        await session.PutAsync($"/v1/nodes/{MasterSession.Grid}/web/token", """{"reset_connection": true}""");
        Assert.That(await StandsAt(session, "web", HostNodeStatus.Offline), Is.True);
        Assert.That(await agent.Closed, Is.EqualTo((4031, "host node web has been disconnected")));
        var again = await session.ConnectAsync(new AgentHeaders { NodeId = EngineIds.A, NodeName = "web", NodeToken = token });
        Assert.That((await again.Closed).Code, Is.EqualTo(4002), "the old token is nobody's");
    }

    [Test]
    public async Task Ping_WithoutPong_Is4030()
    {
        await using var session = await MasterSession.StartAsync(MasterSession.Brisk with { PingTimeout = TimeSpan.FromMilliseconds(200), ClockSkew = TimeSpan.FromSeconds(6) });
        var agent = await AgentOfTests.ConnectAsync(session.Server.MasterUrl,
            new AgentHeaders { NodeId = EngineIds.A, NodeName = "web", GridToken = MasterSession.GridToken }, frozen: true);
        await using var _ = agent;
        await Eventually.HoldsAsync(() => StandsAt(session, "web", HostNodeStatus.Offline), "the node is offline", TimeSpan.FromSeconds(10), CancellationToken.None);
        Assert.That((await session.GetAsync($"/v1/nodes/{MasterSession.Grid}/web/health")).Outcome, Does.Match(@"with code 4030: ping timeout after 0\.\d\ds$"));
        agent.Thaw();
        Assert.That((await agent.Closed).Code, Is.EqualTo(4030).Or.EqualTo(1006));
    }
}
