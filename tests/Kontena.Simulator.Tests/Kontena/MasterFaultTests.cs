using System.Net.WebSockets;
using System.Text.Json;
using Kontena.Simulator.Faults;
using Kontena.Simulator.Kontena;

namespace Kontena.Simulator.Tests.Kontena;

public sealed class MasterFaultTests
{
    private const string Create = "POST /v1/grids/:grid/nodes";
    private const string Nodes = "/v1/grids/production/nodes";

    [TestCase(FaultKind.ServerError, null, "500 Internal server error")]
    [TestCase(FaultKind.Throttle, null, "429 too_many_requests")]
    [TestCase(FaultKind.AuthFailure, null, "403 invalid_token")]
    [TestCase(FaultKind.Unauthorized, null, "403 Access denied")]
    public async Task Fault_ThatRefuses_StrikesOnceAndCreatesNothing(FaultKind kind, string? code, string outcome)
    {
        await using var session = await MasterSession.StartAsync();
        session.Master.Faults.Add(new() { Kind = kind, Code = code, Cloud = "kontena", Action = Create, Count = 1 });
        Assert.That((await session.GetAsync(Nodes)).Status, Is.EqualTo(200), "another action");
        Assert.That((await session.PostAsync(Nodes, """{"name": "web"}""")).Outcome, Is.EqualTo(outcome));
        Assert.That(session.Master.Nodes, Is.Empty);
        Assert.That((await session.PostAsync(Nodes, """{"name": "web"}""")).Outcome, Is.EqualTo("201"), "spent");
    }

    [Test]
    public async Task Fault_Unavailable_Is503InHtml()
    {
        await using var session = await MasterSession.StartAsync();
        session.Master.Faults.Add(new() { Kind = FaultKind.ServerError, Code = "Unavailable" });
        var answer = await session.GetAsync(Nodes);
        Assert.That(answer.Status, Is.EqualTo(503));
        Assert.That(answer.Body, Does.StartWith("<html>"));
    }

    [Test]
    public async Task LostAnswer_TheNodeIsThere()
    {
        await using var session = await MasterSession.StartAsync();
        session.Master.Faults.Add(new() { Kind = FaultKind.LostAnswer, Action = Create, Count = 1 });
        Assert.That(async () => await session.PostAsync(Nodes, """{"name": "web"}"""), Throws.InstanceOf<HttpRequestException>());
        Assert.That(session.Master.Nodes, Has.Count.EqualTo(1));
        Assert.That((await session.PostAsync(Nodes, """{"name": "web"}""")).Outcome, Is.EqualTo("422 name: Node with name web already exists"));
    }

    [Test]
    public async Task Cut_NothingHappened_AndHalfPageEndsInTheMiddle()
    {
        await using var session = await MasterSession.StartAsync();
        session.Master.Faults.Add(new() { Kind = FaultKind.Cut, Action = Create });
        Assert.That(async () => await session.PostAsync(Nodes, """{"name": "web"}"""), Throws.InstanceOf<HttpRequestException>());
        Assert.That(session.Master.Nodes, Is.Empty);
        session.Master.Faults.Add(new() { Kind = FaultKind.HalfPage });
        var half = await session.GetAsync(Nodes);
        Assert.That(half.Status, Is.EqualTo(200));
        Assert.That(() => half.Json, Throws.InstanceOf<JsonException>());
    }

    [Test]
    public async Task Faults_OfAgents_RefuseOrCutTheHandshake()
    {
        await using var session = await MasterSession.StartAsync();
        session.Master.Faults.Add(new() { Kind = FaultKind.ServerError, Action = "WEBSOCKET /", Count = 1 });
        Assert.That(async () => await session.JoinAsync("web", EngineIds.A), Throws.InstanceOf<WebSocketException>());
        session.Master.Faults.Add(new() { Kind = FaultKind.Cut, Action = "WEBSOCKET /", Count = 1 });
        Assert.That(async () => await session.JoinAsync("web", EngineIds.A), Throws.InstanceOf<WebSocketException>());
        Assert.That(session.Master.Nodes, Is.Empty);
        await session.JoinAsync("web", EngineIds.A);
        Assert.That(session.Master.Calls.Recent.Select(c => (c.Action, c.Status)),
            Is.EqualTo(new[] { ("WEBSOCKET /", 503), ("WEBSOCKET /", 0), ("WEBSOCKET /", 101) }));
    }

    [Test]
    public async Task Ledger_KnowsWhoAskedForWhat_AndNoBodyAndNoToken()
    {
        await using var session = await MasterSession.StartAsync();
        var token = await session.CreateNodeAsync("web", """["secret-looking-label"]""");
        await session.PutAsync("/v1/nodes/production/web/token", "{}", MasterSession.GridAdminToken);
        await session.GetAsync(Nodes, "nobody");
        Assert.That(session.Master.Calls.Recent.Select(c => (c.Action, c.AccessKeyId, c.Status, c.Code)), Is.EqualTo(new (string, string?, int, string?)[]
        {
            (Create, "admin", 201, null), ("PUT /v1/nodes/:grid/:node/token", "operator", 200, null), ("GET /v1/grids/:grid/nodes", null, 403, "invalid_token"),
        }));
        Assert.That(session.Master.Calls.Recent[1].Parameters, Is.EqualTo(new Dictionary<string, string> { ["grid"] = "production", ["node"] = "web" }));
        var all = await new HttpClient().GetStringAsync(new Uri(session.Server.Address, "/_control/state"));
        Assert.That(Canary.In(all), Is.Empty);
        Assert.That(all, Does.Not.Contain(token).And.Not.Contain(session.Master.NodeToken("production", "web")));
    }

    [Test]
    public void Options_InText_HoldNoToken()
    {
        Assert.That(Canary.In($"{MasterSession.Brisk} {MasterSession.Brisk.AccessTokens[0]} {MasterSession.Brisk.Grids[0]}"), Is.Empty);
        Assert.That(Canary.In($"{new ForeignNode { Grid = "g", Name = "n", Token = Canary.Of("foreign-node-token") }}"), Is.Empty);
    }
}
