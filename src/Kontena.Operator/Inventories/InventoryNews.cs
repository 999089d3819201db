namespace Kontena.Operator.Inventories;

/// <summary>What a listing changed, for those who wait for it.</summary>
/// <param name="NodeUids">Nodes whose machines look different.</param>
/// <param name="ProviderChanged">The provider answers now and did not before, or the other way round, or for another reason.</param>
/// <param name="First">The first complete listing since the start.</param>
internal sealed record InventoryNews(AccountKey Account, IReadOnlyCollection<string> NodeUids, bool ProviderChanged, bool First);
