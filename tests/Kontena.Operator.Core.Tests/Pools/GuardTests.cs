using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Pools;

namespace Kontena.Operator.Core.Tests.Pools;

/// <summary>The edges of what a pool may do by itself: how much may be missing, what is replaced, who goes first, where the next goes.</summary>
public sealed class GuardTests
{
    private static readonly NodeView Missing = RandomPool.Ready(0) with { Ready = false, MachineMissing = true, Reason = NodeReasons.MachineMissing };
    private static readonly NodeView InDoubt = RandomPool.Ready(0) with { Ready = false, MachineInDoubt = true, Reason = NodeReasons.Confirming };

    [TestCase(2, 5, false, Description = "40 % is still a loss")]
    [TestCase(3, 7, true)]
    [TestCase(1, 2, false, Description = "a single machine may always go missing")]
    [TestCase(2, 2, true)]
    public void Missing_SoManyOf_HoldsOrReplaces(int missing, int of, bool held)
    {
        var plan = PoolPlanner.Plan(Pool(of, [.. Like(Missing, 0, missing), .. Like(RandomPool.Ready(0), missing, of - missing)]));

        Assert.That(plan.Held?.Reason, Is.EqualTo(held ? "ManyMachinesMissing" : null));
        Assert.That(plan.NeedsHuman, Is.EqualTo(held));
        Assert.That(plan.Actions.OfType<PoolAction.RemoveNode>().Count(), Is.EqualTo(held ? 0 : missing));
    }

    [TestCase(1, 2, "Confirming", Description = "the two in doubt may turn out missing too")]
    [TestCase(1, 1, null, Description = "both would be within the bound")]
    [TestCase(0, 3, null, Description = "nothing is missing yet: nothing is replaced anyway")]
    public void Missing_OthersInDoubt_WaitsUntilItIsKnownHowMany(int missing, int inDoubt, string? reason)
    {
        var plan = PoolPlanner.Plan(Pool(5, [.. Like(Missing, 0, missing), .. Like(InDoubt, missing, inDoubt), .. Like(RandomPool.Ready(0), missing + inDoubt, 5 - missing - inDoubt)]));

        Assert.That((plan.Held?.Reason, plan.NeedsHuman), Is.EqualTo((reason, false)));
        Assert.That(plan.Actions.OfType<PoolAction.RemoveNode>().Count(), Is.EqualTo(reason is null ? missing : 0));
    }

    [Test]
    public void ManyMissing_NamesTheFirstThree_AndTheCommandForOneOfThem()
    {
        var message = PoolPlanner.Plan(Pool(4, [.. Like(Missing, 0, 4)])).Held!.Message;

        Assert.That(message, Does.Contain("4 of 4 machines (web-0, web-1, web-2, …)").And.EndWith("kubectl delete kn web-0 …"));
    }

    /// <summary>What it is made from was wrong, and the pool has been mended since: only where it has no machine to lose.</summary>
    [TestCase(false, true, true)]
    [TestCase(true, true, false)]
    [TestCase(false, false, false)]
    public void Outdated_IsReplaced_OnlyWithoutAMachineAndBeyondHelp(bool hasMachine, bool needsHuman, bool replaced)
    {
        var node = RandomPool.Ready(0) with { Ready = false, HasMachine = hasMachine, NeedsHuman = needsHuman, Reason = "BadSettings", Revision = "older" };

        Assert.That(PoolPlanner.Plan(Pool(1, [node])).Actions.OfType<PoolAction.RemoveNode>().Any(), Is.EqualTo(replaced));
    }

