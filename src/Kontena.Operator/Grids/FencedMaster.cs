using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Grids;

/// <summary>Lets writes through only while this process may write: a Lease cannot stop a request that a deposed leader is about to send.</summary>
/// <param name="mayWrite">Asked last, before each write. Must be quick and must not throw.</param>
internal sealed class FencedMaster(IKontenaMaster inner, Func<bool> mayWrite) : IKontenaMaster, IDisposable
{
    public Task<MasterVersion> ReadVersionAsync(CancellationToken ct) => inner.ReadVersionAsync(ct);

    public Task<MasterGrid> ReadGridAsync(CancellationToken ct) => inner.ReadGridAsync(ct);

    public Task<MasterListing> ListNodesAsync(CancellationToken ct) => inner.ListNodesAsync(ct);

    public Task<MasterNode?> FindNodeAsync(string name, CancellationToken ct) => inner.FindNodeAsync(name, ct);

    public async Task<MasterNode> CreateNodeAsync(NewMasterNode node, CancellationToken ct)
    {
        Check($"Making node {node.Name}");
        return await inner.CreateNodeAsync(node, ct);
    }

    public Task<SecretText?> ReadNodeTokenAsync(string name, CancellationToken ct) => inner.ReadNodeTokenAsync(name, ct);

    public async Task<bool> DrainNodeAsync(string name, CancellationToken ct)
    {
        Check($"Draining node {name}");
        return await inner.DrainNodeAsync(name, ct);
    }

    public async Task<bool> SetLabelsAsync(string name, IReadOnlyList<string> labels, CancellationToken ct)
    {
        Check($"Labelling node {name}");
        return await inner.SetLabelsAsync(name, labels, ct);
    }

    public async Task DeleteNodeAsync(string name, CancellationToken ct)
    {
        Check($"Deleting node {name}");
        await inner.DeleteNodeAsync(name, ct);
    }

    public Task<NodeHealth?> CheckHealthAsync(string name, CancellationToken ct) => inner.CheckHealthAsync(name, ct);

    public Task<IReadOnlyDictionary<string, int>> CountContainersAsync(CancellationToken ct) => inner.CountContainersAsync(ct);

    public async Task SetTrustedSubnetsAsync(IReadOnlyList<string> subnets, CancellationToken ct)
    {
        Check("Setting the trusted subnets");
        await inner.SetTrustedSubnetsAsync(subnets, ct);
    }

    public void Dispose() => (inner as IDisposable)?.Dispose();

    private void Check(string what)
    {
        if (!mayWrite()) throw new MasterException(MasterFault.Unavailable, $"{what}: not sent, as this process is not the leader any more.");
    }
}
