using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Pools;

namespace Kontena.Operator.Core.Tests.Pools;

public sealed class PoolStatusTests
{
    [Test]
    public void Compose_AllReady_IsReadyAvailableAndNothingElseGoesOn()
    {
        var status = Compose(RandomPool.Pool(2, RemovalOrder.Newest, RandomPool.Ready(0), RandomPool.Ready(1, "b")));

        Assert.Multiple(() =>
        {
            Assert.That(Said(status), Is.EqualTo(new[] { "Ready=True/AllReady", "Available=True/EnoughNodes", "ProviderReady=True/Answers", "NodesReady=True/AllReady", "UpToDate=True/UpToDate" }));
            Assert.That((status.Replicas, status.ReadyReplicas, status.AvailableReplicas, status.UpdatedReplicas), Is.EqualTo((2, 2, 2, 2)));
            Assert.That(status.Zones, Is.EqualTo(new Dictionary<string, int> { ["a"] = 1, ["b"] = 1 }));
            Assert.That(status.Selector, Is.EqualTo("kontena.io/pool=web"));
        });
    }

    [Test]
    public void Compose_ANewbornPool_IsReconcilingWithEveryConditionSet()
    {
        var status = Compose(RandomPool.Pool(3) with { Provider = new ProviderSeen.NotYet() });

        Assert.That(Said(status), Is.EqualTo(new[] { "Ready=False/Observing", "Available=False/TooFewNodes", "Reconciling=True/Observing", "ProviderReady=Unknown/Observing", "NodesReady=False/NotAllReady", "UpToDate=True/UpToDate" }));
    }

    [Test]
    public void Compose_MissingCredentials_IsStalledAndSaysWhatToDo()
    {
        var status = Compose(RandomPool.Pool(3) with { Provider = new ProviderSeen.Fails(DriverFault.NotAllowed, "CredentialsMissing", "Secret default/aws does not exist. Create it.") });

        Assert.Multiple(() =>
        {
            Assert.That(Said(status), Does.Contain("Stalled=True/CredentialsMissing").And.Not.Contain("Reconciling=True/CredentialsMissing"));
            Assert.That(status.Conditions[0].Message, Is.EqualTo("Secret default/aws does not exist. Create it."));
        });
    }

    [Test]
    public void Compose_ANodeThatNeedsAHuman_IsNamedWithItsMessage()
    {
        var stuck = RandomPool.Ready(1) with { Ready = false, HasMachine = false, NeedsHuman = true, Reason = "QuotaReached", Message = "Ask for more vCPUs." };

        var status = Compose(RandomPool.Pool(2, RemovalOrder.Newest, RandomPool.Ready(0), stuck));

        Assert.That(status.Conditions[0].Message, Is.EqualTo("1 of 2 nodes are ready (1 QuotaReached). web-1: Ask for more vCPUs."));
    }

    [Test]
    public void Compose_TheNodeThatNeedsAHumanIsRemovedInThisRound_IsReconcilingAndNotStalled()
    {
        var stuck = RandomPool.Ready(1) with { Ready = false, HasMachine = false, NeedsHuman = true, Reason = "QuotaReached", Message = "Ask for more vCPUs." };

        var status = Compose(RandomPool.Pool(1, RemovalOrder.Newest, RandomPool.Ready(0), stuck));

        Assert.That(Said(status).Take(3), Is.EqualTo(new[] { "Ready=False/ScalingDown", "Available=True/EnoughNodes", "Reconciling=True/ScalingDown" }));
    }

    [Test]
    public void Compose_LaterButUnchanged_KeepsTimesAndIsNotWorthWriting()
    {
        var pool = RandomPool.Pool(1, RemovalOrder.Newest, RandomPool.Ready(0));
        var first = Compose(pool);

        var second = PoolStatus.Compose(pool, PoolPlanner.Plan(pool), first, Samples.Noon.AddHours(1));

        Assert.That(PoolStatus.IsWorthWriting(first, second), Is.False);
    }

    [Test]
    public void Compose_ReadinessLost_MovesTheTransitionTime()
    {
        var first = Compose(RandomPool.Pool(1, RemovalOrder.Newest, RandomPool.Ready(0)));
        var broken = RandomPool.Pool(1, RemovalOrder.Newest, RandomPool.Ready(0) with { Ready = false, Reason = "MachineStopped", NeedsHuman = true });

        var second = PoolStatus.Compose(broken, PoolPlanner.Plan(broken), first, Samples.Noon.AddHours(1));

        Assert.Multiple(() =>
        {
            Assert.That(PoolStatus.IsWorthWriting(first, second), Is.True);
            Assert.That(second.Conditions[0].LastTransitionTime, Is.EqualTo(Samples.Noon.AddHours(1)));
            Assert.That(second.Conditions.Single(c => c.Type == "UpToDate").LastTransitionTime, Is.EqualTo(Samples.Noon));
        });
    }

    private static NodePoolStatus Compose(PoolSeen pool) => PoolStatus.Compose(pool, PoolPlanner.Plan(pool), null, Samples.Noon);

    private static IEnumerable<string> Said(NodePoolStatus status) => status.Conditions.Select(c => $"{c.Type}={c.Status}/{c.Reason}");
}
