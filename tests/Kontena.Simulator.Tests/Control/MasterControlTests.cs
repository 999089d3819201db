using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Kontena.Simulator.Tests.Kontena;

namespace Kontena.Simulator.Tests.Control;

public sealed class MasterControlTests
{
    [Test]
    public async Task Master_OverHttp_StoppedSkewedAndFilled()
    {
        await using var session = await MasterSession.StartAsync();
        Assert.That(await SendAsync(session, HttpMethod.Post, "nodes", """{"grid": "production", "name": "theirs", "labels": ["a=b"]}"""), Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await SendAsync(session, HttpMethod.Post, "containers", """{"grid": "production", "node": "theirs", "service": "shop/front"}"""), Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await SendAsync(session, HttpMethod.Put, "clock", """{"skewSeconds": 90}"""), Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(session.Master.ClockSkew, Is.EqualTo(TimeSpan.FromSeconds(90)));
        Assert.That(await SendAsync(session, HttpMethod.Put, "version", """{"version": "1.5.5"}"""), Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await SendAsync(session, HttpMethod.Put, "version", """{"version": "new"}"""), Is.EqualTo(HttpStatusCode.BadRequest));
        await session.GetAsync("/v1/ping");

        var state = (await StateAsync(session))["kontena"]!;
        Assert.That(state["version"]!.ToString(), Is.EqualTo("1.5.5"));
        Assert.That(state["nodes"]![0]!["status"]!.ToString(), Is.EqualTo("created"));
        Assert.That(state["nodes"]![0]!["events"]![0]!["kind"]!.ToString(), Is.EqualTo("registered"));
        Assert.That(state["containers"]![0]!["node"]!.ToString(), Is.EqualTo("theirs"));
        Assert.That(state["calls"]!["GET /v1/ping"]!.GetValue<int>(), Is.EqualTo(1));

        Assert.That(await SendAsync(session, HttpMethod.Post, "stop", null), Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await StateAsync(session))["kontena"]!["running"]!.GetValue<bool>(), Is.False);
        Assert.That(await SendAsync(session, HttpMethod.Post, "start", null), Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await session.GetAsync("/v1/ping")).Status, Is.EqualTo(200));
        Assert.That(await SendAsync(session, HttpMethod.Delete, "nodes/production/theirs", null), Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await SendAsync(session, HttpMethod.Delete, "nodes/production/theirs", null), Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("nodes", """{"grid": "nowhere", "name": "x"}""")]
    [TestCase("nodes", """{"grid": "production"}""")]
    [TestCase("nodes", """{"grid": "production", "name": "x", "lables": []}""")]
    [TestCase("containers", """{"grid": "production", "node": "nobody", "service": "a/b"}""")]
    [TestCase("containers", "nonsense")]
    public async Task Documents_ThatAreWrong_AreRefused(string path, string body)
    {
        await using var session = await MasterSession.StartAsync();
        Assert.That(await SendAsync(session, HttpMethod.Post, path, body), Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(session.Master.Nodes, Is.Empty);
        Assert.That(session.Master.Containers, Is.Empty);
    }

    private static async Task<JsonNode> StateAsync(MasterSession session)
    {
        using var http = new HttpClient();
        return JsonNode.Parse(await http.GetStringAsync(new Uri(session.Server.Address, "/_control/state")))!;
    }

    private static async Task<HttpStatusCode> SendAsync(MasterSession session, HttpMethod method, string path, string? body)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(session.Server.Address, "/_control/master/" + path));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }
}
