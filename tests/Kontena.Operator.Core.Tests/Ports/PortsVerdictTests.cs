using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Tests.Ports;

public sealed class PortsVerdictTests
{
    private static readonly IReadOnlyList<PortRule> pool = [new(IpProtocol.Tcp, PortRange.Of(80), Network("0.0.0.0/0"))];
    private static readonly IReadOnlyList<PortRule> members = PortPolicy.OfMembers(esp: true, elsewhere: []);
    private static readonly Firewall poolFirewall = Own("sg-pool", FirewallOwner.Pool, pool);
    private static readonly Firewall gridFirewall = Own("sg-grid", FirewallOwner.Grid, members);

    private static readonly PortsSeen good = new()
    {
        Pool = pool,
        Members = members,
        MemberAddresses = [IPNetwork.Parse("10.1.0.1/32"), IPNetwork.Parse("10.1.0.2/32")],
        Attached = [poolFirewall, gridFirewall],
        Own = ["sg-grid", "sg-pool"],
    };

    [Test]
    public void Of_AllOpen_SaysSo() => Assert.That(PortsVerdict.Of(good), Is.EqualTo(
        new PortsVerdict("True", "RulesOpen", "Every way in that is asked for is open.", OverlayOpen: true, EspOpen: true)));

    [Test]
    public void Of_NotReadYet_IsUnknownAndSaysWhatHinders() => Assert.That(PortsVerdict.Of(good with { Attached = null, Trouble = new Freeze("CredentialsRefused", "The provider refuses the credentials.") }), Is.EqualTo(
        new PortsVerdict("Unknown", "NotRead", "The rules of the machine's firewalls have not been read from the provider yet. The provider refuses the credentials.", null, null)));

    [Test]
    public void Of_NothingAsked_IsNotUnknownOfTheOverlay() => Assert.That(PortsVerdict.Of(new PortsSeen { Attached = [] }), Is.EqualTo(
        new PortsVerdict("True", "RulesOpen", "Every way in that is asked for is open.", null, null)));

    [Test]
    public void Of_RulesMissing_NamesThemAndTheFirewall() => Assert.That(PortsVerdict.Of(good with { Attached = [poolFirewall, gridFirewall with { Rules = [gridFirewall.Rules[0]] }] }), Is.EqualTo(
        new PortsVerdict("False", "RulesMissing", "UDP 6783-6784 from members, ESP from members are closed in sg-grid, sg-pool. The operator opens what is missing.", OverlayOpen: false, EspOpen: false)));

    [Test]
    public void Of_OnlyEspMissing_LeavesTheOverlayOpen()
    {
        var verdict = PortsVerdict.Of(good with { Attached = [poolFirewall, gridFirewall with { Rules = [.. gridFirewall.Rules.Where(r => r.Rule.Protocol.HasPorts)] }] });
        Assert.That((verdict.Status, verdict.OverlayOpen, verdict.EspOpen), Is.EqualTo(("False", true, false)));
        Assert.That(verdict.Message, Does.StartWith("ESP from members is closed in"));
    }

    [Test]
    public void Of_FirewallNotAttached_NamesIt() => Assert.That(PortsVerdict.Of(good with { Attached = [poolFirewall] }), Has.Property("Reason").EqualTo("NotAttached")
        .And.Property("Message").EqualTo("TCP 6783-6784 from members, UDP 6783-6784 from members, ESP from members are closed in sg-pool. The machine lacks sg-grid, which the operator attaches."));

    [Test]
    public void Of_WriteRefused_GivesItsReason() => Assert.That(PortsVerdict.Of(good with { Attached = [gridFirewall], Trouble = new Freeze(PortsReasons.TooManyRules, "60 rules are the most.") }), Has.Property("Reason").EqualTo("TooManyRules")
        .And.Property("Message").EqualTo("TCP 80 from 0.0.0.0/0 is closed in sg-grid. 60 rules are the most."));

    [Test]
    public void Of_MissingInUnmanagedFirewalls_SaysWhatToDo() => Assert.That(PortsVerdict.Of(good with { Managed = false, Own = [], Attached = [Theirs("sg-web", pool)] }).Message, Is.EqualTo(
        "TCP 6783-6784 from members, UDP 6783-6784 from members, ESP from members are closed in sg-web. The operator does not change these firewalls: open what is missing, or set spec.network.firewall.managed: true."));

    [Test]
    public void Of_ManyMissing_CountsTheRest() => Assert.That(
        PortsVerdict.Of(new PortsSeen { Pool = [.. Enumerable.Range(0, 40).Select(i => new PortRule(IpProtocol.Tcp, PortRange.Of(1000 + 2 * i), Network("::/0")))], Attached = [] }).Message,
        Is.EqualTo("The machine has no firewall that lets in: TCP 1000 from ::/0, TCP 1002 from ::/0, TCP 1004 from ::/0 and 37 more. The operator opens what is missing."));

    /// <summary>However it is let in: what counts is the traffic, not whose rule it is.</summary>
    [TestCase("10.1.0.0/16", true)]
    [TestCase("10.1.0.1/32", false)]
    [TestCase("0.0.0.0/0", true)]
    public void Of_UnmanagedRuleForTheMembersNetwork_IsEnough(string network, bool open)
    {
        var verdict = PortsVerdict.Of(good with { Managed = false, Own = [], Attached = [Theirs("sg-all", [new(IpProtocol.Any, PortRange.All, Network(network)), .. pool])] });
        Assert.That((verdict.Status == "True", verdict.OverlayOpen, verdict.EspOpen), Is.EqualTo((open, open, open)));
    }

