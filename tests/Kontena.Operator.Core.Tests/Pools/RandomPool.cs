using FsCheck;
using FsCheck.Fluent;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Pools;

namespace Kontena.Operator.Core.Tests.Pools;

/// <summary>Generates pools in any state that crashes, scaling and people may leave them in.</summary>
internal static class RandomPool
{
    public static Arbitrary<PoolSeen> Any { get; } = Arb.From(
        from replicas in Gen.Choose(0, 12)
        from order in Gen.Elements(RemovalOrder.Newest, RemovalOrder.Oldest)
        from count in Gen.Choose(0, 15)
        from ordinals in Gen.Shuffle(Enumerable.Range(0, 30).ToArray()).Select(all => all.Take(count).ToArray())
        from nodes in Gen.CollectToList(ordinals, Node)
        select Pool(replicas, order, [.. nodes]));

    public static PoolSeen Pool(int? replicas, RemovalOrder order = RemovalOrder.Newest, params IReadOnlyList<NodeView> nodes) => new()
    {
        Name = "web",
        Uid = "pool-uid",
        Generation = 1,
        Spec = Samples.Pool(replicas) with { Removal = new RemovalSpec { Order = order } },
        Nodes = nodes,
        AccountShowsMachines = true,
        Provider = new ProviderSeen.Answers(),
    };

    public static NodeView Ready(int ordinal, string zone = "a") => new()
    {
        Name = $"web-{ordinal}",
        Uid = $"uid-{ordinal}",
        Ordinal = ordinal,
        Revision = Revision.Of(Samples.Pool(1)),
        Zone = zone,
        MachineZone = zone,
        CreatedAt = Samples.Noon.AddMinutes(ordinal),
        HasMachine = true,
        Ready = true,
        Reason = "Running",
    };

    private static Gen<NodeView> Node(int ordinal) =>
        from age in Gen.Choose(0, 600)
        from zone in Gen.Elements("a", "b", "c", "x")
        from deleting in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        from machine in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
        from ready in Gen.Elements(true, false)
        from terminated in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        from stuck in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        from old in Gen.Elements(true, false)
        select Ready(ordinal, zone) with
        {
            CreatedAt = Samples.Noon.AddSeconds(age),
            Deleting = deleting,
            HasMachine = machine,
            Ready = machine && ready && !terminated,
            MachineTerminated = machine && terminated,
            NeedsHuman = !machine && stuck,
            Revision = old ? "0000000000" : Revision.Of(Samples.Pool(1)),
        };
}
