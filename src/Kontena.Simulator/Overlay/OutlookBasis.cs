namespace Kontena.Simulator.Overlay;

/// <summary>What an outlook was worked out from: it holds as long as this does.</summary>
/// <param name="Networks"><see cref="Simulator.Networks.INetworks.Version"/>.</param>
/// <param name="Routers">Rises when a router comes, goes or is told other peers.</param>
/// <param name="Ready">How many routers are ready; those that start become so by themselves.</param>
internal readonly record struct OutlookBasis(long Networks, long Routers, int Ready);
