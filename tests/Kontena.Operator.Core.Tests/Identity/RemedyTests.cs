using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Identity;

namespace Kontena.Operator.Core.Tests.Identity;

/// <summary>Which newcomer is replaced, when, and when no more.</summary>
public sealed class RemedyTests
{
    private static readonly DateTimeOffset start = Samples.Noon;

    [Test]
    public void Of_PoolReports_ReplacesNone() =>
        Assert.That(Remedy.Of([Conflict("X", "a")], [Node("a")], Pools(ConflictAction.Report), RemedyMemory.Empty, start).Replace, Is.Null);

    [Test]
    public void Of_TwoConflicts_ReplacesOneAndStaysWithIt()
    {
        IdConflict[] conflicts = [Conflict("Y", "c"), Conflict("X", "b", "a")];
        RemedyNode[] nodes = [Node("a"), Node("b"), Node("c")];
        var first = Remedy.Of(conflicts, nodes, Pools(), RemedyMemory.Empty, start);
        var again = Remedy.Of(conflicts, nodes, Pools(), first.Memory, start.AddMinutes(1));

        Assert.That((first.Replace, again.Replace), Is.EqualTo(("a", "a")));
    }

    [Test]
    public void Of_PoolHolds_TakesAnothers()
    {
        var pools = new Dictionary<string, RemedyPool> { ["p"] = new(ConflictAction.Replace, Holds: true, "r1"), ["q"] = new(ConflictAction.Replace, Holds: false, "r1") };

        Assert.That(Remedy.Of([Conflict("X", "a", "b")], [Node("a"), Node("b") with { PoolUid = "q" }], pools, RemedyMemory.Empty, start).Replace, Is.EqualTo("b"));
    }

    [Test]
    public void Of_ChosenOneGoes_TheNextWaitsUntilItsSuccessorHasJoined()
    {
        var (a, b, successor) = (Node("a"), Node("b"), Node("a2") with { CreatedAt = start.AddSeconds(40), Joined = false });
        IdConflict[] both = [Conflict("X", "a", "b")], one = [Conflict("X", "b")];
        var chosen = Remedy.Of(both, [a, b], Pools(), RemedyMemory.Empty, start);
        var going = Remedy.Of(one, [a with { Deleting = true }, b], Pools(), chosen.Memory, start.AddSeconds(30));
        var gone = Remedy.Of(one, [b], Pools(lacks: true), going.Memory, start.AddSeconds(35));
        var coming = Remedy.Of(one, [b, successor], Pools(), gone.Memory, start.AddSeconds(60));
        var joined = Remedy.Of(one, [b, successor with { Joined = true }], Pools(), coming.Memory, start.AddSeconds(120));

        Assert.That((chosen.Replace, going.Replace, gone.Replace, coming.Replace, joined.Replace), Is.EqualTo(("a", (string?)null, (string?)null, (string?)null, "b")));
    }

    [Test]
    public void Of_SuccessorNeverComes_TheNextHasItsTurn()
    {
        var chosen = Remedy.Of([Conflict("X", "a", "b")], [Node("a"), Node("b")], Pools(), RemedyMemory.Empty, start);
        var gone = Remedy.Of([Conflict("X", "b")], [Node("b")], Pools(lacks: true), chosen.Memory, start.AddMinutes(1));

        Assert.That(Remedy.Of([Conflict("X", "b")], [Node("b")], Pools(lacks: true), gone.Memory, start.AddMinutes(1) + Remedy.LongestTurn).Replace, Is.EqualTo("b"));
    }

    [Test]
    public void Of_PoolDoesNotCarryItOut_TheNextHasItsTurn()
    {
        IdConflict[] conflicts = [Conflict("X", "a", "b")];
        RemedyNode[] nodes = [Node("a"), Node("b")];
        var chosen = Remedy.Of(conflicts, nodes, Pools(), RemedyMemory.Empty, start);

        Assert.That(Remedy.Of(conflicts, nodes, Pools(), chosen.Memory, start + Remedy.LongestTurn).Replace, Is.EqualTo("b"));
    }

    [Test]
    public void Of_HumanDeletesANewcomer_IsWaitedForAsWell()
    {
        var before = Remedy.Of([Conflict("X", "a", "b")], [Node("a"), Node("b")], Pools(ConflictAction.Report), RemedyMemory.Empty, start);

        Assert.That(Remedy.Of([Conflict("X", "b")], [Node("a") with { Deleting = true }, Node("b")], Pools(), before.Memory, start).Replace, Is.Null);
    }

    [Test]
    public void Of_SuccessorCollidesAgain_StopsAndSaysSoUntilThePoolIsMended()
    {
        var chosen = Remedy.Of([Conflict("X", "a", "b")], [Node("a"), Node("b")], Pools(), RemedyMemory.Empty, start);
        RemedyNode[] nodes = [Node("a2") with { CreatedAt = start.AddSeconds(20), Joined = false }, Node("b")];
        var done = Remedy.Of([Conflict("X", "b")], [Node("b")], Pools(), chosen.Memory, start.AddSeconds(30));
        var again = Remedy.Of([Conflict("X", "a2", "b")], nodes, Pools(), done.Memory, start.AddMinutes(11));
        var mended = Remedy.Of([Conflict("X", "a2", "b")], nodes, Pools(revision: "r2"), again.Memory, start.AddMinutes(12));

        Assert.Multiple(() =>
        {
            Assert.That((again.Replace, mended.Replace), Is.EqualTo(((string?)null, "a2")));
            Assert.That(again.Hopeless.Keys, Is.EquivalentTo(new[] { "a2", "b" }), "it would be the same with the others");
            Assert.That(again.Hopeless["a2"], Does.StartWith("Replacing does not help: ").And.Contain("revision r1").And.Contain("Pinned"));
        });
    }

