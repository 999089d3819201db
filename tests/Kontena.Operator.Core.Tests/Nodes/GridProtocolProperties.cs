using System.Globalization;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Tests.Nodes;

/// <summary>
/// One entry and one machine a node, an etcd that keeps its majority, and nothing left behind, whatever crashes, is lost or comes late. Seeded walks
/// over a cloud and a Master that misbehave and an operator that dies; a failing seed replays by itself.
/// </summary>
public sealed class GridProtocolProperties
{
    /// <summary>KONTENA_WALKS asks for more, KONTENA_WALKS_FROM for others.</summary>
    private static readonly int walks = Setting("KONTENA_WALKS", 120);

    [Test]
    public void Join_CrashesAndLostAnswers_EndsWithOneEntryAndOneMachineANode([Values] bool keyed, [Values(1, 3)] int initialSize) => Walk(seed => Troubled(seed, keyed, initialSize, nodes: 2 + seed % 4), (seed, grid) =>
    {
        for (var round = 0; round < 20; round++) grid.Round();
        Settle(grid);
        Assert.That(grid.Master.Entries.Select(e => e.Name), Is.EquivalentTo(grid.Nodes.Select(n => n.Kontena)), "one entry a node");
        Assert.That(grid.Cloud.Alive.Select(m => m.ProviderId), Is.EquivalentTo(grid.Nodes.Select(n => n.Spec.ProviderID)), "one machine a node");
        Assert.That(grid.Master.Members.Count(), Is.EqualTo(Math.Min(initialSize, grid.Nodes.Count)), "no initial number is left out");
    });

    [Test]
    public void Delete_AtAnyMoment_LeavesNothingOfOursAndAllThatIsForeign([Values] bool keyed, [Values(1, 3)] int initialSize) => Walk(seed => Troubled(seed, keyed, initialSize, nodes: 3), (seed, grid) =>
    {
        var foreign = new List<MasterModel.Entry>();
        for (var round = 0; round < seed % 15 * 3; round++)
        {
            if (round == seed % 4) foreign.AddRange(Strangers(grid, seed));
            grid.Round();
        }
        foreach (var node in grid.Nodes.ToList()) grid.Delete(node);
        for (var round = 0; round < 20; round++) grid.Round();
        Calm(grid);
        for (var round = 0; round < 200 && grid.Nodes.Count > 0; round++) grid.Round();
        Assert.That(grid.Nodes.Select(n => $"{n.Name} {grid.Next(n)}"), Is.Empty, "a deletion never ends");
        // What was held back is carried out now, when nobody looks any more.
        for (var passes = 0; passes < 60; passes++) grid.Pass();
        Assert.That(grid.Cloud.Alive, Is.Empty, "a machine is left");
        Assert.That(grid.Master.Entries, Is.EquivalentTo(foreign), "an entry is left, or a foreign one is gone");
    });

    [Test]
    public void Replace_MembersInAnyOrder_KeepsAMajorityConnectedAndFillsEveryNumber([Values] bool keyed, [Values(3, 5)] int initialSize) => Walk(seed => Troubled(seed, keyed, initialSize, nodes: initialSize + seed % 3), (seed, grid) =>
    {
        Settle(grid);
        (grid.Cloud.Trouble, grid.Master.Trouble, grid.Deadliness) = (20, 20, 4);
        var one = grid.Law;
        grid.Law = () =>
        {
            one();
            Assert.That(Connected(grid), Is.GreaterThanOrEqualTo(QuorumRule.Majority(initialSize)), "etcd has lost its majority");
        };
        var order = new Random(seed);
        foreach (var old in grid.Nodes.OrderBy(_ => order.Next()).ToList())
        {
            grid.Delete(old);
            grid.Add();
            for (var rounds = order.Next(12); rounds > 0; rounds--) grid.Round();
        }
        Settle(grid);
        Assert.That(grid.Master.Entries.Where(e => e.Connected).Select(e => e.Number).Where(n => n <= initialSize), Is.EquivalentTo(Enumerable.Range(1, initialSize)), "a joined node on every initial number");
        Assert.That(grid.Master.Entries, Has.Count.EqualTo(grid.Nodes.Count));
    });

