using Kontena.EndToEnd.Crash.Recording;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Ports;

namespace Kontena.EndToEnd.Crash.Dying;

/// <summary>The bare driver's firewalls as one mortal process reaches them. A call is the driver's, which looks at EC2 before it changes anything there.</summary>
internal sealed class MortalFirewalls(IFirewallDriver inner, MortalProcess process) : IFirewallDriver
{
    public FirewallPromises Promises => inner.Promises;

    public Task<IReadOnlyList<string>> NetworksAsync(ProviderSettings settings, CancellationToken ct) =>
        CallAsync(CallName.FirewallRead("networks"), token => inner.NetworksAsync(settings, token), ct);

    public Task<FirewallListing> ListAsync(string installation, CancellationToken ct) =>
        CallAsync(CallName.FirewallRead("list"), token => inner.ListAsync(installation, token), ct);

    public Task<FirewallListing> ReadAsync(IReadOnlyList<string> ids, CancellationToken ct) =>
        CallAsync(CallName.FirewallRead("read"), token => inner.ReadAsync(ids, token), ct);

    public Task<Firewall> EnsureAsync(FirewallRequest request, CancellationToken ct) =>
        CallAsync(CallName.FirewallMake(request), token => inner.EnsureAsync(request, token), ct);

    public Task OpenAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct) =>
        ChangeAsync(CallName.FirewallOpen(owner, rules), token => inner.OpenAsync(id, owner, rules, token), ct);

    public Task CloseAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct) =>
        ChangeAsync(CallName.FirewallClose(owner, rules), token => inner.CloseAsync(id, owner, rules, token), ct);

    public Task AttachAsync(string providerId, string installation, IReadOnlyList<string> ids, CancellationToken ct) =>
        ChangeAsync(CallName.FirewallAttach(), token => inner.AttachAsync(providerId, installation, ids, token), ct);

    public Task DeleteAsync(string id, FirewallMarks owner, CancellationToken ct) =>
        ChangeAsync(CallName.FirewallDelete(owner), token => inner.DeleteAsync(id, owner, token), ct);

    private Task<bool> ChangeAsync(CallName call, Func<CancellationToken, Task> make, CancellationToken ct) => CallAsync(call, async token =>
    {
        await make(token);
        return true;
    }, ct);

    private Task<T> CallAsync<T>(CallName call, Func<CancellationToken, Task<T>> make, CancellationToken ct) => process.CallAsync(call, make, MortalDriver.LastWords, ct);
}
