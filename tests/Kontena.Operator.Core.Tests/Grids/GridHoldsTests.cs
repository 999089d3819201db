using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Core.Tests.Grids;

public sealed class GridHoldsTests
{
    [Test]
    public void Of_NothingWrong_HoldsNothing() => Assert.That(GridHolds.Of(Grids.Facts), Is.Null);

    /// <summary>Everything is wrong; what is said first is mended first, and the next is said.</summary>
    [Test]
    public void Of_EverythingWrong_SaysTheOneThatHasToGoFirst()
    {
        var facts = new GridFacts { Key = "ns/prod", GridName = "prod", Exists = false, Known = false, Deleting = true, ClaimedBy = "ns/old", IsOther = true, IsTooOld = true, MasterVersion = "1.3.5", Trouble = Grids.Trouble(MasterFault.NotFound), Nodes = 254 };
        Func<GridFacts, GridFacts>[] mended =
        [
            f => f with { Known = true }, f => f with { Exists = true }, f => f with { Deleting = false }, f => f with { ClaimedBy = null }, f => f with { IsOther = false }, f => f with { Trouble = null },
            f => f with { IsTooOld = false }, f => f with { Observed = true }, f => f with { Protected = true }, f => f with { Nodes = 253 },
        ];
        List<string> reasons = [];
        foreach (var step in mended)
        {
            reasons.Add($"{GridHolds.Of(facts)?.Hold.Reason} {GridHolds.Of(facts)?.NeedsHuman}");
            facts = step(facts);
        }

        Assert.That(reasons, Is.EqualTo(new[]
        {
            "Observing False", "GridMissing True", "GridDeleted True", "GridClaimed True", "OtherGrid True", "GridMissingAtMaster True", "MasterTooOld True", "Observing False", "NotProtected False", "GridFull False",
        }));
        Assert.That(GridHolds.Of(facts), Is.Null);
    }

    [Test]
    public void Of_MissingGrid_SaysWhatToDo() =>
        Assert.That(GridHolds.Of(Grids.Facts with { Exists = false })?.Hold.Message, Is.EqualTo("Grid ns/prod does not exist. Create it."));

    [Test]
    public void Of_MasterThatDoesNotAnswer_IsNoHoldByItself([Values(MasterFault.Unreachable, MasterFault.Unavailable, MasterFault.BadToken)] MasterFault fault) =>
        Assert.That(GridHolds.Of(Grids.Facts with { Trouble = Grids.Trouble(fault) }), Is.Null, "it is told as trouble");

    [TestCase(new[] { "10.0.0.0/8" }, new[] { "10.0.0.0/8" }, true)]
    [TestCase(new[] { "10.1.2.3/8", "192.168.0.0/16" }, new[] { "192.168.0.0/16", "10.0.0.0/8" }, true)]
    [TestCase(new[] { "10.0.0.0/8" }, new[] { "10.0.0.0/9" }, false)]
    [TestCase(new string[0], new[] { "10.0.0.0/8" }, false)]
    [TestCase(new[] { "10.0.0.130/25" }, new[] { "10.0.0.128/25" }, true)]
    [TestCase(new[] { "1.2.3.4/0" }, new[] { "0.0.0.0/0" }, true)]
    public void TrustedSubnets_AreComparedAsNetworks(string[] one, string[] other, bool same) => Assert.That(TrustedSubnets.Same(one, other), Is.EqualTo(same));
}
