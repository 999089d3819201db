using Kontena.Simulator.Kontena;

namespace Kontena.EndToEnd.Crash.Judging;

/// <summary>The judge of the Master sees what it is there to see.</summary>
public sealed class GridLawTests
{
    private static readonly DateTimeOffset noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Violations_TwoAtOnceForOneKontenaNode_AreNamed()
    {
        var nodes = new[] { Node(1, "web-0-a", "uid-a", 0, 10), Node(2, "web-0-b", "uid-a", 9, null) };

        Assert.That(GridLaw.Violations(nodes), Is.EqualTo(new[] { "KontenaNode uid-a has 2 nodes at the Master at 12:00:09.000: web-0-b (number 2), web-0-a (number 1)" }));
    }

    [Test]
    public void Violations_TheSecondIsMadeOnceTheFirstIsGone_None()
    {
        var nodes = new[] { Node(1, "web-0-a", "uid-a", 0, 9), Node(2, "web-0-a", "uid-a", 9, null) };

        Assert.That(GridLaw.Violations(nodes), Is.Empty);
    }

    [Test]
    public void Violations_TwoWithOneMachinesId_AreNamed()
    {
        var nodes = new[] { Node(1, "web-0-a", "uid-a", 0, null) with { NodeId = "X" }, Node(2, "web-1-b", "uid-b", 1, null) with { NodeId = "X" } };

        Assert.That(GridLaw.Violations(nodes), Is.EqualTo(new[] { "one machine is 2 nodes at the Master at 12:00:01.000: web-1-b (number 2), web-0-a (number 1)" }));
    }

    [Test]
    public void Violations_MadeByAnAgentOrUnmarked_AreNamed()
    {
        var nodes = new[] { Node(1, "stray", "uid-a", 0, null) with { Origin = NodeOrigin.Agent }, Node(2, "bare", "uid-b", 0, null) with { Labels = [] } };

        Assert.That(GridLaw.Violations(nodes), Is.EqualTo(new[]
        {
            "stray was made by an agent, not by the operator: its machine did not have its node's token",
            "bare carries no mark of a KontenaNode",
        }));
    }

    [Test]
    public void QuorumViolations_OneMissingAtATime_None()
    {
        Assert.That(GridLaw.QuorumViolations([Sample(0, 1, 1), Sample(1, 3, 3), Sample(2, 3, 2), Sample(3, 2, 2), Sample(4, 3, 3)], until: null, countsHealth: true), Is.Empty);
    }

    [Test]
    public void QuorumViolations_MajorityLost_IsNamedUntilThePoolIsDeleted()
    {
        QuorumSample[] samples = [Sample(0, 1, 1), Sample(1, 3, 3), Sample(2, 1, 1), Sample(3, 0, 0)];

        Assert.That(GridLaw.QuorumViolations(samples, noon.AddSeconds(3), countsHealth: true), Is.EqualTo(new[]
        {
            "only 1 of 3 initial numbers have a node at 12:00:02.000",
            "etcd has no majority at 12:00:02.000: 1 of 3 initial members work",
        }));
        Assert.That(GridLaw.QuorumViolations(samples, noon.AddSeconds(2), countsHealth: true), Is.Empty);
    }

    [Test]
    public void ForeignViolations_RemovedDrainedOrRelabelled_AreNamed()
    {
        NodeSnapshot[] before = [Node(1, "one", "u", 0, null), Node(2, "two", "u", 0, null), Node(3, "three", "u", 0, null), Node(4, "four", "u", 0, null)];
        NodeSnapshot[] now = [Node(1, "one", "u", 0, 5), Node(2, "two", "v", 0, null), Node(3, "three", "u", 0, null) with { Availability = "drain" }, before[3]];

        Assert.That(GridLaw.ForeignViolations(before, now), Is.EqualTo(new[]
        {
            "one, which is somebody else's, was removed",
            "two, which is somebody else's, was changed",
            "three, which is somebody else's, was changed",
        }));
    }

    private static QuorumSample Sample(int second, int members, int healthy) => new(noon.AddSeconds(second), "production", 3, members, healthy);

    private static NodeSnapshot Node(int number, string name, string owner, int madeAt, int? removedAt)
    {
        List<NodeEvent> events = [new(NodeEventKind.Registered, noon.AddSeconds(madeAt), null)];
        if (removedAt is { } at) events.Add(new(NodeEventKind.Removed, noon.AddSeconds(at), null));
        return new NodeSnapshot(number, "production", name, null, number, number <= 3, HostNodeStatus.Created, HasToken: true, "active", [GridLaw.OwnerLabel + owner], null, null, NodeOrigin.Api, events);
    }
}
