using System.Text.Json.Nodes;
using Kontena.TestKit;

namespace Kontena.Simulator.Tests.Kontena;

public sealed class RestTests
{
    private const string Nodes = "/v1/grids/production/nodes";
    private const string Web = "/v1/nodes/production/web";

    /// <summary>Of the 1.4 and 1.5 view: nothing more and nothing less is shown.</summary>
    private static readonly string[] NodeFields =
    [
        "id", "node_id", "connected", "updated", "availability", "created_at", "updated_at", "connected_at", "last_seen_at", "disconnected_at", "status", "has_token",
        "name", "os", "engine_root_dir", "driver", "network_drivers", "volume_drivers", "kernel_version", "labels", "mem_total", "mem_limit", "cpus", "public_ip",
        "private_ip", "overlay_ip", "agent_version", "docker_version", "peer_ips", "node_number", "initial_member", "grid", "resource_usage",
    ];

    [Test]
    public async Task Root_AndPing_NeedNoToken()
    {
        await using var session = await MasterSession.StartAsync();
        var root = await session.SendAsync(HttpMethod.Get, "/", null, null);
        Assert.That(root.Json.ToJsonString(), Is.EqualTo("""{"name":"Kontena Master","tagline":"The Container Platform","version":"1.5.4"}"""));
        var ping = await session.SendAsync(HttpMethod.Get, "/v1/ping", null, null);
        Assert.That(ping.Json["message"]!.ToString(), Is.EqualTo("pong"));
        Assert.That(ping.Headers.GetValues("X-Kontena-Version"), Is.EqualTo(new[] { "1.5.4" }));
        Assert.That(ping.Headers.Date, Is.Not.Null);
    }

    [Test]
    public async Task Token_ThatIsNotGood_Is403WithAChallenge()
    {
        await using var session = await MasterSession.StartAsync();
        foreach (var token in new[] { null, "nobody", MasterSession.ExpiredToken })
        {
            var answer = await session.SendAsync(HttpMethod.Get, "/v1/grids", null, token);
            var description = token == MasterSession.ExpiredToken ? "Token expired" : "Invalid token";
            Assert.That(answer.Outcome, Is.EqualTo("403 invalid_token"));
            Assert.That(answer.Json["error_description"]!.ToString(), Is.EqualTo(description));
            Assert.That(answer.Headers.WwwAuthenticate.ToString(),
                Is.EqualTo($"Bearer realm=\"kontena_master\", error=\"invalid_token\", error_description=\"{description}\""));
        }
        var soft = await session.SendAsync(HttpMethod.Get, Web, null, "nobody");
        Assert.That((soft.Outcome, soft.Headers.WwwAuthenticate.Count), Is.EqualTo(("403 access_denied", 0)));
        var html = await session.SendAsync(HttpMethod.Get, Web, null, "nobody", r => r.Headers.Accept.Clear());
        Assert.That(html.Status, Is.EqualTo(403));
        Assert.That(html.Body, Does.StartWith("<html>"), "no JSON for who does not ask for it");
    }

    [Test]
    public async Task Roles_DecideWhoMayDoWhat()
    {
        await using var session = await MasterSession.StartAsync();
        await session.CreateNodeAsync("web");
        async Task<string> As(string token, HttpMethod method, string path, string? body = null) => (await session.SendAsync(method, path, body, token)).Outcome;

        Assert.That(await As(MasterSession.MemberToken, HttpMethod.Get, "/v1/grids/production"), Is.EqualTo("200"));
        Assert.That(await As(MasterSession.MemberToken, HttpMethod.Post, Nodes, """{"name": "x"}"""), Is.EqualTo("403 Access denied"));
        Assert.That(await As(MasterSession.MemberToken, HttpMethod.Get, Web + "/token"), Is.EqualTo("403 Access denied"));
        Assert.That(await As(MasterSession.MemberToken, HttpMethod.Put, "/v1/grids/production", "{}"), Is.EqualTo("422 user: Operation not allowed"));
        Assert.That(await As(MasterSession.MemberToken, HttpMethod.Put, Web, """{"labels": ["a=b"]}"""), Is.EqualTo("200"));
        Assert.That(await As(MasterSession.MemberToken, HttpMethod.Delete, Web), Is.EqualTo("200"));
        Assert.That(await As(MasterSession.GridAdminToken, HttpMethod.Post, Nodes, """{"name": "x"}"""), Is.EqualTo("201"));
        Assert.That(await As(MasterSession.GridAdminToken, HttpMethod.Post, "/v1/grids", """{"name": "new"}"""), Is.EqualTo("422 user: Operation not allowed"));
        Assert.That(await As(MasterSession.ForeignToken, HttpMethod.Get, Nodes), Is.EqualTo("403 Access denied"));
        Assert.That((await session.GetAsync("/v1/grids", MasterSession.ForeignToken)).Json["grids"]!.AsArray().Select(g => g!["name"]!.ToString()), Is.EqualTo(new[] { "staging" }));
    }

