using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Pools;

namespace Kontena.Operator.Core.Tests.Pools;

public sealed class QuorumGuardTests
{
    [Test]
    public void Limit_FiveNodesOfThreeMembersToThree_TakesTheOthers() =>
        Assert.That(Removed(Pool(nodes: 5, members: 3, replicas: 3)), Is.EquivalentTo(new[] { "web-3", "web-4" }));

    [Test]
    public void Limit_ThreeMembersToTwo_TakesOne() =>
        Assert.That(Removed(Pool(nodes: 3, members: 3, replicas: 2)), Is.EqualTo(new[] { "web-2" }));

    [Test]
    public void Limit_ThreeMembersToOne_TakesOneAndSaysThatTheOtherStays()
    {
        var plan = PoolPlanner.Plan(Pool(nodes: 3, members: 3, replicas: 1));

        Assert.Multiple(() =>
        {
            Assert.That(plan.Actions.OfType<PoolAction.RemoveNode>().Select(a => a.Name), Is.EqualTo(new[] { "web-2" }));
            Assert.That((plan.Held?.Reason, plan.NeedsHuman), Is.EqualTo(("QuorumAtRisk", true)));
            Assert.That(plan.Held?.Message, Does.StartWith("web-1 stays: 3 of the 3 initial members of grid production work, and its etcd needs 2."));
        });
    }

    [Test]
    public void Limit_OneMemberIsAway_OnlyThatOneMayGo() =>
        Assert.That(Removed(Pool(nodes: 3, members: 3, replicas: 2, away: 0)), Is.EqualTo(new[] { "web-0" }), "the one that is away helps no majority");

    [Test]
    public void Limit_ToNoneWhileAStrangerStays_KeepsTheMajority() =>
        Assert.That(Removed(Pool(nodes: 3, members: 3, replicas: 0, stranger: true)), Has.Exactly(1).Items);

    [Test]
    public void Limit_ToNoneOfAGridWithNobodyElse_TakesAll() =>
        Assert.That(Removed(Pool(nodes: 3, members: 3, replicas: 0)), Has.Exactly(3).Items);

    [Test]
    public void Limit_AGridWhoseEtcdNeverFormed_TakesAnybody() =>
        Assert.That(Removed(Pool(nodes: 1, members: 3, replicas: 0, stranger: true)), Has.Exactly(1).Items);

    [Test]
    public void Limit_MasterNotHeardYet_LeavesItToTheNodes() =>
        Assert.That(Removed(Pool(nodes: 3, members: 3, replicas: 1) with { Grid = new GridView { Name = "production", GridName = "production" } }), Has.Exactly(2).Items);

    private static IEnumerable<string> Removed(PoolSeen pool) => PoolPlanner.Plan(pool).Actions.OfType<PoolAction.RemoveNode>().Select(a => a.Name);

    private static PoolSeen Pool(int nodes, int members, int replicas, int? away = null, bool stranger = false)
    {
        var views = Enumerable.Range(0, nodes).Select(i => RandomPool.Ready(i) with { KontenaName = $"web-{i}", InitialMember = i < members, Ready = i != away }).ToArray();
        List<MasterNode> entries = [.. views.Select((v, i) => new MasterNode
        {
            Name = v.KontenaName!,
            Number = i + 1,
            InitialMember = v.InitialMember,
            Status = i == away ? MasterNodeStatus.Offline : MasterNodeStatus.Online,
            Connected = i != away,
        })];
        if (stranger) entries.Add(new MasterNode { Name = "somebody", Number = 9, Status = MasterNodeStatus.Online, Connected = true });
        return RandomPool.Pool(replicas, RemovalOrder.Newest, views) with
        {
            Grid = new GridView
            {
                Name = "production",
                GridName = "production",
                Last = new MasterListing(Samples.Noon, entries),
                Grid = new MasterGrid { Name = "production", InitialSize = members, Subnet = "10.81.0.0/16", Fingerprint = "f", Token = new SecretText("t") },
            },
        };
    }
}
