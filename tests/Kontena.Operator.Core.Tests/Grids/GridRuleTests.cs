using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Core.Tests.Grids;

public sealed class GridRuleTests
{
    private static readonly IReadOnlySet<string> nobody = new HashSet<string>();

    [TestCase(1, 1)]
    [TestCase(2, 2)]
    [TestCase(3, 2)]
    [TestCase(5, 3)]
    [TestCase(7, 4)]
    public void Majority_IsMoreThanHalf(int size, int majority) => Assert.That(QuorumRule.Majority(size), Is.EqualTo(majority));

    /// <summary>There is no majority without it, whatever one waits for; where others stay, a human decides.</summary>
    [Test]
    public void NeedsSlot_OnlyMemberOfAGridOfOne_GoesFreelyUnlessOthersStay()
    {
        var alone = Listing(RandomGrid.Ours("n1", 1, 1, MasterNodeStatus.Online));
        Assert.That(QuorumRule.Of(alone, 1, "n1", Healthy(), Set("n1"), coming: 1), Is.TypeOf<QuorumVerdict.Free>());

        var others = Listing(RandomGrid.Ours("n1", 1, 1, MasterNodeStatus.Online), RandomGrid.Ours("n2", 2, 1, MasterNodeStatus.Online));
        Assert.That(QuorumRule.Of(others, 1, "n1", Healthy("n2"), Set("n1"), coming: 1), Is.TypeOf<QuorumVerdict.AtRisk>());
    }

    [Test]
    public void NeedsSlot_AllGoAndSuccessorsCome_OneByOne()
    {
        var listing = Listing([.. Enumerable.Range(1, 3).Select(i => RandomGrid.Ours($"n{i}", i, 3, MasterNodeStatus.Online))]);

        Assert.That(QuorumRule.Of(listing, 3, "n1", Healthy("n2", "n3"), Set("n1", "n2", "n3"), coming: 3), Is.TypeOf<QuorumVerdict.Safe>());
        Assert.That(QuorumRule.Of(listing, 3, "n1", Healthy("n2", "n3"), Set("n1", "n2", "n3"), coming: 0), Is.TypeOf<QuorumVerdict.Free>());
    }

    [Test]
    public void Of_FreeNumberAndSomebodyComing_IsNotYet_ElseAtRisk()
    {
        var listing = Listing(RandomGrid.Ours("n1", 1, 3, MasterNodeStatus.Online), RandomGrid.Ours("n2", 2, 3, MasterNodeStatus.Online));

        Assert.That(QuorumRule.Of(listing, 3, "n1", Healthy("n2"), Set("n1"), coming: 1), Is.TypeOf<QuorumVerdict.NotYet>());
        Assert.That(QuorumRule.Of(listing, 3, "n1", Healthy("n2"), Set("n1"), coming: 0), Is.TypeOf<QuorumVerdict.AtRisk>().With.Property("Message").Contains("some numbers are free"));
        Assert.That(QuorumRule.Of(listing, 3, "n1", Healthy("n2"), Set("n1", "n2"), coming: 1, meanwhile: 0), Is.TypeOf<QuorumVerdict.AtRisk>(), "the one that would help is made once this one is gone");
    }

    /// <summary>A member's successor takes its number whatever becomes of nodes with higher ones.</summary>
    [Test]
    public void Check_UnjoinedNodesWithHigherNumbers_DoNotHoldAMembersSuccessor()
    {
        var listing = Listing(
            RandomGrid.Ours("n1", 1, 3, MasterNodeStatus.Online), RandomGrid.Ours("n3", 3, 3, MasterNodeStatus.Online),
            RandomGrid.Ours("n4", 4, 3), RandomGrid.Ours("n5", 5, 3));

        Assert.That(RegistrationRule.Check(listing, 3, nobody, nobody), Is.Null);
        Assert.That(RegistrationRule.Check(listing, 3, Set("n2"), nobody)?.Reason, Is.EqualTo("WaitingForInitialMembers"));
    }

    /// <summary>Its node was given up, say: nobody would ever connect to it, and all others would wait.</summary>
    [Test]
    public void Check_AnEntryOfOursWhoseNodeIsGone_HoldsNobody()
    {
        var listing = Listing(RandomGrid.Ours("n1", 1, 3, MasterNodeStatus.Online), RandomGrid.Ours("n2", 2, 3, MasterNodeStatus.Online), RandomGrid.Ours("ghost", 3, 3));

        Assert.That(RegistrationRule.Check(listing, 3, nobody, nobody, Set("n1", "n2", "ghost"))?.Reason, Is.EqualTo("WaitingForInitialMembers"));
        Assert.That(RegistrationRule.Check(listing, 3, nobody, nobody, Set("n1", "n2", "n4")), Is.Null);
    }

    [Test]
    public void Check_Full_CountsWhatTheListLacks()
    {
        var listing = Listing([.. Enumerable.Range(1, 253).Select(i => RandomGrid.Ours($"n{i}", i, 3, MasterNodeStatus.Online))]);

        Assert.That(RegistrationRule.Check(listing, 3, nobody, nobody), Is.Null);
        Assert.That(RegistrationRule.Check(listing, 3, Set("late"), nobody)?.Reason, Is.EqualTo("GridFull"));
        Assert.That(RegistrationRule.Check(listing, 3, Set("n7"), nobody), Is.Null, "listed already");
    }

    [Test]
    public void KontenaName_IsStableUniqueToTheUidAndOfLettersTheMasterTakes()
    {
        Assert.That(KontenaName.Of("web-0", "uid-1"), Is.EqualTo("web-0-4a49acf8"), "a known node keeps its name");
        Assert.That(KontenaName.Of("web-0", "uid-2"), Is.Not.EqualTo(KontenaName.Of("web-0", "uid-1")));
    }

    [Test]
    public void Labels_WithOwner_ReplaceTheMarkAndKeepTheRest() =>
        Assert.That(KontenaLabels.WithOwner(["region=eu", "kontena-node=old", "kontena-node-pool=x"], "new"), Is.EqualTo(new[] { "region=eu", "kontena-node-pool=x", "kontena-node=new" }));

    private static MasterListing Listing(params MasterNode[] nodes) => new(Samples.Noon, nodes);

    private static HashSet<string> Set(params string[] names) => [.. names];

    private static Dictionary<string, NodeHealth> Healthy(params string[] names) => names.ToDictionary(n => n, _ => new NodeHealth(true, null));
}
