using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Tests.Ports;

public sealed class PortRulesProperties
{
    private static readonly Config many = Config.QuickThrowOnFailure.WithMaxTest(500);
    private static readonly Arbitrary<int> seeds = Arb.From(Gen.Choose(0, int.MaxValue - 1));

    [Test]
    public void Canonical_LetsInTheSameFlows() => Check.One(many, Prop.ForAll(RandomRules.Set, rules =>
        RandomRules.LetIn(PortRules.Canonical(rules)).SetEquals(RandomRules.LetIn(rules))));

    [Test]
    public void Canonical_OfCanonical_IsTheSame() => Check.One(many, Prop.ForAll(RandomRules.Set, rules =>
        PortRules.Canonical(PortRules.Canonical(rules)).SequenceEqual(PortRules.Canonical(rules))));

    [Test]
    public void Canonical_OfAnotherOrderWithRepeats_IsTheSame() => Check.One(many, Prop.ForAll(RandomRules.Set, seeds, (rules, seed) =>
        PortRules.Canonical(RandomRules.Shuffled([.. rules, .. rules.Take(2)], seed)).SequenceEqual(PortRules.Canonical(rules))));

    [Test]
    public void Canonical_NeverHasMoreRules() => Check.One(many, Prop.ForAll(RandomRules.Set, rules => PortRules.Canonical(rules).Count <= rules.Length));

    /// <summary>Nothing that one other rule lets in as well is left, and no two that one rule could say.</summary>
    [Test]
    public void Canonical_NoTwoRules_CouldBeOne() => Check.One(many, Prop.ForAll(RandomRules.Set, rules =>
    {
        var canonical = PortRules.Canonical(rules);
        // Rules for every address let members in too, but members keep their own rule: it says who is meant.
        return canonical.All(a => canonical.All(b => a == b || a.Protocol != b.Protocol || (PortRules.Canonical([a, b]).Count == 2 && (b.Source is RuleSource.Members || !PortRules.Cover([a], b)))));
    }));

    /// <summary>The question is answered as by trying every flow. Rules for every IPv4 address let members in, whose addresses nobody told.</summary>
    [Test]
    public void Cover_SaysWhatTryingEveryFlowSays() => Check.One(many, Prop.ForAll(RandomRules.Set, Arb.From(RandomRules.Rule), (rules, wanted) =>
    {
        var asked = wanted.Source is RuleSource.Members ? rules.Where(r => r.Source is not RuleSource.Network).ToArray() : rules;
        // Flows are tried within the protocols of the small world; only a rule for any protocol lets in all there are.
        var able = wanted.Protocol == IpProtocol.Any ? asked.Where(r => r.Protocol == IpProtocol.Any) : asked;
        return PortRules.Cover(asked, wanted) == RandomRules.LetIn([wanted]).IsSubsetOf(RandomRules.LetIn(able));
    }));

    [Test]
    public void Cover_CanonicalRules_CoverAllTheyWereMadeOf() => Check.One(many, Prop.ForAll(RandomRules.Set, rules =>
    {
        var canonical = PortRules.Canonical(rules);
        return rules.All(r => PortRules.Cover(canonical, r));
    }));

    [TestCase("10.0.0.0/8", true)]
    [TestCase("10.1.0.0/24", true)]
    [TestCase("10.1.0.0/31", false)]
    [TestCase("0.0.0.0/0", true)]
    [TestCase("::/0", false)]
    public void Cover_MembersOfKnownAddresses_AreCoveredByTheirNetworks(string network, bool covered)
    {
        PortRule[] rules = [new(IpProtocol.Any, PortRange.All, new RuleSource.Network(IPNetwork.Parse(network)))];
        IPNetwork[] members = [IPNetwork.Parse("10.1.0.1/32"), IPNetwork.Parse("10.1.0.7/32")];
        Assert.That(PortRules.Cover(rules, new(IpProtocol.Esp, PortRange.All, RuleSource.Members.Instance), members), Is.EqualTo(covered));
    }

    /// <summary>Half of the ports by one kind of rule, half by another; the same for halves of a network.</summary>
    [Test]
    public void Cover_SeveralRulesTogether_CoverWhatNoneDoesAlone()
    {
        var all = new RuleSource.Network(IPNetwork.Parse("10.0.0.0/8"));
        PortRule[] rules =
        [
            new(IpProtocol.Udp, PortRange.Of(6783), RuleSource.Members.Instance),
            new(IpProtocol.Udp, PortRange.Of(6784), new RuleSource.Network(IPNetwork.Parse("10.0.0.0/9"))),
            new(IpProtocol.Udp, new PortRange(6784, 7000), new RuleSource.Network(IPNetwork.Parse("10.128.0.0/9"))),
        ];
        Assert.That(PortRules.Cover(rules, new(IpProtocol.Udp, new PortRange(6783, 6784), RuleSource.Members.Instance), [all.Addresses]), Is.True);
        Assert.That(PortRules.Cover(rules, new(IpProtocol.Udp, PortRange.Of(6784), all)), Is.True);
        Assert.That(PortRules.Cover(rules, new(IpProtocol.Udp, PortRange.Of(7000), all)), Is.False);
    }

    [Test]
    public void Fewest_OfHalves_IsTheWhole() => Assert.That(
        NetworkSet.Fewest(Parsed("128.0.0.0/1", "0.0.0.0/1", "8000::/1", "::/1", "10.0.0.0/8")), Is.EqualTo(Parsed("0.0.0.0/0", "::/0")));

    [Test]
    public void Fewest_OfNeighboursWithoutACommonPrefix_StaysTwo() => Assert.That(
        NetworkSet.Fewest(Parsed("10.0.0.2/32", "10.0.0.1/32")), Is.EqualTo(Parsed("10.0.0.1/32", "10.0.0.2/32")));

    private static IPNetwork[] Parsed(params string[] networks) => [.. networks.Select(IPNetwork.Parse)];
}
