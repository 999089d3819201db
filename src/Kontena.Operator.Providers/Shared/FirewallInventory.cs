using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Providers.Shared;

/// <summary>The firewalls of one account and scope, with their rules.</summary>
/// <param name="installation">Whose firewalls are listed.</param>
public sealed class FirewallInventory(IFirewallDriver driver, string installation, TimeProvider time) : SharedListing<FirewallListing>(time)
{
    private protected override Task<FirewallListing> ListAsync(CancellationToken ct) => driver.ListAsync(installation, ct);

    private protected override DateTimeOffset BegunAt(FirewallListing listing) => listing.BegunAt;
}
