using Kontena.Simulator.Ec2;
using Kontena.Simulator.Kontena;
using Kontena.Simulator.Machines;
using Kontena.Simulator.Tests.Ec2;
using Kontena.TestKit;

namespace Kontena.Simulator.Tests.Machines;

/// <summary>Simulated machines and the simulated Master, which share nothing but the wire.</summary>
public sealed class GridTests
{
    private const string Grid = "production";

    private static async Task<Ec2Session> StartAsync(MachineOptions? options = null, MasterOptions? master = null) => await Ec2Session.StartAsync(
        new Ec2Options { BootTime = TimeSpan.Zero, ShutdownTime = TimeSpan.Zero, Throttling = false }, TimeProvider.System,
        (options ?? new()) with { Second = TimeSpan.FromMilliseconds(10) },
        (master ?? new()) with { Grids = [new GridOptions { Name = Grid, Token = Bootstraps.GridToken }], KeepaliveInterval = TimeSpan.FromMilliseconds(100), PingTimeout = TimeSpan.FromSeconds(5) });

    /// <summary>A node that has the grid token only, under a name of its own.</summary>
    private static string GridNode(Ec2Session session, string name) => Bootstraps.CloudConfig(session.Server.MasterUrl.ToString())
        .With("-e KONTENA_NODE_TOKEN", "").With("-e KONTENA_NODE_ID ", "").With("KONTENA_NODE_NAME=web-0", $"KONTENA_NODE_NAME={name}");

