using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Pools;

namespace Kontena.Operator.Core.Tests.Pools;

/// <summary>What a pool's grid has to say about its nodes.</summary>
public sealed class PoolGridTests
{
    private static readonly GridView Good = Tests.Grids.Grids.View();

    private static IEnumerable<TestCaseData> Stands =>
    [
        new(Good with { Holds = new Freeze(GridReasons.GridMissing, "Create it."), HoldNeedsHuman = true }, "GridMissing", true, ConditionStatus.False, true),
        new(Good with { Trouble = Tests.Grids.Grids.Trouble(MasterFault.Unreachable) }, "MasterUnreachable", false, ConditionStatus.False, true),
        new(Good with { Trouble = Tests.Grids.Grids.Trouble(MasterFault.BadToken) }, "TokenRefused", true, ConditionStatus.False, true),
        new(Good with { Holds = new Freeze(GridReasons.NotProtected, "Not yet.") }, "NotProtected", false, ConditionStatus.False, false),
        new(Good with { Holds = new Freeze(GridReasons.Observing, "Waiting.") }, "Observing", false, ConditionStatus.Unknown, false),
        new(Good with { Holds = new Freeze(GridReasons.GridFull, "Full.") }, "GridFull", false, ConditionStatus.False, false),
    ];

    [TestCaseSource(nameof(Stands))]
    public void GridTakesNoNodes_NoneIsAdded_RemovalsGoOn(GridView grid, string reason, bool needsHuman, string condition, bool lasting)
    {
        var pool = RandomPool.Pool(2, RemovalOrder.Newest, RandomPool.Ready(0) with { MachineTerminated = true, Ready = false, Reason = NodeReasons.MachineTerminated }) with { Grid = grid };
        var plan = PoolPlanner.Plan(pool);

        Assert.That(plan.Actions.Select(a => a.GetType()), Is.EqualTo(new[] { typeof(PoolAction.RemoveNode) }));
        Assert.That((plan.Held?.Reason, plan.NeedsHuman), Is.EqualTo((reason, needsHuman)));
        var status = PoolStatus.Compose(pool, plan, null, Samples.Noon);
        Assert.That(status.Conditions.Single(c => c.Type == PoolConditions.GridReady), Has.Property("Status").EqualTo(condition).And.Property("Reason").EqualTo(reason));
        Assert.That(status.Conditions[0].Reason, Is.EqualTo(reason));
        Assert.That(lasting, Is.EqualTo(Headline(grid) == reason), "of a pool that has what was asked for");
    }

    [Test]
    public void GridTakesNodes_AllIsAsWithoutOne()
    {
        var pool = RandomPool.Pool(3);
        Assert.That(PoolPlanner.Plan(pool with { Grid = Good }).Actions, Is.EqualTo(PoolPlanner.Plan(pool).Actions));
        Assert.That(Headline(Good), Is.EqualTo("AllReady"));
    }

    [Test]
    public void NoGrid_NoCondition()
    {
        var pool = RandomPool.Pool(1);
        Assert.That(PoolStatus.Compose(pool, PoolPlanner.Plan(pool), null, Samples.Noon).Conditions.Select(c => c.Type), Has.None.EqualTo(PoolConditions.GridReady));
    }

    private static string Headline(GridView grid)
    {
        var pool = RandomPool.Pool(1, RemovalOrder.Newest, RandomPool.Ready(0)) with { Grid = grid };
        return PoolStatus.Compose(pool, PoolPlanner.Plan(pool), null, Samples.Noon).Conditions[0].Reason;
    }
}
