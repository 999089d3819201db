using Kontena.Simulator.Kontena;
using Kontena.TestKit;

namespace Kontena.Simulator.Tests.Kontena;

public sealed class JoinTests
{
    private static string Status(MasterAnswer answer) => answer.Json["status"]!.ToString();

    [Test]
    public async Task NodeToken_CreatedConnectingOnline_InThatOrder()
    {
        await using var session = await MasterSession.StartAsync();
        var token = await session.CreateNodeAsync("web-0", """["region=eu-west-1"]""");
        Assert.That(Status(await session.NodeAsync("web-0")), Is.EqualTo("created"));

        var agent = await session.ConnectAsync(new AgentHeaders { NodeId = EngineIds.A, NodeName = "other-name", Labels = "az=a,region=eu-west-1", NodeToken = token });
        await agent.WaitForAsync("/agent/node_info");
        Assert.That(agent.HandshakeVersion, Is.EqualTo("1.5.4"));
        Assert.That(agent.Called, Is.EqualTo(new[] { "/agent/master_info", "/agent/node_info" }));
        Assert.That(Status(await session.NodeAsync("web-0")), Is.EqualTo("connecting"));

        await agent.UpdateAsync();
        var node = (await session.NodeAsync("web-0")).Json;
        Assert.That(node["status"]!.ToString(), Is.EqualTo("online"));
        Assert.That(node["node_id"]!.ToString(), Is.EqualTo(EngineIds.A));
        Assert.That(node["labels"]!.AsArray().Select(l => l!.ToString()), Is.EqualTo(new[] { "region=eu-west-1", "az=a" }), "header labels are added to those that were set");
        Assert.That(node["mem_limit"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That(node["volume_drivers"]![0]!["name"]!.ToString(), Is.EqualTo("local"));
        Assert.That(session.Master.Find(MasterSession.Grid, "web-0")!.Events.Select(e => e.Kind),
            Is.EqualTo(new[] { NodeEventKind.Registered, NodeEventKind.Connected, NodeEventKind.Updated }));
        Assert.That(agent.Last("/agent/node_info")!.ToJsonString(), Does.Not.Contain(MasterSession.GridToken).And.Not.Contain(token));
    }

    [Test]
    public async Task GridToken_NameIsTaken_NumberIsAppended()
    {
        await using var session = await MasterSession.StartAsync();
        await session.JoinAsync("web", EngineIds.A, "region=x");
        await session.JoinAsync("web", EngineIds.B);
        Assert.That(session.Master.Nodes.Select(n => (n.Name, n.Number, n.InitialMember, n.Origin)),
            Is.EqualTo(new[] { ("web", 1, true, NodeOrigin.Agent), ("web-2", 2, true, NodeOrigin.Agent) }));
        Assert.That((await session.GetAsync($"/v1/nodes/{MasterSession.Grid}/{EngineIds.B}")).Json["name"]!.ToString(), Is.EqualTo("web-2"), "by node id, as it has colons");
    }

    [Test]
    public async Task Labels_AreRefilledFromTheEngineWhileThereAreNone_AndNeverChangedLater()
    {
        await using var session = await MasterSession.StartAsync();
        var agent = await session.JoinAsync("web", EngineIds.A, before: a => a.EngineLabels = ["region=engine"]);
        Assert.That(session.Master.Find(MasterSession.Grid, "web")!.Labels, Is.EqualTo(new[] { "region=engine" }));
        await session.PutAsync($"/v1/nodes/{MasterSession.Grid}/web", """{"labels": ["role=web"]}""");
        await agent.CloseAsync();
        await agent.Closed;
        await session.JoinAsync("web", EngineIds.A, "region=other");
        Assert.That(session.Master.Find(MasterSession.Grid, "web")!.Labels, Is.EqualTo(new[] { "role=web" }));
    }

    [Test]
    public async Task Close_ByTheAgent_IsToldByHealth()
    {
        await using var session = await MasterSession.StartAsync();
        var agent = await session.JoinAsync("web", EngineIds.A);
        await agent.CloseAsync();
        await Eventually.HoldsAsync(async () => Status(await session.NodeAsync("web")) == "offline", "the node is offline", TimeSpan.FromSeconds(10), CancellationToken.None);
        Assert.That((await session.GetAsync($"/v1/nodes/{MasterSession.Grid}/web/health")).Outcome,
            Does.Match(@"^422 connection: Websocket disconnected at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC with code 1000: Terminated$"));
    }

    [Test]
    public async Task Drain_OfAnOnlineNode_ShowsUntilItIsOffline()
    {
        await using var session = await MasterSession.StartAsync();
        var agent = await session.JoinAsync("web", EngineIds.A);
        Assert.That(Status(await session.PutAsync($"/v1/nodes/{MasterSession.Grid}/web", """{"availability": "drain"}""", MasterSession.MemberToken)), Is.EqualTo("drain"));
        await agent.CloseAsync();
        await Eventually.HoldsAsync(async () => Status(await session.NodeAsync("web")) == "offline", "the node is offline", TimeSpan.FromSeconds(10), CancellationToken.None);
        Assert.That((await session.NodeAsync("web")).Json["availability"]!.ToString(), Is.EqualTo("drain"));
    }

    [Test]
    public async Task Messages_ThatAreNoMessages_AreSkipped()
    {
        await using var session = await MasterSession.StartAsync();
        var agent = await session.JoinAsync("web", EngineIds.A);
        await agent.SendAsync([0xC1]);
        await agent.SendAsync("{}"u8.ToArray());
        Assert.That((await agent.AskAsync(8, "/containers/log", 1))[2]!["code"]!.GetValue<int>(), Is.EqualTo(501));
        Assert.That((await agent.AskAsync(9, "/nodes/get", EngineIds.B))[2]!["message"]!.ToString(), Is.EqualTo($"Missing HostNode: {EngineIds.B}"));
        Assert.That((await agent.AskAsync(10, "/nodes/get", EngineIds.A))[3]!["overlay_ip"]!.ToString(), Is.EqualTo("10.81.0.1"));
    }
}
