using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Kontena.Operator.Commands.Live;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Pools;

namespace Kontena.Operator.Commands.Demo;

/// <summary>What the operator's own stores hold, as the live view shows it: a new picture after each change.</summary>
internal sealed class LiveModels(Wiring wiring)
{
    /// <summary>Every pool was ready, and a picture of that was shown.</summary>
    public bool WasReady { get; private set; }

    /// <summary>Ends when <paramref name="ct"/> is cancelled, or after the first picture in which every pool is ready.</summary>
    public async IAsyncEnumerable<LiveModel> FollowAsync(bool untilReady, [EnumeratorCancellation] CancellationToken ct)
    {
        var changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var pools = wiring.Pools.Store.Subscribe(_ => changed.Writer.TryWrite(true));
        using var grids = wiring.Grids.Store.Subscribe(_ => changed.Writer.TryWrite(true));
        using var nodes = wiring.Nodes.Store.Subscribe(_ => changed.Writer.TryWrite(true));
        while (true)
        {
            // Asked before the picture is taken: what is ready now is in it.
            var ready = untilReady && AllReady();
            yield return Picture();
            WasReady |= ready;
            if (ready) yield break;
            await changed.Reader.ReadAsync(ct);
        }
    }

    private bool AllReady() =>
        wiring.Pools.Store.Count > 0 && wiring.Pools.Store.All.All(p => p.Status?.ObservedGeneration == p.Metadata.Generation && ReadyOf(p)?.Status == ConditionStatus.True);

    /// <summary>One line for each condition that keeps a pool from being ready.</summary>
    public IEnumerable<string> WhatIsMissing() =>
        from pool in wiring.Pools.Store.All.OrderBy(p => p.Metadata.Key)
        from condition in pool.Status?.Conditions ?? []
        where condition.Status != ConditionStatus.True || condition.Type is PoolConditions.Stalled
        select $"{pool.Metadata.Name}: {condition.Type}={condition.Status} {condition.Reason}: {condition.Message}";

    private LiveModel Picture() => new()
    {
        Grids = [.. wiring.Grids.Store.All.OrderBy(g => g.Metadata.Key).Select(Grid)],
        Pools = [.. wiring.Pools.Store.All.OrderBy(p => p.Metadata.Key).Select(Pool)],
        Nodes = [.. wiring.Nodes.Store.All.OrderBy(n => n.Spec.PoolName, StringComparer.Ordinal).ThenBy(n => n.Spec.Ordinal).Select(Node)],
        Happenings = [.. wiring.Nodes.Store.All.SelectMany(n => (n.Status?.Journal ?? []).Select(j => new LiveHappening(j.Time, n.Metadata.Name!, j.Message))).OrderBy(h => h.Time).TakeLast(5)],
    };

    private static LiveGrid Grid(Grid grid)
    {
        var ready = grid.Status?.Conditions.FirstOrDefault(c => c.Type == PoolConditions.Ready);
        return new LiveGrid(
            grid.Metadata.Name!,
            grid.Status?.MasterVersion ?? "",
            grid.Status?.Nodes ?? 0,
            grid.Status?.OnlineNodes ?? 0,
            grid.Status?.Quorum ?? "",
            Progress(grid.Status?.Conditions),
            ready?.Reason ?? "New",
            ready?.Message ?? "");
    }

    private static LivePool Pool(NodePool pool)
    {
        var ready = ReadyOf(pool);
        return new LivePool(
            pool.Metadata.Name!,
            pool.Spec.Provider.Settings.Provider,
            pool.Spec.Replicas ?? 0,
            pool.Status?.Replicas ?? 0,
            pool.Status?.ReadyReplicas ?? 0,
            Progress(pool.Status?.Conditions),
            ready?.Reason ?? "New",
            ready?.Message ?? "");
    }

    private static LiveNode Node(KontenaNode node)
    {
        var ready = node.Status?.Conditions.FirstOrDefault(c => c.Type == NodeConditions.Ready);
        return new LiveNode(
            node.Metadata.Name!,
            node.Status?.Zone ?? node.Spec.Attempt?.Zone ?? node.Spec.Zone,
            node.Spec.Attempt?.Type ?? "",
            Progress(node.Status?.Conditions),
            ready?.Reason ?? "New",
            node.Metadata.CreationTimestamp ?? default,
            node.Status?.Addresses is [var first, ..] ? first : "");
    }

    private static Condition? ReadyOf(NodePool pool) => pool.Status?.Conditions.FirstOrDefault(c => c.Type == PoolConditions.Ready);

    private static LiveProgress Progress(IReadOnlyList<Condition>? conditions) =>
        conditions?.Any(c => c.Type == PoolConditions.Stalled) == true ? LiveProgress.Stalled
        : conditions?.Any(c => c is { Type: PoolConditions.Ready, Status: ConditionStatus.True }) == true ? LiveProgress.Current
        : LiveProgress.InProgress;
}
