using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Pools;
using static Kontena.Operator.Core.Tests.Pools.Restore.Restored;

namespace Kontena.Operator.Core.Tests.Pools.Restore;

public sealed class AdoptionPlanTests
{
    private const string Decline = "none-pool-uid";

    [Test]
    public void Plan_Copies_HoldsAndNamesBothCommands()
    {
        var plan = PoolPlanner.Plan(Pool(3, [Copy(0, 0), Copy(1, 1), Copy(2, 2)]));

        Assert.That(plan.Actions, Is.Empty);
        Assert.That((plan.Held?.Reason, plan.NeedsHuman), Is.EqualTo(("Restored", true)));
        Assert.That(plan.Held!.Message, Is.EqualTo(
            "3 KontenaNodes here are copies (web-0, web-1, web-2), of the pool that had UID former-uid: the cluster's data looks restored or copied. Nothing is created or removed for this pool. "
            + "Run \"kubectl annotate np web --overwrite kontena.io/adopt=former-uid\" to take their machines over, or \"kubectl annotate np web --overwrite kontena.io/adopt=none-pool-uid\" to go on without them."));
    }

    [Test]
    public void Plan_CopiesAndReplicasLeftOut_DoesNotWriteThePresentCount() =>
        Assert.That(PoolPlanner.Plan(Pool(null, [Copy(0, 0)])).Actions, Is.Empty);

    [Test]
    public void Plan_MoreMachinesThanReplicas_SaysWhatWouldHappenAfterwards() =>
        Assert.That(PoolPlanner.Plan(Pool(1, [Copy(0, 0), Copy(1, 1)])).Held!.Message,
            Does.EndWith(" Taking over 2 would make 2 nodes where 1 are asked for, and 1 would be removed afterwards; to keep them, first run \"kubectl scale np web --replicas=2\"."));

    [Test]
    public void Plan_CopyBesideAFullPool_RemovesAndAddsNothing() =>
        Assert.That(PoolPlanner.Plan(Pool(1, [Copy(7, 7)], null, null, RandomPool.Ready(0), RandomPool.Ready(1))).Actions, Is.Empty);

    [Test]
    public void Plan_HomelessMachinesAndNoNode_Holds()
    {
        var plan = PoolPlanner.Plan(Pool(2, null, [Stray(0, 0), Stray(1, 1)]));

        Assert.That((plan.Actions.Count, plan.Held?.Reason, plan.NeedsHuman), Is.EqualTo((0, "UnknownMachines", true)));
        Assert.That(plan.Held!.Message, Does.StartWith("2 living machines of this installation belong to no pool and no node here (").And.Contain("\"kubectl annotate np web --overwrite kontena.io/adopt=former-uid\""));
    }

    [Test]
    public void Plan_HomelessMachinesBesideANodeOfItsOwn_AreNotItsConcern() =>
        Assert.That(PoolPlanner.Plan(Pool(2, null, [Stray(0, 0)], null, RandomPool.Ready(0))).Actions, Has.Count.EqualTo(1));

    [Test]
    public void Plan_HomelessMachinesDeclined_GoesOn() =>
        Assert.That(PoolPlanner.Plan(Pool(2, null, [Stray(0, 0)], Decline)).Actions.OfType<PoolAction.AddNode>().Count(), Is.EqualTo(2));

    [TestCase("none-another-uid")]
    [TestCase("")]
    [TestCase("none-")]
    public void Plan_RefusalOfAnotherPoolObject_CountsForNothing(string carried) =>
        Assert.That(PoolPlanner.Plan(Pool(2, null, [Stray(0, 0)], carried)).Held?.Reason, Is.EqualTo("UnknownMachines"));

    [Test]
    public void Plan_Consent_ANodeForEachMachineOnce_FromCopiesAndTheListing()
    {
        // web-0 is copied and listed, web-1 only copied (another installation's), web-2 was copied before its machine was recorded, 3 has no copy.
        var plan = PoolPlanner.Plan(Pool(4, [Copy(0, 0), Copy(1, 1), Copy(2, null)], [Stray(0, 0), Stray(2, 2), Stray(3, 9)], Former));

        var adopted = plan.Actions.OfType<PoolAction.AdoptMachine>().ToList();
        Assert.That(adopted.Select(a => (a.Name, a.Machine.ProviderID, a.Machine.NodeUID, a.Snapshot?.Revision)), Is.EqualTo(new[]
        {
            ("web-3", Id(0), "node-0", "old"),
            ("web-4", Id(1), "node-1", "old"),
            ("web-5", Id(2), "node-2", "old"),
            ("web-6", Id(3), "node-9", null),
        }));
        Assert.That(adopted.Select(a => a.Zone).Last(), Is.EqualTo("b"), "the provider's eu-west-1b in the settings' word");
        Assert.That(plan.Actions, Has.Count.EqualTo(4));
        Assert.That((plan.Held?.Reason, plan.NeedsHuman), Is.EqualTo(("Adopting", false)));
    }

