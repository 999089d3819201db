using System.Net.WebSockets;
using Kontena.Simulator.Machines;

namespace Kontena.Simulator.Tests.Machines;

/// <summary>The agent after it joined: close codes, restarts, reboots, power, clock and network.</summary>
public sealed class AgentTests
{
    private static async Task<(MachineSession Session, SimulatedMachine Machine)> JoinedAsync(MachineOptions? options = null, Func<string, string>? change = null, string image = "ubuntu/*")
    {
        var session = await MachineSession.StartAsync(options);
        var data = Bootstraps.CloudConfig(session.Master.Url);
        var machine = await session.LaunchAsync(change is null ? data : change(data), image);
        await session.Master.JoinedAsync();
        return (session, machine);
    }

    [TestCase(4001, "master does not accept our token, shutting down ...")]
    [TestCase(4010, "master does not accept our version (1.5.4): refused for a test")]
    [TestCase(4040, "master indicates that this agent should not reconnect: refused for a test")]
    [TestCase(4041, "master indicates that this agent should not reconnect: refused for a test")]
    public async Task Close_WithAFatalCode_EndsTheProcessAndSystemdStartsAnother(int code, string says)
    {
        await using var session = await MachineSession.StartAsync();
        session.Master.Refuse = code;
        var machine = await session.LaunchAsync(Bootstraps.CloudConfig(session.Master.Url));
        await session.Master.VisitedAsync(3);
        await MachineSession.SaysAsync(machine, says, times: 2);
        await MachineSession.SaysAsync(machine, "kontena-agent.service: Scheduled restart job.", times: 2);
        Assert.That(machine.Journal.Any(l => l.Text.Contains("connection closed with code 4041: refused for a test", StringComparison.Ordinal)), Is.EqualTo(code == 4041), "the documentation's line");
        Assert.That(machine.Journal.Select(l => l.Text), Has.None.Contains("reconnect attempt"));
    }

    [TestCase(4000), TestCase(4002), TestCase(4003), TestCase(4004), TestCase(4005), TestCase(4006), TestCase(4020), TestCase(4030), TestCase(4031), TestCase(1001)]
    public async Task Close_WithAnyOtherCode_IsTriedAgainByTheSameProcess(int code)
    {
        await using var session = await MachineSession.StartAsync();
        session.Master.Refuse = code;
        var machine = await session.LaunchAsync(Bootstraps.CloudConfig(session.Master.Url));
        await session.Master.VisitedAsync(3);
        await MachineSession.SaysAsync(machine, $"connection closed with code {code}: refused for a test", times: 2);
        Assert.That(machine.Journal.Select(l => l.Text), Has.None.Contains("Scheduled restart job."));
        session.Master.Refuse = null;
        await session.Master.JoinedAsync();
    }

    [Test]
    public async Task Exit_WithoutRestart_StaysAway()
    {
        var (session, machine) = await JoinedAsync(change: text => text.With("Restart=always", "Restart=on-failure"));
        await using var open = session;
        machine.ExitAgent();
        await MachineSession.SaysAsync(machine, "kontena-agent.service: Deactivated successfully.");
        Assert.That(machine.Units, Has.None.EqualTo("kontena-agent.service"));
        Assert.That(machine.Journal.Select(l => l.Text), Has.None.Contains("Scheduled restart job."));
        await MachineSession.UntilAsync(() => session.Master.Last!.SaidGoodbye, "the agent closed its connection");
    }

