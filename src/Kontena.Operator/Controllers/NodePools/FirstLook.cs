using Kontena.Kubernetes.Runtime;

namespace Kontena.Operator.Controllers.NodePools;

/// <summary>
/// Before a leader adds anything it lists nodes past the cache, once: a standby's cache may lag behind what its predecessor
/// created in its last moment (k0smotron#1534 made six machines for one).
/// </summary>
internal sealed class FirstLook(IReadOnlyList<IInformer> informers)
{
    private readonly Lock gate = new();
    private Task? look;

    /// <summary>Returns once the look has been taken; one that failed is taken again by the next caller.</summary>
    public Task EnsureAsync(CancellationToken ct)
    {
        lock (gate)
        {
            if (look is null or { IsFaulted: true } or { IsCanceled: true }) look = LookAsync(ct);
            return look.WaitAsync(ct);
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        foreach (var informer in informers) await informer.RelistAsync(ct);
    }
}
