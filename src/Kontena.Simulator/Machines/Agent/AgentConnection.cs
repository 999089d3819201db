using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Kontena.Simulator.Machines.Agent;

/// <summary>Opens an agent's WebSocket with its headers, and says in the agent's words why it did not open.</summary>
internal static class AgentConnection
{
    private const double ConnectTimeout = 10;

    /// <summary>The open socket; null where it did not open, which the journal tells.</summary>
    public static async Task<ClientWebSocket?> OpenAsync(AgentSettings settings, AgentWorld world, Action<string, string> log, CancellationToken ct)
    {
        if (await BlockedAsync(world, log, ct)) return null;
        if (!Uri.TryCreate(settings.Uri, UriKind.Absolute, out var uri) || uri.Scheme is not ("ws" or "wss"))
        {
            log("E", $"Invalid websocket URL: {settings.Uri}");
            return null;
        }
        var socket = new ClientWebSocket();
        // The network is real, however short a machine's seconds are.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(ConnectTimeout), TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            Prepare(socket, settings, world);
            await socket.ConnectAsync(uri, either.Token);
            log(uri.Scheme == "ws" || settings.VerifiesTls ? "I" : "W", uri.Scheme == "ws" ? "unsecure connection established without SSL"
                : settings.VerifiesTls ? "secure connection established with KONTENA_SSL_VERIFY" : "secure connection established without KONTENA_SSL_VERIFY=true");
            return socket;
        }
        catch (Exception e) when (e is WebSocketException or HttpRequestException or ArgumentException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            socket.Dispose();
            log("E", Why(e));
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<bool> BlockedAsync(AgentWorld world, Action<string, string> log, CancellationToken ct)
    {
        switch (world.Network())
        {
            case NetworkBlock.None:
                return false;
            case NetworkBlock.Refused:
                log("E", "unable to connect to server: Connection refused");
                return true;
            case NetworkBlock.Silent:
                await world.Waits.DelayAsync(ConnectTimeout, ct);
                log("E", "unable to connect to server: Connect timeout after 10.0s");
                return true;
            case var unknown:
                throw new InvalidOperationException($"Network block {unknown} has no effect.");
        }
    }

    private static void Prepare(ClientWebSocket socket, AgentSettings settings, AgentWorld world)
    {
        socket.Options.KeepAliveInterval = world.Options.PingInterval;
        socket.Options.KeepAliveTimeout = world.Options.PingTimeout;
        void Header(string name, string value) => socket.Options.SetRequestHeader(name, value);
        Header("Kontena-Node-Id", settings.NodeId);
        if (settings.Modern) Header("Kontena-Node-Name", settings.NodeName);
        Header("Kontena-Version", settings.Version.ToString());
        Header("Kontena-Node-Labels", string.Join(',', settings.Labels));
        Header("Kontena-Connected-At", world.Now().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fffffff00'Z'", System.Globalization.CultureInfo.InvariantCulture));
        // The node token wins even where it is empty: a variable that is there is true in Ruby.
        if (settings.NodeToken is { } node) Header("Kontena-Node-Token", node);
        else Header("Kontena-Grid-Token", settings.GridToken ?? "");
        if (settings.TlsHostName is { } host) Header("Host", host);
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => !settings.VerifiesTls || Trusted(certificate, chain, errors, settings, world);
    }

    private static bool Trusted(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, AgentSettings settings, AgentWorld world)
    {
        if (errors == SslPolicyErrors.None) return true;
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || chain is null || certificate is not X509Certificate2 leaf) return false;
        if (settings.CertificateFile is not { } path || world.ReadFile(path) is not { } bundle) return false;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Clear();
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(System.Text.Encoding.UTF8.GetString(bundle));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(leaf);
    }

    private static string Why(Exception error)
    {
        for (var e = error; e is not null; e = e.InnerException)
        {
            if (e is AuthenticationException) return $"unable to connect to SSL server: {e.Message}";
            if (e is SocketException socket) return $"unable to connect to server: {socket.SocketErrorCode}";
            if (e is OperationCanceledException) return "unable to connect to server: Connect timeout after 10.0s";
        }
        return error is ArgumentException ? "websocket error: a header cannot be sent" : $"unexpected response from server, check url: {error.Message}";
    }
}
