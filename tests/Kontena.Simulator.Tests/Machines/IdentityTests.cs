using Kontena.Simulator.Ec2;
using Kontena.Simulator.Kontena;
using Kontena.Simulator.Machines;
using Kontena.Simulator.Tests.Ec2;

namespace Kontena.Simulator.Tests.Machines;

/// <summary>What machines of cloned and of forgetful images are to the Master.</summary>
public sealed class IdentityTests
{
    private const string Grid = "production";

    private static async Task<Ec2Session> StartAsync(params IReadOnlyList<ImageTraits> images) => await Ec2Session.StartAsync(
        new Ec2Options { BootTime = TimeSpan.Zero, ShutdownTime = TimeSpan.Zero, Throttling = false, Images = [.. MachineImage.Defaults, MachineImage.Cloned("fresh"), MachineImage.Cloned("other")] }, TimeProvider.System,
        new MachineOptions { Second = TimeSpan.FromMilliseconds(10), Images = images },
        new MasterOptions { Grids = [new GridOptions { Name = Grid, Token = Bootstraps.GridToken }, new GridOptions { Name = "staging" }], KeepaliveInterval = TimeSpan.FromMilliseconds(50) });

    private static SimulatedMachine Launch(Ec2Session session, string name, string image = "cloned/*", string grid = Grid) => session.Server.LaunchForeign(new ForeignMachine { Grid = grid, Name = name, Image = image });

    private static Task OnlineAsync(Ec2Session session, string name, string grid = Grid) =>
        MachineSession.UntilAsync(() => session.Server.Master.Find(grid, name)?.Status == HostNodeStatus.Online, $"{name} is online");

    [Test]
    public async Task Clones_InOneGrid_ShareOneEntryThatAlternates()
    {
        await using var session = await StartAsync();
        var master = session.Server.Master;
        var one = Launch(session, "one");
        await OnlineAsync(session, "one");
        var first = master.Find(Grid, "one")!;
        var two = Launch(session, "two");
        foreach (var machine in new[] { one, two }) await MachineSession.SaysAsync(machine, "master indicates that this agent should not reconnect: host node one connection conflict with new connection at ", times: 2);
        await MachineSession.SaysAsync(one, "kontena-agent.service: Scheduled restart job.", times: 2);
        Assert.That((one.EngineId, two.EngineId), Is.EqualTo((ImageTraits.ClonedEngineId, ImageTraits.ClonedEngineId)));

        Assert.That((one.ReadFile($"{ImageTraits.ClonedDataRoot}/engine-id"), one.ReadFile("/var/lib/docker/engine-id")), Is.EqualTo((ImageTraits.ClonedEngineId, (string?)null)), "not where one looks for it");

        var entry = master.Nodes.Single();
        var told = entry.Events.Where(e => e.Kind == NodeEventKind.Updated).Select(e => e.Detail).ToList();
        Assert.That((entry.Name, entry.Labels), Is.EqualTo((first.Name, first.Labels)), "name and labels of the first");
        Assert.That(entry.ConnectedAt, Is.GreaterThan(first.ConnectedAt!.Value));
        Assert.That(told.Distinct(), Is.EquivalentTo(new[] { one, two }.Select(m => session.Cloud.Find(m.InstanceId)!.PrivateAddress)));
        Assert.That(told.Zip(told.Skip(1)).Count(pair => pair.First != pair.Second), Is.GreaterThan(2), "again and again");
        Assert.That(master.Closed.Select(c => (c.Code, c.NodeId, c.NodeName)).Distinct(), Is.EqualTo(new[] { (4041, ImageTraits.ClonedEngineId, "one") }));
    }

    [Test]
    public async Task Storm_OfClones_IsOverWhenOneIsGone()
    {
        await using var session = await StartAsync();
        var master = session.Server.Master;
        var one = Launch(session, "one");
        await OnlineAsync(session, "one");
        var two = Launch(session, "two");
        await MachineSession.UntilAsync(() => master.Evictions(DateTimeOffset.MinValue, ImageTraits.ClonedEngineId) >= 4, "they evict each other");
        Assert.That(master.Evictions(DateTimeOffset.MinValue, "another id"), Is.Zero);
        session.Cloud.TerminateBehindTheBack(two.InstanceId);
        await MachineSession.UntilAsync(() => one.Connected, "the one that is left is connected");
        // What the lost one left behind may still cost an eviction; after the next keepalives none.
        var last = master.Closed[^1].At;
        await MachineSession.UntilAsync(() => TimeProvider.System.GetUtcNow() - last > TimeSpan.FromMilliseconds(500) || (last = master.Closed[^1].At) < DateTimeOffset.MinValue, "ten keepalives");
        Assert.That((one.Connected, master.Evictions(last.AddTicks(1))), Is.EqualTo((true, 0)));
    }

