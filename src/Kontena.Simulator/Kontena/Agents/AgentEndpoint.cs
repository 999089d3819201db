using System.Globalization;
using Kontena.Simulator.Faults;
using Kontena.Simulator.Kontena.Rest;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebSockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kontena.Simulator.Kontena.Agents;

/// <summary>The WebSocket's handshake on <c>/</c>. It is accepted before anything is checked: an open socket is not yet a node that joined.</summary>
internal sealed class AgentEndpoint(WebsocketBackend backend, WireLedger wire, MasterVersion version, MasterClock clock, ILoggerFactory loggers)
{
    /// <summary>What the ledger and faults call an agent's connection.</summary>
    public const string Action = "WEBSOCKET /";

    /// <summary>The Master pings by itself.</summary>
    private static readonly WebSocketOptions Silent = new() { KeepAliveInterval = Timeout.InfiniteTimeSpan };

    public static bool Wants(HttpContext http) => http.Request.Path == "/" && HttpMethods.IsGet(http.Request.Method)
        && http.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true
        && http.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase);

    public async Task HandleAsync(HttpContext http, CancellationToken ct)
    {
        var hello = AgentHello.Read(http.Request.Headers);
        var entry = new WireCall(Action, null, hello.NodeName, null);
        var struck = wire.Strike(entry);
        if (!await WireFaults.HoldAsync(struck, clock, ct))
        {
            wire.Record(entry, struck, 0, null);
            http.Abort();
            return;
        }
        if (struck.Has(FaultKind.ServerError) || struck.Has(FaultKind.Throttle))
        {
            http.Response.StatusCode = struck.Has(FaultKind.Throttle) ? StatusCodes.Status429TooManyRequests : StatusCodes.Status503ServiceUnavailable;
            wire.Record(entry, struck, http.Response.StatusCode, null);
            return;
        }
        var upgrade = new WatchedUpgrade(http.Features.GetRequiredFeature<IHttpUpgradeFeature>());
        http.Features.Set<IHttpUpgradeFeature>(upgrade);
        await new WebSocketMiddleware(_ => ServeAsync(http, upgrade, hello, entry, struck, ct), Options.Create(Silent), loggers).Invoke(http);
    }

    private async Task ServeAsync(
        HttpContext http, WatchedUpgrade upgrade, AgentHello hello, WireCall entry, IReadOnlyList<FaultEntry> struck, CancellationToken ct)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        http.Response.Headers["Kontena-Version"] = version.Text;
        http.Response.Headers["Kontena-Connected-At"] = RubyTime.Header(clock.GetUtcNow());
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var transport = upgrade.Stream ?? throw new InvalidOperationException("The WebSocket was made without an upgrade.");
        var connection = new AgentConnection(socket, transport, http.Abort);
        await backend.ServeAsync(connection, hello, code =>
        {
            wire.Record(entry, struck, StatusCodes.Status101SwitchingProtocols, code?.ToString(CultureInfo.InvariantCulture));
            if (struck.Has(FaultKind.LostAnswer)) http.Abort();
        }, ct);
    }
}
