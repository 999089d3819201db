using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Nodes;
using GridSeen = Kontena.Operator.Core.Grids.GridSeen;

namespace Kontena.Operator.Core.Tests.Grids;

public sealed class GridPlannerTests
{
    private static readonly GridSeen Settled = Grids.Seen(Grids.View(Grids.Member(1)));

    [Test]
    public void Plan_Settled_IsNothing() => Assert.That(GridPlanner.Plan(Settled, null), Is.Empty);

    [Test]
    public void Plan_FirstSight_HoldsTheGridBeforeItsSecrets()
    {
        var plan = GridPlanner.Plan(Settled with { HasFinalizer = false, HeldSecrets = [], SecretsHeld = false }, null);
        Assert.That(plan.Select(a => a.GetType()), Is.EqualTo(new[] { typeof(GridAction.Protect), typeof(GridAction.HoldSecrets) }));
        Assert.That(((GridAction.Protect)plan[0]).Remembered, Is.EqualTo(new[] { "prod" }));
    }

    [Test]
    public void Plan_TokenMoved_RemembersBothUntilTheOldOneIsLetGo()
    {
        var plan = GridPlanner.Plan(Settled with { HeldSecrets = ["old"], SecretsHeld = false }, null);
        Assert.That(((GridAction.Protect)plan[0]).Remembered, Is.EqualTo(new[] { "old", "prod" }));
        Assert.That(((GridAction.ReleaseSecrets)plan[^1]).Names, Is.EqualTo(new[] { "old" }));
    }

    [Test]
    public void Plan_Deleted_WaitsForTheLastNode()
    {
        Assert.That(GridPlanner.Plan(Settled with { Deleting = true, NodesLeft = ["web-0"] }, null), Is.Empty);
        Assert.That(((GridAction.LetGo)GridPlanner.Plan(Settled with { Deleting = true, HeldSecrets = ["old"] }, null).Single()).Secrets, Is.EqualTo(new[] { "old", "prod" }));
        Assert.That(GridPlanner.Plan(Settled with { Deleting = true, HasFinalizer = false }, null), Is.Empty);
    }

    [Test]
    public void Plan_SlotOfAnUnknownNode_IsLookedInto([Values] bool deleting)
    {
        var status = new GridStatus { Replacing = new GridSlot { NodeUID = "u", Name = "web-0", Number = 1, Since = Samples.Noon } };
        Assert.That(GridPlanner.Plan(Settled with { SlotHolderUnknown = true, Deleting = deleting }, status)[0], Is.EqualTo(new GridAction.FreeSlot(status.Replacing)));
    }

    [Test]
    public void Plan_TrustedSubnets_OnlyWhereManagedDifferentAndOurs()
    {
        var seen = Settled with { Spec = Grids.Spec with { TrustedSubnets = ["10.0.0.0/8"] } };
        Assert.That(GridPlanner.Plan(seen, null).Single(), Is.TypeOf<GridAction.SetTrustedSubnets>());
        Assert.That(GridPlanner.Plan(seen with { View = seen.View with { Grid = Grids.Master with { TrustedSubnets = ["10.0.0.0/8"] } } }, null), Is.Empty, "the same");
        Assert.That(GridPlanner.Plan(seen with { View = seen.View with { Holds = new Freeze(GridReasons.GridClaimed, "") } }, null), Is.Empty, "another's");
        Assert.That(GridPlanner.Plan(seen with { View = seen.View with { Trouble = Grids.Trouble(MasterFault.Unreachable) } }, null), Is.Empty, "away");
        Assert.That(GridPlanner.Plan(Settled with { View = Settled.View with { Grid = Grids.Master with { TrustedSubnets = ["10.0.0.0/8"] } } }, null), Is.Empty, "left alone");
    }
}
