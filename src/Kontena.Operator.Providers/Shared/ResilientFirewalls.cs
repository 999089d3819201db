using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Providers.Shared;

/// <summary>
/// Repeats calls about firewalls, on Throttled and Unavailable alone. All of them may be: a name is unique in its network, so an Ensure whose
/// answer was lost finds what it made; a rule that is open, closed, attached or deleted already is success.
/// </summary>
/// <param name="reads">The account's own: lookups of machines and of firewalls are throttled and fail together.</param>
internal sealed class ResilientFirewalls(IFirewallDriver inner, CallFamily reads, CallFamily changes) : IFirewallDriver
{
    public FirewallPromises Promises => inner.Promises;

    public Task<IReadOnlyList<string>> NetworksAsync(ProviderSettings settings, CancellationToken ct) =>
        reads.RunAsync("Looking up networks", t => inner.NetworksAsync(settings, t), ct);

    public Task<FirewallListing> ListAsync(string installation, CancellationToken ct) =>
        reads.RunAsync("Listing firewalls", t => inner.ListAsync(installation, t), ct);

    public Task<FirewallListing> ReadAsync(IReadOnlyList<string> ids, CancellationToken ct) =>
        reads.RunAsync($"Reading {ids.Count} firewalls", t => inner.ReadAsync(ids, t), ct);

    public Task<Firewall> EnsureAsync(FirewallRequest request, CancellationToken ct) =>
        changes.RunAsync($"Making {request}", t => inner.EnsureAsync(request, t), ct);

    public Task OpenAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct) =>
        ChangeAsync($"Opening {rules.Count} ways into firewall {id}", t => inner.OpenAsync(id, owner, rules, t), ct);

    public Task CloseAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct) =>
        ChangeAsync($"Closing {rules.Count} ways into firewall {id}", t => inner.CloseAsync(id, owner, rules, t), ct);

    public Task AttachAsync(string providerId, string installation, IReadOnlyList<string> ids, CancellationToken ct) =>
        ChangeAsync($"Attaching firewalls to {providerId}", t => inner.AttachAsync(providerId, installation, ids, t), ct);

    public Task DeleteAsync(string id, FirewallMarks owner, CancellationToken ct) =>
        ChangeAsync($"Deleting firewall {id}", t => inner.DeleteAsync(id, owner, t), ct);

    private Task<bool> ChangeAsync(string what, Func<CancellationToken, Task> callAsync, CancellationToken ct) => changes.RunAsync(what, async t =>
    {
        await callAsync(t);
        return true;
    }, ct);
}
