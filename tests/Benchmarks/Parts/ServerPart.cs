using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Client.Config;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Benchmarks.Parts;

/// <summary>A running Kubernetes API server with our CRDs, in processes of its own.</summary>
internal abstract class ServerPart(string kubeconfigPath) : IAsyncDisposable
{
    public string KubeconfigPath { get; } = kubeconfigPath;

    /// <summary>The benchmark's own client; its calls are not the operator's.</summary>
    public KubeClient Client { get; } = new(KubeConfig.Read(kubeconfigPath).Resolve(), new KubeClientOptions(), TimeProvider.System, NullLogger<KubeClient>.Instance);

    /// <summary>Of all its processes.</summary>
    public abstract IReadOnlyList<int> Pids { get; }

    /// <summary>Writes by resource as the server itself counts them, whoever sent them; null where it counts none.</summary>
    public abstract Task<IReadOnlyDictionary<string, long>?> CountedWritesAsync(CancellationToken ct);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract ValueTask StopAsync();
}
