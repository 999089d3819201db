using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Inventories;

/// <summary>What every account's inventory shares.</summary>
/// <param name="Announce">Called after each listing that changed something, on the inventory's own task: must be quick.</param>
internal sealed record InventoryContext(ProviderAccounts Accounts, string Installation, Action<InventoryNews> Announce, TimeProvider Time, ILogger Log)
{
    /// <summary>How soon credentials that were refused are looked at again: reading a Secret costs the provider nothing, and mended ones should work at once.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);
}
