using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Resources;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Operator.Tests.Controllers;

/// <summary>The operator's two stores, filled from an API in memory as in the program.</summary>
internal sealed class LivingStores : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;

    private LivingStores(MemoryApi api, TimeProvider time)
    {
        Pools = new Informer<NodePool>(api, KontenaKinds.NodePools, new Store<NodePool>(), InformerOptions.Default, time, () => 0, NullLogger.Instance);
        Nodes = new Informer<KontenaNode>(api, KontenaKinds.KontenaNodes, NodeIndexes.NewStore(), InformerOptions.Default, time, () => 0, NullLogger.Instance);
        running = Task.WhenAll(Pools.RunAsync(stop.Token), Nodes.RunAsync(stop.Token));
    }

    public Informer<NodePool> Pools { get; }

    public Informer<KontenaNode> Nodes { get; }

    /// <summary>Synced with what is in the API now.</summary>
    public static async Task<LivingStores> OpenAsync(MemoryApi api, TimeProvider time, CancellationToken ct)
    {
        var stores = new LivingStores(api, time);
        await stores.Pools.WaitForSyncAsync(ct);
        await stores.Nodes.WaitForSyncAsync(ct);
        return stores;
    }

    public static Task UntilAsync(Func<bool> condition, string what, CancellationToken ct) =>
        Eventually.HoldsAsync(() => Task.FromResult(condition()), what, TimeSpan.FromSeconds(10), ct);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }
}
