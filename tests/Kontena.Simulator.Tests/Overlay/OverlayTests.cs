using Kontena.Simulator.Machines;
using Kontena.Simulator.Networks;
using Kontena.Simulator.Overlay;
using Kontena.Simulator.Tests.Machines;
using static Kontena.Simulator.Tests.Overlay.OverlaySession;

namespace Kontena.Simulator.Tests.Overlay;

/// <summary>The overlay between machines that run their user-data: what firewalls, tokens, kernels and clones make of it.</summary>
public sealed class OverlayTests
{
    private static readonly (OverlayPeerState?, OverlayMode?, bool?) Encrypted = (OverlayPeerState.Connected, OverlayMode.Fastdp, true);
    private static readonly (OverlayPeerState?, OverlayMode?, bool?) Slow = (OverlayPeerState.Connected, OverlayMode.Sleeve, true);
    private static readonly (OverlayPeerState?, OverlayMode?, bool?) Unreachable = (OverlayPeerState.Unreachable, null, false);
    private static readonly (OverlayPeerState?, OverlayMode?, bool?) Refused = (OverlayPeerState.Refused, null, false);

    [TestCase(false)]
    [TestCase(true)]
    public async Task Machines_WithNothingInTheWay_ConnectEachWithEach(bool inTheDefaultGroup)
    {
        await using var session = await StartAsync(realGroups: inTheDefaultGroup);
        var machines = new[] { await session.JoinAsync("a"), await session.JoinAsync("b"), await session.JoinAsync("c") };
        var view = session.View;
        Assert.That(view.Gaps(machines.Select(m => m.InstanceId)), Is.Empty);
        Assert.That((view.Routers.Count, view.Links.Count, view.Count(OverlayMode.Fastdp, encrypted: true)), Is.EqualTo((3, 3, 3)));
        Assert.That(machines[0].Overlay, Has.Property("Running").True.And.Property("Encrypted").True.And.Property("Peers").Count.EqualTo(2));
        Assert.That(machines[0].Overlay.With(machines[2].InstanceId)!.Address, Is.EqualTo(session.PrivateAddress(machines[2])), "it was told nothing of the later one, and knows it by where it came from");
        Assert.That(machines.Select(m => m.Overlay.PeerName).Distinct().Count(), Is.EqualTo(3));
        await MachineSession.SaysAsync(machines[1], $"router connected to peers {session.PrivateAddress(machines[0])}");
        await MachineSession.SaysAsync(machines[1], $"overlay_switch ->[{machines[0].Overlay.PeerName}(a)] using fastdp");
    }

    [Test]
    public async Task Esp_ClosedInOneDirection_IsSleeveUntilItIsOpen()
    {
        await using var session = await StartAsync();
        var (one, two) = (await session.JoinAsync("one"), await session.JoinAsync("two"));
        session.Networks.Close(Packet.Esp, from: one.InstanceId);
        Assert.That((Standing(one, two), Standing(two, one)), Is.EqualTo((Slow, Slow)));
        await MachineSession.SaysAsync(two, "(one)] using sleeve");
        session.Networks.OpenAll();
        Assert.That((Standing(one, two), Standing(two, one)), Is.EqualTo((Encrypted, Encrypted)));
        await MachineSession.SaysAsync(two, "(one)] using fastdp");
        Assert.That(two.Journal.Count(l => l.Text.EndsWith("connection fully established", StringComparison.Ordinal)), Is.EqualTo(1), "the connection stayed");
    }

