using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Api;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Ec2.Flows;
using Kontena.Simulator.Faults;
using Kontena.Simulator.Networks;
using Kontena.Simulator.Overlay;

namespace Kontena.EndToEnd.Ports;

/// <summary>The cloud refuses, answers late or not at all, and operators die: in the end there is one group for each owner with exactly its rules, and nobody who was welcome was refused meanwhile.</summary>
public sealed class TroubleTests : PortTests
{
    private static readonly string[] writes = ["CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress", "ModifyInstanceAttribute", "DeleteSecurityGroup"];

    [TestCase(FaultKind.LostAnswer)]
    [TestCase(FaultKind.Throttle)]
    [TestCase(FaultKind.ServerError)]
    [TestCase(FaultKind.Cut)]
    [TestCase(FaultKind.HalfPage)]
    public async Task EveryWriteFailsOnce_ItIsMadeGood(FaultKind kind)
    {
        var scene = await PlayGridAsync();
        foreach (var action in writes) scene.Ec2.Faults.Add(new Fault { Kind = kind, Action = action, Count = 2 });
        var pool = await scene.Grids.PoolAsync("web", 1, s => s with { Network = Web });
        scene.Firewalls.Watch(pool, "192.0.2.1", new Packet(6, 80));
        await scene.Waits.ReadyAsync("web", 1);

        await EditNetworkAsync(scene, "web", new() { Ports = [Port("http", "80-81", Everybody)] });
        await RulesAsync(scene, () => scene.Firewalls.OfPoolAsync("web"), "tcp 80-81 0.0.0.0/0");
        var shared = await scene.Firewalls.OfGridAsync();
        scene.Firewalls.AtOddsWith(hand => hand.Detach(scene.Living[0].Id, shared.Id));
        await scene.Waits.UntilAsync(() => scene.Living[0].GroupIds.Contains(shared.Id), "the group is attached again");
        await scene.Waits.ReadyAsync("web", 1);
        await AssertDeletingLeavesNothingAsync(scene);

        Assert.That(scene.Ec2.Faults.All.Select(f => (f.Fault.Action, f.Struck > 0)), Is.EqualTo(writes.Select(w => (w, true))), "each write failed");
        Assert.That(scene.Firewalls.Ever.Count(g => g.ThroughApi), Is.EqualTo(2), "none was ever made twice");
    }

    [Test]
    public async Task PoolDeletedRightAfterAnAnswerWasLost_GoesOnceThatCallCannotBeOnItsWayAnyMore()
    {
        var scene = await PlayGridAsync();
        scene.Ec2.Faults.Add(new Fault { Kind = FaultKind.LostAnswer, Action = "CreateSecurityGroup", Count = 4 });
        await scene.Grids.PoolAsync("web", 1, s => s with { Network = Web });
        await scene.Waits.UntilAsync(() => scene.Firewalls.Own.Count == 2 && scene.Ec2.Faults.All[0].Struck == 4, "both groups are made, and nobody hears of it");

        await AssertDeletingLeavesNothingAsync(scene);
    }

    [Test]
    public async Task MoreRulesThanAGroupTakes_NothingOfThemIsOpened_TheConditionSaysHowManyLack_AndWithFewerAllGoesOn()
    {
        var scene = await PlayPoolAsync(1, Web);
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
        // Not two of them adjoin, so they stay 64.
        var offices = Enumerable.Range(0, 32).Select(i => $"198.51.{i * 2}.0/24").ToList();

        await EditNetworkAsync(scene, "web", new() { Ports = [Port("http", "80", Everybody), Port("one", "8000", offices), Port("two", "9000", offices)] });

        var refused = await scene.Waits.PoolAsync("web", "PortsReady", "False", "TooManyRules");
        Assert.That(refused.Message, Does.Contain("64 more are needed"));
        Assert.That(SceneFirewalls.RulesOf(await scene.Firewalls.OfPoolAsync("web")), Is.EqualTo(new[] { "tcp 80 0.0.0.0/0" }));
        Assert.That(ConditionOf((await scene.Objects.FindNodeAsync("web-0"))!, "Ready").IsTrue, "members reach it all the same");
        await EditNetworkAsync(scene, "web", new() { Ports = [Port("http", "80", Everybody), Port("one", "8000", offices)] });
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
        Assert.That((await scene.Firewalls.OfPoolAsync("web")).Inbound, Has.Count.EqualTo(33));
    }