    /// <summary>Whoever holds the slot must not wait for somebody who waits for the slot.</summary>
    [Test]
    public void Replace_WhileMachinesEndOrHangByThemselves_NeverStandsStill([Values] bool keyed) => Walk(seed => Troubled(seed, keyed, initialSize: 3, nodes: 4), (seed, grid) =>
    {
        Settle(grid);
        (grid.Cloud.Trouble, grid.Master.Trouble, grid.Deadliness) = (20, 20, 4);
        var chance = new Random(seed);
        var hanging = grid.Nodes[seed / 2 % 4];
        foreach (var old in grid.Nodes.OrderBy(_ => chance.Next()).ToList())
        {
            // Machines that end are replaced without the slot; of those that hang one is all that a majority of two bears.
            if (seed % 2 == 0 && chance.Next(2) == 0) grid.Lose(old);
            if (seed % 2 > 0 && old == hanging) grid.Hang(old);
            for (var rounds = chance.Next(4); rounds > 0; rounds--) grid.Round();
            grid.Delete(old);
            grid.Add();
            for (var rounds = chance.Next(12); rounds > 0; rounds--) grid.Round();
        }
        Settle(grid);
        Assert.That(grid.Master.Members.Count(e => e.Connected), Is.EqualTo(3));
        Assert.That(grid.Master.Entries, Has.Count.EqualTo(grid.Nodes.Count));
    });

    [Test]
    public void Create_MachinesOfFailedAttempts_NeverJoinAndLeaveNoEntry([Values] bool keyed) => Walk(seed => Troubled(seed, keyed, initialSize: 3, nodes: 3), (seed, grid) =>
    {
        grid.Cloud.Trouble = 60;
        for (var round = 0; round < 25; round++) grid.Round();
        // Twins that a cloud made of earlier attempts, unseen by every list: their agents try for ever.
        foreach (var node in grid.Nodes)
            for (var attempt = node.Spec.Attempt?.Number - 1; attempt > 0; attempt--) grid.MakeTwin(node, attempt.Value);
        Settle(grid);
        Assert.That(grid.Master.Entries.Select(e => e.Machine), Is.EquivalentTo(grid.Nodes.Select(n => n.Spec.ProviderID)), "a twin has joined");
        Assert.That(grid.Master.Entries.Select(e => e.Number), Is.EquivalentTo(new[] { 1, 2, 3 }));
    });

    private static GridModel Troubled(int seed, bool keyed, int initialSize, int nodes)
    {
        var grid = new GridModel(seed, keyed, trouble: 30, initialSize) { Deadliness = 5 };
        grid.Law = () => OneOfEach(grid);
        for (var i = 0; i < nodes; i++) grid.Add();
        return grid;
    }

    /// <summary>A ghost on the first initial number, and somebody with exactly the name that a node wants, where nobody has them yet.</summary>
    private static List<MasterModel.Entry> Strangers(GridModel grid, int seed)
    {
        var strangers = new List<MasterModel.Entry>();
        if (seed % 3 > 0 && grid.Master.Entries.TrueForAll(e => e.Number != 1)) strangers.Add(Stranger("ghost", 1));
        if (seed % 2 > 0 && grid.Master.Entries.TrueForAll(e => e.Name != grid.Nodes[seed % 3].Kontena)) strangers.Add(Stranger(grid.Nodes[seed % 3].Kontena, 40));
        grid.Master.Entries.AddRange(strangers);
        return strangers;
    }

    private static MasterModel.Entry Stranger(string name, int number) => new() { Name = name, Token = Canary.Of($"stranger-{number}"), Labels = [], Number = number, CreatedAt = Samples.Noon };

    /// <summary>Promise 1, at every instant.</summary>
    private static void OneOfEach(GridModel grid)
    {
        Assert.That(grid.Cloud.Alive.Where(m => m.State != MachineState.Terminating).Select(m => m.Marks!.NodeUid), Is.Unique, "two machines of one node");
        Assert.That(grid.Master.Entries.Where(e => e.Labels.Count > 0).Select(e => e.Labels[0]), Is.Unique, "two entries of one node");
    }

    private static int Connected(GridModel grid)
    {
        var running = grid.Cloud.Alive.Where(m => m.State == MachineState.Running).Select(m => m.ProviderId).ToHashSet();
        return grid.Master.Members.Count(e => e.Connected && running.Contains(e.Machine!));
    }

    private static void Calm(GridModel grid) => (grid.Cloud.Trouble, grid.Master.Trouble, grid.Deadliness) = (0, 0, 0);

    private static void Settle(GridModel grid)
    {
        Calm(grid);
        for (var round = 0; round < 500 && !grid.Nodes.TrueForAll(IsSettled); round++) grid.Round();
        Assert.That(grid.Nodes.Where(n => !IsSettled(n)).Select(n => $"{n.Name} {grid.Next(n)}"), Is.Empty, "does not come to rest");

        bool IsSettled(GridNodeModel node) => !node.Deleting && grid.Next(node) is NodeStep.Wait { Ready: true };
    }

    private static void Walk(Func<int, GridModel> begin, Action<int, GridModel> walk)
    {
        var first = Setting("KONTENA_WALKS_FROM", 0);
        for (var seed = first; seed < first + walks; seed++)
        {
            var grid = begin(seed);
            try
            {
                walk(seed, grid);
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}: {error.Message}\n{string.Join('\n', grid.Story.TakeLast(200))}");
            }
        }
    }

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var set) ? set : usual;
}
