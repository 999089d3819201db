using System.Text.Json.Nodes;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Pools;

namespace Kontena.Operator.Tests.Walks;

/// <summary>What is true, change by change, as no operator ever knows it; and what must hold at each change.</summary>
internal sealed class Witness(World world)
{
    private readonly Dictionary<string, NodeTruth> nodes = [];
    private readonly Dictionary<string, PoolTruth> pools = [];
    private readonly HashSet<string> tombstones = [];
    private readonly List<(string NodeUid, string Attempt, string? Machine, string Kind)> stones = [];

    private readonly HashSet<string> givenUp = [];
    private readonly HashSet<string> askedToAbandon = [];
    private readonly HashSet<string> excused = [];
    private readonly HashSet<string> lostSecrets = [];

    public IEnumerable<NodeTruth> Nodes => nodes.Values;

    public NodeTruth? Node(string uid) => nodes.GetValueOrDefault(uid);

    public PoolTruth? Pool(string uid) => pools.GetValueOrDefault(uid);

    public bool HasTombstone(string nodeUid) => tombstones.Contains(nodeUid);

    public bool IsCondemned(string nodeUid, string machine) => stones.Any(s => s.NodeUid == nodeUid && s.Kind == "Twin" && s.Machine == machine);

    /// <summary>A human let the node go without its machine.</summary>
    public bool IsGivenUp(string nodeUid) => givenUp.Contains(nodeUid);

    /// <summary>It came, or was let go, against all promises (a late commit, a wrong account), and no node has it: it must be removed or told of, nothing more.</summary>
    public bool IsExcused(Machine machine) => excused.Contains(machine.ProviderId) && Node(machine.Marks!.NodeUid)?.ProviderId != machine.ProviderId;

    /// <summary>The Secret opened an account that truthfully knows nothing of our machines: nodes that were deleted meanwhile, or whose call was not answered, may have left theirs.</summary>
    public void MayLose(string secret) => lostSecrets.Add(secret);

    /// <summary>What it had there may be left, unseen.</summary>
    public bool MayHaveLost => lostSecrets.Count > 0;

    /// <summary>A tombstone is a licence to remove it, and its token proves whose it is.</summary>
    public bool IsCovered(Machine machine) => machine is { Marks: { } marks, Token: not null } && stones.Any(s =>
        s.NodeUid == marks.NodeUid && s.Attempt == $"{marks.Attempt}" && (s.Kind == "Late" || (s.Kind == "Twin" && s.Machine == machine.ProviderId)));

    /// <summary>Living machines that this installation made for a node.</summary>
    public List<Machine> MachinesOf(string nodeUid) => [.. world.Cloud.Living.Where(m => m.Marks?.NodeUid == nodeUid && world.IsOurs(m) && !IsExcused(m))];

    public void Changed(string kind, JsonObject? before, JsonObject? after)
    {
        switch (kind)
        {
            case "kontenanodes.kontena.io":
                OnNode(before, after);
                break;
            case "nodepools.kontena.io":
                OnPool(after, (after ?? before)!);
                break;
            case "grids.kontena.io":
                world.GridWitness.OnGrid(before, after);
                break;
            case "configmaps":
                OnStone(before, after);
                return;
            default:
                return;
        }
        if (before is not null && after is not null) CheckConditions(kind, before, after);
    }

    /// <summary>A machine came to be, by whoever's call.</summary>
    public void Made(Machine machine)
    {
        var uid = machine.Marks!.NodeUid;
        world.Statistics.Machines++;
        world.Story?.Add($"      {machine.ProviderId} comes to be for {Name(uid)}, attempt {machine.Marks.Attempt}");
        if (world.Wire.IsOverdue) excused.Add(machine.ProviderId);
        else new FirewallWitness(world).Made(machine);
        if (MachinesOf(uid).Count > 1) world.Violate($"node {Name(uid)} has {MachinesOf(uid).Count} living machines: {string.Join(", ", MachinesOf(uid).Select(m => m.ProviderId))}");
        if (!world.Wire.IsOverdue && !nodes.ContainsKey(uid) && !tombstones.Contains(uid)) world.Violate($"{machine.ProviderId} comes to be for a node that is gone without a tombstone");
        if (pools.TryGetValue(machine.Marks.PoolUid, out var pool) && world.Cloud.Living.Count(m => m.Marks?.PoolUid == pool.Uid && world.IsOurs(m) && !IsExcused(m)) is var living && living > pool.Most + PoolPlanner.Surge)
            world.Violate($"pool {pool.Name} has {living} living machines, and never asked for more than {pool.Most}");
    }

