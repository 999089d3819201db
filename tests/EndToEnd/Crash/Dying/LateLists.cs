using Kontena.Operator.Core.Grids;

namespace Kontena.EndToEnd.Crash.Dying;

/// <summary>A Master whose lists are long on their way: what they say is as old as their beginning, and much has happened since.</summary>
internal sealed class LateLists(IKontenaMaster inner, TimeSpan late) : IKontenaMaster, IDisposable
{
    public async Task<MasterListing> ListNodesAsync(CancellationToken ct)
    {
        var listing = await inner.ListNodesAsync(ct);
        await Task.Delay(late, TimeProvider.System, ct);
        return listing;
    }

    public Task<MasterVersion> ReadVersionAsync(CancellationToken ct) => inner.ReadVersionAsync(ct);

    public Task<MasterGrid> ReadGridAsync(CancellationToken ct) => inner.ReadGridAsync(ct);

    public Task<MasterNode?> FindNodeAsync(string name, CancellationToken ct) => inner.FindNodeAsync(name, ct);

    public Task<MasterNode> CreateNodeAsync(NewMasterNode node, CancellationToken ct) => inner.CreateNodeAsync(node, ct);

    public Task<SecretText?> ReadNodeTokenAsync(string name, CancellationToken ct) => inner.ReadNodeTokenAsync(name, ct);

    public Task<bool> DrainNodeAsync(string name, CancellationToken ct) => inner.DrainNodeAsync(name, ct);

    public Task<bool> SetLabelsAsync(string name, IReadOnlyList<string> labels, CancellationToken ct) => inner.SetLabelsAsync(name, labels, ct);

    public Task DeleteNodeAsync(string name, CancellationToken ct) => inner.DeleteNodeAsync(name, ct);

    public Task<NodeHealth?> CheckHealthAsync(string name, CancellationToken ct) => inner.CheckHealthAsync(name, ct);

    public Task<IReadOnlyDictionary<string, int>> CountContainersAsync(CancellationToken ct) => inner.CountContainersAsync(ct);

    public Task SetTrustedSubnetsAsync(IReadOnlyList<string> subnets, CancellationToken ct) => inner.SetTrustedSubnetsAsync(subnets, ct);

    public void Dispose() => (inner as IDisposable)?.Dispose();
}