    [Test]
    public async Task Control_ClosedForTheNewcomer_ConnectsOnceTheOtherIsTold()
    {
        await using var session = await StartAsync();
        var one = await session.JoinAsync("one");
        session.Networks.Close(Packet.WeaveControl, to: one.InstanceId);
        var two = await session.JoinAsync("two");
        Assert.That((Standing(two, one), Standing(one, two)), Is.EqualTo((Unreachable, ((OverlayPeerState?)null, (OverlayMode?)null, (bool?)null))), "the first was not told of the second");
        await MachineSession.SaysAsync(two, $"->[{session.PrivateAddress(one)}:6783] error during connection attempt: dial tcp4 :0->{session.PrivateAddress(one)}:6783: i/o timeout");
        // A new connection brings the list of peers anew.
        one.DropConnection();
        await MachineSession.UntilAsync(() => Standing(one, two) == Encrypted, "the first connects to the second");
        Assert.That(Standing(two, one), Is.EqualTo(Encrypted), "who connected does not matter");
        session.Networks.Close(Packet.WeaveControl, to: two.InstanceId);
        Assert.That((Standing(one, two), Standing(two, one)), Is.EqualTo((Unreachable, Unreachable)));
        await MachineSession.SaysAsync(one, "(two)]: connection deleted");
    }

    [Test]
    public async Task Data_ThatDoesNotPass_EndsTheConnection()
    {
        await using var session = await StartAsync();
        var (one, two) = (await session.JoinAsync("one"), await session.JoinAsync("two"));
        session.Networks.Close(Packet.WeaveFastdp, to: two.InstanceId);
        Assert.That(Standing(one, two), Is.EqualTo(Slow));
        session.Networks.Close(Packet.WeaveSleeve, to: one.InstanceId);
        Assert.That(Standing(one, two), Is.EqualTo(Unreachable));
        Assert.That(session.View.Gaps([one.InstanceId, two.InstanceId]), Has.Count.EqualTo(1));
        await MachineSession.SaysAsync(one, $"connection shutting down due to error: no working forwarders to {two.Overlay.PeerName}(two)");
    }

    [Test]
    public async Task GridToken_Missing_IsRefusedByAllOthers()
    {
        await using var session = await StartAsync();
        var (good, bare) = (await session.JoinAsync("good"), await session.JoinWithNodeTokenAsync("bare", gridToken: null));
        Assert.That((Standing(good, bare), Standing(bare, good)), Is.EqualTo((Refused, Refused)));
        Assert.That(bare.Overlay.Encrypted, Is.False);
        await MachineSession.SaysAsync(bare, $"->[{session.PrivateAddress(good)}:6783] connection shutting down due to error during handshake: no password specificed, but peer requested an encrypted connection");
        await MachineSession.SaysAsync(good, "connection shutting down due to error during handshake: password specified, but peer requested an unencrypted connection");
    }

    [Test]
    public async Task GridToken_Wrong_StaysWrongUntilTheContainerIsRemoved()
    {
        await using var session = await StartAsync();
        var (good, bad) = (await session.JoinAsync("good"), await session.JoinWithNodeTokenAsync("bad", Canary.Of("another-grid-token")));
        Assert.That(Standing(bad, good), Is.EqualTo(Refused));
        await MachineSession.SaysAsync(bad, "during handshake: unable to decrypt TCP msg");
        // The agent does not look at the password of a container that is there.
        bad.WriteFile("/etc/kontena-agent.env", bad.ReadFile("/etc/kontena-agent.env")!.With(Canary.Of("another-grid-token"), Bootstraps.GridToken));
        bad.Execute("systemctl", "restart", "kontena-agent");
        await MachineSession.SaysAsync(bad, "Exposed host node", times: 2);
        Assert.That(Standing(bad, good), Is.EqualTo(Refused));
        bad.Execute("docker", "rm", "-f", "weave");
        Assert.That(bad.Overlay.Running, Is.False);
        bad.Execute("systemctl", "restart", "kontena-agent");
        await MachineSession.UntilAsync(() => Standing(bad, good) == Encrypted, "the right token connects");
        Assert.That(Canary.In(string.Join('\n', bad.Journal) + bad + good.Overlay), Is.Empty);
    }

