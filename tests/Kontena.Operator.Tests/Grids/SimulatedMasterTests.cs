using Kontena.Operator.Core.Grids;
using Kontena.Operator.Grids;
using Kontena.Simulator;
using Kontena.Simulator.Faults;
using Kontena.Simulator.Kontena;
using Microsoft.Extensions.Logging.Abstractions;
using Client = Kontena.Operator.Grids.KontenaMaster;

namespace Kontena.Operator.Tests.Grids;

/// <summary>Every call of the client, against a Master that keeps what it is told: written from Kontena's source, without a line of the client's.</summary>
public sealed class SimulatedMasterTests
{
    private const string Grid = "prod";
    private static readonly string accessToken = Canary.Of("simulated-access-token");
    private static readonly string memberToken = Canary.Of("simulated-member-token");
    private static readonly string gridToken = Canary.Of("simulated-grid-token");
    private static readonly SecretText nodeToken = new(Canary.Of("simulated-node-token"));

    private SimulatorServer simulator = null!;
    private Client client = null!;

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    private static NewMasterNode Web0 => new("web-0", nodeToken, ["region=eu-west-1", "az=a"]);

    [SetUp]
    public Task OpenAsync() => OpenAsync("1.5.4");

    [TearDown]
    public async Task CloseAsync()
    {
        client.Dispose();
        await simulator.DisposeAsync();
    }

