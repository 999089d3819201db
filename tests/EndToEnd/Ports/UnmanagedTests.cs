using Kontena.Operator.Core.Api;
using Kontena.Simulator.Overlay;

namespace Kontena.EndToEnd.Ports;

/// <summary><c>firewall.managed: false</c>: the operator looks, says exactly what lacks, and changes nothing.</summary>
public sealed class UnmanagedTests : PortTests
{
    private static readonly FirewallSpec unmanaged = new() { Managed = false };

    [Test]
    public async Task SomebodysGroupLacksRules_TheyAreNamed_AndOnceTheyAreThereTheNodesAreReady()
    {
        var scene = await PlayGridAsync();
        var theirs = scene.Firewalls.AddForeign("theirs");
        scene.Firewalls.AddForeignRule(theirs.Id, "tcp", 80, 80, Everybody);
        await scene.Grids.PoolAsync("web", 2, s => s with { Network = new() { Ports = [Port("http", "80", Everybody), Port("https", "443", Everybody)], Firewall = unmanaged } }, aws => aws with { SecurityGroupIds = [theirs.Id] });

        var closed = await NodeHasAsync(scene, "PortsOpen", "False", "RulesMissing");

        Assert.That(closed.Message, Does.Contain("TCP 443 from 0.0.0.0/0").And.Contain("TCP 6783-6784 from members").And.Contain("UDP 6783-6784 from members")
            .Or.Contain("and 1 more").And.Contain(theirs.Id).And.Contain("The operator does not change these firewalls"));
        Assert.That(closed.Message, Does.Not.Contain("TCP 80 "));
        await NodeHasAsync(scene, "Ready", "False", "RulesMissing");
        foreach (var (protocol, from, to) in new (string, int?, int?)[] { ("tcp", 6783, 6784), ("udp", 6783, 6784), ("50", null, null) })
            scene.Firewalls.AddForeignRule(theirs.Id, protocol, from, to, theirs.Id);
        await scene.Waits.ReadyAsync("web", 2);
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: true);
        var still = await scene.Waits.PoolAsync("web", "PortsReady", "False", "RulesMissing");
        Assert.That(still.Message, Does.Contain("TCP 443 from 0.0.0.0/0").And.Not.Contain("6783"));
        scene.Firewalls.AddForeignRule(theirs.Id, "tcp", 443, 443, Everybody);
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
        Assert.That(scene.Firewalls.Writes, Is.Empty, "nothing is made, changed or attached");
        Assert.That(scene.Firewalls.Own, Is.Empty);
    }

    [Test]
    public async Task SwitchedOffAndOn_GroupsStayAsTheyAre_DriftIsReportedWhileOff_AndRepairedWhenOn()
    {
        var scene = await PlayPoolAsync(2, Web);
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
        var before = scene.Firewalls.Writes;

        await EditNetworkAsync(scene, "web", Web with { Firewall = unmanaged });
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
        var own = await scene.Firewalls.OfPoolAsync("web");
        scene.Firewalls.AtOddsWith(hand => hand.RemoveRule(own.Id, own.Inbound.Single().Id));

        var closed = await scene.Waits.PoolAsync("web", "PortsReady", "False", "RulesMissing");
        Assert.That(closed.Message, Does.Contain("TCP 80 from 0.0.0.0/0").And.Contain("set spec.network.firewall.managed: true"));
        await scene.Waits.ListingsAsync(4);
        Assert.That(scene.Firewalls.Writes, Is.EquivalentTo(before));
        scene.Firewalls.WatchOverlay();
        await EditNetworkAsync(scene, "web", Web);
        await RulesAsync(scene, () => scene.Firewalls.OfPoolAsync("web"), "tcp 80 0.0.0.0/0");
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
        await scene.Waits.ReadyAsync("web", 2);
        await AssertDeletingLeavesNothingAsync(scene);
    }

    [Test]
    public async Task MachinesOfThePastInTheDefaultGroup_SwitchedOn_GetTheirGroupsWithoutARefusedFlow()
    {
        var scene = await PlayPoolAsync(2, Web with { Firewall = unmanaged });
        var ids = scene.Living.Select(m => m.Id).ToList();
        Assert.That(scene.Firewalls.Own, Is.Empty);

        await EditNetworkAsync(scene, "web", Web);

        await scene.Waits.UntilAsync(() => scene.Firewalls.Own.Count == 2 && scene.Living.All(m => m.GroupIds.Count == 3), "both groups are attached beside the default one");
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
        Assert.That(scene.Living.Select(m => m.Id), Is.EqualTo(ids));
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: true);
        await scene.Waits.ReadyAsync("web", 2);
        await AssertDeletingLeavesNothingAsync(scene);
    }
}
