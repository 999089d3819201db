using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Core.Pools.Restore;

namespace Kontena.Operator.Core.Tests.Pools.Restore;

/// <summary>Builds pools as a restore leaves them.</summary>
internal static class Restored
{
    public const string Former = "former-uid";

    public static string Id(int machine) => $"aws:///eu-west-1a/i-{machine:x17}";

    /// <param name="machine">Number of the recorded machine; null for a copy from before it was recorded.</param>
    public static CopyView Copy(int ordinal, int? machine, string pool = Former) => new()
    {
        Name = $"web-{ordinal}",
        Uid = $"copy-{ordinal}",
        Spec = new KontenaNodeSpec
        {
            PoolName = "web",
            PoolUID = pool,
            Revision = "old",
            Ordinal = ordinal,
            Provider = new ProviderSpec { Aws = Samples.Aws },
            ProviderID = machine is { } m ? Id(m) : null,
            Attempt = new CreateAttempt
            {
                Number = 1,
                NodeUID = $"node-{ordinal}",
                Token = Token.Of($"node-{ordinal}", 1),
                Zone = "a",
                Type = "t3.small",
                Image = "ami-1",
                BootstrapRef = "secret",
                BootstrapHash = "hash",
                OpenedAt = Samples.Noon,
            },
        },
    };

    /// <summary>A listed machine, launched for the node that copy <paramref name="ordinal"/> was copied from.</summary>
    public static Machine Stray(int machine, int ordinal, string pool = Former) =>
        new() { ProviderId = Id(machine), State = MachineState.Running, Zone = "eu-west-1b", Marks = new MachineMarks("here", pool, $"node-{ordinal}", 1) };

    public static NodeView Adopting(int ordinal, int machine, string pool = Former) => RandomPool.Ready(ordinal) with
    {
        HasMachine = false,
        Ready = false,
        Reason = "Adopting",
        Adopts = new AdoptedMachine { ProviderID = Id(machine), PoolUID = pool, NodeUID = $"node-{ordinal}", Attempt = 1 },
    };

    public static NodeView Adopted(int ordinal, int machine, string pool = Former) => Adopting(ordinal, machine, pool) with { HasMachine = true, Ready = true, Reason = "Running" };

    public static PoolSeen Pool(int? replicas, IReadOnlyList<CopyView>? copies = null, IReadOnlyList<Machine>? strays = null, string? adopt = null, params NodeView[] nodes) => RandomPool.Pool(replicas) with
    {
        Nodes = nodes,
        Copies = copies ?? [],
        Strays = strays ?? [],
        TakenOrdinals = (copies ?? []).Select(c => c.Spec.Ordinal).ToHashSet(),
        Adopt = adopt,
    };
}