    [Test]
    public async Task CloudAwayForAMinuteDuringAChange_ThenItIsCarriedOut_AndNobodyWhoStaysIsRefused()
    {
        var scene = await PlayPoolAsync(2, Web, Usual.WithGrid(speed: 15));
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
        var pool = await scene.Objects.PoolAsync("web");
        var next = new NetworkSpec { Ports = [Port("http", "80-81", "0.0.0.0/1"), Port("https", "443", Everybody)] };
        WatchCommon(scene, pool, Web, next);
        // What is opened is carried out, and nobody hears of it; then there is nobody to ask.
        scene.Ec2.Faults.Add(new Fault { Cloud = "ec2", Kind = FaultKind.LostAnswer, Action = "AuthorizeSecurityGroupIngress" });
        await EditNetworkAsync(scene, "web", next);
        await scene.Waits.UntilAsync(() => scene.Ec2.Faults.All[0].Struck > 0, "the first half is done");
        scene.Ec2.Faults.Add(new Fault { Cloud = "ec2", Kind = FaultKind.Cut });
        var away = scene.Time.GetUtcNow();

        await scene.Waits.UntilAsync(() => scene.Time.GetUtcNow() > away.AddMinutes(1), "a minute is over");

        Assert.That((await scene.Objects.NodesAsync()).Select(n => ConditionOf(n, "Ready").IsTrue), Is.All.True, "what was read last stands");
        scene.Ec2.Faults.Clear();
        await RulesAsync(scene, () => scene.Firewalls.OfPoolAsync("web"), "tcp 443 0.0.0.0/0", "tcp 80-81 0.0.0.0/1");
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
    }

    [Test]
    public async Task CredentialsTakenAway_NothingChanges_AndWithThemTheChangeIsCarriedOut()
    {
        var scene = await PlayPoolAsync(1, Web);
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
        var before = scene.Firewalls.Writes;
        await scene.Objects.EditSecretAsync(SceneObjects.CredentialsName, "secretAccessKey", Canary.Of("no-such-key"));
        await scene.Waits.PoolAsync("web", "ProviderReady", "False", "CredentialsRefused");
        var pool = await scene.Objects.PoolAsync("web");
        scene.Firewalls.Watch(pool, "192.0.2.1", new Packet(6, 80));

        await EditNetworkAsync(scene, "web", new() { Ports = [Port("http", "80-81", Everybody)] });
        await scene.Waits.PoolAsync("web", "PortsReady", "False");

        Assert.That(SceneFirewalls.RulesOf(await scene.Firewalls.OfPoolAsync("web")), Is.EqualTo(new[] { "tcp 80 0.0.0.0/0" }));
        Assert.That(scene.Firewalls.Writes.Keys, Is.EquivalentTo(before.Keys));
        await scene.Objects.EditSecretAsync(SceneObjects.CredentialsName, "secretAccessKey", Ec2Options.DemoSecretAccessKey);
        await RulesAsync(scene, () => scene.Firewalls.OfPoolAsync("web"), "tcp 80-81 0.0.0.0/0");
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
        await scene.Waits.ReadyAsync("web", 1);
    }

