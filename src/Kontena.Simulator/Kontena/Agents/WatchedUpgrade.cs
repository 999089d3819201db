using Microsoft.AspNetCore.Http.Features;

namespace Kontena.Simulator.Kontena.Agents;

/// <summary>Lets ASP.NET do the handshake, and puts a <see cref="KeepaliveStream"/> under the WebSocket that it makes.</summary>
internal sealed class WatchedUpgrade(IHttpUpgradeFeature kestrel) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => kestrel.IsUpgradableRequest;

    /// <summary>Null before the upgrade.</summary>
    public KeepaliveStream? Stream { get; private set; }

    public async Task<Stream> UpgradeAsync() => Stream = new KeepaliveStream(await kestrel.UpgradeAsync());
}
