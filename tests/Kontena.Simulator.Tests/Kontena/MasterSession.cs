using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Kontena.Simulator.Kontena;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Simulator.Tests.Kontena;

/// <summary>A simulator with a Master, and a client of its API.</summary>
internal sealed class MasterSession : IAsyncDisposable
{
    public const string Grid = "production";
    public static readonly string AdminToken = Canary.Of("master-admin-token");
    public static readonly string GridAdminToken = Canary.Of("grid-admin-token");
    public static readonly string MemberToken = Canary.Of("member-token");
    public static readonly string ForeignToken = Canary.Of("other-grid-token");
    public static readonly string ExpiredToken = Canary.Of("expired-token");
    public static readonly string GridToken = Canary.Of("grid-token-of-production");

    private readonly HttpClient http = new();
    private readonly List<AgentOfTests> agents = [];

    private MasterSession(SimulatorServer server) => Server = server;

    public SimulatorServer Server { get; }

    public KontenaMaster Master => Server.Master;

    public static MasterOptions Brisk { get; } = new()
    {
        Grids = [new GridOptions { Name = Grid, InitialSize = 3, Token = GridToken }, new GridOptions { Name = "staging" }],
        AccessTokens =
        [
            new("admin", AdminToken, MasterRole.MasterAdmin),
            new("operator", GridAdminToken, MasterRole.GridAdmin, [Grid]),
            new("member", MemberToken, MasterRole.Member, [Grid]),
            new("foreign", ForeignToken, MasterRole.GridAdmin, ["staging"]),
            new("expired", ExpiredToken, MasterRole.MasterAdmin, ExpiresAt: DateTimeOffset.UnixEpoch),
        ],
        KeepaliveInterval = TimeSpan.FromMilliseconds(100),
        RpcTimeout = TimeSpan.FromMilliseconds(300),
        InstanceMoves = TimeSpan.FromMilliseconds(50),
    };

    public static async Task<MasterSession> StartAsync(MasterOptions? options = null, TimeProvider? time = null) => new(await SimulatorServer.StartAsync(
        new SimulatorOptions { Time = time ?? TimeProvider.System, Master = options ?? Brisk }, NullLoggerFactory.Instance, CancellationToken.None));

    public Task<MasterAnswer> GetAsync(string path, string? token = null) => SendAsync(HttpMethod.Get, path, null, token ?? AdminToken);

    public Task<MasterAnswer> PostAsync(string path, string body, string? token = null) => SendAsync(HttpMethod.Post, path, body, token ?? AdminToken);

    public Task<MasterAnswer> PutAsync(string path, string body, string? token = null) => SendAsync(HttpMethod.Put, path, body, token ?? AdminToken);

    public Task<MasterAnswer> DeleteAsync(string path, string? body = null, string? token = null) => SendAsync(HttpMethod.Delete, path, body, token ?? AdminToken);

    /// <summary>Creates a node of the grid, and gives its node token.</summary>
    public async Task<string> CreateNodeAsync(string name, string labels = "[]")
    {
        var token = Canary.Of($"node-token-{name}");
        var made = await PostAsync($"/v1/grids/{Grid}/nodes", $$"""{"name": "{{name}}", "token": "{{token}}", "labels": {{labels}}}""");
        Assert.That(made.Status, Is.EqualTo(201));
        return token;
    }

    public Task<MasterAnswer> NodeAsync(string name) => GetAsync($"/v1/nodes/{Grid}/{name}");

    public async Task<AgentOfTests> ConnectAsync(AgentHeaders headers)
    {
        var agent = await AgentOfTests.ConnectAsync(Server.MasterUrl, headers);
        agents.Add(agent);
        return agent;
    }

    /// <summary>An agent that joined with the grid token.</summary>
    public async Task<AgentOfTests> JoinAsync(string name, string nodeId, string labels = "", Action<AgentOfTests>? before = null)
    {
        var agent = await ConnectAsync(new AgentHeaders { NodeId = nodeId, NodeName = name, Labels = labels, GridToken = GridToken });
        before?.Invoke(agent);
        await agent.UpdateAsync();
        return agent;
    }

    public async Task<MasterAnswer> SendAsync(HttpMethod method, string path, string? body, string? token, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Server.MasterUrl, path));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        change?.Invoke(request);
        using var response = await http.SendAsync(request);
        return new MasterAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in agents) await agent.DisposeAsync();
        http.Dispose();
        await Server.DisposeAsync();
    }
}

/// <summary>An answer of the Master.</summary>
internal sealed record MasterAnswer(int Status, string Body, HttpResponseHeaders Headers)
{
    private readonly Lazy<JsonNode> json = new(() => JsonNode.Parse(Body) ?? throw new InvalidOperationException("The answer is null."));

    public JsonNode Json => json.Value;

    /// <summary>Status and error as one, whichever shape the error has: "404 Not found", "422 name: …", or "200".</summary>
    public string Outcome => Status < 300 ? $"{Status}" : $"{Status} {Error()}";

    public override string ToString() => $"HTTP {Status}";

    private string Error() => Json["error"] switch
    {
        JsonObject fields => string.Join("; ", fields.Select(f => $"{f.Key}: {f.Value}")),
        null => Json["message"]?.ToString() ?? "",
        var text => text.ToString(),
    };
}
