using Kontena.EndToEnd.Crash.Recording;
using Kontena.Operator.Core.Grids;

namespace Kontena.EndToEnd.Crash.Dying;

/// <summary>The bare client of a Kontena Master as one mortal process reaches it: below the fence, so that what a deposed leader sends is seen.</summary>
internal sealed class MortalMaster(IKontenaMaster inner, MortalProcess process) : IKontenaMaster, IDisposable
{
    /// <summary>The Master's clock is left out: by a clock that runs so fast a busy machine's calls take seconds, which would pass for a difference.</summary>
    public async Task<MasterVersion> ReadVersionAsync(CancellationToken ct) =>
        await CallAsync(CallName.MasterRead("version"), inner.ReadVersionAsync, ct) with { Clock = null };

    public Task<MasterGrid> ReadGridAsync(CancellationToken ct) => CallAsync(CallName.MasterRead("grid"), inner.ReadGridAsync, ct);

    public Task<MasterListing> ListNodesAsync(CancellationToken ct) => CallAsync(CallName.MasterRead("list"), inner.ListNodesAsync, ct);

    public Task<MasterNode?> FindNodeAsync(string name, CancellationToken ct) =>
        CallAsync(CallName.MasterRead("find", name), token => inner.FindNodeAsync(name, token), ct);

    public Task<MasterNode> CreateNodeAsync(NewMasterNode node, CancellationToken ct) =>
        CallAsync(CallName.MasterWrite("create", node.Name), token => inner.CreateNodeAsync(node, token), ct);

    public Task<SecretText?> ReadNodeTokenAsync(string name, CancellationToken ct) =>
        CallAsync(CallName.MasterRead("token", name), token => inner.ReadNodeTokenAsync(name, token), ct);

    public Task<bool> DrainNodeAsync(string name, CancellationToken ct) =>
        CallAsync(CallName.MasterWrite("drain", name), token => inner.DrainNodeAsync(name, token), ct);

    public Task<bool> SetLabelsAsync(string name, IReadOnlyList<string> labels, CancellationToken ct) =>
        CallAsync(CallName.MasterWrite("labels", name), token => inner.SetLabelsAsync(name, labels, token), ct);

    public Task DeleteNodeAsync(string name, CancellationToken ct) => CallAsync(CallName.MasterWrite("delete", name), async token =>
    {
        await inner.DeleteNodeAsync(name, token);
        return true;
    }, ct);

    public Task<NodeHealth?> CheckHealthAsync(string name, CancellationToken ct) =>
        CallAsync(CallName.MasterRead("health", name), token => inner.CheckHealthAsync(name, token), ct);

    public Task<IReadOnlyDictionary<string, int>> CountContainersAsync(CancellationToken ct) =>
        CallAsync(CallName.MasterRead("containers"), inner.CountContainersAsync, ct);

    public Task SetTrustedSubnetsAsync(IReadOnlyList<string> subnets, CancellationToken ct) => CallAsync(CallName.MasterWrite("subnets"), async token =>
    {
        await inner.SetTrustedSubnetsAsync(subnets, token);
        return true;
    }, ct);

    public void Dispose() => (inner as IDisposable)?.Dispose();

    private Task<T> CallAsync<T>(CallName call, Func<CancellationToken, Task<T>> make, CancellationToken ct) => process.CallAsync(
        call, make, mayBeDone => new MasterException(MasterFault.Unreachable, "This process is no more.") { OutcomeUnknown = mayBeDone && call.Changes }, ct);
}