    [Test]
    public void Of_UnmanagedRuleForAnothersFirewall_IsUnknown() => Assert.That(PortsVerdict.Of(good with { Managed = false, Own = [], Attached = [Theirs("sg-web", [new(IpProtocol.Any, PortRange.All, new RuleSource.Other("sg-nodes")), .. pool])] }), Is.EqualTo(
        new PortsVerdict("Unknown", "NotJudged",
            "Whether TCP 6783-6784 from members, UDP 6783-6784 from members, ESP from members are open in sg-web depends on sg-nodes, which the operator does not look into. Name the members' network as the source, or set spec.network.firewall.managed: true.", null, null)));

    [Test]
    public void Of_AnothersFirewallAsSource_DoesNotOpenAPortToEverybody() =>
        Assert.That(PortsVerdict.Of(new PortsSeen { Pool = pool, Managed = false, Attached = [Theirs("sg-web", [new(IpProtocol.Any, PortRange.All, new RuleSource.Other("sg-lb"))])] }).Status, Is.EqualTo("False"));

    [Test]
    public void Of_ForeignRulesInOurFirewall_AreToldAndChangeNothing()
    {
        FirewallRule[] foreign = [new(new PortRule(IpProtocol.Tcp, PortRange.Of(22), Network("0.0.0.0/0")), IsOurs: false), new(new PortRule(IpProtocol.Tcp, PortRange.Of(8080), Network("::/0")), IsOurs: false)];
        Assert.That(PortsVerdict.Of(good with { Attached = [poolFirewall with { Rules = [.. foreign, .. poolFirewall.Rules] }, gridFirewall] }), Has.Property("Status").EqualTo("True")
            .And.Property("Message").EqualTo("Every way in that is asked for is open. 2 rules in sg-pool are not ours and stay: TCP 22 from 0.0.0.0/0, TCP 8080 from ::/0."));
    }

    /// <summary>Firewalls of a machine add up: one that lets everything out is enough.</summary>
    [Test]
    public void Of_NoFirewallLetsAllOut_IsFalse()
    {
        Assert.That(PortsVerdict.Of(good with { Attached = [poolFirewall with { LetsAllOut = false }, gridFirewall] }).Status, Is.EqualTo("True"));
        var verdict = PortsVerdict.Of(good with { Attached = [poolFirewall with { LetsAllOut = false }, gridFirewall with { LetsAllOut = false }] });
        Assert.That((verdict.Status, verdict.Reason, verdict.OverlayOpen), Is.EqualTo(("False", "EgressClosed", true)));
        Assert.That(verdict.Message, Does.StartWith("None of sg-grid, sg-pool lets everything out:"));
    }

    [Test]
    public void Of_RulesOrFirewallsInAnotherOrder_IsTheSame() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(RandomRules.Have, RandomRules.Set, Arb.From(Gen.Choose(0, int.MaxValue - 1)), (have, want, seed) =>
    {
        var seen = new PortsSeen { Pool = PortRules.Canonical(want), Members = members, Attached = [poolFirewall with { Rules = have }, gridFirewall], Own = ["sg-pool"] };
        var mixed = have.ToArray();
        new Random(seed).Shuffle(mixed);
        return PortsVerdict.Of(seen) == PortsVerdict.Of(seen with { Attached = [gridFirewall, poolFirewall with { Rules = mixed }] });
    }));

    /// <summary>True is never said while a flow that is asked for is refused, False never while all are let in.</summary>
    [Test]
    public void Of_Managed_IsTrueExactlyWhenEveryFlowIsLetIn() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(RandomRules.Have, RandomRules.Set, (have, want) =>
    {
        PortRule[] asked = [.. want.Where(r => r.Protocol != IpProtocol.Any && r.Source is not RuleSource.Members)];
        var verdict = PortsVerdict.Of(new PortsSeen { Pool = asked, Attached = [poolFirewall with { Rules = have }] });
        return verdict.Status == "True" == RandomRules.LetIn(asked).IsSubsetOf(RandomRules.LetIn(have.Select(h => h.Rule)));
    }));

    [Test]
    public void OfPool_NodesInAnyState_TellsTheWorstAndCounts()
    {
        var open = PortsVerdict.Of(good);
        var closed = PortsVerdict.Of(good with { Attached = [poolFirewall] });
        var unread = PortsVerdict.Of(good with { Attached = null });
        Assert.Multiple(() =>
        {
            Assert.That(OfPool(), Is.EqualTo(new PoolVerdict("True", "NoNodes", "The pool has no nodes.")));
            Assert.That(OfPool(open, open), Is.EqualTo(new PoolVerdict("True", "RulesOpen", "Every way in that is asked for is open.")));
            Assert.That(OfPool(open, unread), Is.EqualTo(new PoolVerdict("Unknown", "NotRead", $"1 of 2 nodes have every way in open that is asked for (1 NotRead). web-1: {unread.Message}")));
            Assert.That(OfPool(unread, open, closed, closed), Is.EqualTo(new PoolVerdict("False", "NotAttached", $"1 of 4 nodes have every way in open that is asked for (2 NotAttached, 1 NotRead). web-2: {closed.Message}")));
        });
    }

    private static PoolVerdict OfPool(params PortsVerdict[] verdicts) => PortsVerdict.OfPool(verdicts.Select((v, i) => KeyValuePair.Create($"web-{i}", v)));

    private static Firewall Own(string id, FirewallOwner owner, IEnumerable<PortRule> rules) =>
        new() { Id = id, Name = id, Marks = new FirewallMarks("inst", owner, "uid"), Rules = [.. rules.Select(r => new FirewallRule(r, IsOurs: true))] };

    private static Firewall Theirs(string id, IEnumerable<PortRule> rules) => new() { Id = id, Name = id, Rules = [.. rules.Select(r => new FirewallRule(r, IsOurs: false))] };

    private static RuleSource.Network Network(string text) => new(IPNetwork.Parse(text));
}
