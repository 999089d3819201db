using Kontena.Simulator.Ec2;
using Kontena.Simulator.Ec2.Flows;
using Kontena.Simulator.Networks;

namespace Kontena.Simulator.Tests.Ec2;

/// <summary>What a watch sees of flows, whoever changes what.</summary>
public sealed class FlowWatchTests
{
    private static readonly FlowPattern Members = new(FlowEnd.Tagged("grid", "g"), FlowEnd.Tagged("grid", "g"), Packet.WeaveControl);

    [Test]
    public async Task Watch_AllPairsOfATag_FollowsThoseThatComeLaterAndGo()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var group = await OpenGroupAsync(ec2);
        var (first, second) = (await MemberAsync(ec2, group), await MemberAsync(ec2, group));
        using var watch = ec2.Cloud.Watch(Members);
        var third = await MemberAsync(ec2, group);
        await MemberAsync(ec2, group, tag: "other");
        Assert.That(watch.Flows.Select(f => (f.From, f.To)), Is.EquivalentTo(from a in Ids() from b in Ids() where a != b select (a, b)));
        await ec2.CallAsync("TerminateInstances", "InstanceId.1", second);
        Assert.That(watch.Flows.Where(f => f.From == second || f.To == second).Select(f => f.State), Is.All.EqualTo(FlowState.Down));
        Assert.That(watch.Flows.Where(f => f.From != second && f.To != second).Select(f => f.State), Is.All.EqualTo(FlowState.Open));
        Assert.That(watch.Flows.Select(f => f.EverOpen), Is.All.True);
        Assert.That(watch.RefusedOnceOpen, Is.Empty, "that a machine ends is no refusal");