    /// <summary>Creation times are the API server's, choices are made by this operator's clock.</summary>
    [TestCase(-600)]
    [TestCase(0)]
    [TestCase(600)]
    public void Of_SuccessorCollidesAgain_IsKnownWhateverTheClocksSay(int secondsAhead)
    {
        var now = start.AddSeconds(secondsAhead);
        var (a, b) = (Node("a"), Node("b"));
        var chosen = Remedy.Of([Conflict("X", "a", "b")], [a, b], Pools(), RemedyMemory.Empty, now);
        var done = Remedy.Of([Conflict("X", "b")], [b], Pools(), chosen.Memory, now.AddSeconds(30));
        var again = Remedy.Of([Conflict("X", "a2", "b")], [b, a with { Uid = "a2", Joined = false }], Pools(), done.Memory, now.AddMinutes(11));

        Assert.That((again.Replace, again.Hopeless.Count), Is.EqualTo(((string?)null, 2)));
    }

    [Test]
    public void Of_SaidByAnOperatorBefore_IsBelieved()
    {
        var pools = new Dictionary<string, RemedyPool> { ["p"] = new(ConflictAction.Replace, Holds: false, "r1") { WasGivenUp = true } };
        var plan = Remedy.Of([Conflict("X", "a")], [Node("a")], pools, RemedyMemory.Empty, start);

        Assert.That((plan.Replace, plan.Hopeless.Keys), Is.EqualTo(((string?)null, new[] { "a" })));
    }

    [Test]
    public void Of_WhoWasThereFirst_IsNeverReplaced()
    {
        var storm = new IdConflict(IdConflictKind.IDFlapping, Claims.Id("X"), null, [Verdict("a", "X") with { IsCuredByReplacing = false }], []);
        var incumbent = Conflict("X", "b") with { Incumbent = new Claimant("g", "a") { NodeUid = "a" } };

        Assert.That((Remedy.Of([storm], [Node("a")], Pools(), RemedyMemory.Empty, start).Replace, Remedy.Of([incumbent], [Node("a"), Node("b")], Pools(), RemedyMemory.Empty, start).Replace), Is.EqualTo(((string?)null, "b")));
    }

    /// <summary>Whatever the order in which machines come and go: one at a time, and each at most once.</summary>
    [Test]
    public void Of_ManyCloned_AllAreReplacedOneAfterAnother([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        var (nodes, memory, now) = (Enumerable.Range(0, 9).Select(i => Node($"n{i}")).ToList(), RemedyMemory.Empty, start);
        for (var step = 0; step < 400 && nodes.Exists(n => n.Revision == "old"); step++)
        {
            now += TimeSpan.FromSeconds(20);
            var conflicts = nodes.Where(n => n is { Revision: "old", Deleting: false }).GroupBy(n => n.Uid[1] % 3).Select(g => Conflict($"ID{g.Key}", [.. g.Select(n => n.Uid)])).ToArray();
            var plan = Remedy.Of(conflicts, [.. nodes.OrderBy(_ => random.Next())], Pools(revision: "new", lacks: nodes.Count(n => !n.Deleting) < 9), memory, now);
            memory = plan.Memory;
            nodes = [.. nodes.Where(n => !n.Deleting || random.Next(3) > 0).Select(n => n.Uid == plan.Replace ? n with { Deleting = true } : n with { Joined = n.Joined || random.Next(3) == 0 })];
            if (nodes.Count(n => !n.Deleting) < 9 && nodes.Count < 10) nodes.Add(new RemedyNode($"s{step}", "p", "new", now, false, false));
            Assert.That(nodes.Count(n => n.Deleting || !n.Joined), Is.LessThanOrEqualTo(2), "one that goes, and its successor");
        }
        Assert.That(nodes.Select(n => n.Revision), Is.All.EqualTo("new"));
    }

    private static RemedyNode Node(string uid) => new(uid, "p", uid.StartsWith('n') ? "old" : "r1", start.AddHours(-1), Deleting: false, Joined: true);

    private static Dictionary<string, RemedyPool> Pools(ConflictAction action = ConflictAction.Replace, string revision = "r1", bool lacks = false) => new() { ["p"] = new(action, Holds: false, revision) { Lacks = lacks } };

    private static IdConflict Conflict(string id, params string[] newcomers) =>
        new(IdConflictKind.DuplicateID, Claims.Id(id), new Claimant("g", "first") { NodeUid = "first" }, [.. newcomers.Select(n => Verdict(n, id))], []);

    private static IdVerdict Verdict(string uid, string id) => new(IdConflictKind.DuplicateID, new Claimant("g", uid) { NodeUid = uid, Node = "default/" + uid, PoolUid = "p" }, null, Claims.Id(id), start, "…");
}
