using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Identity;

namespace Kontena.Operator.Core.Tests.Identity;

/// <summary>Claims as they are seen of nodes in every state.</summary>
internal static class Claims
{
    public const string Grid = "default/production";

    public static EngineId Id(string text) => EngineId.Of(text)!.Value;

    /// <summary>A node of ours that is online.</summary>
    public static NodeClaim Online(string name, string id, int joinedAfter = 0, string grid = Grid, IdentityMode mode = IdentityMode.Engine) => new()
    {
        Claimant = new Claimant(grid, $"{name}-abcd") { NodeUid = $"uid-{name}", Node = $"default/{name}", PoolUid = "pool-" + name.Split('-')[0] },
        Master = grid,
        AtMaster = Id(id),
        Recorded = Id(id),
        Pinned = mode == IdentityMode.Pinned ? Id(id) : null,
        Mode = mode,
        JoinedAt = Samples.Noon.AddSeconds(joinedAfter),
        ConnectedAt = Samples.Noon.AddSeconds(joinedAfter - 5),
        CreatedAt = Samples.Noon.AddMinutes(-3),
        Joined = true,
        Connected = true,
        Address = "10.0.0." + name.Length,
        MachineAddresses = ["10.0.0." + name.Length],
        Account = "aws eu-west-1",
        Image = "ami-1",
    };

    /// <summary>A node of ours whose machine runs and was never accepted.</summary>
    public static NodeClaim Waiting(string name, bool overdue = true, IdentityMode mode = IdentityMode.Engine) => Online(name, "x") with
    {
        AtMaster = null,
        Recorded = null,
        Pinned = mode == IdentityMode.Pinned ? Id($"PIN-{name}") : null,
        Mode = mode,
        JoinedAt = null,
        ConnectedAt = null,
        Joined = false,
        Connected = false,
        Overdue = overdue,
        Address = null,
        MachineAddresses = ["10.0.1." + name.Length],
    };

    /// <summary>An entry at the Master that no node of ours stands for.</summary>
    public static NodeClaim Foreign(string name, string id, int connectedAfter = 0, string grid = Grid) => new()
    {
        Claimant = new Claimant(grid, name),
        Master = grid,
        AtMaster = Id(id),
        ConnectedAt = Samples.Noon.AddSeconds(connectedAfter),
        CreatedAt = Samples.Noon.AddSeconds(connectedAfter),
        Joined = true,
        Connected = true,
        Address = "10.9.9.9",
    };

    public static IdFindings Look(params NodeClaim[] claims) => Look(IdMemory.Empty, 0, claims);

    public static IdFindings Look(IdMemory memory, int seconds, params NodeClaim[] claims) => IdConflicts.Of(claims, memory, Samples.Noon.AddMinutes(20).AddSeconds(seconds));
}
