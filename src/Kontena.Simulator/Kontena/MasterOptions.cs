using System.Security.Cryptography.X509Certificates;

namespace Kontena.Simulator.Kontena;

/// <summary>What the simulated Kontena Master holds and how it behaves. Times are those of the real one unless said otherwise.</summary>
public sealed record MasterOptions
{
    /// <summary>The token that is accepted unless <see cref="AccessTokens"/> says otherwise. It opens nothing but a simulator.</summary>
    public const string DemoAccessToken = "simulator-access-token-that-opens-nothing-else";

    public const string DemoGrid = "demo";

    /// <summary>The loopback port of REST and WebSocket; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>With its key; null: no TLS. Masters that Kontena's plugins made have a self-signed one. Whoever makes it disposes of it.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Of the Master. Below 1.4 there are no node tokens and no statuses, and nodes cannot be created by a call.</summary>
    public string Version { get; init; } = "1.5.4";

    public IReadOnlyList<GridOptions> Grids { get; init; } = [new GridOptions { Name = DemoGrid }];

    public IReadOnlyList<AccessToken> AccessTokens { get; init; } = [new("demo", DemoAccessToken, MasterRole.MasterAdmin)];

    /// <summary>How often every connected agent is pinged, and what became of its node is looked at.</summary>
    public TimeSpan KeepaliveInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>WEBSOCKET_TIMEOUT: how long a pong may take in real time, and with <see cref="ClockSkew"/> how old an agent's time may be.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>KONTENA_CLOCK_SKEW.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long <c>GET …/health</c> waits for the agent.</summary>
    public TimeSpan RpcTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the watchdog looks for nodes that say they are connected and were not seen for as long as this.</summary>
    public TimeSpan Watchdog { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long one service instance takes to move or to stop. Ours: the real time depends on the service.</summary>
    public TimeSpan InstanceMoves { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Seed of tokens and container ids: the same calls in the same order give the same Master.</summary>
    public int Seed { get; init; } = 1;
}
