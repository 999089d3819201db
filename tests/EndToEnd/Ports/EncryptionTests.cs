using System.Text.Json.Nodes;
using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Bootstrap;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Machines;
using Kontena.Simulator.Overlay;

namespace Kontena.EndToEnd.Ports;

/// <summary>What the operator says of the overlay's encryption, beside what the overlay does.</summary>
public sealed class EncryptionTests : PortTests
{
    private static NetworkSpec Mode(IpsecMode mode, bool managed = true) => new() { Ipsec = new IpsecSpec { Mode = mode }, Firewall = new FirewallSpec { Managed = managed } };

    [Test]
    public async Task Required_EspTakenAwayByHand_TheNodesAreNotReadyAndSayWhy_UntilItIsBack()
    {
        var scene = await PlayGridAsync();
        var (theirs, esp) = OpenGroup(scene);
        await scene.Grids.PoolAsync("web", 2, s => s with { Network = Mode(IpsecMode.Required, managed: false) }, aws => aws with { SecurityGroupIds = [theirs] });
        await scene.Waits.ReadyAsync("web", 2);
        await scene.Waits.PoolAsync("web", "IPSecReady", "True", "EspOpen");
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: true);

        scene.Firewalls.RemoveForeignRule(theirs, esp.Id);

        await scene.Waits.PoolAsync("web", "IPSecReady", "False", "EspClosed");
        var ready = await NodeHasAsync(scene, "Ready", "False", "EspClosed");
        Assert.That(ready.Message, Does.Contain("IPSec is required").And.Contain("protocol 50"));
        Assert.That((await NodeHasAsync(scene, "PortsOpen", "False", "RulesMissing")).Message, Does.Contain("ESP from members"));
        await OverlayAsync(scene, OverlayMode.Sleeve, encrypted: true);
        scene.Firewalls.AddForeignRule(theirs, "50", null, null, theirs);
        await scene.Waits.ReadyAsync("web", 2);
        await scene.Waits.PoolAsync("web", "IPSecReady", "True", "EspOpen");
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: true);
    }

    [Test]
    public async Task Required_TrustedSubnetsHaveTheMembers_NotReadyUntilTheyAreTakenAway()
    {
        var scene = await PlayPoolAsync(2, Mode(IpsecMode.Required));
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: true);

        await scene.Grids.EditAsync(new JsonObject { ["trustedSubnets"] = new JsonArray("172.31.0.0/16") });

        var ready = await NodeHasAsync(scene, "Ready", "False", "TrustedSubnets");
        Assert.That(ready.Message, Does.Contain("172.31.0.0/16").And.Contain("spec.trustedSubnets"));
        await scene.Waits.PoolAsync("web", "IPSecReady", "False", "TrustedSubnets");
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: false);
        await scene.Grids.EditAsync(new JsonObject { ["trustedSubnets"] = new JsonArray() });
        await scene.Waits.ReadyAsync("web", 2);
        await scene.Waits.PoolAsync("web", "IPSecReady", "True", "EspOpen");
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: true);
    }

    [Test]
    public async Task Preferred_EspClosed_FallsBackSaysSo_AndStaysReady()
    {
        var scene = await PlayGridAsync();
        var (theirs, esp) = OpenGroup(scene);
        await scene.Grids.PoolAsync("web", 2, s => s with { Network = Mode(IpsecMode.Preferred, managed: false) }, aws => aws with { SecurityGroupIds = [theirs] });
        await scene.Waits.ReadyAsync("web", 2);

        scene.Firewalls.RemoveForeignRule(theirs, esp.Id);

        var said = await scene.Waits.PoolAsync("web", "IPSecReady", "False", "FallsBack");
        Assert.That(said.Message, Does.Contain("sleeve"));
        await OverlayAsync(scene, OverlayMode.Sleeve, encrypted: true);
        await NodeHasAsync(scene, "Ready", "True");
    }

    [Test]
    public async Task Disabled_NoRuleForEsp_AndTrustedSubnetsTakeTheEncryptionAway()
    {
        var scene = await PlayPoolAsync(2, Mode(IpsecMode.Disabled));

        await RulesAsync(scene, scene.Firewalls.OfGridAsync, [.. MemberRules.Where(r => r != "50 self")]);
        await OverlayAsync(scene, OverlayMode.Sleeve, encrypted: true);
        var slow = await scene.Waits.PoolAsync("web", "IPSecReady", "True", "Disabled");
        Assert.That(slow.Message, Does.Contain("spec.trustedSubnets"));
        await scene.Grids.EditAsync(new JsonObject { ["trustedSubnets"] = new JsonArray("172.31.0.0/16") });
        await scene.Waits.UntilAsync(async () => (await scene.Objects.PoolAsync("web")).Status!.Conditions.Any(c => c.Type == "IPSecReady" && c.IsTrue && c.Message.Contains("The overlay is not encrypted", StringComparison.Ordinal)), "the pool says that nothing is encrypted");
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: false);
    }

    [Test]
    public async Task ASecondPoolWantsEsp_TheRuleComesAndGoesWithIt()
    {
        var scene = await PlayPoolAsync(1, Mode(IpsecMode.Disabled));
        await RulesAsync(scene, scene.Firewalls.OfGridAsync, [.. MemberRules.Where(r => r != "50 self")]);

        await scene.Grids.PoolAsync("db", 1, s => s with { Network = Mode(IpsecMode.Preferred) });

        await RulesAsync(scene, scene.Firewalls.OfGridAsync, MemberRules);
        await scene.Waits.ReadyAsync("db", 1);
        var said = await scene.Waits.PoolAsync("db", "IPSecReady", "False", "FallsBack");
        Assert.That(said.Message, Does.Contain("Machines of web are not prepared for ESP"));
        await scene.Objects.DeletePoolAsync("db");
        await PoolGoneAsync(scene, "db");
        await RulesAsync(scene, scene.Firewalls.OfGridAsync, [.. MemberRules.Where(r => r != "50 self")]);
    }

    [Test]
    public async Task KernelWithoutEsp_RequiredNeverJoins_PreferredFallsBack()
    {
        var options = Usual.WithGrid();
        var scene = await PlayGridAsync(options with
        {
            Machines = options.Machines with { Images = [.. ImageTraits.Defaults.Select(t => t with { KernelEsp = false })] },
            Pace = options.Pace with { JoinDeadline = TimeSpan.FromSeconds(10) },
        });
        await scene.Grids.PoolAsync("slow", 2, s => s with { Network = Mode(IpsecMode.Preferred) });
        await scene.Waits.ReadyAsync("slow", 2);
        await OverlayAsync(scene, OverlayMode.Sleeve, encrypted: true);

        await scene.Grids.PoolAsync("strict", 1, s => s with { Network = Mode(IpsecMode.Required) });

        var never = await scene.Waits.NodeAsync("strict-0", "NeverConnected");
        Assert.That(never.Message, Does.Contain("ESP").Or.Contain("first boot"));
        Assert.That(scene.Cloud.Machines.All.Count(m => m.Overlay.Running), Is.EqualTo(2));
    }

    [Test]
    public async Task MachineWithAnotherGridToken_IsKeptOutOfTheOverlay_ByEveryOtherMember()
    {
        var scene = await PlayPoolAsync(3, Mode(IpsecMode.Required));
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: true);
        var nodes = await scene.Objects.NodesAsync();
        var bad = scene.Grids.MachineOf(nodes.First(n => n.Status!.InitialMember != true));
        const string file = AgentUnit.EnvironmentPath;

        bad.WriteFile(file, bad.ReadFile(file)!.Replace(Canary.Of("grid-token"), Canary.Of("no-grid-token"), StringComparison.Ordinal));
        bad.Execute("docker", "rm", "-f", "weave");
        bad.Execute("systemctl", "restart", "kontena-agent");

        await scene.Waits.UntilAsync(() => bad.Overlay is { Running: true, Peers.Count: 2 } overlay && overlay.Peers.All(p => p.State == OverlayPeerState.Refused), "both others refuse it");
        var others = scene.Living.Select(m => m.Id).Where(id => id != bad.InstanceId);
        Assert.That(scene.Cloud.Machines.Overlay.Gaps(others), Is.Empty, "they stay connected");
        Assert.That(string.Join('\n', bad.Journal), Does.Contain("unable to decrypt TCP msg"));
        Assert.That(Canary.In(string.Join('\n', bad.Journal)), Is.Empty);
    }

    /// <summary>A group of somebody else's with all that members need of each other, and its rule for ESP.</summary>
    private static (string Id, SecurityRule Esp) OpenGroup(OperatorScene scene)
    {
        var theirs = scene.Firewalls.AddForeign("theirs");
        scene.Firewalls.AddForeignRule(theirs.Id, "tcp", 6783, 6784, theirs.Id);
        scene.Firewalls.AddForeignRule(theirs.Id, "udp", 6783, 6784, theirs.Id);
        return (theirs.Id, scene.Firewalls.AddForeignRule(theirs.Id, "50", null, null, theirs.Id));
    }
}
