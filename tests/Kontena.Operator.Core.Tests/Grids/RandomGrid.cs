using FsCheck;
using FsCheck.Fluent;
using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Core.Tests.Grids;

/// <summary>Grids in any state that crashes, strangers and people may leave them in.</summary>
internal sealed record RandomGrid(int InitialSize, IReadOnlyList<MasterNode> Nodes, IReadOnlySet<string> Going, IReadOnlyDictionary<string, NodeHealth> Health, IReadOnlySet<string> Pending, int Coming)
{
    public static Arbitrary<RandomGrid> Any { get; } = Arb.From(
        from size in Gen.Elements(1, 2, 3, 5, 7)
        from count in Gen.Choose(0, 10)
        from numbers in Gen.Shuffle(Enumerable.Range(1, 12).ToArray()).Select(all => all.Take(count).ToArray())
        from nodes in Gen.CollectToList(numbers, number => Node(number, size))
        from going in Gen.SubListOf(nodes.Select(n => n.Name).ToArray())
        from sick in Gen.SubListOf(nodes.Select(n => n.Name).ToArray())
        from unknown in Gen.SubListOf(nodes.Select(n => n.Name).ToArray())
        from pending in Gen.SubListOf(["p1", "p2", "p3", "n1", "n2"])
        from coming in Gen.Choose(0, 3)
        select new RandomGrid(
            size,
            [.. nodes],
            going.ToHashSet(StringComparer.Ordinal),
            nodes.Where(n => !unknown.Contains(n.Name)).ToDictionary(n => n.Name, n => new NodeHealth(!sick.Contains(n.Name), null), StringComparer.Ordinal),
            pending.ToHashSet(StringComparer.Ordinal),
            coming));

    public MasterListing Listing => new(Samples.Noon, Nodes);

    public IEnumerable<MasterNode> Members => Nodes.Where(n => n.Number <= InitialSize);

    public MasterListing Shuffled(int seed)
    {
        var nodes = Nodes.ToArray();
        new Random(seed).Shuffle(nodes);
        return new MasterListing(Samples.Noon, nodes);
    }

    public static MasterNode Ours(string name, int number, int initialSize, MasterNodeStatus status = MasterNodeStatus.Created) => new()
    {
        Name = name,
        Number = number,
        Status = status,
        Connected = status is MasterNodeStatus.Online or MasterNodeStatus.Drain or MasterNodeStatus.Connecting,
        InitialMember = number <= initialSize,
        Labels = [$"{KontenaLabels.Node}=uid-of-{name}"],
    };

    private static Gen<MasterNode> Node(int number, int initialSize) =>
        from status in Gen.Elements(MasterNodeStatus.Created, MasterNodeStatus.Offline, MasterNodeStatus.Connecting, MasterNodeStatus.Online, MasterNodeStatus.Drain)
        from ours in Gen.Frequency((4, Gen.Constant(true)), (1, Gen.Constant(false)))
        let node = Ours($"n{number}", number, initialSize, status)
        select ours ? node : node with { Labels = ["region=eu"] };
}
