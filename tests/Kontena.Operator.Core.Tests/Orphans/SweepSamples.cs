using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Orphans;

namespace Kontena.Operator.Core.Tests.Orphans;

/// <summary>One account at noon: two sightings five minutes apart, the nodes read ten seconds after each listing was begun.</summary>
internal static class SweepSamples
{
    public const string Ours = "inst-1";
    public const string Pool = "pool-1";

    public static Machine Machine(string id, string node, int attempt = 1, string? token = null) => new()
    {
        ProviderId = id,
        State = MachineState.Running,
        Marks = new MachineMarks(Ours, Pool, node, attempt),
        Token = token ?? Token.Of(node, attempt),
        CreatedAt = Samples.Noon.AddHours(-1),
    };

    public static NodeOnRecord Node(string uid, string? machine, int attempt = 1) => new(uid, machine, attempt, Token.Of(uid, attempt));

    public static Tombstone Stone(string node, TombstoneKind kind = TombstoneKind.Late, int attempt = 1, string? machine = null) => new()
    {
        Kind = kind,
        Installation = Ours,
        NodeUid = node,
        NodeName = $"web-{node}",
        Namespace = "shop",
        PoolUid = Pool,
        PoolName = "web",
        Attempt = attempt,
        Token = Token.Of(node, attempt),
        Provider = new ProviderSpec { Aws = Samples.Aws },
        Machine = machine,
        WrittenAt = Samples.Noon.AddHours(-1),
        Until = Samples.Noon.AddHours(23),
    };

    public static Sighting Sighting(int minutesBeforeNoon, IReadOnlyList<Machine> machines, IReadOnlyList<NodeOnRecord> nodes)
    {
        var begun = Samples.Noon.AddMinutes(-minutesBeforeNoon);
        return new Sighting(new MachineListing(begun, machines), nodes, begun.AddSeconds(10));
    }

    /// <summary>The same machines and nodes twice.</summary>
    public static SweepSeen Twice(IReadOnlyList<Machine> machines, IReadOnlyList<NodeOnRecord> nodes, params IReadOnlyList<Tombstone> tombstones) => new()
    {
        Installation = Ours,
        Earlier = Sighting(6, machines, nodes),
        Later = Sighting(1, machines, nodes),
        Tombstones = tombstones,
        Now = Samples.Noon,
    };
}