    [Test]
    public async Task Restart_WithTheOldContainerLeft_ConflictsForEver()
    {
        var (session, machine) = await JoinedAsync(change: text => text.With("ExecStartPre=-/usr/bin/docker rm kontena-agent", ""));
        await using var open = session;
        machine.ExitAgent();
        await MachineSession.SaysAsync(machine, "The container name \"/kontena-agent\" is already in use.", times: 3);
        Assert.That(session.Master.Visits, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task MasterInfo_WithAnotherVersion_IsInTheFileForTheNextStart()
    {
        await using var session = await MachineSession.StartAsync();
        session.Master.Version = "1.5.9";
        var machine = await session.LaunchAsync(Bootstraps.CloudConfig(session.Master.Url));
        await session.Master.JoinedAsync();
        machine.ExitAgent();
        await session.Master.JoinedAsync(2);
        Assert.That(session.Master.Visits.Select(v => v.Header("Kontena-Version")), Is.EqualTo(new[] { "1.5.4", "1.5.9" }));
    }

    [Test]
    public async Task Updates_Come_AgainAndAgain()
    {
        var (session, _) = await JoinedAsync(new() { UpdateInterval = TimeSpan.FromMilliseconds(30) });
        await using var open = session;
        await MachineSession.UntilAsync(() => session.Master.Last!.Updates.Count >= 4, "four updates");
    }

    [TestCase("ubuntu/*", @"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    [TestCase("debian-12-*", "^[A-Z2-7]{4}(:[A-Z2-7]{4}){11}$")]
    public async Task EngineId_OfAMachine_IsItsOwnAndOutlivesReboots(string image, string form)
    {
        var (session, machine) = await JoinedAsync(image: image, change: text => text.With("-e KONTENA_NODE_ID", ""));
        await using var open = session;
        var id = machine.EngineId;
        Assert.That(id, Does.Match(form));
        await session.Ec2.CallAsync("RebootInstances", "InstanceId.1", machine.InstanceId);
        await session.Master.JoinedAsync(2);
        Assert.That(session.Master.Visits.Select(v => v.Header("Kontena-Node-Id")), Is.All.EqualTo(id));
        var other = await session.LaunchAsync(Bootstraps.CloudConfig(session.Master.Url), image);
        await MachineSession.UntilAsync(() => other.EngineId is not null, "the other has an engine");
        Assert.That(other.EngineId, Is.Not.EqualTo(id));
    }

    [Test]
    public async Task Reboot_OfACloudInitMachine_RunsNoRuncmdAgainAndStartsWhatIsEnabled()
    {
        var (session, machine) = await JoinedAsync(change: text => text + "\n  - [touch, /var/lib/done]");
        await using var open = session;
        machine.Reboot();
        await session.Master.JoinedAsync(2);
        Assert.That(machine.Journal.Count(l => l.Text == "touch is taken as done"), Is.EqualTo(1));
        Assert.That(machine.HostName, Is.EqualTo("web-0"));
    }

    [Test]
    public async Task Reboot_OfAUnitThatIsOnlyStarted_LosesIt()
    {
        var (session, machine) = await JoinedAsync(change: text => text.With("[systemctl, enable, --now, kontena-agent.service]", "[systemctl, start, kontena-agent.service]"));
        await using var open = session;
        machine.Reboot();
        Assert.That(machine.Units, Does.Contain("docker.service").And.Not.Contain("kontena-agent.service"));
        Assert.That(machine.Agent, Is.EqualTo(AgentState.None));
    }

    [Test]
    public async Task StopAndStart_OfTheInstance_KeepsDiskAndIdentity()
    {
        var (session, machine) = await JoinedAsync();
        await using var open = session;
        var before = (machine.EngineId, session.Master.Last!.Updates.First()["PublicIp"]);
        await session.Ec2.CallAsync("StopInstances", "InstanceId.1", machine.InstanceId);
        Assert.That((machine.Running, machine.Agent), Is.EqualTo((false, AgentState.None)));
        await MachineSession.UntilAsync(() => session.Master.Last!.State is WebSocketState.Aborted or WebSocketState.Closed, "the Master lost the agent");
        Assert.That(session.Master.Last!.SaidGoodbye, Is.False);
        await session.Ec2.CallAsync("StartInstances", "InstanceId.1", machine.InstanceId);
        await session.Master.JoinedAsync(2);
        Assert.That(machine.EngineId, Is.EqualTo(before.EngineId));
        Assert.That(session.Master.Last!.Updates.First()["PublicIp"], Is.Not.EqualTo(before.Item2).And.Not.Null);
    }

    [Test]
    public async Task Terminate_Running_CutsTheConnectionWithoutGoodbye()
    {
        var (session, machine) = await JoinedAsync();
        await using var open = session;
        await session.Ec2.CallAsync("TerminateInstances", "InstanceId.1", machine.InstanceId);
        await MachineSession.UntilAsync(() => session.Master.Last!.State is WebSocketState.Aborted or WebSocketState.Closed, "the Master lost the agent");
        Assert.That(session.Master.Last!.SaidGoodbye, Is.False);
        Assert.That(machine.Running, Is.False);
        Assert.That(session.Machines.Find(machine.InstanceId), Is.Null);
    }

    [Test]
    public async Task Clock_Wrong_IsMendedByATimeClientOnly()
    {
        await using var session = await MachineSession.StartAsync(new() { Skew = TimeSpan.FromMinutes(-10) });
        var mended = await session.LaunchAsync(Bootstraps.CloudConfig(session.Master.Url));
        await session.Master.JoinedAsync();
        Assert.That(mended.Skew, Is.EqualTo(TimeSpan.Zero));
        var wrong = await session.LaunchAsync(Bootstraps.CloudConfig(session.Master.Url).With("  - chrony\n", ""));
        await session.Master.JoinedAsync(2);
        Assert.That(wrong.Skew, Is.EqualTo(TimeSpan.FromMinutes(-10)));
        var claimed = DateTimeOffset.Parse(session.Master.Last!.Header("Kontena-Connected-At")!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.That(TimeProvider.System.GetUtcNow() - claimed, Is.GreaterThan(TimeSpan.FromMinutes(9)));
    }

    [Test]
    public async Task Clock_WithTimeServersBlocked_StaysWrong()
    {
        var (session, machine) = await JoinedAsync(new() { Images = [new() { NamePattern = "ubuntu/*", Docker = new(27, 0), Interface = "ens5", Skew = TimeSpan.FromHours(1), TimeSyncBlocked = true }] });
        await using var open = session;
        Assert.That(machine.Skew, Is.EqualTo(TimeSpan.FromHours(1)));
        await MachineSession.SaysAsync(machine, "no time server answers");
    }

    [TestCase(NetworkBlock.Refused, "Connection refused")]
    [TestCase(NetworkBlock.Silent, "Connect timeout")]
    public async Task Network_Blocked_CutsAndComesBackByItself(NetworkBlock block, string says)
    {
        var (session, machine) = await JoinedAsync();
        await using var open = session;
        machine.Network = block;
        await MachineSession.SaysAsync(machine, says, times: 2);
        Assert.That(machine.Connected, Is.False);
        machine.Network = NetworkBlock.None;
        await session.Master.JoinedAsync(2);
    }

    [Test]
    public async Task Unknown_Call_IsNotImplemented()
    {
        var (session, _) = await JoinedAsync();
        await using var open = session;
        Assert.That(await session.Master.Last!.CallAsync("/nothing/here"), Contains.Key("error").WithValue("service not implemented"));
    }

    [Test]
    public async Task Docker_Restarted_TakesTheAgentAlong()
    {
        var (session, machine) = await JoinedAsync();
        await using var open = session;
        Assert.That(machine.Execute("systemctl", "restart", "docker"), Is.Zero);
        await session.Master.JoinedAsync(2);
        Assert.That(machine.Execute("systemctl", "is-active", "docker", "kontena-agent"), Is.Zero);
    }

    [Test]
    public async Task Journal_AndTexts_HoldNoToken()
    {
        var (session, machine) = await JoinedAsync();
        await using var open = session;
        var said = string.Join('\n', machine.Journal) + machine + string.Join('\n', session.Machines.All);
        Assert.That(Canary.In(said), Is.Empty);
        Assert.That(said, Does.Contain("initialized with node token "));
        Assert.That(machine.AgentEnvironment["KONTENA_TOKEN"] == Bootstraps.GridToken, Is.True);
    }
}
