using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Tests.Walks;

/// <summary>The Kontena Master as one operator reaches it.</summary>
internal sealed class WalkedMaster(Realm realm, TimeProvider time, Crossing crossing) : IKontenaMaster
{
    public Task<MasterVersion> ReadVersionAsync(CancellationToken ct) =>
        CallAsync("version", "", () => new MasterVersion("1.5.4", time.GetUtcNow(), time.GetUtcNow(), time.GetUtcNow()));

    public Task<MasterGrid> ReadGridAsync(CancellationToken ct) => CallAsync("grid", "", () => new MasterGrid
    {
        Name = Realm.GridName,
        InitialSize = realm.InitialSize,
        Subnet = "10.81.0.0/16",
        Fingerprint = Fingerprint,
        Token = new SecretText(Realm.GridToken),
    });

    public Task<MasterListing> ListNodesAsync(CancellationToken ct)
    {
        var begun = time.GetUtcNow();
        return CallAsync("list", "nodes", () => new MasterListing(begun, [.. realm.Entries.Select(realm.Shown)]) { Fingerprint = realm.Entries.Count == 0 ? null : Fingerprint });
    }

    public Task<MasterNode?> FindNodeAsync(string name, CancellationToken ct) =>
        CallAsync("find", name, () => realm.Find(name) is { } entry ? realm.Shown(entry) : null);

    public Task<MasterNode> CreateNodeAsync(NewMasterNode node, CancellationToken ct) =>
        CallAsync("create", node.Name, () => realm.Shown(realm.Create(node.Name, node.Token.Reveal(), node.Labels)));

    public Task<SecretText?> ReadNodeTokenAsync(string name, CancellationToken ct) =>
        CallAsync("token", name, () => realm.Find(name) is { } entry ? new SecretText(entry.Token) : null);

    public Task<bool> DrainNodeAsync(string name, CancellationToken ct) => CallAsync("update", $"drain {name}", () => realm.Drain(name));

    public Task<bool> SetLabelsAsync(string name, IReadOnlyList<string> labels, CancellationToken ct) => CallAsync("update", $"labels {name}", () => realm.SetLabels(name, labels));

    public Task DeleteNodeAsync(string name, CancellationToken ct) => CallAsync("delete", name, () => realm.Delete(name));

    public Task<NodeHealth?> CheckHealthAsync(string name, CancellationToken ct) =>
        CallAsync("health", name, () => realm.Find(name) is { } entry ? Realm.HealthOf(entry) : null);

    public Task<IReadOnlyDictionary<string, int>> CountContainersAsync(CancellationToken ct) => CallAsync("containers", "",
        () => (IReadOnlyDictionary<string, int>)realm.Entries.Where(e => realm.ContainersOf(e) > 0).ToDictionary(e => e.Name, realm.ContainersOf));

    public Task SetTrustedSubnetsAsync(IReadOnlyList<string> subnets, CancellationToken ct) => throw new NotSupportedException("no walk manages them");

    private static string Fingerprint => Operator.Grids.MasterDocuments.Fingerprint(Realm.GridToken);

    /// <summary>The Master in memory answers on the spot.</summary>
    private Task<T> CallAsync<T>(string operation, string what, Func<T> call) => crossing.CallAsync(new CallSite(Side.Master, operation, what), call);
}
