using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Providers.Shared;

/// <summary>
/// Lets changes of firewalls through only while this process may write. Drivers read before most of them, and ask the same
/// <see cref="WriteFence"/> once more, right before they send.
/// </summary>
internal sealed class FencedFirewalls(IFirewallDriver inner, WriteFence fence) : IFirewallDriver
{
    public FirewallPromises Promises => inner.Promises;

    public Task<IReadOnlyList<string>> NetworksAsync(ProviderSettings settings, CancellationToken ct) => inner.NetworksAsync(settings, ct);

    public Task<FirewallListing> ListAsync(string installation, CancellationToken ct) => inner.ListAsync(installation, ct);

    public Task<FirewallListing> ReadAsync(IReadOnlyList<string> ids, CancellationToken ct) => inner.ReadAsync(ids, ct);

    public async Task<Firewall> EnsureAsync(FirewallRequest request, CancellationToken ct)
    {
        fence.Check($"The create call of {request}");
        return await inner.EnsureAsync(request, ct);
    }

    public async Task OpenAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct)
    {
        fence.Check($"The opening of firewall {id}");
        await inner.OpenAsync(id, owner, rules, ct);
    }

    public async Task CloseAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct)
    {
        fence.Check($"The closing of firewall {id}");
        await inner.CloseAsync(id, owner, rules, ct);
    }

    public async Task AttachAsync(string providerId, string installation, IReadOnlyList<string> ids, CancellationToken ct)
    {
        fence.Check($"The attaching of firewalls to {providerId}");
        await inner.AttachAsync(providerId, installation, ids, ct);
    }

    public async Task DeleteAsync(string id, FirewallMarks owner, CancellationToken ct)
    {
        fence.Check($"The delete call of firewall {id}");
        await inner.DeleteAsync(id, owner, ct);
    }
}
