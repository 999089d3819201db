using System.Text;
using Kontena.Simulator.Machines;

namespace Kontena.Simulator.Tests.Machines;

/// <summary>A wrong bootstrap fails on a simulated machine in the way it fails on a real one, and the journal says why.</summary>
public sealed class WrongBootstrapTests
{
    /// <summary>A piece of the good cloud-config, what stands there instead, and what the machine says.</summary>
    private static readonly (string Piece, string Other, string Says)[] NeverComes =
    [
        ("  - docker.io\n", "", "Unit docker.service not found."),
        ("  - path: /etc/kontena-agent.env\n", "  - path: /etc/kontena-agent.conf\n", "Failed to load environment files"),
        ("  - [systemctl, enable, --now, kontena-agent.service]", "  - [systemctl, enable, kontena-agent.service]", "finished"),
        ("  - [systemctl, enable, --now, kontena-agent.service]", "  - [systemctl, enable, --now, kontena.service]", "kontena.service does not exist"),
        ("-v /var/run/docker.sock:/var/run/docker.sock", "-v /var/run/docker.sock:/tmp/docker.sock", "connect(2) for /var/run/docker.sock"),
        ("-e KONTENA_URI \\\n", "\\\n", "KONTENA_URI is required"),
        ("-e KONTENA_TOKEN -e KONTENA_NODE_TOKEN", "", "KONTENA_TOKEN or KONTENA_NODE_TOKEN is required"),
        ($"KONTENA_NODE_ID={Bootstraps.NodeId}", "KONTENA_NODE_ID=2d3b0f4e-8a53-4d4b-9d50-0b7a3a8f8f10", "ArgumentError: Invalid KONTENA_NODE_ID"),
        ($"KONTENA_NODE_ID={Bootstraps.NodeId}", "KONTENA_NODE_ID=", "ArgumentError: Invalid KONTENA_NODE_ID"),
        ("KONTENA_NODE_NAME=web-0", "KONTENA_NODE_NAME=", "ArgumentError: Invalid KONTENA_NODE_NAME"),
        ("KONTENA_VERSION=1.5.4", "KONTENA_RELEASE=1.5.4", "invalid reference format"),
        ("KONTENA_VERSION=1.5.4", "KONTENA_VERSION=stable", "manifest unknown"),
        ("ExecStart=/usr/bin/docker run", "ExecStart=/opt/bin/docker run", "Failed to locate executable /opt/bin/docker"),
        ("--net=host", "--nets=host", "unknown flag: --nets"),
        ("#cloud-config", "# cloud-config", "Unhandled user-data part of type text/x-not-multipart"),
        ("packages:\n", "packages: [chrony\n", "the YAML is broken"),
        ("  - [systemctl, daemon-reload]", "  - [systemctl, mask, docker.service]\n  - [systemctl, stop, docker.service]", "Unit docker.service is masked"),
        ("packages:\n", "  - path: /etc/docker/daemon.json\n    content: '{\"bip\": }'\npackages:\n", "unable to configure the Docker daemon"),
        ("packages:\n", "  - path: /etc/systemd/system/docker.service.d/a.conf\n    content: |\n      [Service]\n      ExecStart=/usr/bin/dockerd\npackages:\n", "more than one ExecStart="),
    ];

    private static IEnumerable<TestCaseData> Cases => NeverComes.Select((each, index) => new TestCaseData(index).SetName($"CloudConfig_Wrong_NeverComes({index}: {each.Says})"));

    [TestCaseSource(nameof(Cases))]
    public async Task CloudConfig_Wrong_NeverComes(int index)
    {
        var (piece, other, says) = NeverComes[index];
        await using var session = await MachineSession.StartAsync();
        var indented = piece.StartsWith("-v", StringComparison.Ordinal) || piece.StartsWith("-e", StringComparison.Ordinal);
        var machine = await session.LaunchAsync(Bootstraps.CloudConfig(session.Master.Url).With(indented ? piece.TrimEnd('\n') : piece, indented ? other.TrimEnd('\n') : other));
        await MachineSession.SaysAsync(machine, says);
        Assert.That(session.Master.Visits, Is.Empty);
        Assert.That(machine.Agent, Is.EqualTo(AgentState.None));
    }

    [Test]
    public async Task Variable_NotPassedToTheContainer_IsNotSet()
    {
        await using var session = await MachineSession.StartAsync();
        var machine = await session.LaunchAsync(Bootstraps.CloudConfig(session.Master.Url).With("-e KONTENA_NODE_ID -e KONTENA_NODE_NAME -e KONTENA_NODE_LABELS", ""));
        await session.Master.JoinedAsync();
        var visit = session.Master.Last!;
        Assert.That(visit.Header("Kontena-Node-Id"), Is.EqualTo(machine.EngineId), "the engine's own");
        Assert.That(visit.Header("Kontena-Node-Name"), Is.EqualTo("web-0"), "the host's own");
        Assert.That(visit.Header("Kontena-Node-Labels"), Is.Empty);
    }