    [Test]
    public async Task SomebodysMachineHasOurGroup_ItStaysAndThePoolSaysWhy_UntilThatMachineHasEnded()
    {
        var options = Usual.WithGrid();
        var scene = await PlayPoolAsync(1, Web, options with { Ec2 = options.Ec2 with { ShutdownTime = TimeSpan.FromSeconds(2) * SceneGrids.UsualSpeed } });
        var own = await scene.Firewalls.OfPoolAsync("web");
        var foreign = scene.Ec2.LaunchForeign(new ForeignInstance { GroupIds = [own.Id] });
        await scene.Objects.DeletePoolAsync("web");

        await scene.Waits.UntilAsync(async () => (await scene.Objects.FindPoolAsync("web"))?.Status!.Conditions.Any(c => c is { Type: "Ready", Reason: "FirewallInUse" } && c.Message.Contains(own.Id, StringComparison.Ordinal)) == true, "the pool says that its group is in use");

        Assert.That(scene.Ec2.Find(foreign.Id)!.Living);
        Assert.That(scene.Firewalls.Find(own.Id).Id, Is.EqualTo(own.Id));
        scene.Ec2.TerminateBehindTheBack(foreign.Id);
        await PoolGoneAsync(scene, "web");
        await AssertDeletingLeavesNothingAsync(scene);
    }

    [TestCase("CreateSecurityGroup", FaultKind.Hang)]
    [TestCase("CreateSecurityGroup", FaultKind.LostAnswer)]
    [TestCase("AuthorizeSecurityGroupIngress", FaultKind.LostAnswer)]
    [TestCase("AuthorizeSecurityGroupIngress", FaultKind.Hang)]
    public async Task OperatorKilledWhileItMakesGroups_TheNextFindsThem(string action, FaultKind kind)
    {
        var scene = await PlayGridAsync();
        scene.Ec2.Faults.Add(new Fault { Kind = kind, Action = action, Count = 1 });
        await scene.Grids.PoolAsync("web", 2, s => s with { Network = Web });
        await scene.Waits.UntilAsync(() => scene.Ec2.Faults.All[0].Struck > 0, $"{action} is called");

        await scene.Operator.CrashAsync();
        await scene.StartOperatorAsync();

        await scene.Waits.ReadyAsync("web", 2);
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
        Assert.That(scene.Firewalls.Ever.Count(g => g.ThroughApi), Is.EqualTo(2));
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: true);
        await AssertDeletingLeavesNothingAsync(scene);
    }

    [Test]
    public async Task OperatorKilledBetweenOpeningAndClosing_TheNextCloses_AndNobodyWhoStaysIsRefused()
    {
        var scene = await PlayPoolAsync(1, Web);
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
        var next = new NetworkSpec { Ports = [Port("http", "80-81", "0.0.0.0/1")] };
        var watches = WatchCommon(scene, await scene.Objects.PoolAsync("web"), Web, next);
        scene.Ec2.Faults.Add(new Fault { Kind = FaultKind.Hang, Action = "RevokeSecurityGroupIngress", Count = 1 });
        await EditNetworkAsync(scene, "web", next);
        await scene.Waits.UntilAsync(() => scene.Ec2.Faults.All[0].Struck > 0, "it is about to close");
        Assert.That(SceneFirewalls.RulesOf(await scene.Firewalls.OfPoolAsync("web")), Is.EqualTo(new[] { "tcp 80 0.0.0.0/0", "tcp 80-81 0.0.0.0/1" }));

        await scene.Operator.CrashAsync();
        await scene.StartOperatorAsync();

        await RulesAsync(scene, () => scene.Firewalls.OfPoolAsync("web"), "tcp 80-81 0.0.0.0/1");
        Assert.That(watches.SelectMany(w => w.Flows).Select(f => f.State), Is.All.EqualTo(FlowState.Open));
    }

    [Test]
    public async Task FreshGroupsAreNotShownForAWhile_OneIsMadeForEachOwner()
    {
        var options = Usual.WithGrid();
        var scene = await PlayPoolAsync(2, Web, options with { Ec2 = options.Ec2 with { InvisibleFor = TimeSpan.FromSeconds(0.8) * SceneGrids.UsualSpeed } });

        await scene.Waits.PoolAsync("web", "PortsReady", "True");

        Assert.That(scene.Firewalls.Ever.Count(g => g.ThroughApi), Is.EqualTo(2));
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: true);
        await AssertDeletingLeavesNothingAsync(scene);
    }
}