    [Test]
    public async Task Version_AndClock_AreTheMasters()
    {
        simulator.Master.ClockSkew = TimeSpan.FromMinutes(3);
        var version = await client.ReadVersionAsync(Ct);
        Assert.That(version.Version, Is.EqualTo("1.5.4"));
        Assert.That(version.Clock - version.AnsweredAt, Is.EqualTo(TimeSpan.FromMinutes(3)).Within(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public async Task Grid_ReadAndChanged()
    {
        var grid = await client.ReadGridAsync(Ct);
        Assert.That((grid.Name, grid.InitialSize, grid.Subnet, grid.Token.Reveal() == gridToken), Is.EqualTo((Grid, 3, "10.81.0.0/16", true)));
        await client.SetTrustedSubnetsAsync(["10.0.0.0/8"], Ct);
        Assert.That((await client.ReadGridAsync(Ct)).TrustedSubnets, Is.EqualTo(new[] { "10.0.0.0/8" }));
        var refused = await RefusedAsync(() => client.SetTrustedSubnetsAsync(["everything"], Ct));
        Assert.That((refused.Fault, refused.Field), Is.EqualTo((MasterFault.Refused, "trusted_subnets")));
    }

    [Test]
    public async Task Node_MadeFoundLabelledDrainedDeleted()
    {
        var made = await client.CreateNodeAsync(Web0, Ct);
        Assert.That((made.Name, made.Status, made.Number, made.InitialMember, made.HasToken), Is.EqualTo(("web-0", MasterNodeStatus.Created, 1, true, true)));
        Assert.That(made.Labels, Is.EqualTo(Web0.Labels));
        Assert.That((await client.ReadNodeTokenAsync("web-0", Ct))!.Reveal() == nodeToken.Reveal(), Is.True);
        var again = await RefusedAsync(() => client.CreateNodeAsync(Web0, Ct));
        Assert.That((again.Fault, again.Field), Is.EqualTo((MasterFault.Refused, "name")));
        Assert.That(await client.SetLabelsAsync("web-0", ["role=web"], Ct), Is.True);
        Assert.That(await client.DrainNodeAsync("web-0", Ct), Is.True);
        var found = await client.FindNodeAsync("web-0", Ct);
        Assert.That((found!.Draining, found.Labels.Single()), Is.EqualTo((true, "role=web")));
        Assert.That((await client.ListNodesAsync(Ct)).ByName("web-0")!.Number, Is.EqualTo(1));

        await client.DeleteNodeAsync("web-0", Ct);
        await client.DeleteNodeAsync("web-0", Ct);
        Assert.That(await client.FindNodeAsync("web-0", Ct), Is.Null);
        Assert.That(await client.DrainNodeAsync("web-0", Ct), Is.False);
        Assert.That(await client.ReadNodeTokenAsync("web-0", Ct), Is.Null);
        Assert.That(await client.CheckHealthAsync("web-0", Ct), Is.Null);
    }

    [Test]
    public async Task Node_OfTheGridToken_HasNone()
    {
        simulator.Master.AddForeign(new ForeignNode { Grid = Grid, Name = "theirs" });
        Assert.That(await client.ReadNodeTokenAsync("theirs", Ct), Is.Null);
        Assert.That((await client.CheckHealthAsync("theirs", Ct))!.Trouble, Does.Contain("Websocket is not connected"));
    }

    [Test]
    public async Task Containers_AreCountedByNode()
    {
        simulator.Master.AddForeign(new ForeignNode { Grid = Grid, Name = "a" });
        for (var i = 1; i <= 3; i++) simulator.Master.PlaceContainer(Grid, "a", "shop/front", i);
        Assert.That(await client.CountContainersAsync(Ct), Is.EqualTo(new Dictionary<string, int> { ["a"] = 3 }));
    }

    [Test]
    public async Task Full_Grid_IsNotTakenForARefusal()
    {
        for (var i = 1; i <= 254; i++) simulator.Master.AddForeign(new ForeignNode { Grid = Grid, Name = $"theirs-{i}" });
        Assert.That((await RefusedAsync(() => client.CreateNodeAsync(Web0, Ct))).Fault, Is.EqualTo(MasterFault.Unavailable));
        Assert.That((await client.ListNodesAsync(Ct)).Nodes, Has.Count.EqualTo(254));
    }

    [TestCase(FaultKind.ServerError, null, MasterFault.Unavailable)]
    [TestCase(FaultKind.ServerError, "Unavailable", MasterFault.Unavailable)]
    [TestCase(FaultKind.Throttle, null, MasterFault.Throttled)]
    [TestCase(FaultKind.AuthFailure, null, MasterFault.BadToken)]
    [TestCase(FaultKind.Unauthorized, null, MasterFault.NotAllowed)]
    [TestCase(FaultKind.Cut, null, MasterFault.Unreachable)]
    public async Task Faults_OfTheWire_AreNamed_AndNeverAnAbsence(FaultKind kind, string? code, MasterFault fault)
    {
        await client.CreateNodeAsync(Web0, Ct);
        simulator.Master.Faults.Add(new Fault { Kind = kind, Code = code });
        Assert.That((await RefusedAsync(() => client.FindNodeAsync("web-0", Ct))).Fault, Is.EqualTo(fault));
        Assert.That((await RefusedAsync(() => client.DeleteNodeAsync("web-0", Ct))).Fault, Is.EqualTo(fault));
        simulator.Master.Faults.Clear();
        Assert.That(await client.FindNodeAsync("web-0", Ct), Is.Not.Null);
    }

    [Test]
    public async Task Create_AnswerLost_MayHaveHappened()
    {
        simulator.Master.Faults.Add(new Fault { Kind = FaultKind.LostAnswer, Action = "POST /v1/grids/:grid/nodes", Count = 1 });
        Assert.That((await RefusedAsync(() => client.CreateNodeAsync(Web0, Ct))).OutcomeUnknown, Is.True);
        Assert.That(await client.FindNodeAsync("web-0", Ct), Is.Not.Null);
    }

    [Test]
    public async Task Roles_TooSmall_AreNotAllowed()
    {
        using var member = new Client(new MasterEndpoint(simulator.MasterUrl, Grid, new SecretText(memberToken)), TimeProvider.System);
        Assert.That((await RefusedAsync(() => member.CreateNodeAsync(Web0, Ct))).Fault, Is.EqualTo(MasterFault.NotAllowed));
        using var stranger = new Client(new MasterEndpoint(simulator.MasterUrl, Grid, new SecretText(Canary.Of("nobody's-token"))), TimeProvider.System);
        Assert.That((await RefusedAsync(() => stranger.ListNodesAsync(Ct))).Fault, Is.EqualTo(MasterFault.BadToken));
        Assert.That((await RefusedAsync(() => stranger.FindNodeAsync("web-0", Ct))).NeedsHuman, Is.True);
    }

    [Test]
    public async Task Old_Master_IsReadAndNeverWrittenTo()
    {
        await CloseAsync();
        await OpenAsync("1.3.5");
        simulator.Master.AddForeign(new ForeignNode { Grid = Grid, Name = "theirs", NodeId = "AAAA:BBBB" });
        Assert.That((await client.ListNodesAsync(Ct)).Nodes.Single(), Has.Property("Name").EqualTo("theirs").And.Property("Number").EqualTo(1));
        Assert.That((await RefusedAsync(() => client.CreateNodeAsync(Web0, Ct))).Fault, Is.EqualTo(MasterFault.NotAllowed));
        Assert.That(simulator.Master.Calls.Recent.Select(c => c.Action), Has.None.StartsWith("POST"));
    }

    [Test]
    public async Task Down_IsUnreachable_AndComesBack()
    {
        await simulator.Master.StopAsync();
        Assert.That((await RefusedAsync(() => client.ListNodesAsync(Ct))).Fault, Is.EqualTo(MasterFault.Unreachable));
        await simulator.Master.StartAsync(Ct);
        Assert.That((await client.ListNodesAsync(Ct)).Nodes, Is.Empty);
    }

    private async Task OpenAsync(string version)
    {
        var master = new MasterOptions
        {
            Version = version,
            Grids = [new GridOptions { Name = Grid, InitialSize = 3, Token = gridToken }],
            AccessTokens = [new AccessToken("operator", accessToken, MasterRole.GridAdmin), new AccessToken("member", memberToken, MasterRole.Member)],
        };
        simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Master = master }, NullLoggerFactory.Instance, Ct);
        client = new Client(new MasterEndpoint(simulator.MasterUrl, Grid, new SecretText(accessToken)), TimeProvider.System);
    }

    /// <summary>The fault of a call, none of whose text gives a secret away.</summary>
    private static async Task<MasterException> RefusedAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (MasterException refused)
        {
            Assert.That(Canary.In(refused.ToString()), Is.Empty);
            return refused;
        }
        throw new AssertionException("The call was carried out.");
    }
}
