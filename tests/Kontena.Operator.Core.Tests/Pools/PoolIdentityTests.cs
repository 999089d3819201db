using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Identity;
using Kontena.Operator.Core.Pools;
using static Kontena.Operator.Core.Tests.Identity.Claims;

namespace Kontena.Operator.Core.Tests.Pools;

/// <summary>What a pool says and does about ids of its nodes that others have.</summary>
public sealed class PoolIdentityTests
{
    private static readonly RemedyPlan none = new(null, new Dictionary<string, string>(), RemedyMemory.Empty);

    [Test]
    public void Plan_NodeIsToBeReplaced_RemovesItAsItWasSeen()
    {
        var pool = RandomPool.Pool(2, RemovalOrder.Newest, RandomPool.Ready(0), RandomPool.Ready(1) with { Ready = false, Reason = "DuplicateID", IdConflict = "its id is another's.", Version = "7" });

        Assert.That(PoolPlanner.Plan(pool).Actions.OfType<PoolAction.RemoveNode>(), Is.EqualTo(new[] { new PoolAction.RemoveNode("web-1", "uid-1", "IDConflict", "Replacing web-1: its id is another's.") { Version = "7" } }));
        Assert.That(PoolPlanner.Plan(pool with { Spec = pool.Spec with { Paused = true } }).Actions, Is.Empty);
    }

    [Test]
    public void Compose_NotLookedAtSinceTheStart_LeavesTheConditionAsItWas()
    {
        var pool = RandomPool.Pool(0) with { Grid = Tests.Grids.Grids.View() };
        var told = Compose(pool with { Identity = new IdStanding(ConditionStatus.False, "DuplicateID", "Two have one.") }, null);

        Assert.Multiple(() =>
        {
            Assert.That(Of(Compose(pool, null)), Is.EqualTo("Unknown/Observing"));
            Assert.That(PoolStatus.IsWorthWriting(told, Compose(pool, told)), Is.False);
            Assert.That(Of(Compose(pool with { Grid = null, Identity = null }, told)), Is.Null, "only in a grid");
        });
    }

    [Test]
    public void OfPool_Newcomers_SaysTheFirstAndHowManyMore()
    {
        var standing = IdStanding.OfPool("pool-web", joined: true, Look(Online("db-0", "X"), Waiting("web-1"), Waiting("web-2")), none);

        Assert.That((standing.Status, standing.Reason), Is.EqualTo((ConditionStatus.False, "DuplicateID")));
        Assert.That(standing.Message, Does.StartWith("default/web-1 has the id X").And.EndsWith("And 1 more node."));
    }

    [Test]
    public void OfPool_OfWhoWasFirst_SaysThatItIsShared()
    {
        var found = Look(Online("db-0", "X"), Waiting("web-1"));

        Assert.That(IdStanding.OfPool("pool-db", joined: true, found, none), Is.EqualTo(new IdStanding(ConditionStatus.False, IdStanding.SharedWithOthers, "The id X is this node's, and default/web-1 came later with the same one.")));
        Assert.That(IdStanding.OfPool("pool-other", joined: true, found, none).Reason, Is.EqualTo(IdStanding.IsUnique));
        Assert.That(IdStanding.OfPool("pool-other", joined: false, found, none).Reason, Is.EqualTo(IdStanding.Observing));
    }

    [TestCase(ConflictAction.Report, false, true)]
    [TestCase(ConflictAction.Replace, false, false)]
    [TestCase(ConflictAction.Replace, true, true)]
    public void OfNode_Newcomer_NeedsAHumanUnlessItIsReplaced(ConflictAction action, bool hopeless, bool needsHuman)
    {
        NodeClaim[] claims = [Online("db-0", "X"), Waiting("web-1")];
        var plan = hopeless ? none with { Hopeless = new Dictionary<string, string> { ["uid-web-1"] = "It does not help." } } : none;
        var pools = new Dictionary<string, RemedyPool> { ["pool-web"] = new(action, Holds: false, "r1") };
        var standing = IdStanding.OfNode(claims[1], Look(claims), plan, pools);

        Assert.That((standing.Status, standing.NeedsHuman, standing.Message.EndsWith("It does not help.", StringComparison.Ordinal)), Is.EqualTo((ConditionStatus.False, needsHuman, hopeless)));
    }

    private static NodePoolStatus Compose(PoolSeen pool, NodePoolStatus? before) => PoolStatus.Compose(pool, PoolPlanner.Plan(pool), before, Samples.Noon);

    private static string? Of(NodePoolStatus status) => status.Conditions.FirstOrDefault(c => c.Type == PoolConditions.NodeIDsUnique) is { } condition ? $"{condition.Status}/{condition.Reason}" : null;
}