        string[] Ids() => [first, second, third];
    }

    [Test]
    public async Task Watch_RuleThatIsGoneForNoTime_IsARefusalAllTheSame()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var group = await OpenGroupAsync(ec2);
        await MemberAsync(ec2, group);
        await MemberAsync(ec2, group);
        using var watch = ec2.Cloud.Watch(Members);
        await ec2.RevokeAsync(group, $"tcp 6783 {group}");
        await ec2.AuthorizeAsync(group, $"tcp 6783 {group}");
        Assert.That(watch.RefusedOnceOpen, Has.Count.EqualTo(2));
        Assert.That(watch.Flows[0].History.Select(c => c.To), Is.EqualTo(new[] { FlowState.Open, FlowState.Refused, FlowState.Open }));
    }

    [Test]
    public async Task Watch_WiderRuleFirstOrOtherRulesOnly_IsNone()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var group = await OpenGroupAsync(ec2);
        await MemberAsync(ec2, group);
        await MemberAsync(ec2, group);
        using var watch = ec2.Cloud.Watch(Members);
        await ec2.AuthorizeAsync(group, $"tcp 6000-7000 {group}");
        await ec2.RevokeAsync(group, $"tcp 6783 {group}");
        await ec2.AuthorizeAsync(group, "tcp 80 0.0.0.0/0");
        await ec2.RevokeAsync(group, "tcp 80 0.0.0.0/0");
        Assert.That(watch.Flows.Select(f => f.History.Count), Is.All.EqualTo(1));
    }

    [Test]
    public async Task Watch_GroupTakenOffByHand_IsARefusalOfThatMachineOnly()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var group = await OpenGroupAsync(ec2);
        var (a, b, c) = (await MemberAsync(ec2, group), await MemberAsync(ec2, group), await MemberAsync(ec2, group));
        using var watch = ec2.Cloud.Watch(Members);
        ec2.Cloud.Firewall.Detach(c, group);
        ec2.Cloud.Firewall.Attach(c, group);
        Assert.That(watch.RefusedOnceOpen.Select(f => (f.From, f.To)), Is.EquivalentTo(new[] { (a, c), (b, c), (c, a), (c, b) }));
    }

    [Test]
    public async Task Watch_MachineThatStopsAndStarts_IsDownAndOpenAgain()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var group = await OpenGroupAsync(ec2);
        var (a, b) = (await MemberAsync(ec2, group), await MemberAsync(ec2, group));
        using var watch = ec2.Cloud.Watch(new FlowPattern(FlowEnd.Instance(a), FlowEnd.Instance(b), Packet.WeaveControl));
        await ec2.CallAsync("StopInstances", "InstanceId.1", b);
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        await ec2.CallAsync("StartInstances", "InstanceId.1", b);
        var started = ec2.Clock.GetUtcNow();
        ec2.Clock.Advance(TimeSpan.FromMinutes(1));
        var flow = watch.Flows.Single();
        Assert.That(flow.History.Select(c => c.To), Is.EqualTo(new[] { FlowState.Open, FlowState.Down, FlowState.Open }));
        Assert.That(flow.History[^1].At, Is.EqualTo(started + TimeSpan.FromSeconds(5)), "the moment when it ran, though nobody looked then");
    }

    [Test]
    public async Task Watch_FromTheWorld_IsJudgedByBlocksAndNeedsAPublicAddress()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var group = await ec2.GroupAsync("web");
        await MemberAsync(ec2, group);
        var hidden = await ec2.LaunchAsync("NetworkInterface.1.DeviceIndex", "0", "NetworkInterface.1.SecurityGroupId.1", group, "NetworkInterface.1.AssociatePublicIpAddress", "false",
            "TagSpecification.1.ResourceType", "instance", "TagSpecification.1.Tag.1.Key", "grid", "TagSpecification.1.Tag.1.Value", "g");
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        FlowWatch Watch(string address) => ec2.Cloud.Watch(new(FlowEnd.World(address), FlowEnd.Tagged("grid"), new Packet(6, 80)));
        using var watch = ec2.Cloud.Watch(new(FlowEnd.World(), FlowEnd.Tagged("grid"), new Packet(6, 80)));
        using var elsewhere = Watch("198.51.100.9");
        using var v6 = Watch("2001:db8::1");
        await ec2.AuthorizeAsync(group, "tcp 80 203.0.113.0/24");
        Assert.That(watch.Flows.Where(f => f.To != hidden).Select(f => f.State), Is.EqualTo(new[] { FlowState.Open }));
        Assert.That(watch.Flows.Single(f => f.To == hidden).State, Is.EqualTo(FlowState.Down));
        Assert.That(elsewhere.Flows.Where(f => f.To != hidden).Select(f => f.State), Is.EqualTo(new[] { FlowState.Refused }));
        await ec2.AuthorizeAsync(group, "tcp 80 ::/0");
        Assert.That(v6.Flows.Select(f => f.State), Is.All.EqualTo(FlowState.Open));
        Assert.That(() => ec2.Cloud.Watch(new(FlowEnd.Tagged("grid"), FlowEnd.World(), new Packet(6, 80))), Throws.ArgumentException);
    }

    [Test]
    public async Task Watch_TagThatIsTakenAwayOrWatchThatIsDisposed_SeesNoMore()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var group = await OpenGroupAsync(ec2);
        var (a, b) = (await MemberAsync(ec2, group), await MemberAsync(ec2, group));
        var watch = ec2.Cloud.Watch(Members);
        await ec2.CallAsync("DeleteTags", "ResourceId.1", a, "Tag.1.Key", "grid");
        Assert.That(watch.Flows.Select(f => f.State), Is.All.EqualTo(FlowState.Down));
        await ec2.CallAsync("CreateTags", "ResourceId.1", a, "Tag.1.Key", "grid", "Tag.1.Value", "g");
        Assert.That(watch.Flows.Select(f => f.State), Is.All.EqualTo(FlowState.Open));
        watch.Dispose();
        ec2.Cloud.Firewall.Detach(b, group);
        Assert.That(watch.Flows.Select(f => f.State), Is.All.EqualTo(FlowState.Open), "what it saw stays");
    }

    [Test]
    public async Task Watch_AtAnyChange_SaysWhatTheNetworksSay()
    {
        await using var ec2 = await Ec2Session.StartAsync(new() { Throttling = false, Vpcs = [new ExtraVpc { MapPublicIpOnLaunch = true }] });
        var world = new FirewallWalk(ec2, seed: 7);
        using var watch = ec2.Cloud.Watch(Members);
        for (var step = 0; step < 300; step++)
        {
            var did = world.Step();
            foreach (var (flow, state) in world.Judge(watch.Flows))
                Assert.That(flow.State, Is.EqualTo(state), $"step {step}, {did}: {flow.From} to {flow.To}");
        }
        Assert.That(watch.Flows.Count(f => f.RefusedOnceOpen.Count > 0), Is.GreaterThan(10), "the walk is worth its time");
    }

    private static async Task<string> OpenGroupAsync(Ec2Session ec2)
    {
        var group = await ec2.GroupAsync("members");
        await ec2.AuthorizeAsync(group, $"tcp 6783 {group}");
        return group;
    }

    private static async Task<string> MemberAsync(Ec2Session ec2, string group, string tag = "g")
    {
        var id = await ec2.LaunchAsync("SecurityGroupId.1", group,
            "TagSpecification.1.ResourceType", "instance", "TagSpecification.1.Tag.1.Key", "grid", "TagSpecification.1.Tag.1.Value", tag);
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        return id;
    }
}
