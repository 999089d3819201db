using System.Diagnostics.CodeAnalysis;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Grids;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Controllers.Grids;

/// <summary>
/// Keeps the Secrets of Grids from vanishing before the last node that has to be taken off a Master with them. Each Grid remembers what it holds
/// (<see cref="HeldByGrid"/>) until it has looked, past the cache and after it needs the Secret no more, whether another Grid does. Of Grids that
/// stop needing one Secret at once the last to stop sees that all have.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A SemaphoreSlim whose wait handle is never asked for holds nothing to dispose of.")]
internal sealed class GridSecretHolds(IKubeApi api, Finalizers finalizers)
{
    private readonly SemaphoreSlim releases = new(1, 1);

    /// <summary>Called once the Grid remembers them. One that is missing is held when it comes: until then nothing is registered, as the Master cannot be asked.</summary>
    public async Task HoldAsync(Grid grid, IReadOnlyList<string> names, CancellationToken ct)
    {
        await EndOfReleaseAsync(ct);
        foreach (var name in names)
            if (await api.FindAsync(CoreKinds.Secret, new ObjectKey(grid.Metadata.Namespace!, name), ct) is { } secret)
                await finalizers.EnsureAsync(CoreKinds.Secret, secret, ApiGroup.GridInUseFinalizer, ct);
    }

    /// <summary>Lets Secrets go that the Grid needs no more, unless another needs them. Before the Grid forgets them, or goes.</summary>
    public async Task ReleaseAsync(Grid grid, IReadOnlyList<string> names, CancellationToken ct)
    {
        if (names.Count == 0) return;
        var here = new ListQuery(grid.Metadata.Namespace);
        await releases.WaitAsync(ct);
        try
        {
            var nodes = (await api.ListAllAsync(KontenaKinds.KontenaNodes, here, ct)).Items;
            var others = (await api.ListAllAsync(KontenaKinds.Grids, here, ct)).Items.Where(g => g.Metadata.Uid != grid.Metadata.Uid && StillNeeds(g, nodes)).ToList();
            foreach (var name in names.Where(n => !others.Any(o => Holds(o, n))))
                if (await api.FindAsync(CoreKinds.Secret, new ObjectKey(grid.Metadata.Namespace!, name), ct) is { } secret)
                    await finalizers.RemoveAsync(CoreKinds.Secret, secret, ApiGroup.GridInUseFinalizer, ct);
        }
        finally
        {
            releases.Release();
        }
    }

    /// <summary>One that is under way may have looked before the Grid wrote down that it holds; one that begins from here on sees it.</summary>
    private async Task EndOfReleaseAsync(CancellationToken ct)
    {
        if (releases.CurrentCount > 0) return;
        await releases.WaitAsync(ct);
        releases.Release();
    }

    /// <summary>A Grid that is being deleted needs its Secrets as long as it has nodes; of two that go at once without any neither waits for the other.</summary>
    private static bool StillNeeds(Grid grid, IReadOnlyList<KontenaNode> nodes) =>
        !grid.Metadata.IsBeingDeleted || grid.Status?.Firewalls is { Count: > 0 } || nodes.Any(n => n.Spec.GridRef?.Name == grid.Metadata.Name);

    /// <summary>One that names a Secret and does not remember it has not held it yet, and would not let it go.</summary>
    private static bool Holds(Grid grid, string secret) => GridSecrets.NamedBy(grid).Contains(secret) && HeldByGrid.Of(grid).Contains(secret);
}
