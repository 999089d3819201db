using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Inventories;

/// <summary>What every account's inventory shares.</summary>
/// <param name="Announce">Called after each listing that changed something, on the inventory's own task: must be quick.</param>
internal sealed record InventoryContext(ProviderAccounts Accounts, string Installation, Action<InventoryNews> Announce, Pace Pace, TimeProvider Time, ILogger Log);
