using FsCheck;
using FsCheck.Fluent;
using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Core.Tests.Grids;

/// <summary>The laws by which entries are made at the Master, over grids in any state.</summary>
public sealed class RegistrationRuleProperties
{
    private static readonly Config many = Config.QuickThrowOnFailure.WithMaxTest(2000);
    private static readonly IReadOnlySet<string> nobody = new HashSet<string>();

    /// <summary>While initial numbers are to be filled, whoever is let in gets one, however many ask at once.</summary>
    [Test]
    public void Check_ManyAtOnce_LetsInNoMoreThanThereAreFreeInitialNumbers() => Check.One(many, Prop.ForAll(RandomGrid.Any, grid =>
    {
        var pending = new HashSet<string>(grid.Pending, StringComparer.Ordinal);
        for (var i = 0; i < 10; i++)
            if (RegistrationRule.Check(grid.Listing, grid.InitialSize, pending, nobody) is null) pending.Add($"new-{i}");
        var let = pending.Count(p => p.StartsWith("new-", StringComparison.Ordinal));
        var unseen = grid.Pending.Count(p => grid.Listing.ByName(p) is null);
        return IsFilled(grid) ? let == 10 : let == Math.Max(0, Free(grid) - unseen);
    }));

    [Test]
    public void Check_AllInitialMembersJoinedAndNoneLeaves_NeverWaits() => Check.One(many, Prop.ForAll(RandomGrid.Any, grid =>
        !IsFilled(grid) || RegistrationRule.Check(grid.Listing, grid.InitialSize, grid.Pending, nobody) is null));

    [Test]
    public void Check_AMemberOfThePoolLeaves_IsWaitedForOnceTheOthersHaveJoined() => Check.One(many, Prop.ForAll(RandomGrid.Any, grid =>
        !IsFilled(grid) || (RegistrationRule.Check(grid.Listing, grid.InitialSize, grid.Pending, grid.Going)?.Reason == "WaitingForNumber") == grid.Members.Any(m => grid.Going.Contains(m.Name))));

    [Test]
    public void Check_GhostsOfStrangersAboveTheInitialNumbers_MeanNothing() => Check.One(many, Prop.ForAll(RandomGrid.Any, Arb.From(Gen.Choose(1, 20)), (grid, ghosts) =>
    {
        var haunted = grid with { Nodes = [.. grid.Nodes, .. Enumerable.Range(20, ghosts).Select(number => RandomGrid.Ours($"ghost-{number}", number, grid.InitialSize) with { Labels = [] })] };
        return RegistrationRule.Check(haunted.Listing, grid.InitialSize, grid.Pending, grid.Going) == RegistrationRule.Check(grid.Listing, grid.InitialSize, grid.Pending, grid.Going);
    }));

    /// <summary>A stranger's entry on an initial number may stand for ever: nobody waits for it.</summary>
    [Test]
    public void Check_StrangersGhostOnAnInitialNumber_CountsAsFilled() => Check.One(many, Prop.ForAll(RandomGrid.Any, grid =>
    {
        var ghosts = grid with { Nodes = [.. grid.Nodes.Select(n => n.NeverJoined ? n with { Labels = [] } : n)] };
        var joined = grid with { Nodes = [.. grid.Nodes.Select(n => n.NeverJoined ? n with { Labels = [], Status = MasterNodeStatus.Online } : n)] };
        return RegistrationRule.Check(ghosts.Listing, grid.InitialSize, grid.Pending, nobody) == RegistrationRule.Check(joined.Listing, grid.InitialSize, grid.Pending, nobody);
    }));

    [Test]
    public void Check_SameNodesInAnotherOrder_IsTheSameAnswer() => Check.One(many, Prop.ForAll(RandomGrid.Any, Arb.From(Gen.Choose(0, int.MaxValue - 1)), (grid, seed) =>
        RegistrationRule.Check(grid.Shuffled(seed), grid.InitialSize, grid.Pending, nobody) == RegistrationRule.Check(grid.Listing, grid.InitialSize, grid.Pending, nobody)));

    private static int Free(RandomGrid grid) => grid.InitialSize - grid.Members.Count();

    /// <summary>Every initial number is a node that joined, or a stranger's.</summary>
    private static bool IsFilled(RandomGrid grid) => Free(grid) == 0 && grid.Members.All(m => !m.NeverJoined || m.Label(KontenaLabels.Node) is null);
}