    [Test]
    public void Plan_ConsentToAnotherPool_TakesNothingOfThisOne()
    {
        var plan = PoolPlanner.Plan(Pool(4, [Copy(0, 0)], [Stray(1, 1, "third")], "fourth"));

        Assert.That(plan.Actions, Is.Empty);
        Assert.That(plan.Held!.Message, Does.EndWith(" The annotation kontena.io/adopt names fourth, of which nothing is here."));
    }

    [Test]
    public void Plan_Adopted_ForgetsTheCopiesThenEnds()
    {
        var held = Pool(1, [Copy(0, 0) with { MachineHeld = true }], null, Former, Adopted(3, 0));
        Assert.That(PoolPlanner.Plan(held).Actions, Is.EqualTo(new PoolAction[] { new PoolAction.ForgetCopy("web-0", "copy-0") }));

        var over = Pool(1, null, null, Former, Adopted(3, 0));
        Assert.That(PoolPlanner.Plan(over).Actions, Is.EqualTo(new PoolAction[] { new PoolAction.EndAdoption(Former) }));
    }

    [Test]
    public void Plan_AdoptionFailed_ForgetsTheCopyBeforeTheNodeGoes()
    {
        var failed = Adopting(3, 0) with { AdoptionFailed = true, Message = "gone" };
        Assert.That(PoolPlanner.Plan(Pool(1, [Copy(0, 0) with { AdoptionFailed = true }], null, Former, failed)).Actions,
            Is.EqualTo(new PoolAction[] { new PoolAction.ForgetCopy("web-0", "copy-0") }), "else the copy would have it planned anew");
        Assert.That(PoolPlanner.Plan(Pool(1, null, null, Former, failed)).Actions,
            Is.EqualTo(new PoolAction[] { new PoolAction.RemoveNode("web-3", "uid-3", "AdoptionFailed", "Removing web-3: gone") }));
    }

    [Test]
    public void Plan_StillAdopting_NeitherAddsNorRemovesAnythingElse() =>
        Assert.That(PoolPlanner.Plan(Pool(5, null, null, Former, Adopting(0, 0), Adopted(1, 1), RandomPool.Ready(2) with { MachineTerminated = true, Ready = false })).Actions, Is.Empty);

    [Test]
    public void Plan_OwnMachinesOfUnknownNodes_AreTakenOverByTheOwnUid()
    {
        var pool = Pool(2, null, [Stray(1, 1, "pool-uid")], null, RandomPool.Ready(0));
        Assert.That(PoolPlanner.Plan(pool).Held!.Message, Does.Contain("\"kubectl annotate np web --overwrite kontena.io/adopt=pool-uid\""));

        Assert.That(PoolPlanner.Plan(pool with { Adopt = "pool-uid" }).Actions.OfType<PoolAction.AdoptMachine>().Select(a => a.Name), Is.EqualTo(new[] { "web-1" }));
    }

    [Test]
    public void Plan_Declined_ForgetsOnlyWhatNothingLivingBelongsTo_AndSkipsTheTakenNames()
    {
        var plan = PoolPlanner.Plan(Pool(1, [Copy(0, 0), Copy(1, null), Copy(2, null)], [Stray(2, 2)], Decline));

        Assert.That(plan.Actions.OfType<PoolAction.ForgetCopy>().Select(f => f.Name), Is.EqualTo(new[] { "web-1" }));
        Assert.That(plan.Actions.OfType<PoolAction.AddNode>().Select(a => a.Name), Is.EqualTo(new[] { "web-3" }));
    }

    [Test]
    public void Plan_DeletedPoolWithCopies_RemovesItsNodesAndWaitsForAWordAboutTheCopies()
    {
        var pool = Pool(1, [Copy(0, 0)], null, null, RandomPool.Ready(5)) with { Deleting = true };
        Assert.That(PoolPlanner.Plan(pool).Actions, Has.Count.EqualTo(1));

        var held = PoolPlanner.Plan(pool with { Nodes = [] });
        Assert.That((held.Actions.Count, held.Held?.Reason), Is.EqualTo((0, "Restored")));
        Assert.That(PoolPlanner.Plan(pool with { Nodes = [], Adopt = Decline }).Actions, Is.EqualTo(new PoolAction[] { new PoolAction.DropFinalizer() }));
    }

    [Test]
    public void Plan_ProviderDoesNotAnswer_AdoptsNothing() =>
        Assert.That(PoolPlanner.Plan(Pool(1, [Copy(0, 0)], null, Former) with { Provider = new ProviderSeen.Fails(DriverFault.Unavailable, "ProviderUnavailable", "503") }).Actions, Is.Empty);
}
