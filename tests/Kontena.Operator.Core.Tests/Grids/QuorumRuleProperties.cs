using FsCheck;
using FsCheck.Fluent;
using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Core.Tests.Grids;

/// <summary>The laws by which an initial member may go, over grids in any state.</summary>
public sealed class QuorumRuleProperties
{
    private static readonly Config many = Config.QuickThrowOnFailure.WithMaxTest(2000);

    [Test]
    public void Of_Safe_LeavesAHealthyConnectedMajorityWithoutTheOneThatGoes() => Check.One(many, Prop.ForAll(RandomGrid.Any, grid => grid.Nodes.All(node =>
        Verdict(grid, node) is not QuorumVerdict.Safe
        || grid.Members.Count(m => m.Name != node.Name && m.Connected && grid.Health.GetValueOrDefault(m.Name)?.IsHealthy == true) >= QuorumRule.Majority(grid.InitialSize))));

    [Test]
    public void Of_JoinedMemberOfAFormedGridWithSomebodyStaying_IsNeverFree() => Check.One(many, Prop.ForAll(RandomGrid.Any, grid => grid.Nodes.All(node =>
    {
        var formed = grid.Members.Count(m => !m.NeverJoined) >= QuorumRule.Majority(grid.InitialSize);
        var stays = grid.Nodes.Any(n => !n.NeverJoined && !grid.Going.Contains(n.Name));
        return Verdict(grid, node) is not QuorumVerdict.Free || node.NeverJoined || node.Number > grid.InitialSize || !formed || !stays;
    })));

    [Test]
    public void Of_AllGoAndNobodyComes_IsFree() => Check.One(many, Prop.ForAll(RandomGrid.Any, grid =>
    {
        var all = grid with { Going = grid.Nodes.Select(n => n.Name).ToHashSet(StringComparer.Ordinal), Coming = 0 };
        return all.Nodes.All(node => Verdict(all, node) is QuorumVerdict.Free);
    }));

    [Test]
    public void Of_SameNodesInAnotherOrder_IsTheSameVerdict() => Check.One(many, Prop.ForAll(RandomGrid.Any, Arb.From(Gen.Choose(0, int.MaxValue - 1)), (grid, seed) => grid.Nodes.All(node =>
        Verdict(grid, node).Equals(QuorumRule.Of(grid.Shuffled(seed), grid.InitialSize, node.Name, grid.Health, grid.Going, grid.Coming)))));

    /// <summary>One more that is well never makes it worse.</summary>
    [Test]
    public void Of_AMemberGetsWell_IsNoLessSafe() => Check.One(many, Prop.ForAll(RandomGrid.Any, grid => grid.Nodes.All(node => Verdict(grid, node) is not QuorumVerdict.Safe || grid.Members.Where(m => m.Connected).All(better =>
        QuorumRule.Of(grid.Listing, grid.InitialSize, node.Name, new Dictionary<string, NodeHealth>(grid.Health) { [better.Name] = new(true, null) }, grid.Going, grid.Coming) is QuorumVerdict.Safe))));

    private static QuorumVerdict Verdict(RandomGrid grid, MasterNode leaving) =>
        QuorumRule.Of(grid.Listing, grid.InitialSize, leaving.Name, grid.Health, grid.Going, grid.Coming);
}
