using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Core.Tests.Grids;

public sealed class QuorumTests
{
    /// <summary>Each letter a member: c connected, s connected with a sick etcd, a away, n never joined.</summary>
    [TestCase(3, "", QuorumState.NotFormed)]
    [TestCase(3, "n", QuorumState.NotFormed)]
    [TestCase(3, "c", QuorumState.NotFormed)]
    [TestCase(3, "a", QuorumState.NotFormed)]
    [TestCase(3, "cc", QuorumState.NotFormed)]
    [TestCase(3, "ccn", QuorumState.NotFormed)]
    [TestCase(3, "ca", QuorumState.Lost)]
    [TestCase(3, "ccc", QuorumState.Healthy)]
    [TestCase(3, "cca", QuorumState.Degraded)]
    [TestCase(3, "ccs", QuorumState.Degraded)]
    [TestCase(3, "caa", QuorumState.Lost)]
    [TestCase(3, "css", QuorumState.Lost)]
    [TestCase(1, "c", QuorumState.Healthy)]
    [TestCase(1, "a", QuorumState.Lost)]
    [TestCase(5, "cccaa", QuorumState.Degraded)]
    [TestCase(5, "ccaaa", QuorumState.Lost)]
    [TestCase(5, "ccc", QuorumState.NotFormed)]
    [TestCase(5, "ccca", QuorumState.Degraded)]
    public void State_OfTheMembers(int size, string members, QuorumState state)
    {
        var nodes = members.Select((m, i) => Grids.Member(i + 1, connected: m is 'c' or 's', joined: m != 'n') with { InitialMember = true }).ToList();
        var health = members.Select((m, i) => (m, i)).Where(x => x.m == 's').ToDictionary(x => $"node-{x.i + 1}", _ => new NodeHealth(false, null));
        Assert.That(Quorum.Of(size, nodes, health).State, Is.EqualTo(state));
    }

    [Test]
    public void Of_NodesBeyondTheInitialOnes_DoNotCount() =>
        Assert.That(Quorum.Of(3, [Grids.Member(1), Grids.Member(4), Grids.Member(5)], new Dictionary<string, NodeHealth>()), Is.EqualTo(new Quorum(3, 1, 1)));

    [TestCase(0.0, false, null)]
    [TestCase(7.0, false, null)]
    [TestCase(7.1, false, "ahead of this operator's by more than 6 seconds")]
    [TestCase(6.5, true, "ahead of this operator's by more than 6 seconds")]
    [TestCase(5.9, true, null)]
    [TestCase(-2.0, false, null)]
    [TestCase(-2.1, false, "behind this operator's by more than 1 second")]
    [TestCase(-1.5, true, "behind this operator's by more than 1 second")]
    [TestCase(-90.0, false, "behind this operator's by more than a minute")]
    [TestCase(7200.0, false, "ahead of this operator's by more than an hour")]
    public void Clock_IsCalledSkewedOnlyWhereAgentsWouldBeRefused(double ahead, bool wasOut, string? words) =>
        Assert.That(ClockVerdict.Of(TimeSpan.FromSeconds(ahead), wasOut), words is null ? Is.Null : Does.Contain(words));

    [Test]
    public void Clock_IsMeasuredInTheMiddleOfTheCallAndOfTheSecond() => Assert.That(
        ClockVerdict.Ahead(new MasterVersion("1.5.4", Samples.Noon.AddSeconds(10), Samples.Noon, Samples.Noon.AddSeconds(1))), Is.EqualTo(TimeSpan.FromSeconds(10)));
}
