using Kontena.Simulator.Ec2;

namespace Kontena.EndToEnd.Crash.Judging;

/// <summary>The judge sees what it is there to see.</summary>
public sealed class MachineLawTests
{
    private static readonly DateTimeOffset noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Violations_TwoLiveAtOnceForOneNode_AreNamed()
    {
        var first = Machine("i-1", "node-a", bornAt: 0, endedAt: 10);
        var second = Machine("i-2", "node-a", bornAt: 9, endedAt: null);

        Assert.That(MachineLaw.Violations([first, second], most: 2), Is.EqualTo(new[] { "node node-a has 2 living machines at 12:00:09.000: i-1 (token t-i-1), i-2 (token t-i-2)" }));
    }

    [Test]
    public void Violations_TheSecondIsBornOnceTheFirstHasEnded_None()
    {
        var first = Machine("i-1", "node-a", bornAt: 0, endedAt: 10);
        var second = Machine("i-2", "node-a", bornAt: 10, endedAt: null);

        Assert.That(MachineLaw.Violations([first, second], most: 1), Is.Empty);
    }

    [Test]
    public void Violations_MoreLiveThanWereEverAskedFor_IsNamed()
    {
        var machines = new[] { Machine("i-1", "node-a", 0, null), Machine("i-2", "node-b", 3, null) };

        Assert.That(MachineLaw.Violations(machines, most: 1), Is.EqualTo(new[] { "2 machines live at 12:00:03.000, and never were more than 1 asked for" }));
    }

    [Test]
    public void Violations_MachineWithoutAMark_IsNamed()
    {
        var machine = Machine("i-1", "node-a", 0, null) with { Tags = new Dictionary<string, string>() };

        Assert.That(MachineLaw.Violations([machine], most: 1), Is.EqualTo(new[] { "machine i-1 carries no mark of a node" }));
    }

    internal static InstanceSnapshot Machine(string id, string node, int bornAt, int? endedAt)
    {
        List<StateChange> history = [new(InstanceState.Pending, noon.AddSeconds(bornAt), null), new(InstanceState.Running, noon.AddSeconds(bornAt + 1), null)];
        if (endedAt is { } end) history.Add(new(InstanceState.ShuttingDown, noon.AddSeconds(end), "Client.UserInitiatedShutdown"));
        return new InstanceSnapshot(id, "eu-west-1", "eu-west-1a", "t3.small", "ami-1", $"t-{id}", Spot: false, history[^1].To, history,
            new Dictionary<string, string> { ["kontena-node"] = node }, "10.0.0.1", null, ThroughApi: true, Gone: false);
    }
}
