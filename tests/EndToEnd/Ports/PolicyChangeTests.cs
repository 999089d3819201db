using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Api;
using Kontena.Simulator.Ec2.Flows;
using Kontena.Simulator.Networks;

namespace Kontena.EndToEnd.Ports;

/// <summary>The policy changes under machines that are in use: the rules become exactly the new ones, by as few calls as there is change, and nobody who stays welcome is refused in between.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class PolicyChangeTests(SceneEngine engine) : PortTests(engine)
{
    private const string Office = "198.51.100.0/24";

    private static readonly NetworkSpec first = new()
    {
        Ports = [Port("http", "80", Everybody), Udp("media", "5000-5999", "203.0.113.0/24"), Port("admin", "9000", "2001:db8::/32")],
        Ssh = new SourcesSpec { Sources = [Office] },
    };

    /// <summary>Each with the rules that the pool's group has then, and how many of them are new.</summary>
    private static readonly (string What, NetworkSpec Network, string[] Rules, int Opened)[] changes =
    [
        ("a port is added", first with { Ports = [.. first.Ports!, Port("https", "443", Everybody)] },
            ["tcp 22 198.51.100.0/24", "tcp 443 0.0.0.0/0", "tcp 80 0.0.0.0/0", "tcp 9000 2001:db8::/32", "udp 5000-5999 203.0.113.0/24"], 1),
        ("a port and a range that adjoins become one, and a source wider", new NetworkSpec { Ports = [Port("http", "80-81", Everybody), Port("https", "443", Everybody), Udp("media", "5000-5999", "203.0.113.0/24")], Ssh = new SourcesSpec { Sources = ["198.51.0.0/16"] } },
            ["tcp 22 198.51.0.0/16", "tcp 443 0.0.0.0/0", "tcp 80-81 0.0.0.0/0", "udp 5000-5999 203.0.113.0/24"], 2),
        ("a range is split in two with other sources each", new NetworkSpec { Ports = [Port("http", "80-81", Everybody), Port("https", "443", Everybody), Udp("media", "5000-5499", "203.0.113.0/24"), Udp("voice", "5500-5999", "203.0.113.128/25")], Ssh = new SourcesSpec { Sources = ["198.51.0.0/16"] } },
            ["tcp 22 198.51.0.0/16", "tcp 443 0.0.0.0/0", "tcp 80-81 0.0.0.0/0", "udp 5000-5499 203.0.113.0/24", "udp 5500-5999 203.0.113.128/25"], 2),
        ("sources change places, and one becomes two halves of itself", new NetworkSpec { Ports = [Port("http", "80-81", "0.0.0.0/1", "128.0.0.0/1"), Port("https", "443", "198.51.0.0/16"), Udp("media", "5000-5499", "203.0.113.128/25"), Udp("voice", "5500-5999", "203.0.113.0/24")], Ssh = new SourcesSpec { Sources = [Everybody] } },
            ["tcp 22 0.0.0.0/0", "tcp 443 198.51.0.0/16", "tcp 80-81 0.0.0.0/0", "udp 5000-5499 203.0.113.128/25", "udp 5500-5999 203.0.113.0/24"], 4),
        ("all is narrowed", new NetworkSpec { Ports = [Port("http", "80", "198.51.100.7/32")], Ssh = new SourcesSpec { Sources = [Office] } }, ["tcp 22 198.51.100.0/24", "tcp 80 198.51.100.7/32"], 2),
        ("all is taken away", new NetworkSpec(), [], 0),
        ("and comes back", first, ["tcp 22 198.51.100.0/24", "tcp 80 0.0.0.0/0", "tcp 9000 2001:db8::/32", "udp 5000-5999 203.0.113.0/24"], 4),
    ];

    [Test]
    public async Task ChangesOneAfterTheOther_RulesAreExactWhenTheConditionSaysSo_AndNobodyWhoStaysIsRefused()
    {
        var scene = await PlayPoolAsync(2, first);
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
        var pool = await scene.Objects.PoolAsync("web");
        var before = first;
        foreach (var (what, network, rules, opened) in changes)
        {
            var have = SceneFirewalls.RulesOf(await scene.Firewalls.OfPoolAsync("web"));
            var watches = WatchCommon(scene, pool, before, network);
            Assert.That(watches.SelectMany(w => w.Flows).Select(f => f.State), Is.All.EqualTo(FlowState.Open), $"before {what}: the flows that are to stay are open");
            var calls = scene.Ec2.Calls.Total;
            var writes = scene.Firewalls.Writes;

            await EditNetworkAsync(scene, "web", network);
            await scene.Waits.PoolAsync("web", "PortsReady", "True");

            var now = SceneFirewalls.RulesOf(await scene.Firewalls.OfPoolAsync("web"));
            Assert.That(now, Is.EqualTo(rules), $"{what}: the rules when PortsReady is True for this generation");
            Assert.That(now.Except(have).Count(), Is.EqualTo(opened), what);
            AssertProportional(scene, calls, writes, now.Except(have).Count(), have.Except(now).Count(), what);
            scene.Firewalls.AssertNeverRefused();
            foreach (var watch in watches) watch.Dispose();
            before = network;
        }
        Assert.That(scene.Machines.Count(), Is.EqualTo(2), "no machine was replaced for it");
        Assert.That((await scene.Objects.NodesAsync()).Select(n => ConditionOf(n, "Ready").IsTrue), Is.All.True);
    }

    [Test]
    public async Task ManyChangesAtOnce_OnlyTheLastOneIsThereInTheEnd_AndTheOneWayInOfAllOfThemIsNeverShut()
    {
        var scene = await PlayPoolAsync(1, Web);
        var pool = await scene.Objects.PoolAsync("web");
        scene.Firewalls.Watch(pool, "198.51.100.7", new Packet(6, 80));
        foreach (var (port, source) in new[] { ("80-90", Everybody), ("79-80", "198.51.0.0/16"), ("80", Office), ("1-1000", "198.0.0.0/8"), ("80", "198.51.100.0/28") })
            await EditNetworkAsync(scene, "web", new NetworkSpec { Ports = [Port("http", port, source)] });

        await RulesAsync(scene, () => scene.Firewalls.OfPoolAsync("web"), "tcp 80 198.51.100.0/28");

        scene.Firewalls.AssertNeverRefused();
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
    }

    /// <summary>One call that opens, one that closes; each names the rules that change and no others.</summary>
    private static void AssertProportional(OperatorScene scene, long callsBefore, IReadOnlyDictionary<string, int> before, int opened, int closed, string what)
    {
        var now = scene.Firewalls.Writes;
        int Since(string action) => now.GetValueOrDefault(action) - before.GetValueOrDefault(action);
        Assert.That((Since("AuthorizeSecurityGroupIngress"), Since("RevokeSecurityGroupIngress")), Is.EqualTo((Math.Min(opened, 1), Math.Min(closed, 1))), $"{what}: calls");
        Assert.That(now.Values.Sum() - before.Values.Sum(), Is.EqualTo(Math.Min(opened, 1) + Math.Min(closed, 1)), $"{what}: no other writes");
        var recent = scene.Ec2.Calls.Recent.TakeLast((int)(scene.Ec2.Calls.Total - callsBefore)).Where(c => c.Action.EndsWith("SecurityGroupIngress", StringComparison.Ordinal));
        Assert.That(recent.SelectMany(c => c.Parameters).Count(p => p.Key.Contains(".Cidr", StringComparison.Ordinal)), Is.EqualTo(opened + closed), $"{what}: rules in the calls");
    }
}