    private void OnNode(JsonObject? before, JsonObject? after)
    {
        var now = after is null ? null : NodeTruth.Of(after);
        if (now is null)
        {
            var gone = NodeTruth.Of(before!);
            nodes.Remove(gone.Uid);
            if (lostSecrets.Contains(gone.Secret)) excused.UnionWith(MachinesOf(gone.Uid).Select(m => m.ProviderId));
            if (MachinesOf(gone.Uid) is { Count: > 0 } left && !tombstones.Contains(gone.Uid)) world.Violate($"node {gone.Name} is gone, and its machine {left[0].ProviderId} lives without a tombstone");
            return;
        }
        nodes.TryGetValue(now.Uid, out var was);
        nodes[now.Uid] = now;
        if (now.Abandoned) askedToAbandon.Add(now.Uid);
        if (now.Abandoned || now.EntryGivenUp) world.GridWitness.LetsGo(now.Uid);
        if (was is null)
        {
            world.Statistics.Nodes++;
            if (pools.TryGetValue(now.PoolUid, out var pool) && nodes.Values.Count(n => n.PoolUid == pool.Uid) is var count && count > pool.Most + PoolPlanner.Surge)
                world.Violate($"pool {pool.Name} has {count} nodes, and never asked for more than {pool.Most}");
            return;
        }
        if (was.ProviderId is not null && now.ProviderId != was.ProviderId) world.Violate($"the provider id of {now.Name} changed from {was.ProviderId} to {now.ProviderId}");
        if (now.Attempt != was.Attempt && was.Attempt > 0)
        {
            if (now.Attempt != was.Attempt + 1) world.Violate($"the attempt of {now.Name} went from {was.Attempt} to {now.Attempt}");
            if (lostSecrets.Contains(now.Secret)) excused.UnionWith(MachinesOf(now.Uid).Select(m => m.ProviderId));
            if (MachinesOf(now.Uid) is { Count: > 0 } alive) world.Violate($"attempt {now.Attempt} of {now.Name} is opened while {alive[0].ProviderId} of attempt {alive[0].Marks!.Attempt} lives");
        }
    }

    private void OnPool(JsonObject? after, JsonObject any)
    {
        var now = PoolTruth.Of(any, after is null);
        var most = pools.TryGetValue(now.Uid, out var was) ? was.Most : 0;
        // Left out, the operator fills in the present count, at least 1.
        var asked = now.Replicas ?? Math.Max(1, nodes.Values.Count(n => n.PoolUid == now.Uid));
        pools[now.Uid] = now with { Most = Math.Max(most, asked) };
    }

    private void OnStone(JsonObject? before, JsonObject? after)
    {
        if ((before ?? after)!["data"]?["nodeUID"]?.GetValue<string>() is not { } uid) return;
        if (after is not null)
        {
            if (tombstones.Add(uid)) world.Statistics.Tombstones++;
            if (after["data"]!["kind"]!.GetValue<string>() == "GivenUp")
            {
                if (!askedToAbandon.Contains(uid)) world.Violate($"node {Name(uid)} is given up, and nobody asked for it");
                givenUp.Add(uid);
            }
            stones.Add((uid, after["data"]!["attempt"]!.GetValue<string>(), after["data"]!["machine"]?.GetValue<string>(), after["data"]!["kind"]!.GetValue<string>()));
            return;
        }
        tombstones.Remove(uid);
        stones.RemoveAll(s => s.NodeUid == uid);
    }

    private void CheckConditions(string kind, JsonObject before, JsonObject after)
    {
        var name = $"{kind} {after["metadata"]!["name"]}";
        var old = (before["status"]?["conditions"] as JsonArray ?? []).ToDictionary(c => c!["type"]!.GetValue<string>(), c => c!);
        foreach (var condition in after["status"]?["conditions"] as JsonArray ?? [])
        {
            var type = condition!["type"]!.GetValue<string>();
            if (condition["reason"]?.GetValue<string>() is null or "") world.Violate($"{name}: condition {type} has no reason");
            if (!old.TryGetValue(type, out var was)) continue;
            var same = was["status"]!.GetValue<string>() == condition["status"]!.GetValue<string>();
            if (same && was["lastTransitionTime"]!.GetValue<string>() != condition["lastTransitionTime"]!.GetValue<string>())
                world.Violate($"{name}: the time of condition {type} moved, its status did not");
        }
    }

    private string Name(string uid) => nodes.TryGetValue(uid, out var node) ? node.Name : $"a node that is gone ({uid})";
}

internal sealed record NodeTruth(string Uid, string Name, string PoolUid, bool Deleting, bool Abandoned, bool EntryGivenUp, string Secret, string? ProviderId, int Attempt, string Version)
{
    public static NodeTruth Of(JsonObject node) => new(
        node["metadata"]!["uid"]!.GetValue<string>(),
        node["metadata"]!["name"]!.GetValue<string>(),
        node["spec"]!["poolUID"]!.GetValue<string>(),
        node["metadata"]!["deletionTimestamp"] is not null,
        node["metadata"]!["annotations"]?["kontena.io/abandon"]?.GetValue<string>() == node["metadata"]!["uid"]!.GetValue<string>(),
        node["metadata"]!["annotations"]?["kontena.io/abandon-node"]?.GetValue<string>() == "true",
        node["spec"]!["provider"]!["aws"]!["credentialsRef"]!["name"]!.GetValue<string>(),
        node["spec"]!["providerID"]?.GetValue<string>(),
        node["spec"]!["attempt"]?["number"]?.GetValue<int>() ?? 0,
        node["metadata"]!["resourceVersion"]!.GetValue<string>());
}

/// <param name="Most">The most nodes that it ever asked for.</param>
internal sealed record PoolTruth(string Uid, string Name, int? Replicas, bool Deleting, int Most)
{
    public static PoolTruth Of(JsonObject pool, bool gone) => new(
        pool["metadata"]!["uid"]!.GetValue<string>(),
        pool["metadata"]!["name"]!.GetValue<string>(),
        pool["spec"]!["replicas"]?.GetValue<int>(),
        gone || pool["metadata"]!["deletionTimestamp"] is not null,
        0);
}