    [Test]
    public async Task TrustedSubnets_Changed_RelaunchTheRouterWithoutEncryption()
    {
        await using var session = await StartAsync();
        var (one, two) = (await session.JoinAsync("one"), await session.JoinAsync("two"));
        session.Networks.Close(Packet.Esp);
        Assert.That(Standing(one, two), Is.EqualTo(Slow));
        using var change = new HttpRequestMessage(HttpMethod.Put, new Uri(session.Ec2.Server.MasterUrl, "/v1/grids/production"));
        change.Headers.Authorization = new("Bearer", Simulator.Kontena.MasterOptions.DemoAccessToken);
        change.Content = new StringContent("""{"trusted_subnets": ["172.31.0.0/16"]}""");
        using var http = new HttpClient();
        using var answer = await http.SendAsync(change);
        Assert.That((int)answer.StatusCode, Is.EqualTo(200));
        await MachineSession.UntilAsync(() => Standing(one, two) == (OverlayPeerState.Connected, OverlayMode.Fastdp, false), "they trust each other");
        Assert.That(one.Overlay, Has.Property("Encrypted").True.And.Property("TrustedSubnets").EqualTo(new[] { "172.31.0.0/16" }));
        await MachineSession.SaysAsync(one, "weave image or configuration has been changed, restarting");
        Assert.That(one.Journal.Select(l => l.Text), Has.None.Contains("using trusted subnets"), "that is said once, at the agent's start");
        one.ExitAgent();
        await MachineSession.SaysAsync(one, "using trusted subnets: 172.31.0.0/16");
    }

    [Test]
    public async Task Regions_Different_ConnectByPublicAddresses()
    {
        await using var session = await StartAsync(trusted: ["172.31.0.0/16"]);
        var (here, there) = (await session.JoinAsync("here"), await session.JoinWithNodeTokenAsync("there", Bootstraps.GridToken, "far-away"));
        var (ours, theirs) = (session.Ec2.Cloud.Find(here.InstanceId)!.PublicAddress, session.Ec2.Cloud.Find(there.InstanceId)!.PublicAddress);
        Assert.That(there.Overlay.Peers.Single(), Is.EqualTo(new OverlayPeer(ours!, here.InstanceId, OverlayPeerState.Connected, OverlayMode.Fastdp, true, null)), "public addresses are in no trusted subnet");
        Assert.That(here.Overlay.Peers.Single().Address, Is.EqualTo(theirs), "and come from public ones");
    }

    [Test]
    public async Task Router_OutlivesItsAgentAndTheMachinesReboots()
    {
        await using var session = await StartAsync();
        var (one, two) = (await session.JoinAsync("one"), await session.JoinAsync("two"));
        two.Execute("systemctl", "disable", "--now", "kontena-agent");
        await MachineSession.UntilAsync(() => two.Agent == AgentState.None, "the agent has ended");
        Assert.That(Standing(one, two), Is.EqualTo(Encrypted));
        one.Reboot();
        Assert.That(one.Overlay.Running, Is.True, "Docker starts the container again");
        Assert.That(Standing(two, one), Is.EqualTo(Encrypted), "with the password that it had");
        two.Execute("systemctl", "stop", "docker");
        Assert.That((two.Overlay.Running, two.Overlay.Peers), Is.EqualTo((false, Array.Empty<OverlayPeer>())));
        await MachineSession.SaysAsync(one, "(two)]: connection deleted");
    }

    [Test]
    public async Task Addresses_OfNobody_AreTriedAndNotReached()
    {
        await using var session = await StartAsync();
        var (gone, bare) = (await session.JoinAsync("gone"), await session.JoinAsync("bare"));
        var (address, other) = (session.PrivateAddress(gone), session.PrivateAddress(bare));
        session.Ec2.Cloud.TerminateBehindTheBack(gone.InstanceId);
        bare.Execute("docker", "stop", "weave");
        var late = await session.JoinAsync("late");
        Assert.That(late.Overlay.Peers, Is.EquivalentTo(new OverlayPeer[]
        {
            new(address, null, OverlayPeerState.Unreachable, null, false, $"dial tcp4 :0->{address}:6783: i/o timeout"),
            new(other, bare.InstanceId, OverlayPeerState.Unreachable, null, false, $"dial tcp4 :0->{other}:6783: getsockopt: connection refused"),
        }));
        Assert.That(session.View.Between(bare.InstanceId, late.InstanceId)!.State, Is.EqualTo(OverlayPeerState.Unreachable));
    }

