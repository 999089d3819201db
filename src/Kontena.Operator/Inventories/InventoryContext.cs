using Kontena.Operator.Core.Ports;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Inventories;

/// <summary>What every account's inventory shares.</summary>
/// <param name="Announce">Called after each listing that changed something, on the inventory's own task: must be quick.</param>
internal sealed record InventoryContext(ProviderAccounts Accounts, string Installation, Action<InventoryNews> Announce, Pace Pace, TimeProvider Time, ILogger Log)
{
    /// <summary>Called after each listing of an account's firewalls that changed something, or that somebody waits for: must be quick.</summary>
    public Action<AccountKey> AnnounceFirewalls { get; init; } = static _ => { };

    /// <summary>Called with each complete listing of an account's firewalls: must be quick.</summary>
    public Action<AccountKey, FirewallListing> ListedFirewalls { get; init; } = static (_, _) => { };
}
