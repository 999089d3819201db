using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Providers.Shared;

/// <summary>Measures every try of every call, as operations that begin with <c>firewall-</c>.</summary>
internal sealed class MeteredFirewalls(IFirewallDriver inner, CallMeter meter) : IFirewallDriver
{
    public FirewallPromises Promises => inner.Promises;

    public Task<IReadOnlyList<string>> NetworksAsync(ProviderSettings settings, CancellationToken ct) =>
        meter.MeasureAsync("firewall-networks", () => inner.NetworksAsync(settings, ct));

    public Task<FirewallListing> ListAsync(string installation, CancellationToken ct) => meter.MeasureAsync("firewall-list", () => inner.ListAsync(installation, ct));

    public Task<FirewallListing> ReadAsync(IReadOnlyList<string> ids, CancellationToken ct) => meter.MeasureAsync("firewall-read", () => inner.ReadAsync(ids, ct));

    public Task<Firewall> EnsureAsync(FirewallRequest request, CancellationToken ct) => meter.MeasureAsync("firewall-ensure", () => inner.EnsureAsync(request, ct));

    public Task OpenAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct) =>
        meter.MeasureAsync("firewall-open", () => inner.OpenAsync(id, owner, rules, ct));

    public Task CloseAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct) =>
        meter.MeasureAsync("firewall-close", () => inner.CloseAsync(id, owner, rules, ct));

    public Task AttachAsync(string providerId, string installation, IReadOnlyList<string> ids, CancellationToken ct) =>
        meter.MeasureAsync("firewall-attach", () => inner.AttachAsync(providerId, installation, ids, ct));

    public Task DeleteAsync(string id, FirewallMarks owner, CancellationToken ct) => meter.MeasureAsync("firewall-delete", () => inner.DeleteAsync(id, owner, ct));
}