    private static async Task<SimulatedMachine> LaunchAsync(Ec2Session session, string userData, string image = "ubuntu/*") => session.Server.Machines.Of((await session.CallAsync(
        "RunInstances", "ImageId", session.Cloud.NewestImage("eu-west-1", image), "InstanceType", "t3.small", "MinCount", "1", "MaxCount", "1",
        "UserData", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(userData)))).Text("instanceId"));

    private static Task IsAsync(Ec2Session session, string node, HostNodeStatus status) =>
        MachineSession.UntilAsync(() => session.Server.Master.Find(Grid, node)?.Status == status, $"{node} is {status}");

    [Test]
    public async Task Machine_WithTheGridToken_ComesOnline()
    {
        await using var session = await StartAsync();
        var machine = await LaunchAsync(session, GridNode(session, "web-1"));
        await IsAsync(session, "web-1", HostNodeStatus.Online);
        var node = session.Server.Master.Find(Grid, "web-1")!;
        Assert.That((node.NodeId, node.PrivateAddress), Is.EqualTo((machine.EngineId, session.Cloud.Find(machine.InstanceId)!.PrivateAddress)));
        Assert.That(node.Labels, Is.EqualTo(new[] { "region=eu-west-1", "az=a" }));
    }

    [Test]
    public async Task Machine_WithTheNodesToken_FillsTheNodeThatWaitsForIt()
    {
        await using var session = await StartAsync();
        session.Server.Master.AddForeign(new() { Grid = Grid, Name = "web-0", Token = Bootstraps.NodeToken });
        await LaunchAsync(session, Bootstraps.CloudConfig(session.Server.MasterUrl.ToString()));
        await IsAsync(session, "web-0", HostNodeStatus.Online);
        Assert.That(session.Server.Master.Find(Grid, "web-0")!.NodeId, Is.EqualTo(Bootstraps.NodeId));
    }

    [Test]
    public async Task Machine_WithAWrongGridToken_IsRefusedAgainAndAgain()
    {
        await using var session = await StartAsync();
        var machine = await LaunchAsync(session, GridNode(session, "web-1").With(Bootstraps.GridToken, Canary.Of("another-token")));
        await MachineSession.SaysAsync(machine, "master does not accept our token", times: 2);
        Assert.That(session.Server.Master.Rejected.Select(r => r.Code).Distinct(), Is.EqualTo(new[] { 4001 }));
        Assert.That(session.Server.Master.Nodes, Is.Empty);
    }

    [Test]
    public async Task Machine_WithAWrongClock_IsRefusedAndMendedByItsTimeClient()
    {
        await using var session = await StartAsync(new() { Skew = TimeSpan.FromMinutes(-3) });
        session.Server.Master.AddForeign(new() { Grid = Grid, Name = "web-0", Token = Bootstraps.NodeToken });
        var machine = await LaunchAsync(session, Bootstraps.CloudConfig(session.Server.MasterUrl.ToString()).With("  - chrony\n", ""));
        await MachineSession.SaysAsync(machine, "connection closed with code 4020");
        Assert.That(session.Server.Master.Find(Grid, "web-0")!.Status, Is.Not.EqualTo(HostNodeStatus.Online));
        machine.Execute("apt-get", "install", "-y", "chrony");
        await IsAsync(session, "web-0", HostNodeStatus.Online);
    }

    [Test]
    public async Task Machines_OfOneBakedImage_EvictEachOtherForEver()
    {
        await using var session = await StartAsync(new() { Images = [ImageTraits.Defaults[^1] with { NamePattern = "ubuntu/*", EngineId = "2f0d6e1c-7a55-4e0e-9c1e-0d5b7c1f3a10" }] });
        var first = await LaunchAsync(session, GridNode(session, "web-1"));
        await IsAsync(session, "web-1", HostNodeStatus.Online);
        var second = await LaunchAsync(session, GridNode(session, "web-2"));
        foreach (var machine in new[] { first, second })
            await MachineSession.SaysAsync(machine, "master indicates that this agent should not reconnect: ", times: 2);
        Assert.That(session.Server.Master.Nodes.Select(n => n.Name), Is.EqualTo(new[] { "web-1" }), "one node for two machines");
    }

    [Test]
    public async Task Master_AwayForAWhile_HasAllNodesBackByThemselves()
    {
        await using var session = await StartAsync();
        for (var i = 0; i < 5; i++) await LaunchAsync(session, GridNode(session, $"web-{i}"));
        for (var i = 0; i < 5; i++) await IsAsync(session, $"web-{i}", HostNodeStatus.Online);
        await session.Server.Master.StopAsync();
        foreach (var machine in session.Server.Machines.All) await MachineSession.SaysAsync(machine, "unable to connect to server", times: 2);
        await session.Server.Master.StartAsync(default);
        await MachineSession.UntilAsync(() => session.Server.Machines.All.All(m => m.Connected), "all are back");
        Assert.That(session.Server.Master.Nodes, Has.Count.EqualTo(5));
    }

    [Test]
    public async Task Node_RemovedUnderARunningMachine_ComesBackWithTheGridToken()
    {
        await using var session = await StartAsync();
        var machine = await LaunchAsync(session, GridNode(session, "web-1"));
        await IsAsync(session, "web-1", HostNodeStatus.Online);
        session.Server.Master.RemoveBehindTheBack(Grid, "web-1");
        await MachineSession.SaysAsync(machine, "master indicates that this agent should not reconnect: ");
        await MachineSession.UntilAsync(() => session.Server.Master.Nodes.Count(n => n.Name == "web-1") == 2, "it registered once more");
    }

    [Test]
    public async Task Agent_OfAnotherMinorVersion_TakesTheMastersAtItsNextStart()
    {
        await using var session = await StartAsync();
        var machine = await LaunchAsync(session, GridNode(session, "web-1").With("KONTENA_VERSION=1.5.4", "KONTENA_VERSION=1.4.3"));
        await MachineSession.SaysAsync(machine, "master does not accept our version (1.4.3): ");
        await IsAsync(session, "web-1", HostNodeStatus.Online);
    }

    [Test]
    public async Task Machines_ByTheHundred_NeedNoThreadEach()
    {
        await using var session = await StartAsync();
        var before = System.Diagnostics.Process.GetCurrentProcess().Threads.Count;
        const int number = 200;
        for (var i = 0; i < number; i++) await LaunchAsync(session, GridNode(session, $"web-{i}"));
        await Eventually.HoldsAsync(() => Task.FromResult(session.Server.Machines.All.Count(m => m.Connected) == number), "200 agents are connected", TimeSpan.FromSeconds(60), default);
        Assert.That(System.Diagnostics.Process.GetCurrentProcess().Threads.Count - before, Is.LessThan(60));
    }
}