    [Test]
    public async Task Clones_InTwoGrids_LeaveTheSecondOpenWithoutAnEntry()
    {
        await using var session = await StartAsync();
        Launch(session, "one");
        await OnlineAsync(session, "one");
        var two = Launch(session, "two", grid: "staging");
        await MachineSession.UntilAsync(() => two.Agent == AgentState.Open, "the socket of the second is open");
        await MachineSession.UntilAsync(() => session.Server.Master.Rejected.Any(r => r is { Code: 0, NodeName: "two" }), "the Master failed");
        Assert.That((two.Agent, session.Server.Master.Nodes.Single().Name), Is.EqualTo((AgentState.Open, "one")));
    }

    [Test]
    public async Task Images_WithTraitsOfTheirOwn_AreBesideEachOther()
    {
        await using var session = await StartAsync(ImageTraits.Defaults[^1] with { NamePattern = "cloned/other", EngineId = "another" }, ImageTraits.Defaults[^1] with { NamePattern = "cloned/fresh" });
        var machines = new[] { "cloned/ubuntu*", "cloned/other", "cloned/fresh", "ubuntu/*" }.Select((image, i) => Launch(session, $"web-{i}", image)).ToList();
        for (var i = 0; i < 4; i++) await OnlineAsync(session, $"web-{i}");
        Assert.That(machines.Select(m => m.EngineId).Take(2), Is.EqualTo(new[] { ImageTraits.ClonedEngineId, "another" }));
        Assert.That(machines.Select(m => m.EngineId).Distinct().Count(), Is.EqualTo(4));
        Assert.That(machines.Select(m => m.ReadFile("/etc/machine-id")).Distinct().Count(), Is.EqualTo(4));
        Assert.That(machines[0].ReadFile("/etc/machine-id"), Is.EqualTo("5c7f1d0ab2e94c6f8d3e6a1b907f42ce\n"));
    }

    [TestCase("ubuntu/*")]
    [TestCase("debian-12-*")]
    public async Task Identity_Volatile_IsAnotherAfterEachReboot(string image)
    {
        await using var session = await StartAsync([.. ImageTraits.Defaults.Select(t => t with { VolatileIdentity = true })]);
        var machine = Launch(session, "web", image);
        await OnlineAsync(session, "web");
        var ids = new List<string?> { machine.EngineId };
        for (var i = 0; i < 2; i++)
        {
            machine.Reboot();
            await MachineSession.UntilAsync(() => session.Server.Master.Nodes.Count == i + 2, "an entry more");
            ids.Add(machine.EngineId);
        }
        Assert.That(ids, Is.Unique);
        Assert.That(session.Server.Master.Nodes.Select(n => n.NodeId), Is.EqualTo(ids));
        Assert.That(session.Server.Master.Nodes.Select(n => n.Name), Is.EqualTo(new[] { "web", "web-2", "web-3" }));
    }

    [Test]
    public async Task Machine_OfSomebodyElse_TellsNobodyItsTokens()
    {
        await using var session = await StartAsync();
        var machine = Launch(session, "theirs");
        await OnlineAsync(session, "theirs");
        Assert.That(session.Cloud.Find(machine.InstanceId)!.Tags, Is.EqualTo(new Dictionary<string, string> { ["Name"] = "theirs" }));
        var foreign = new ForeignInstance { UserData = [1] };
        Assert.That(Canary.In(string.Join('\n', machine.Journal) + foreign + await session.Http.GetStringAsync("/_control/overlay")), Is.Empty);
        Assert.That(session.Server.Master.Find(Grid, "theirs"), Has.Property("HasToken").False.And.Property("Origin").EqualTo(NodeOrigin.Agent));
        Assert.That(() => session.Server.LaunchForeign(new ForeignMachine { Grid = "nowhere", Name = "x" }), Throws.ArgumentException);
    }
}