    [Test]
    public async Task Kernel_WithoutEsp_IsSleeve()
    {
        await using var session = await StartAsync(new() { Images = [ImageTraits.Defaults[^1] with { NamePattern = "cloned/other", KernelEsp = false }] });
        var (one, two) = (await session.JoinAsync("one"), await session.JoinAsync("two", "cloned/other"));
        Assert.That(Standing(one, two), Is.EqualTo(Slow));
        Assert.That(two.Execute("ip", "xfrm", "state", "add", "src", "127.0.0.1"), Is.EqualTo(2));
        Assert.That(one.Execute("ip", "xfrm", "state", "add", "src", "127.0.0.1"), Is.Zero);
    }

    [Test]
    public async Task Clones_WithMachineIdAndFirmwareInCommon_Collide()
    {
        await using var session = await StartAsync(new()
        {
            Images = [ImageTraits.Defaults[^1] with { NamePattern = "cloned/other", MachineId = "0123456789abcdef0123456789abcdef", ProductUuid = "4c4c4544-0042-3510-8054-b4c04f4e3233" }],
        });
        var (one, two, third) = (await session.JoinAsync("one", "cloned/other"), await session.JoinAsync("two", "cloned/other"), await session.JoinAsync("third"));
        Assert.That(one.Overlay.PeerName, Is.EqualTo(two.Overlay.PeerName));
        Assert.That((Standing(one, two), Standing(two, one)), Is.EqualTo((Refused, Refused)));
        Assert.That(two.Overlay.With(one.InstanceId)!.Reason, Is.EqualTo($"local \"{one.Overlay.PeerName}(two)\" and remote \"{one.Overlay.PeerName}(one)\" peer names collision"));
        Assert.That(Standing(third, one), Is.EqualTo(Encrypted));
    }

    [Test]
    public async Task ControlEndpoint_ShowsTheLinks()
    {
        await using var session = await StartAsync();
        var (one, two) = (await session.JoinAsync("one"), await session.JoinAsync("two"));
        session.Networks.Close(Packet.Esp);
        var shown = System.Text.Json.Nodes.JsonNode.Parse(await session.Ec2.Http.GetStringAsync("/_control/overlay"))!;
        var link = shown["links"]!.AsArray().Single()!;
        Assert.That((link["state"]!.ToString(), link["mode"]!.ToString(), link["encrypted"]!.GetValue<bool>()), Is.EqualTo(("connected", "sleeve", true)));
        Assert.That(shown["routers"]!.AsArray().Select(r => r!.ToString()), Is.EquivalentTo(new[] { one.InstanceId, two.InstanceId }));
    }

    [Test]
    public async Task Journal_LinesOfTheAgent_HaveRubysForm()
    {
        await using var session = await StartAsync(trusted: ["10.0.0.0/8"]);
        var machine = await session.JoinAsync("one");
        var said = machine.Journal.Where(l => l.Source == "kontena-agent").Select(l => l.Text).ToList();
        Assert.That(said, Is.All.Match(@"^[IWE], \[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6} #1\] (( INFO)|( WARN)|(ERROR)) -- [A-Z][A-Za-z:]+: "));
        Assert.That(said.Where(l => l.Contains("Kontena::NetworkAdapters::Weave", StringComparison.Ordinal)).Select(l => l[(l.IndexOf(" -- ", StringComparison.Ordinal) + 4)..]), Is.EqualTo(new[]
        {
            "Kontena::NetworkAdapters::Weave: router does not have any known peers",
            "Kontena::NetworkAdapters::Weave: using trusted subnets: 10.0.0.0/8",
            "Kontena::NetworkAdapters::Weave: Exposed host node at cidr=10.81.0.1/16",
        }));
    }
}
