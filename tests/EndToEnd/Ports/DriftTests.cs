using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Ports;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Overlay;

namespace Kontena.EndToEnd.Ports;

/// <summary>Somebody changes groups by hand at the cloud: what is ours is repaired with the next look, what is somebody else's stays and is told of.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class DriftTests(SceneEngine engine) : PortTests(engine)
{
    [Test]
    public async Task RulesOfOursRemoved_ComeBackWithTheNextListing_AndTheOverlayWithThem()
    {
        var scene = await PlayPoolAsync(2, Web);
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
        var (own, shared) = (await scene.Firewalls.OfPoolAsync("web"), await scene.Firewalls.OfGridAsync());
        var calls = scene.Ec2.Calls.Total;

        scene.Firewalls.AtOddsWith(hand =>
        {
            foreach (var group in new[] { own, shared })
                foreach (var rule in group.Inbound) hand.RemoveRule(group.Id, rule.Id);
        });

        await RulesAsync(scene, scene.Firewalls.OfGridAsync, MemberRules);
        await RulesAsync(scene, () => scene.Firewalls.OfPoolAsync("web"), "tcp 80 0.0.0.0/0");
        var until = scene.Ec2.Calls.Recent.TakeLast((int)(scene.Ec2.Calls.Total - calls)).TakeWhile(c => c.Action != "AuthorizeSecurityGroupIngress").ToList();
        // One may have been on its way when the rules went.
        Assert.That(until.Count(c => c.Action == "DescribeSecurityGroups" && c.Parameters.Any(p => p.Value == "tag:kontena-installation")), Is.LessThanOrEqualTo(2), "listings until the repair began");
        scene.Firewalls.WatchOverlay();
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: true);
        await scene.Waits.ReadyAsync("web", 2);
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
    }

    [Test]
    public async Task ForeignRulesInOurGroups_Stay_AreTold_AndOutliveAChangeOfPolicy()
    {
        var scene = await PlayPoolAsync(1, Web);
        var (own, shared) = (await scene.Firewalls.OfPoolAsync("web"), await scene.Firewalls.OfGridAsync());

        scene.Firewalls.AddForeignRule(own.Id, "tcp", 9999, 9999, "198.51.100.0/24");
        scene.Firewalls.AddForeignRule(own.Id, "tcp", 8080, 8080, Everybody);
        scene.Firewalls.AddForeignRule(shared.Id, "-1", null, null, "10.0.0.0/8");

        await scene.Waits.UntilAsync(async () => ConditionOf((await scene.Objects.FindNodeAsync("web-0"))!, "PortsOpen").Message is var said && said.Contains($"2 rules in {own.Id} are not ours and stay", StringComparison.Ordinal)
            && said.Contains($"1 rule in {shared.Id} is not ours and stays", StringComparison.Ordinal) && said.Contains("TCP 9999 from 198.51.100.0/24", StringComparison.Ordinal), "the node tells of rules that are not ours");
        await EditNetworkAsync(scene, "web", new() { Ports = [Port("http", "8080", Everybody)] });
        await RulesAsync(scene, () => scene.Firewalls.OfPoolAsync("web"), "tcp 8080 0.0.0.0/0", "tcp 9999 198.51.100.0/24");
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
        await EditNetworkAsync(scene, "web", new());
        await scene.Waits.UntilAsync(async () => ConditionOf((await scene.Objects.FindNodeAsync("web-0"))!, "PortsOpen").Message.Contains($"2 rules in {own.Id} are not ours", StringComparison.Ordinal), "what was wanted meanwhile is foreign again, and stays");
        await AssertDeletingLeavesNothingAsync(scene);
    }

    [Test]
    public async Task WrongRuleWithOurDescription_IsOurs_AndGoes()
    {
        var scene = await PlayPoolAsync(1, Web);
        var own = await scene.Firewalls.OfPoolAsync("web");
        await RulesAsync(scene, () => scene.Firewalls.OfPoolAsync("web"), "tcp 80 0.0.0.0/0");
        var mark = scene.Firewalls.Find(own.Id).Inbound.Single().Description;

        scene.Firewalls.AtOddsWith(hand => hand.AddRule(own.Id, RuleDirection.Inbound, "tcp", 9999, 9999, Everybody, mark));

        await RulesAsync(scene, () => scene.Firewalls.OfPoolAsync("web"), "tcp 80 0.0.0.0/0");
    }

    [Test]
    public async Task GroupsDetached_AreAttachedAgain_AndWhatElseIsThereStays()
    {
        var scene = await PlayPoolAsync(2, Web);
        var (own, shared) = (await scene.Firewalls.OfPoolAsync("web"), await scene.Firewalls.OfGridAsync());
        var theirs = scene.Firewalls.AddForeign("theirs");
        var machine = scene.Living[0].Id;

        scene.Firewalls.AtOddsWith(hand =>
        {
            hand.Attach(machine, theirs.Id);
            hand.Detach(machine, own.Id);
            hand.Detach(machine, shared.Id);
        });

        await scene.Waits.UntilAsync(() => scene.Ec2.Find(machine)!.GroupIds.ToHashSet().SetEquals([theirs.Id, own.Id, shared.Id]), "the machine has all three");
        scene.Firewalls.WatchOverlay();
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: true);
        await scene.Waits.ReadyAsync("web", 2);
        await scene.Waits.UntilAsync(async () => (await scene.Objects.EventsAsync()).Any(e => e.Reason == "FirewallAttached"), "it is told");
    }

    [Test]
    public async Task OurGroupsDeletedByHand_AreMadeAgainWithTheirRules_AndAttachedToAll()
    {
        var scene = await PlayPoolAsync(2, Web);
        var (own, shared) = (await scene.Firewalls.OfPoolAsync("web"), await scene.Firewalls.OfGridAsync());

        scene.Firewalls.AtOddsWith(hand =>
        {
            // EC2 lets no machine be without a group, and no group go that a machine has.
            foreach (var machine in scene.Living) hand.Attach(machine.Id, scene.Ec2.Vpcs("eu-west-1")[0].DefaultGroupId);
            foreach (var machine in scene.Living) hand.Detach(machine.Id, own.Id);
            foreach (var machine in scene.Living) hand.Detach(machine.Id, shared.Id);
            hand.RemoveGroup(own.Id);
            hand.RemoveGroup(shared.Id);
        });

        await scene.Waits.UntilAsync(() => scene.Firewalls.Own.Count == 2 && scene.Living.All(m => m.GroupIds.Count == 3 && scene.Firewalls.Own.All(g => m.GroupIds.Contains(g.Id))), "both are made again and attached");
        await RulesAsync(scene, scene.Firewalls.OfGridAsync, MemberRules);
        await RulesAsync(scene, () => scene.Firewalls.OfPoolAsync("web"), "tcp 80 0.0.0.0/0");
        Assert.That(scene.Firewalls.Own.Select(g => g.Name), Is.EquivalentTo(new[] { own.Name, shared.Name }));
        scene.Firewalls.WatchOverlay();
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: true);
        await scene.Waits.ReadyAsync("web", 2);
        await AssertDeletingLeavesNothingAsync(scene);
    }

    [Test]
    public async Task OutboundRulesRemoved_AreReported_AndNotTouched()
    {
        var scene = await PlayPoolAsync(1, Web);
        var groups = scene.Firewalls.Own;
        await scene.Waits.PoolAsync("web", "PortsReady", "True");

        scene.Firewalls.AtOddsWith(hand =>
        {
            foreach (var group in groups)
                foreach (var rule in group.Outbound) hand.RemoveRule(group.Id, rule.Id);
        });

        var closed = await NodeHasAsync(scene, "PortsOpen", "False", "EgressClosed");
        Assert.That(closed.Message, Does.Contain(groups[0].Id).And.Contain("Add an outbound rule"));
        await scene.Waits.PoolAsync("web", "PortsReady", "False", "EgressClosed");
        await scene.Waits.ListingsAsync(4);
        Assert.That(scene.Firewalls.Own.SelectMany(g => g.Outbound), Is.Empty);
        scene.Firewalls.AtOddsWith(hand => hand.AddRule(groups[0].Id, RuleDirection.Outbound, "-1", null, null, Everybody));
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
    }

    [Test]
    public async Task SomebodysGroupHasOurName_IsSaidAndNotTouched_AndGoneAllGoesOn()
    {
        var scene = await PlayGridAsync();
        await scene.Waits.UntilAsync(async () => await scene.Objects.FindInstallationAsync() is not null, "the installation has an id");
        await scene.Operator.StopAsync();
        var pool = await scene.Grids.PoolAsync("web", 1, s => s with { Network = Web });
        var vpc = scene.Ec2.Vpcs("eu-west-1")[0].Id;
        var marks = new FirewallMarks((await scene.Objects.FindInstallationAsync())!.Data!["id"], FirewallOwner.Pool, pool.Metadata.Uid!);
        var theirs = scene.Firewalls.AddForeign(FirewallName.Of(marks, "web", vpc));
        scene.Firewalls.AddForeignRule(theirs.Id, "tcp", 3389, 3389, Everybody);

        await scene.StartOperatorAsync();

        var said = await scene.Waits.PoolAsync("web", "PortsReady", "False", "BadSettings");
        Assert.That(said.Message, Does.Contain(theirs.Id).And.Contain("not our marks"));
        await scene.Waits.StalledAsync("web", "BadSettings");
        Assert.That(scene.Machines, Is.Empty);
        scene.Firewalls.RemoveForeign(theirs.Id);
        // Whoever mends the pool need not wait for the next try.
        await EditNetworkAsync(scene, "web", new() { Ports = [Port("http", "8080", Everybody)] });
        await scene.Waits.ReadyAsync("web", 1);
        await RulesAsync(scene, () => scene.Firewalls.OfPoolAsync("web"), "tcp 8080 0.0.0.0/0");
    }
}
