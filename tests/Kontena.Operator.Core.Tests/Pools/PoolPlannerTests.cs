using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Pools;

namespace Kontena.Operator.Core.Tests.Pools;

public sealed class PoolPlannerTests
{
    [Test]
    public void Plan_NewPoolOfThree_AddsThreeSpreadOverTheZones()
    {
        var plan = PoolPlanner.Plan(RandomPool.Pool(3));

        Assert.That(plan.Actions.OfType<PoolAction.AddNode>().Select(a => (a.Name, a.Zone)), Is.EqualTo(new[] { ("web-0", "a"), ("web-1", "b"), ("web-2", "c") }));
    }

    [Test]
    public void Plan_ReplicasLeftOut_WritesOneForANewPool() =>
        Assert.That(PoolPlanner.Plan(RandomPool.Pool(null)).Actions, Is.EqualTo(new[] { new PoolAction.SetReplicas(1) }));

    [Test]
    public void Plan_ReplicasLeftOutOfALivingPool_WritesThePresentCount()
    {
        var pool = RandomPool.Pool(null, RemovalOrder.Newest, RandomPool.Ready(0), RandomPool.Ready(1), RandomPool.Ready(2) with { Deleting = true });

        Assert.That(PoolPlanner.Plan(pool).Actions, Is.EqualTo(new[] { new PoolAction.SetReplicas(2) }));
    }

    [Test]
    public void Plan_Paused_DoesNothingAndSaysSo()
    {
        var pool = RandomPool.Pool(3);

        var plan = PoolPlanner.Plan(pool with { Spec = pool.Spec with { Paused = true } });

        Assert.Multiple(() =>
        {
            Assert.That(plan.Actions, Is.Empty);
            Assert.That(plan.Held?.Reason, Is.EqualTo("Paused"));
        });
    }

    [Test]
    public void Plan_HoldsASecretThatNothingNames_LetsItGoBesidesTheRest()
    {
        var pool = RandomPool.Pool(1) with { SecretsNamedNoMore = ["aws-old"] };

        var plan = PoolPlanner.Plan(pool);

        Assert.Multiple(() =>
        {
            Assert.That(plan.Actions.Select(a => a.GetType()), Is.EqualTo(new[] { typeof(PoolAction.ReleaseSecrets), typeof(PoolAction.AddNode) }));
            Assert.That(plan.Actions[0].Message, Is.EqualTo("Neither the pool nor a node of it names aws-old any more."));
            Assert.That(PoolPlanner.Plan(pool with { Spec = pool.Spec with { Paused = true } }).Actions, Is.Empty, "paused");
            Assert.That(PoolPlanner.Plan(pool with { Deleting = true }).Actions, Is.EqualTo(new[] { new PoolAction.DropFinalizer() }), "deleted: lets all go at its end");
        });
    }

    [Test]
    public void Plan_NodesWithoutTheFinalizer_HoldsAgainBesidesTheRest()
    {
        var pool = RandomPool.Pool(2, RemovalOrder.Newest, RandomPool.Ready(0)) with { HoldLost = ["aws", "aws-old"] };

        var plan = PoolPlanner.Plan(pool);

        Assert.Multiple(() =>
        {
            Assert.That(plan.Actions.Select(a => a.GetType()), Is.EqualTo(new[] { typeof(PoolAction.HoldAgain), typeof(PoolAction.AddNode) }));
            Assert.That(((PoolAction.HoldAgain)plan.Actions[0]).Secrets, Is.EqualTo(new[] { "aws", "aws-old" }));
            Assert.That(PoolPlanner.Plan(pool with { Deleting = true }).Actions.Select(a => a.GetType()), Is.EqualTo(new[] { typeof(PoolAction.RemoveNode) }), "the server takes no new finalizer then");
        });
    }

    /// <summary>The node's own controller may be giving it its machine at this very moment.</summary>
    [Test]
    public void Plan_NodeThatFailedAndIsOutdated_IsRemovedAsItWasSeenOnly()
    {
        var failed = RandomPool.Ready(0) with { HasMachine = false, Ready = false, NeedsHuman = true, Reason = "CredentialsRefused", Revision = "another", Version = "7" };

        var remove = PoolPlanner.Plan(RandomPool.Pool(1, RemovalOrder.Newest, failed)).Actions.OfType<PoolAction.RemoveNode>().Single();

        Assert.That((remove.Reason, remove.Version), Is.EqualTo(("Outdated", "7")));
    }

