using Kontena.Simulator.Ec2;
using Kontena.Simulator.Kontena;
using Kontena.Simulator.Machines;
using Kontena.Simulator.Tests.Ec2;
using Kontena.Simulator.Tests.Machines;

namespace Kontena.Simulator.Tests.Kontena;

/// <summary>Both halves of the simulation together: machines that run their user-data, and the Master that takes or refuses them.</summary>
public sealed class MachinesAtTheMasterTests
{
    private const string Grid = "production";
    private Ec2Session ec2 = null!;

    private KontenaMaster Master => ec2.Server.Master;

    private string GoodData => Bootstraps.CloudConfig(ec2.Server.MasterUrl.ToString());

    /// <summary>The same for a node that comes with the grid token only.</summary>
    private string GridTokenData => GoodData.With($"      KONTENA_NODE_TOKEN=\"{Bootstraps.NodeToken}\"\n", "");

    [SetUp]
    public async Task StartAsync()
    {
        var master = MasterSession.Brisk with { Grids = [new GridOptions { Name = Grid, InitialSize = 3, Token = Bootstraps.GridToken }] };
        ec2 = await Ec2Session.StartAsync(new Ec2Options { BootTime = TimeSpan.Zero, ShutdownTime = TimeSpan.Zero, Throttling = false }, TimeProvider.System,
            new MachineOptions { Second = TimeSpan.FromMilliseconds(10) }, master);
    }

    [TearDown]
    public async Task StopAsync() => await ec2.DisposeAsync();

    [Test]
    public async Task NodeToken_MachineJoinsTheNodeThatWasMadeForIt()
    {
        Register();
        var machine = await LaunchAsync(GoodData);
        await OnlineAsync();
        var node = Master.Nodes.Single();
        Assert.That((node.Name, node.NodeId, node.Origin), Is.EqualTo(("web-0", Bootstraps.NodeId, NodeOrigin.Foreign)));
        Assert.That(node.Labels, Is.EqualTo(new[] { "pool=web", "region=eu-west-1", "az=a" }));
        var instance = ec2.Cloud.Find(machine.InstanceId)!;
        Assert.That((node.PrivateAddress, node.PublicAddress), Is.EqualTo((instance.PrivateAddress, instance.PublicAddress)));
        Assert.That(Master.Quorum[^1], Has.Property("Healthy").EqualTo(1));
    }

    [Test]
    public async Task Reboot_AndALostConnection_BringTheSameNodeBack()
    {
        Register();
        var machine = await LaunchAsync(GoodData);
        await OnlineAsync();
        machine.DropConnection();
        await MachineSession.UntilAsync(() => Connects() == 2, "the agent came back");
        await OnlineAsync();
        machine.Reboot();
        await MachineSession.UntilAsync(() => Connects() == 3, "the agent came back from the reboot");
        await OnlineAsync();
        Assert.That(Master.Nodes, Has.Count.EqualTo(1));
        Assert.That(Master.Rejected, Is.Empty);
    }

    [Test]
    public async Task Master_GoesAndComes_MachineComesBackByItself()
    {
        Register();
        var machine = await LaunchAsync(GoodData);
        await OnlineAsync();
        await Master.StopAsync();
        await MachineSession.SaysAsync(machine, "unable to connect to server");
        await Master.StartAsync(CancellationToken.None);
        await MachineSession.UntilAsync(() => Connects() == 2, "the agent came back");
        await OnlineAsync();
        Assert.That(Master.Nodes, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Delete_BeforeTheMachine_ComesBackWithTheGridToken_AndIsKeptOutWithANodeToken()
    {
        var machine = await LaunchAsync(GridTokenData);
        await OnlineAsync();
        Master.RemoveBehindTheBack(Grid, "web-0");
        await MachineSession.SaysAsync(machine, "host node " + Bootstraps.NodeId + " has been removed");
        await OnlineAsync();
        Assert.That(Master.Nodes.Select(n => n.RemovedAt is null), Is.EqualTo(new[] { false, true }), "a new entry for a machine that should be gone");

        ec2.Cloud.TerminateBehindTheBack(machine.InstanceId);
        Master.RemoveBehindTheBack(Grid, "web-0");
        Register();
        var second = await LaunchAsync(GoodData);
        await OnlineAsync();
        Master.RemoveBehindTheBack(Grid, "web-0");
        await MachineSession.SaysAsync(second, "connection closed with code 4002: Invalid node token", times: 2);
        Assert.That(Master.Nodes.All(n => n.RemovedAt is not null), Is.True);
    }

    [Test]
    public async Task Clones_WithTheGridToken_EvictEachOtherForEver()
    {
        var first = await LaunchAsync(GridTokenData);
        await OnlineAsync();
        var second = await LaunchAsync(GridTokenData);
        foreach (var machine in new[] { first, second }) await MachineSession.SaysAsync(machine, "connection conflict with new connection at", times: 2);
        Assert.That(Master.Nodes, Has.Count.EqualTo(1));
        var addresses = new[] { first, second }.Select(m => ec2.Cloud.Find(m.InstanceId)!.PrivateAddress);
        Assert.That(addresses, Does.Contain(Master.Nodes.Single().PrivateAddress));
    }

    [Test]
    public async Task Clone_WithTheNodeTokenOfAnotherNode_Is4006()
    {
        Register();
        await LaunchAsync(GoodData);
        await OnlineAsync();
        var other = Canary.Of("node-token-of-web-1");
        Master.AddForeign(new ForeignNode { Grid = Grid, Name = "web-1", Token = other });
        var clone = await LaunchAsync(GoodData.With(Bootstraps.NodeToken, other).With("KONTENA_NODE_NAME=web-0", "KONTENA_NODE_NAME=web-1"));
        await MachineSession.SaysAsync(clone, "connection closed with code 4006: Invalid node ID, already used by a different node");
        Assert.That(Master.Find(Grid, "web-1")!.Status, Is.EqualTo(HostNodeStatus.Created));
    }

    [Test]
    public async Task Clock_OfTheMasterIsOff_IsSaidByTheMachineAndByTheNode()
    {
        Register();
        Master.ClockSkew = TimeSpan.FromMinutes(5);
        var machine = await LaunchAsync(GoodData);
        await MachineSession.SaysAsync(machine, "connection closed with code 4020: agent connected too far in the past");
        Assert.That(Master.Find(Grid, "web-0")!.Status, Is.EqualTo(HostNodeStatus.Offline));
        Master.ClockSkew = TimeSpan.Zero;
        // The refusal was stored with the agent's time, which was right: the next connection is newer.
        await OnlineAsync();
    }

    private int Connects() => Master.Find(Grid, "web-0")!.Events.Count(e => e.Kind == NodeEventKind.Connected);

    private void Register() => Master.AddForeign(new ForeignNode { Grid = Grid, Name = "web-0", Labels = ["pool=web"], Token = Bootstraps.NodeToken });

    private Task OnlineAsync() => MachineSession.UntilAsync(() => Master.Find(Grid, "web-0")?.Status == HostNodeStatus.Online, "the node is online");

    private async Task<SimulatedMachine> LaunchAsync(string userData)
    {
        var id = (await ec2.CallAsync("RunInstances", "ImageId", ec2.Cloud.NewestImage("eu-west-1", "ubuntu/*"), "InstanceType", "t3.small", "MinCount", "1", "MaxCount", "1",
            "UserData", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(userData)))).Text("instanceId");
        return ec2.Server.Machines.Of(id);
    }
}
