using FsCheck;
using FsCheck.Fluent;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Tests.Ports;

public sealed class PortDiffProperties
{
    private static readonly Config many = Config.QuickThrowOnFailure.WithMaxTest(500);
    private static readonly Arbitrary<int> seeds = Arb.From(Gen.Choose(0, int.MaxValue - 1));

    [Test]
    public void Of_CarriedOut_LeavesTheWantedRulesAndTheForeignOnes() => Check.One(many, Prop.ForAll(RandomRules.Have, RandomRules.Set, (have, want) =>
    {
        var after = CarriedOut(have, PortDiff.Of(have, want));
        return after.Select(r => r.Rule).ToHashSet().SetEquals([.. want, .. have.Where(r => !r.IsOurs).Select(r => r.Rule)]);
    }));

    [Test]
    public void Of_CarriedOut_HasNothingLeftToDo() => Check.One(many, Prop.ForAll(RandomRules.Have, RandomRules.Set, (have, want) =>
        PortDiff.Of(CarriedOut(have, PortDiff.Of(have, want)), want).IsEmpty));

    /// <summary>A step at a time, each rule for itself: what was let in before and is wanted after is let in at every moment.</summary>
    [Test]
    public void Of_CarriedOutRuleByRule_NeverRefusesAFlowThatOldAndNewLetIn() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(RandomRules.Have, RandomRules.Set, (have, want) =>
    {
        var kept = RandomRules.LetIn(have.Select(r => r.Rule));
        kept.IntersectWith(RandomRules.LetIn(want));
        var diff = PortDiff.Of(have, want);
        var now = have.ToList();
        now.AddRange(diff.Open.Select(o => new FirewallRule(o, IsOurs: true)));
        // Opening refuses nothing. Each rule that is closed may.
        return diff.Close.All(closed =>
        {
            now.RemoveAll(r => r.IsOurs && r.Rule == closed);
            return kept.IsSubsetOf(RandomRules.LetIn(now.Select(r => r.Rule)));
        });
    }));

    [Test]
    public void Of_OpensNothingThatIsOpenAndClosesNothingThatIsWanted() => Check.One(many, Prop.ForAll(RandomRules.Have, RandomRules.Set, (have, want) =>
    {
        var diff = PortDiff.Of(have, want);
        return diff.Open.All(o => want.Contains(o) && have.All(h => h.Rule != o)) && diff.Close.All(c => !want.Contains(c))
            && diff.Open.Distinct().Count() == diff.Open.Count && diff.Close.Distinct().Count() == diff.Close.Count;
    }));

    [Test]
    public void Of_ForeignRules_AreToldAndNeverClosed() => Check.One(many, Prop.ForAll(RandomRules.Have, RandomRules.Set, (have, want) =>
    {
        var diff = PortDiff.Of(have, want);
        return diff.Close.All(c => have.Contains(new FirewallRule(c, IsOurs: true))) && diff.Foreign.ToHashSet().SetEquals(have.Where(h => !h.IsOurs && !want.Contains(h.Rule)).Select(h => h.Rule));
    }));

    [Test]
    public void Of_AnotherOrder_IsTheSame() => Check.One(many, Prop.ForAll(RandomRules.Have, RandomRules.Set, seeds, (have, want, seed) =>
    {
        var (one, other) = (PortDiff.Of(have, want), PortDiff.Of(Mixed(have, seed), RandomRules.Shuffled(want, seed)));
        return one.Open.SequenceEqual(other.Open) && one.Close.SequenceEqual(other.Close) && one.Foreign.SequenceEqual(other.Foreign);
    }));

    [Test]
    public void Of_ForeignRuleEqualToAWantedOne_CountsAsThere()
    {
        var rule = new PortRule(IpProtocol.Tcp, PortRange.Of(80), RuleSource.Members.Instance);
        Assert.That(PortDiff.Of([new FirewallRule(rule, IsOurs: false)], [rule]), Has.Property("IsEmpty").True.And.Property("Foreign").Empty);
    }

    private static List<FirewallRule> CarriedOut(IEnumerable<FirewallRule> have, PortDiff diff) =>
        [.. have.Where(h => !h.IsOurs || !diff.Close.Contains(h.Rule)), .. diff.Open.Select(o => new FirewallRule(o, IsOurs: true))];

    private static FirewallRule[] Mixed(FirewallRule[] have, int seed)
    {
        var mixed = have.ToArray();
        new Random(seed).Shuffle(mixed);
        return mixed;
    }
}