    [Test]
    public void InvalidSpec_SaysTheFirstThreeReasons_AndHowManyMore()
    {
        var wrong = new string('x', 300);
        var aws = Samples.Aws with { Region = "", InstanceTypes = [], KeyName = wrong, Zones = [wrong, wrong] };
        var pool = Pool(1, []);

        var plan = PoolPlanner.Plan(pool with { Spec = pool.Spec with { Provider = new ProviderSpec { Aws = aws } } });

        var errors = Validation.Check("web", pool.Spec with { Provider = new ProviderSpec { Aws = aws } }, old: null);
        Assert.That(errors, Has.Count.GreaterThan(3));
        Assert.That((plan.Held?.Reason, plan.NeedsHuman), Is.EqualTo(("InvalidSpec", true)));
        Assert.That(plan.Held!.Message, Is.EqualTo($"The spec cannot be carried out: {errors[0]}; {errors[1]}; {errors[2]}; and {errors.Count - 3} more. Correct it."));
    }

    [Test]
    public void PoolDeleted_NodesGoInTheirOrder()
    {
        var plan = PoolPlanner.Plan(Pool(3, [RandomPool.Ready(2), RandomPool.Ready(0), RandomPool.Ready(1)]) with { Deleting = true });

        Assert.That(plan.Actions.OfType<PoolAction.RemoveNode>().Select(a => a.Name), Is.EqualTo(new[] { "web-0", "web-1", "web-2" }));
    }

    /// <summary>A node without a machine costs nothing; one that is not ready serves nobody; then age, then the name decides.</summary>
    [TestCase(RemovalOrder.Newest, new[] { "web-4", "web-3", "web-2", "web-1" })]
    [TestCase(RemovalOrder.Oldest, new[] { "web-4", "web-3", "web-1", "web-2" })]
    public void Surplus_LeastUsefulFirst(RemovalOrder order, string[] names)
    {
        NodeView[] nodes =
        [
            RandomPool.Ready(1), RandomPool.Ready(2),
            RandomPool.Ready(3) with { Ready = false, CreatedAt = Samples.Noon.AddMinutes(1.5) },
            RandomPool.Ready(4) with { Ready = false, HasMachine = false, CreatedAt = Samples.Noon.AddMinutes(1.5) },
        ];

        Assert.That(RemovalRank.LeastUsefulFirst(nodes, order).Select(n => n.Name), Is.EqualTo(names));
    }

    [Test]
    public void Surplus_MadeAtOnce_TheOrdinalDecides_ThenTheUid()
    {
        var (one, two) = (RandomPool.Ready(1) with { CreatedAt = Samples.Noon }, RandomPool.Ready(2) with { CreatedAt = Samples.Noon });
        var twin = one with { Uid = "uid-0" };

        Assert.That(RemovalRank.LeastUsefulFirst([one, two], RemovalOrder.Newest).Select(n => n.Name), Is.EqualTo(new[] { "web-2", "web-1" }));
        Assert.That(RemovalRank.LeastUsefulFirst([two, one], RemovalOrder.Oldest).Select(n => n.Name), Is.EqualTo(new[] { "web-1", "web-2" }));
        Assert.That(RemovalRank.LeastUsefulFirst([one, twin], RemovalOrder.Newest).Select(n => n.Uid), Is.EqualTo(new[] { "uid-0", "uid-1" }));
    }

    [Test]
    public void Added_GoWhereFewestAre()
    {
        var plan = PoolPlanner.Plan(Pool(6, [RandomPool.Ready(0, "a"), RandomPool.Ready(1, "a"), RandomPool.Ready(2, "b"), RandomPool.Ready(3, "elsewhere")]));

        Assert.That(plan.Actions.OfType<PoolAction.AddNode>().Select(a => a.Zone), Is.EqualTo(new[] { "c", "b" }));
    }

    private static PoolSeen Pool(int replicas, IReadOnlyList<NodeView> nodes) => RandomPool.Pool(replicas, RemovalOrder.Newest, nodes);

    private static IEnumerable<NodeView> Like(NodeView node, int first, int count) =>
        Enumerable.Range(first, count).Select(i => node with { Name = $"web-{i}", Uid = $"uid-{i}", Ordinal = i });
}
