using Kontena.Simulator.Kontena;
using Kontena.TestKit;

namespace Kontena.Simulator.Tests.Kontena;

public sealed class RefusalTests
{
    private static AgentHeaders Good => new() { NodeId = EngineIds.A, NodeName = "web", GridToken = MasterSession.GridToken };

    private static readonly Dictionary<string, AgentHeaders> Wrong = new()
    {
        ["no node id"] = Good with { NodeId = "" },
        ["no name"] = Good with { NodeName = null },
        ["wrong grid token"] = Good with { GridToken = "nobody knows this" },
        ["wrong node token"] = Good with { GridToken = null, NodeToken = "nobody knows this" },
        ["empty node token"] = Good with { GridToken = null, NodeToken = "" },
        ["no token"] = Good with { GridToken = null },
        ["older agent"] = Good with { Version = "1.4.3" },
        ["older agent without anything"] = new AgentHeaders { Version = "1.4.3" },
    };

    [TestCase("no node id", 4000, "Missing Kontena-Node-ID")]
    [TestCase("no name", 4000, "Missing Kontena-Node-Name")]
    [TestCase("wrong grid token", 4001, "Invalid grid token")]
    [TestCase("wrong node token", 4002, "Invalid node token")]
    [TestCase("empty node token", 4002, "Invalid node token")]
    [TestCase("no token", 4004, "Missing token")]
    [TestCase("older agent", 4010, "agent version 1.4.3 is not compatible with server version 1.5.4")]
    [TestCase("older agent without anything", 4010, "agent version 1.4.3 is not compatible with server version 1.5.4")]
    public async Task Connect_Wrong_IsAcceptedAndThenClosedWithTheCode(string what, int code, string reason)
    {
        await using var session = await MasterSession.StartAsync();
        var agent = await session.ConnectAsync(Wrong[what]);
        Assert.That(await agent.Closed, Is.EqualTo((code, reason)));
        Assert.That(agent.Called, Is.EqualTo(code == 4010 ? ["/agent/master_info"] : Array.Empty<string>()));
        Assert.That(session.Master.Nodes, Is.Empty);
        Assert.That(session.Master.Rejected.Select(r => (r.Code, r.Reason)), Is.EqualTo(new[] { (code, reason) }));
        Assert.That(session.Master.Calls.Recent.Single().Code, Is.EqualTo($"{code}"));
    }

    [Test]
    public async Task NodeToken_OfAnotherMachine_Is4003()
    {
        await using var session = await MasterSession.StartAsync();
        var token = await session.CreateNodeAsync("web-0");
        await (await session.ConnectAsync(new AgentHeaders { NodeId = EngineIds.A, NodeName = "web-0", NodeToken = token })).UpdateAsync();
        var second = await session.ConnectAsync(new AgentHeaders { NodeId = EngineIds.B, NodeName = "web-0", NodeToken = token });
        Assert.That(await second.Closed, Is.EqualTo((4003, "Invalid node token, already used by a different node")));
        Assert.That(session.Master.Nodes.Single().Status, Is.EqualTo(HostNodeStatus.Online));
    }

    [Test]
    public async Task NodeId_OfAnotherNode_Is4006AndItsNodeStaysCreated()
    {
        await using var session = await MasterSession.StartAsync();
        var first = await session.CreateNodeAsync("web-0");
        var second = await session.CreateNodeAsync("web-1");
        await (await session.ConnectAsync(new AgentHeaders { NodeId = EngineIds.A, NodeName = "web-0", NodeToken = first })).UpdateAsync();
        var clone = await session.ConnectAsync(new AgentHeaders { NodeId = EngineIds.A, NodeName = "web-1", NodeToken = second });
        Assert.That(await clone.Closed, Is.EqualTo((4006, "Invalid node ID, already used by a different node")));
        Assert.That(session.Master.Nodes.Select(n => n.Status), Is.EqualTo(new[] { HostNodeStatus.Online, HostNodeStatus.Created }));
    }

    [Test]
    public async Task GridToken_ForANodeWithItsOwn_Is4005()
    {
        await using var session = await MasterSession.StartAsync();
        var token = await session.CreateNodeAsync("web");
        await (await session.ConnectAsync(new AgentHeaders { NodeId = EngineIds.A, NodeName = "web", NodeToken = token })).UpdateAsync();
        Assert.That((await (await session.ConnectAsync(Good)).Closed).Code, Is.EqualTo(4005));
        await session.DeleteAsync($"/v1/nodes/{MasterSession.Grid}/web/token", "{}");
        await (await session.ConnectAsync(Good)).UpdateAsync();
    }

    [TestCase(-7, "past", "7.")]
    [TestCase(60, "future", "-59.|-60.")]
    public async Task Clock_OfTheAgentIsOff_Is4020AndHealthTells(double seconds, string where, string offset)
    {
        await using var session = await MasterSession.StartAsync();
        var agent = await session.ConnectAsync(Good with { Skew = TimeSpan.FromSeconds(seconds) });
        var (code, reason) = await agent.Closed;
        Assert.That(code, Is.EqualTo(4020));
        Assert.That(reason, Does.Match($@"^agent connected too far in the {where}, clock offset ({offset})\d+s exceeds threshold$"));
        Assert.That((await session.NodeAsync("web")).Json["status"]!.ToString(), Is.EqualTo("offline"));
        Assert.That((await session.GetAsync($"/v1/nodes/{MasterSession.Grid}/web/health")).Outcome,
            Does.Match(@"^422 connection: Websocket connection rejected at .* UTC with code 4020: agent connected too far"));
        await (await session.ConnectAsync(Good)).UpdateAsync();
        Assert.That((await session.NodeAsync("web")).Json["status"]!.ToString(), Is.EqualTo("online"), "the right time is let in afterwards");
    }

    [Test]
    public async Task Clock_OfTheMasterIsOff_RefusesAgentsThatAreRightAndShowsInTheDate()
    {
        await using var session = await MasterSession.StartAsync();
        session.Master.ClockSkew = TimeSpan.FromMinutes(10);
        Assert.That((await (await session.ConnectAsync(Good)).Closed).Code, Is.EqualTo(4020));
        var date = (await session.GetAsync("/v1/ping")).Headers.Date!.Value;
        Assert.That(date - TimeProvider.System.GetUtcNow(), Is.EqualTo(TimeSpan.FromMinutes(10)).Within(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public async Task EngineId_InTwoGrids_LeavesTheSecondOpenWithoutAWord()
    {
        await using var session = await MasterSession.StartAsync();
        await session.JoinAsync("web", EngineIds.A);
        var second = await session.ConnectAsync(Good with { GridToken = session.Master.GridToken("staging") });
        await Eventually.HoldsAsync(() => Task.FromResult(session.Master.Rejected.Count == 1), "the Master failed", TimeSpan.FromSeconds(10), CancellationToken.None);
        await session.GetAsync("/v1/ping");
        Assert.That(second.Closed.IsCompleted, Is.False);
        Assert.That(second.Called, Is.Empty);
        Assert.That(session.Master.Nodes, Has.Count.EqualTo(1));
    }
}
