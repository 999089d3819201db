using System.Text.Json.Nodes;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Grids;
using Kontena.TestKit;

namespace Kontena.Operator.Tests.Grids;

/// <summary>The client against answers in the exact forms of Kontena Master 1.5.4, of older ones, and of what is no Master.</summary>
public sealed class KontenaMasterTests
{
    private static readonly NewMasterNode web0 = new("web-0", new SecretText(MasterStand.NodeToken), ["region=eu-west-1", "az=a"]);

    private MasterStand stand;
    private KontenaMaster master;

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [SetUp]
    public async Task Open()
    {
        stand = await MasterStand.OpenAsync();
        stand.Answers("GET /v1/grids/prod", MasterStand.GridJson);
        master = stand.Client();
    }

    [TearDown]
    public async Task Close()
    {
        master.Dispose();
        await stand.DisposeAsync();
    }

    [Test]
    public async Task Version_IsAskedWithoutTheToken()
    {
        stand.Answers("GET /", """{"name":"Kontena Master","tagline":"Build","version":"1.5.4"}""", headers: [("Date", "Fri, 02 Jan 2026 03:04:05 GMT")]);

        var version = await master.ReadVersionAsync(Ct);

        Assert.That((version.Version, version.Clock), Is.EqualTo(("1.5.4", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero))));
        Assert.That(stand.Requests.Single().Authorization, Is.Null);
    }

    [Test]
    public async Task Grid_AsTheMasterShowsIt_IsRead()
    {
        var grid = await master.ReadGridAsync(Ct);

        Assert.That(grid with { TrustedSubnets = [] }, Is.EqualTo(new MasterGrid
        {
            Name = "prod",
            InitialSize = 3,
            Subnet = "10.81.0.0/16",
            Supernet = "10.80.0.0/12",
            Fingerprint = MasterDocuments.Fingerprint(MasterStand.GridToken),
            Token = new SecretText(MasterStand.GridToken),
        }));
        Assert.That(grid.TrustedSubnets, Is.EqualTo(new[] { "10.0.0.0/8" }));
        Assert.That(Canary.In(grid.ToString()), Is.Empty);
        Assert.That(stand.Requests.Single().Authorization, Is.EqualTo($"Bearer {MasterStand.AccessToken}"));
    }

    [Test]
    public async Task Nodes_AsTheMasterShowsThem_AreRead()
    {
        stand.Answers("GET /v1/grids/prod/nodes", $$$"""{"nodes":[{{{MasterStand.NodeJson("web-0")}}},{"id":"prod/web-1","node_id":null,"connected":false,"status":"created","has_token":true,"name":"web-1","availability":"active","labels":[],"node_number":4,"initial_member":false,"resource_usage":{}}]}""");

        var listing = await master.ListNodesAsync(Ct);

        Assert.That(listing.Fingerprint, Is.EqualTo(MasterDocuments.Fingerprint(MasterStand.GridToken)));
        Assert.That(listing.ByName("web-0")! with { Labels = [] }, Is.EqualTo(new MasterNode
        {
            Name = "web-0",
            NodeId = "AAAA:BBBB",
            Status = MasterNodeStatus.Online,
            Connected = true,
            HasToken = true,
            Number = 1,
            InitialMember = true,
            PublicIp = "192.0.2.1",
            PrivateIp = "10.0.0.1",
            OverlayIp = "10.81.0.1",
            AgentVersion = "1.5.4",
            DockerVersion = "17.06.2-ce",
            CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
            ConnectedAt = new DateTimeOffset(2026, 1, 2, 3, 5, 0, TimeSpan.Zero),
        }));
        Assert.That(listing.ByName("web-0")!.Label("region"), Is.EqualTo("eu-west-1"));
        Assert.That(listing.ByName("web-1"), Has.Property("NeverJoined").True.And.Property("NodeId").Null.And.Property("Number").EqualTo(4));
    }

    [TestCase("offline", MasterNodeStatus.Offline)]
    [TestCase("connecting", MasterNodeStatus.Connecting)]
    [TestCase("drain", MasterNodeStatus.Drain)]
    [TestCase("evicted", MasterNodeStatus.Unrecognised)]
    public async Task Status_IsTheMastersWord(string word, MasterNodeStatus status)
    {
        stand.Answers("GET /v1/nodes/prod/web-0", MasterStand.NodeJson("web-0").Replace("\"online\"", $"\"{word}\"", StringComparison.Ordinal));
        Assert.That((await master.FindNodeAsync("web-0", Ct))!.Status, Is.EqualTo(status));
    }

    [Test]
    public async Task Find_NoSuchNodeInAGridThatIsThere_IsAbsent() => Assert.That(await master.FindNodeAsync("web-9", Ct), Is.Null);

    [Test]
    public void Find_GridIsGone_IsNoWordAboutTheNode()
    {
        stand.Answers("GET /v1/grids/prod", """{"error":"Not found"}""", 404);
        Assert.That(() => master.FindNodeAsync("web-0", Ct), Throws.TypeOf<MasterException>().With.Property("Fault").EqualTo(MasterFault.NotFound));
    }

    [TestCase("{\"error\":\"Not found\"}", null, TestName = "Absent_ProxysNotFoundInJson_IsNoMaster")]
    [TestCase("<html>Not found</html>", MasterStand.Version, TestName = "Absent_NotFoundThatIsNoJson_IsNoMaster")]
    public void Absent_SaidBySomethingElse_IsNoMaster(string body, string? version)
    {
        foreach (var line in new[] { "GET /v1/nodes/prod/web-0", "DELETE /v1/nodes/prod/web-0", "PUT /v1/nodes/prod/web-0", "GET /v1/nodes/prod/web-0/token", "GET /v1/nodes/prod/web-0/health" }) stand.Answers(line, body, 404, version);
        foreach (var call in new Func<Task>[] { () => master.FindNodeAsync("web-0", Ct), () => master.DeleteNodeAsync("web-0", Ct), () => master.DrainNodeAsync("web-0", Ct), () => master.ReadNodeTokenAsync("web-0", Ct), () => master.CheckHealthAsync("web-0", Ct) })
            Assert.That(call, Throws.TypeOf<MasterException>().With.Property("Fault").EqualTo(MasterFault.NotAMaster));
    }

    [Test]
    public async Task Create_SendsNameTokenAndLabels()
    {
        stand.Answers("POST /v1/grids/prod/nodes", MasterStand.NodeJson("web-0").Replace("\"online\"", "\"created\"", StringComparison.Ordinal), 201);

        var node = await master.CreateNodeAsync(web0, Ct);

        Assert.That(node.NeverJoined);
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(stand.Requests[^1].Body), new JsonObject { ["name"] = "web-0", ["token"] = MasterStand.NodeToken, ["labels"] = new JsonArray("region=eu-west-1", "az=a") }));
    }

    [TestCase("""{"error":{"name":"Node with name web-0 already exists"}}""", "name")]
    [TestCase("""{"error":{"token":"Node with token already exists"}}""", "token")]
    [TestCase("""{"error":"Unprocessable"}""", null)]
    public void Create_Refused_NamesTheField(string body, string? field)
    {
        stand.Answers("POST /v1/grids/prod/nodes", body, 422);
        Assert.That(() => master.CreateNodeAsync(web0, Ct), Throws.TypeOf<MasterException>().With.Property("Fault").EqualTo(MasterFault.Refused).And.Property("Field").EqualTo(field).And.Property("OutcomeUnknown").False);
    }

    [TestCase(403, """{"error":"invalid_token","error_description":"Token expired"}""", MasterFault.BadToken, false)]
    [TestCase(403, """{"error":"access_denied","error_description":"Access denied"}""", MasterFault.BadToken, false)]
    [TestCase(403, """{"error":"Access denied"}""", MasterFault.NotAllowed, false)]
    [TestCase(404, """{"error":"Not found"}""", MasterFault.NotFound, false)]
    [TestCase(429, """{"error":"too_many_requests"}""", MasterFault.Throttled, false)]
    [TestCase(400, """{"error":"Invalid json"}""", MasterFault.Refused, false)]
    [TestCase(500, """{"message":"Internal server error"}""", MasterFault.Unavailable, true)]
    [TestCase(503, "<html>no backend</html>", MasterFault.Unavailable, true)]
    [TestCase(302, "", MasterFault.NotAMaster, true)]
    [TestCase(418, "{}", MasterFault.NotAMaster, false)]
    public void Create_AnyOtherAnswer_IsThisFault(int status, string body, MasterFault fault, bool unknown)
    {
        stand.Answers("POST /v1/grids/prod/nodes", body, status, headers: [("Retry-After", "7"), ("Location", "https://elsewhere.example/")]);

        var thrown = Assert.ThrowsAsync<MasterException>(() => master.CreateNodeAsync(web0, Ct));

        Assert.That((thrown.Fault, thrown.OutcomeUnknown, thrown.RetryAfter), Is.EqualTo((fault, unknown, TimeSpan.FromSeconds(7))));
    }

    [Test]
    public void RetryAfter_OfADay_IsNotBelieved()
    {
        stand.Answers("GET /v1/grids/prod", """{"error":"too_many_requests"}""", 429, headers: [("Retry-After", "86400")]);
        Assert.That(() => master.ReadGridAsync(Ct), Throws.TypeOf<MasterException>().With.Property("RetryAfter").EqualTo(TimeSpan.FromMinutes(5)));
    }

    [Test]
    public void Delete_LandingPageOfAProxy_IsNoDeletion()
    {
        stand.Answers("DELETE /v1/nodes/prod/web-0", "{}", 200, version: null);
        Assert.That(() => master.DeleteNodeAsync("web-0", Ct), Throws.TypeOf<MasterException>().With.Property("Fault").EqualTo(MasterFault.NotAMaster).And.Property("OutcomeUnknown").True);
    }

    [Test]
    public async Task Delete_GoneOrThere_Succeeds()
    {
        await master.DeleteNodeAsync("web-9", Ct);
        stand.Answers("DELETE /v1/nodes/prod/web-0", "{}");
        await master.DeleteNodeAsync("web-0", Ct);
    }

    [Test]
    public async Task Token_HasOneOrNot()
    {
        stand.Answers("GET /v1/nodes/prod/web-0/token", $$"""{"id":"prod/web-0","token":"{{MasterStand.NodeToken}}"}""");
        stand.Answers("GET /v1/nodes/prod/web-1/token", """{"error":"Host node does not have a node token"}""", 404);

        Assert.That(await master.ReadNodeTokenAsync("web-0", Ct), Is.EqualTo(new SecretText(MasterStand.NodeToken)));
        Assert.That(await master.ReadNodeTokenAsync("web-1", Ct), Is.Null);
    }

    [Test]
    public async Task DrainAndLabels_SendOnlyWhatChanges()
    {
        stand.Answers("PUT /v1/nodes/prod/web-0", MasterStand.NodeJson("web-0"));

        Assert.That(await master.DrainNodeAsync("web-0", Ct), Is.True);
        Assert.That(stand.Requests[^1].Body, Is.EqualTo("""{"availability":"drain"}"""));
        Assert.That(await master.SetLabelsAsync("web-0", ["a=b"], Ct), Is.True);
        Assert.That(stand.Requests[^1].Body, Is.EqualTo("""{"labels":["a=b"]}"""));
        Assert.That(await master.DrainNodeAsync("web-9", Ct), Is.False);
    }

    [TestCase(200, """{"id":"prod/web-0","name":"web-0","node_number":1,"connected":true,"etcd_health":{"health":true,"error":null}}""", true, null)]
    [TestCase(200, """{"name":"web-0","connected":true,"etcd_health":{"health":false,"error":"unhealthy"}}""", false, null)]
    [TestCase(200, """{"name":"web-0","connected":true,"etcd_health":{"health":null,"error":"no etcd"}}""", null, null)]
    [TestCase(422, """{"error":{"connection":"Websocket connection rejected at 2026-01-02 03:04:05 UTC with code 4020: agent connected too far in the past, clock offset 9.5s exceeds threshold"}}""", null, "Websocket connection rejected at 2026-01-02 03:04:05 UTC with code 4020: agent connected too far in the past, clock offset 9.5s exceeds threshold")]
    [TestCase(422, """{"error":{"etcd_health":"timeout"}}""", null, "timeout")]
    public async Task Health_IsWhatTheMasterSays(int status, string body, bool? etcd, string? trouble)
    {
        stand.Answers("GET /v1/nodes/prod/web-0/health", body, status);
        Assert.That(await master.CheckHealthAsync("web-0", Ct), Is.EqualTo(new NodeHealth(etcd, trouble)));
    }

    [Test]
    public async Task Health_NoSuchNode_IsAbsent() => Assert.That(await master.CheckHealthAsync("web-9", Ct), Is.Null);

    [Test]
    public async Task Containers_OfServices_AreCounted()
    {
        stand.Answers("GET /v1/containers/prod", """{"containers":[{"node":{"name":"web-0"},"service_id":"prod/null/a","state":{}},{"node":{"name":"web-0"},"service_id":"prod/null/b"},{"node":{"name":"web-1"},"service_id":null},{"node":null,"service_id":"x"}]}""");
        Assert.That(await master.CountContainersAsync(Ct), Is.EquivalentTo(new Dictionary<string, int> { ["web-0"] = 2 }));
    }

    [Test]
    public async Task TrustedSubnets_AreWritten()
    {
        stand.Answers("PUT /v1/grids/prod", MasterStand.GridJson);
        await master.SetTrustedSubnetsAsync(["10.0.0.0/8"], Ct);
        Assert.That(stand.Requests[^1].Body, Is.EqualTo("""{"trusted_subnets":["10.0.0.0/8"]}"""));
    }

    [Test]
    public async Task OldMaster_IsRead_AndNeverWrittenTo()
    {
        stand.Answers("GET /", """{"name":"Kontena Master","version":"1.3.5"}""", version: "1.3.5");
        stand.Answers("GET /v1/grids/prod/nodes", $$$"""{"nodes":[{"id":"AAAA:BBBB","connected":true,"name":"old-0","labels":[],"node_number":2,"grid":{"name":"prod","initial_size":3,"token":"{{{MasterStand.GridToken}}}"}},{"id":"CCCC:DDDD","connected":false,"name":null,"node_number":4,"grid":{"initial_size":3}}]}""", version: "1.3.5");

        var nodes = (await master.ListNodesAsync(Ct)).Nodes;

        Assert.That(nodes.Select(n => (n.Name, n.NodeId, n.Status, n.InitialMember)), Is.EqualTo(new[] { ("old-0", "AAAA:BBBB", MasterNodeStatus.Online, true), ("(initializing)", "CCCC:DDDD", MasterNodeStatus.Offline, false) }));
        Assert.That((await master.FindNodeAsync("old-0", Ct))!.Number, Is.EqualTo(2));
        foreach (var write in new Func<Task>[] { () => master.CreateNodeAsync(web0, Ct), () => master.DrainNodeAsync("old-0", Ct), () => master.SetLabelsAsync("old-0", [], Ct), () => master.DeleteNodeAsync("old-0", Ct), () => master.SetTrustedSubnetsAsync([], Ct) })
            Assert.That(write, Throws.TypeOf<MasterException>().With.Property("Fault").EqualTo(MasterFault.NotAllowed).And.Property("OutcomeUnknown").False);
        Assert.That(stand.Requests.Select(r => r.Line), Has.None.Not.StartsWith("GET "));
    }

    [Test]
    public async Task Read_ConnectionBrokenOff_IsRepeatedOnce_AWriteIsNot()
    {
        var struck = 0;
        Task Break(Microsoft.AspNetCore.Http.HttpContext http)
        {
            struck++;
            http.Abort();
            return Task.CompletedTask;
        }

        await master.ReadVersionAsync(Ct);
        stand.Does("GET /v1/grids/prod", Break);
        stand.Does("POST /v1/grids/prod/nodes", Break);

        Assert.That(() => master.ReadGridAsync(Ct), Throws.TypeOf<MasterException>().With.Property("Fault").EqualTo(MasterFault.Unreachable).And.Property("OutcomeUnknown").False);
        Assert.That(struck, Is.EqualTo(2));
        Assert.That(() => master.CreateNodeAsync(web0, Ct), Throws.TypeOf<MasterException>().With.Property("Fault").EqualTo(MasterFault.Unreachable).And.Property("OutcomeUnknown").True);
        Assert.That(struck, Is.EqualTo(3));
    }

    [Test]
    public async Task Write_NobodyListens_SurelyDidNotHappen()
    {
        await master.ReadVersionAsync(Ct);
        await stand.DisposeAsync();
        Assert.That(() => master.CreateNodeAsync(web0, Ct), Throws.TypeOf<MasterException>().With.Property("Fault").EqualTo(MasterFault.Unreachable).And.Property("OutcomeUnknown").False);
    }

    [Test]
    public async Task Hang_EndsWithThePatience()
    {
        var time = new ManualTime();
        using var patient = stand.Client(time);
        await patient.ReadVersionAsync(Ct);
        foreach (var line in new[] { "POST /v1/grids/prod/nodes", "GET /v1/nodes/prod/web-0/health" }) stand.Does(line, http => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted));

        var write = await HungAsync(patient.CreateNodeAsync(web0, Ct), time, TimeSpan.FromSeconds(4));
        Assert.That((write.Fault, write.OutcomeUnknown), Is.EqualTo((MasterFault.Unreachable, true)));
        var health = await HungAsync(patient.CheckHealthAsync("web-0", Ct), time, TimeSpan.FromSeconds(12));
        Assert.That((health.Fault, health.OutcomeUnknown), Is.EqualTo((MasterFault.Unreachable, false)));
    }

    [Test]
    public void Answer_WithoutEnd_IsGivenUp()
    {
        var chunk = new byte[1024 * 1024];
        stand.Does("GET /v1/grids/prod", async http =>
        {
            http.Response.Headers["X-Kontena-Version"] = MasterStand.Version;
            for (var i = 0; i < 80; i++) await http.Response.Body.WriteAsync(chunk, http.RequestAborted);
        });
        Assert.That(() => master.ReadGridAsync(Ct), Throws.TypeOf<MasterException>().With.Property("Fault").EqualTo(MasterFault.NotAMaster));
    }

    private static async Task<MasterException> HungAsync(Task call, ManualTime time, TimeSpan patience)
    {
        await Eventually.HoldsAsync(() => Task.FromResult(time.WaitingTimers == 1), "the call is on its way", TimeSpan.FromSeconds(10), Ct);
        time.Advance(patience - TimeSpan.FromMilliseconds(1));
        Assert.That(call.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromMilliseconds(1));
        return Assert.ThrowsAsync<MasterException>(() => call);
    }
}