    /// <summary>Found by a random walk: one node replaced already, three that cannot be made in the wrong account, and the last with a machine made a fifth.</summary>
    [Test]
    public void Plan_TheOnlyMachineIsMissingAmongNodesThatHaveNone_IsHeld()
    {
        var missing = RandomPool.Ready(0) with { Ready = false, MachineMissing = true };
        var waiting = Enumerable.Range(1, 4).Select(i => RandomPool.Ready(i) with { HasMachine = false, Ready = false });

        var plan = PoolPlanner.Plan(RandomPool.Pool(5, RemovalOrder.Newest, [missing, .. waiting]) with { AccountShowsMachines = false });

        Assert.Multiple(() =>
        {
            Assert.That(plan.Actions, Is.Empty);
            Assert.That(plan.Held?.Message, Does.StartWith("The provider knows nothing of 1 of 1 machines (web-0)."));
        });
    }

    /// <summary>The others ended by the provider's word, before the account was exchanged.</summary>
    [Test]
    public void Plan_OneIsMissingInAnAccountThatShowsNone_IsHeld()
    {
        var missing = RandomPool.Ready(0) with { Ready = false, MachineMissing = true };
        var ended = Enumerable.Range(1, 2).Select(i => RandomPool.Ready(i) with { Ready = false, MachineTerminated = true });

        var plan = PoolPlanner.Plan(RandomPool.Pool(3, RemovalOrder.Newest, [missing, .. ended]) with { AccountShowsMachines = false });

        Assert.That(plan.Held?.Reason, Is.EqualTo("ManyMachinesMissing"));
    }

    [Test]
    public void Plan_InstallationMoved_DoesNothingEvenForADeletedPool()
    {
        var pool = RandomPool.Pool(0, RemovalOrder.Newest, RandomPool.Ready(0)) with { Deleting = true, Frozen = new Freeze("InstallationMoved", "copied") };

        Assert.That(PoolPlanner.Plan(pool).Actions, Is.Empty);
    }

    [Test]
    public void Plan_ScaleDownNewestFirst_TakesNodesWithoutMachineThenTheNewest()
    {
        var pool = RandomPool.Pool(1, RemovalOrder.Newest, RandomPool.Ready(0), RandomPool.Ready(1), RandomPool.Ready(2), RandomPool.Ready(3) with { HasMachine = false, Ready = false, CreatedAt = Samples.Noon });

        Assert.That(Removed(pool), Is.EqualTo(new[] { "web-3", "web-2", "web-1" }));
    }

    [Test]
    public void Plan_ScaleDownOldestFirst_TakesTheOldest()
    {
        var pool = RandomPool.Pool(2, RemovalOrder.Oldest, RandomPool.Ready(2), RandomPool.Ready(0), RandomPool.Ready(1));

        Assert.That(Removed(pool), Is.EqualTo(new[] { "web-0" }));
    }

    [Test]
    public void Plan_ProviderFails_AddsNothingAndPassesTheReasonOn()
    {
        var plan = PoolPlanner.Plan(RandomPool.Pool(3) with { Provider = new ProviderSeen.Fails(DriverFault.NotAllowed, "CredentialsMissing", "no Secret") });

        Assert.Multiple(() =>
        {
            Assert.That(plan.Actions, Is.Empty);
            Assert.That(plan.Held, Is.EqualTo(new Freeze("CredentialsMissing", "no Secret")));
            Assert.That(plan.NeedsHuman, Is.True);
        });
    }