    [Test]
    public async Task NodeToken_EmptyButThere_WinsOverTheGridToken()
    {
        await using var session = await MachineSession.StartAsync();
        await session.LaunchAsync(Bootstraps.CloudConfig(session.Master.Url).With($"KONTENA_NODE_TOKEN=\"{Bootstraps.NodeToken}\"", "KONTENA_NODE_TOKEN="));
        await session.Master.VisitedAsync(1);
        Assert.That(session.Master.Last!.Header("Kontena-Node-Token"), Is.Empty);
        Assert.That(session.Master.Last.Headers, Does.Not.ContainKey("Kontena-Grid-Token"));
    }

    [Test]
    public async Task NodeToken_WithoutTheGridToken_LeavesTheOverlayUnencrypted()
    {
        await using var session = await MachineSession.StartAsync();
        var machine = await session.LaunchAsync(Bootstraps.CloudConfig(session.Master.Url).With("-e KONTENA_TOKEN ", ""));
        await session.Master.JoinedAsync();
        await MachineSession.SaysAsync(machine, "Communication between peers is unencrypted.");
    }

    [Test]
    public async Task HostNetwork_Missing_ShowsDockersOwnAddressAndNoEtcd()
    {
        await using var session = await MachineSession.StartAsync();
        await session.LaunchAsync(Bootstraps.CloudConfig(session.Master.Url).With("--net=host", "--net=bridge"));
        await session.Master.JoinedAsync();
        Assert.That(session.Master.Last!.Updates.First()["PrivateIp"], Is.EqualTo("172.17.0.2"));
        Assert.That(await session.Master.Last.CallAsync("/etcd/health"), Contains.Key("error"));
    }

    [Test]
    public async Task PeerInterface_ThatTheImageHasNot_LeavesThePrivateAddressOut()
    {
        await using var session = await MachineSession.StartAsync();
        await session.LaunchAsync(Bootstraps.CloudConfig(session.Master.Url).With("KONTENA_PEER_INTERFACE=ens5", "KONTENA_PEER_INTERFACE=eth0"));
        await session.Master.JoinedAsync();
        Assert.That(session.Master.Last!.Updates.First()["PrivateIp"], Is.Null);
    }

    [Test]
    public async Task Address_OfNobody_IsTriedAgainAndAgain()
    {
        await using var session = await MachineSession.StartAsync();
        var machine = await session.LaunchAsync(Bootstraps.CloudConfig("http://127.0.0.1:1"));
        await MachineSession.SaysAsync(machine, "unable to connect to server: ConnectionRefused", times: 3);
        Assert.That(machine.Agent, Is.EqualTo(AgentState.Connecting));
    }

    [Test]
    public async Task Address_WithAPath_IsNotTheMastersSocket()
    {
        await using var session = await MachineSession.StartAsync();
        var machine = await session.LaunchAsync(Bootstraps.CloudConfig(session.Master.Url + "/v1"));
        await MachineSession.SaysAsync(machine, "unexpected response from server, check url");
        Assert.That(session.Master.Visits, Is.Empty);
    }

    [Test]
    public async Task Flatcar_GzippedOrBrokenIgnition_DoesNotComeUp()
    {
        await using var session = await MachineSession.StartAsync();
        var good = Bootstraps.Ignition(session.Master.Url);
        foreach (var (data, says) in new[]
        {
            (Bootstraps.Gzip(good), "gzip, which Ignition does not unpack"),
            (Encoding.UTF8.GetBytes(good.With("3.3.0", "3.4.0")), "unsupported config version"),
            (Encoding.UTF8.GetBytes(good[..^5]), "the JSON is broken"),
            (Encoding.UTF8.GetBytes(good.With("data:,", "https://example.invalid/")), "not a data URL"),
        })
        {
            var machine = await session.LaunchAsync(data, "Flatcar-stable-*-hvm", boots: false);
            await MachineSession.SaysAsync(machine, says);
            await MachineSession.SaysAsync(machine, "emergency shell");
            Assert.That(machine.Running, Is.False);
        }
        Assert.That(session.Master.Visits, Is.Empty);
    }

    [Test]
    public async Task Ubuntu_WithIgnition_RunsWithoutAgent()
    {
        await using var session = await MachineSession.StartAsync();
        var machine = await session.LaunchAsync(Bootstraps.Ignition(session.Master.Url));
        await MachineSession.SaysAsync(machine, "Unhandled user-data part");
        Assert.That((machine.Running, machine.Agent), Is.EqualTo((true, AgentState.None)));
    }

    [Test]
    public async Task Flatcar_UnitNotEnabled_NeverStarts()
    {
        await using var session = await MachineSession.StartAsync();
        var machine = await session.LaunchAsync(Bootstraps.Ignition(session.Master.Url).Replace("\"enabled\": true", "\"enabled\": false", StringComparison.Ordinal), "Flatcar-stable-*-hvm");
        Assert.That((machine.Agent, machine.Units), Is.EqualTo((AgentState.None, Array.Empty<string>())));
    }

    [Test]
    public async Task Flatcar_UnitWithoutInstallSection_IsNotEnabled()
    {
        await using var session = await MachineSession.StartAsync();
        var machine = await session.LaunchAsync(Bootstraps.Ignition(session.Master.Url).With("[Install]\\nWantedBy=multi-user.target", ""), "Flatcar-stable-*-hvm");
        await MachineSession.SaysAsync(machine, "no installation config");
        Assert.That(machine.Agent, Is.EqualTo(AgentState.None));
    }
}