    [Test]
    public async Task Node_Shown_HasEveryFieldAndTheGridToken()
    {
        await using var session = await MasterSession.StartAsync();
        var token = await session.CreateNodeAsync("web", """["region=x"]""");
        var node = (await session.NodeAsync("web")).Json.AsObject();
        Assert.That(node.Select(f => f.Key), Is.EqualTo(NodeFields));
        Assert.That(node["id"]!.ToString(), Is.EqualTo("production/web"));
        Assert.That(node["overlay_ip"]!.ToString(), Is.EqualTo("10.81.0.1"));
        Assert.That(node["has_token"]!.GetValue<bool>(), Is.True);
        Assert.That(node["grid"]!["token"]!.ToString(), Is.EqualTo(MasterSession.GridToken), "as at the real Master: whoever reads nodes must never log the answer");
        Assert.That(node.ToJsonString(), Does.Not.Contain(token));
        Assert.That((await session.GetAsync(Web + "/token")).Json["token"]!.ToString(), Is.EqualTo(token));
    }

    [Test]
    public async Task Node_Refusals_NameTheField()
    {
        await using var session = await MasterSession.StartAsync();
        var token = await session.CreateNodeAsync("web");
        async Task<string> Post(string body) => (await session.PostAsync(Nodes, body)).Outcome;

        Assert.That(await Post("""{"name": "web"}"""), Is.EqualTo("422 name: Node with name web already exists"));
        Assert.That(await Post($$"""{"name": "web-1", "token": "{{token}}"}"""), Is.EqualTo("422 token: Node with token already exists"));
        Assert.That(await Post("""{"name": "web-1", "token": "short"}"""), Does.StartWith("422 token: is too short"));
        Assert.That(await Post("""{"name": "web.example"}"""), Is.EqualTo("422 name: Name isn't in the right format"));
        Assert.That(await Post("{}"), Is.EqualTo("422 name: Name is required"));
        Assert.That(await Post("{"), Is.EqualTo("400 Invalid json"));
        Assert.That((await session.PutAsync(Web, """{"availability": "away"}""")).Outcome, Is.EqualTo("422 availability: Availability isn't an option"));
        Assert.That((await session.GetAsync("/v1/nodes/production/nobody")).Outcome, Is.EqualTo("404 Not found"));
        Assert.That((await session.GetAsync("/v1/nodes/nowhere/web")).Outcome, Is.EqualTo("404 Not found"));
        Assert.That((await session.GetAsync("/v1/nothing")).Status, Is.EqualTo(404));
        Assert.That(session.Master.Nodes, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Numbers_AreTheLowestFree_AndAFullGridIs500()
    {
        await using var session = await MasterSession.StartAsync();
        for (var i = 1; i <= 254; i++) await session.CreateNodeAsync($"web-{i}");
        Assert.That((await session.PostAsync(Nodes, """{"name": "one-more"}""")).Outcome, Is.EqualTo("500 Internal server error"));
        await session.DeleteAsync("/v1/nodes/production/web-2");
        await session.DeleteAsync("/v1/nodes/production/web-200");
        await session.CreateNodeAsync("new");
        Assert.That(session.Master.Find("production", "new"), Has.Property("Number").EqualTo(2).And.Property("InitialMember").True);
        Assert.That((await session.GetAsync(Nodes)).Json["nodes"]!.AsArray(), Has.Count.EqualTo(253), "there are no pages");
        Assert.That(session.Master.Nodes, Has.Count.EqualTo(255));
    }

    [Test]
    public async Task Labels_Put_ReplacesAndTellsTheAgents()
    {
        await using var session = await MasterSession.StartAsync();
        var agent = await session.JoinAsync("web", EngineIds.A, "region=x,role=web");
        var changed = await session.PutAsync(Web, """{"labels": ["role=api"]}""");
        Assert.That(changed.Json["labels"]!.ToJsonString(), Is.EqualTo("""["role=api"]"""));
        await Eventually.HoldsAsync(() => Task.FromResult(agent.Last("/agent/node_info")![2]![0]!["labels"]!.ToJsonString() == """["role=api"]"""),
            "the agent is told", TimeSpan.FromSeconds(10), CancellationToken.None);
    }

    [Test]
    public async Task Grids_CreatedUpdatedDeleted()
    {
        await using var session = await MasterSession.StartAsync();
        var made = await session.PostAsync("/v1/grids", """{"name": "fresh", "initial_size": 3, "trusted_subnets": ["10.0.0.0/8"]}""");
        Assert.That(made.Status, Is.EqualTo(201));
        Assert.That(Convert.FromBase64String(made.Json["token"]!.ToString()), Has.Length.EqualTo(64));
        Assert.That((await session.PostAsync("/v1/grids", """{"name": "fresh"}""")).Outcome, Is.EqualTo("422 grid: Grid with name fresh already exists"));
        Assert.That((await session.PostAsync("/v1/grids", """{"name": "big", "initial_size": 9}""")).Outcome, Is.EqualTo("422 initial_size: Initial size is too big"));
        Assert.That((await session.PutAsync("/v1/grids/fresh", """{"trusted_subnets": ["everything"]}""")).Outcome, Is.EqualTo("422 trusted_subnets: Invalid trusted_subnet everything"));
        var updated = (await session.PutAsync("/v1/grids/fresh", """{"default_affinity": ["label==x"], "initial_size": 5}""")).Json;
        Assert.That((updated["trusted_subnets"]!.ToJsonString(), updated["initial_size"]!.GetValue<int>()), Is.EqualTo(("""["10.0.0.0/8"]""", 3)));
        await session.PostAsync("/v1/grids/fresh/nodes", """{"name": "one"}""");
        Assert.That((await session.DeleteAsync("/v1/grids/fresh")).Outcome, Is.EqualTo("422 grid: Grid has nodes"));
        await session.DeleteAsync("/v1/nodes/fresh/one");
        Assert.That((await session.DeleteAsync("/v1/grids/fresh")).Outcome, Is.EqualTo("200"));
    }

    [Test]
    public async Task NodeToken_ChangedAndTakenAway()
    {
        await using var session = await MasterSession.StartAsync();
        var token = await session.CreateNodeAsync("web");
        await session.CreateNodeAsync("other");
        Assert.That((await session.PutAsync("/v1/nodes/production/other/token", $$"""{"token": "{{token}}"}""")).Outcome, Is.EqualTo("422 token: Node with token already exists"));
        var made = (await session.PutAsync(Web + "/token", "{}")).Json;
        Assert.That(made["id"]!.ToString(), Is.EqualTo("production/web"));
        Assert.That(made["token"]!.ToString(), Is.Not.EqualTo(token));
        Assert.That((await session.DeleteAsync(Web + "/token")).Outcome, Is.EqualTo("200"));
        Assert.That((await session.GetAsync(Web + "/token")).Outcome, Is.EqualTo("404 Host node does not have a node token"));
        Assert.That((await session.NodeAsync("web")).Json["has_token"]!.GetValue<bool>(), Is.False);
    }

    [Test]
    public async Task Peers_WithinARegionByPrivateAddress_AcrossByPublic()
    {
        await using var session = await MasterSession.StartAsync();
        await session.JoinAsync("web-0", EngineIds.A, "region=x", a => a.PrivateIp = "10.0.0.1");
        await session.JoinAsync("web-1", EngineIds.B, "region=x", a => a.PrivateIp = "10.0.0.2");
        await session.JoinAsync("web-2", EngineIds.C, "region=y", a => a.PrivateIp = "10.0.0.3");
        await session.CreateNodeAsync("never-came");
        Assert.That((await session.NodeAsync("web-0")).Json["peer_ips"]!.ToJsonString(), Is.EqualTo("""["10.0.0.2","198.51.100.1"]"""));
    }

    [Test]
    public async Task Deprecated_ByEngineIdAndGridToken()
    {
        await using var session = await MasterSession.StartAsync();
        await session.JoinAsync("web", EngineIds.A);
        Task<MasterAnswer> Send(HttpMethod method, string? body, string gridToken) =>
            session.SendAsync(method, "/v1/nodes/" + EngineIds.A, body, null, r => r.Headers.Add("Kontena-Grid-Token", gridToken));
        Assert.That((await Send(HttpMethod.Put, """{"labels": ["a=b"]}""", MasterSession.GridToken)).Json["labels"]!.ToJsonString(), Is.EqualTo("""["a=b"]"""));
        Assert.That((await Send(HttpMethod.Get, null, "nobody's")).Outcome, Is.EqualTo("404 Not found"));
    }

    [Test]
    public async Task OldMaster_HasNoNodeTokensAndNoStatuses()
    {
        await using var session = await MasterSession.StartAsync(MasterSession.Brisk with { Version = "1.3.5" });
        Assert.That((await session.PostAsync(Nodes, """{"name": "web"}""")).Status, Is.EqualTo(404));
        var agent = await session.ConnectAsync(new AgentHeaders { NodeId = EngineIds.A, Version = "1.3.1", GridToken = MasterSession.GridToken });
        await agent.WaitForAsync("/agent/node_info");
        var node = (await session.GetAsync(Nodes)).Json["nodes"]![0]!.AsObject();
        Assert.That(node.Select(f => f.Key), Is.EqualTo(NodeFields.Except(["node_id", "updated", "availability", "connected_at", "disconnected_at", "status", "has_token"])));
        Assert.That((node["id"]!.ToString(), node["name"]!.ToString()), Is.EqualTo((EngineIds.A, "(initializing)")));
        await agent.UpdateAsync();
        Assert.That((await session.GetAsync(Nodes)).Json["nodes"]![0]!["name"]!.ToString(), Is.EqualTo("host-AAAA"));
        var refused = await session.ConnectAsync(new AgentHeaders { NodeId = EngineIds.B, Version = "1.4.0", GridToken = MasterSession.GridToken });
        Assert.That((await refused.Closed).Code, Is.EqualTo(4010));
        await agent.CloseAsync();
        await agent.Closed;
        var health = await session.GetAsync("/v1/nodes/production/host-AAAA/health");
        Assert.That((health.Status, health.Json["etcd_health"]!["error"]!.ToString()), Is.EqualTo((200, "Connection timeout (0.3s)")));
    }

    [Test]
    public async Task Health_AsksTheAgent()
    {
        await using var session = await MasterSession.StartAsync();
        Assert.That((await session.GetAsync("/v1/nodes/production/nobody/health")).Outcome, Is.EqualTo("404 Not found"));
        await session.CreateNodeAsync("never-came");
        Assert.That((await session.GetAsync("/v1/nodes/production/never-came/health")).Outcome, Is.EqualTo("422 connection: Websocket is not connected"));
        var agent = await session.JoinAsync("web", EngineIds.A);
        var health = await session.GetAsync(Web + "/health");
        Assert.That(health.Outcome, Is.EqualTo("200"));
        Assert.That(health.Json.AsObject().Select(f => f.Key), Is.EquivalentTo(
            new[] { "id", "name", "node_number", "initial_member", "status", "connected_at", "disconnected_at", "connected", "etcd_health" }));
        Assert.That(health.Json["etcd_health"]!.ToJsonString(), Is.EqualTo("""{"health":true,"error":null}"""));
        agent.EtcdHealth = new JsonObject { ["health"] = false, ["error"] = "no leader" };
        Assert.That((await session.GetAsync(Web + "/health")).Json["etcd_health"]!.ToJsonString(), Is.EqualTo("""{"health":false,"error":"no leader"}"""));
        agent.EtcdHealth = null;
        Assert.That((await session.GetAsync(Web + "/health")).Outcome, Is.EqualTo("422 etcd_health: Connection timeout (0.3s)"));
    }
}