    [Test]
    public void Plan_UnknownMachines_AddsNothingButStillRemoves()
    {
        var pool = RandomPool.Pool(3) with
        {
            Strays = [new Machine { ProviderId = "aws:///eu-west-1a/i-1", State = MachineState.Running, Marks = new MachineMarks("here", "pool-uid", "gone", 1) }],
        };

        Assert.Multiple(() =>
        {
            Assert.That(PoolPlanner.Plan(pool).Actions, Is.Empty);
            Assert.That(PoolPlanner.Plan(pool).Held?.Reason, Is.EqualTo("UnknownMachines"));
            Assert.That(PoolPlanner.Plan(pool with { Deleting = true, Nodes = [RandomPool.Ready(0)] }).Actions, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public void Plan_OneMachineTerminatedByHand_ReplacesItsNode()
    {
        var pool = RandomPool.Pool(2, RemovalOrder.Newest, RandomPool.Ready(0), RandomPool.Ready(1) with { MachineTerminated = true, Ready = false, Message = "gone" });

        var plan = PoolPlanner.Plan(pool);

        Assert.That(plan.Actions.Select(a => a.Reason), Is.EqualTo(new[] { "MachineLost", "ScalingUp" }));
    }

    [Test]
    public void Plan_AllMachinesMissingAtOnce_ReplacesNoneAndAsksForAHuman()
    {
        var lost = Enumerable.Range(0, 3).Select(i => RandomPool.Ready(i) with { MachineMissing = true, Ready = false });

        var plan = PoolPlanner.Plan(RandomPool.Pool(3, RemovalOrder.Newest, [.. lost]));

        Assert.Multiple(() =>
        {
            Assert.That(plan.Actions, Is.Empty);
            Assert.That(plan.Held?.Reason, Is.EqualTo("ManyMachinesMissing"));
            Assert.That(plan.Held?.Message, Does.Contain("3 of 3 machines (web-0, web-1, web-2)"));
        });
    }

    [Test]
    public void Plan_TheOnlyMachineIsMissing_IsReplacedOnlyInAnAccountThatShowsOthers()
    {
        var pool = RandomPool.Pool(1, RemovalOrder.Newest, RandomPool.Ready(0) with { MachineMissing = true, Ready = false });

        Assert.That(Removed(pool), Is.EqualTo(new[] { "web-0" }));
        Assert.That(PoolPlanner.Plan(pool with { AccountShowsMachines = false }).Held?.Reason, Is.EqualTo("ManyMachinesMissing"));
    }

    [Test]
    public void Plan_ACopiedNodeOfAnOlderRevision_IsLeftForAHuman()
    {
        var copy = RandomPool.Ready(0) with { HasMachine = false, Ready = false, NeedsHuman = true, Reason = "Restored", Revision = "old" };

        Assert.That(PoolPlanner.Plan(RandomPool.Pool(1, RemovalOrder.Newest, copy)).Actions, Is.Empty);
    }

    [Test]
    public void Plan_NodeStuckWithOldSettings_IsReplacedOnceThePoolIsMended()
    {
        var stuck = RandomPool.Ready(0) with { HasMachine = false, Ready = false, NeedsHuman = true, Reason = "BadSettings", Revision = "old" };

        Assert.That(Removed(RandomPool.Pool(1, RemovalOrder.Newest, stuck)), Is.EqualTo(new[] { "web-0" }));
        Assert.That(Removed(RandomPool.Pool(1, RemovalOrder.Newest, stuck with { Revision = Revision.Of(Samples.Pool(1)) })), Is.Empty);
    }

    [Test]
    public void Plan_AThousandNodesAsked_AddsNoMoreThanTheCeilingInARound() =>
        Assert.That(PoolPlanner.Plan(RandomPool.Pool(1000)).Actions, Has.Count.EqualTo(100));

    [Test]
    public void Plan_DeletedPoolWithoutNodes_LetsThePoolGo() =>
        Assert.That(PoolPlanner.Plan(RandomPool.Pool(3) with { Deleting = true }).Actions, Is.EqualTo(new[] { new PoolAction.DropFinalizer() }));

    /// <summary>The value is written out: a change of it means that an upgrade of the operator would call every node outdated.</summary>
    [Test]
    public void Revision_OfAKnownPool_IsTheSameInEveryVersion() =>
        Assert.That(Revision.Of(Samples.Pool(3)), Is.EqualTo("d4003bc6df"));

    [Test]
    public void Revision_TagsInAnotherOrder_IsTheSame()
    {
        var one = Samples.Pool(1) with { Provider = new() { Aws = Samples.Aws with { Tags = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" } } } };
        var other = Samples.Pool(5) with { Provider = new() { Aws = Samples.Aws with { Tags = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" } } } };

        Assert.That(Revision.Of(one), Is.EqualTo(Revision.Of(other)));
    }

    private static IEnumerable<string> Removed(PoolSeen pool) => PoolPlanner.Plan(pool).Actions.OfType<PoolAction.RemoveNode>().Select(a => a.Name);
}
