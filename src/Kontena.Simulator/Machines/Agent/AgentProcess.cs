using System.Globalization;
using System.Net.WebSockets;
using Kontena.Simulator.Machines.Docker;

namespace Kontena.Simulator.Machines.Agent;

/// <summary>The process in an agent's container: connects, serves, connects again, and ends on the four codes that tell it to (kontena agent/lib/kontena/websocket_client.rb).</summary>
internal sealed class AgentProcess : IContainer
{
    private const double ConnectInterval = 1;
    private const double MostBackoff = 90;

    private readonly AgentWorld world;
    private readonly AgentLog log;
    private readonly Action<int> exited;
    private readonly CancellationToken end;

    /// <summary>Returns before any callback runs: it is called within the machine's lock, which the process's end asks for as well.</summary>
    private readonly Func<Task> cancelAsync;

    private volatile AgentSession? session;
    private volatile bool powerless;
    private volatile bool ended;

    private AgentProcess(AgentWorld world, Action<int> exited, CancellationTokenSource end) =>
        (this.world, this.exited, this.end, cancelAsync, log) = (world, exited, end.Token, end.CancelAsync, new AgentLog(world));

    public AgentSettings? Settings { get; private set; }

    /// <summary>Told to end it is there until its last connection, or its last try, is over.</summary>
    public AgentState State => ended || Settings is null ? AgentState.None : session?.State ?? AgentState.Connecting;

    public string? NodeId => Settings?.NodeId;

    /// <summary>Runs from now on, on no thread of its own. <paramref name="exited"/> is called from another thread, never within this call.</summary>
    public static AgentProcess Start(AgentWorld world, Action<int> exited)
    {
        var agent = new AgentProcess(world, exited, new CancellationTokenSource());
        agent.Settings = agent.Configure(out var version);
        agent.Log("I", "Kontena::Agent", $"initializing agent (version {version})");
        _ = Task.Run(agent.RunAsync);
        return agent;
    }

    /// <summary>Told to end, it closes its connection and ends.</summary>
    public void Stop() => _ = cancelAsync();

    public void Kill()
    {
        powerless = true;
        session?.Abort();
        _ = cancelAsync();
    }

    /// <summary>Cuts the connection as a broken network does.</summary>
    public void Drop() => session?.Abort();

    private AgentSettings? Configure(out Version version)
    {
        // A rebuilt image may be tagged as its maker likes; it is taken for the newest agent.
        version = Version.TryParse(world.Container.Tag, out var tagged) ? tagged : Version.Parse(world.Options.LatestAgent);
        if (!world.Container.HasDockerSocket)
        {
            Log("E", "Docker", "no such file or directory - connect(2) for /var/run/docker.sock");
            return null;
        }
        var settings = AgentSettings.Read(world.Container.Environment, version, world.Docker, out var failure);
        if (settings is null) Log("E", "Kontena::Agent", failure);
        return settings;
    }

    private async Task RunAsync()
    {
        var code = 1;
        try
        {
            if (Settings is { } settings) code = await ServeAsync(settings, end);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            code = 0;
        }
        finally
        {
            await cancelAsync();
            ended = true;
            exited(code);
        }
    }

    private async Task<int> ServeAsync(AgentSettings settings, CancellationToken ct)
    {
        void Say(string level, string text) => Log(level, "Kontena::WebsocketClient", text);
        Say("I", settings.NodeToken is { } token ? $"initialized with node token {Cut(token)}..., node ID {settings.NodeId}"
            : $"initialized with grid token {Cut(settings.GridToken ?? "")}..., node ID {settings.NodeId}");
        var overlay = new OverlayLauncher(settings, world, Log);
        await world.Waits.DelayAsync(ConnectInterval, ct);
        for (var attempt = 0; ; attempt++)
        {
            Say("I", $"connecting to master at {settings.Uri}");
            if (await AgentConnection.OpenAsync(settings, world, Say, ct) is { } socket)
            {
                attempt = 0;
                using var opened = new AgentSession(socket, settings, world, overlay, Say, () => !powerless);
                session = opened;
                var close = await opened.RunAsync(ct);
                session = null;
                if (Fatal(close, settings, Say)) return 0;
            }
            ct.ThrowIfCancellationRequested();
            var backoff = Backoff(settings, attempt);
            Say("I", string.Create(CultureInfo.InvariantCulture, $"reconnect attempt {attempt + 1} in {backoff:F2}s..."));
            await world.Waits.DelayAsync(backoff, ct);
        }
    }

    /// <summary>Full jitter from 1.4.1 on; before, a second.</summary>
    private double Backoff(AgentSettings settings, int attempt) => settings.Version < new Version(1, 4, 1) ? ConnectInterval
        : Math.Min(MostBackoff, ConnectInterval * Math.Pow(2, Math.Min(attempt, 16))) * world.Chance();

    private static bool Fatal((WebSocketCloseStatus Code, string Reason)? close, AgentSettings settings, Action<string, string> say)
    {
        if (close is not { } closed) return false;
        switch ((int)closed.Code)
        {
            case 4001:
                say("E", "master does not accept our token, shutting down ...");
                return true;
            case 4010:
                say("E", $"master does not accept our version ({settings.Version}): {closed.Reason}");
                return true;
            case 4040 or 4041:
                // For 4041 the documentation tells people to look for this line (kontena docs, nodes.md), and the source has the next one: whoever reads logs meets both.
                if ((int)closed.Code == 4041) say("W", $"connection closed with code 4041: {closed.Reason}");
                say("E", $"master indicates that this agent should not reconnect: {closed.Reason}");
                return true;
            default:
                say("W", $"connection closed with code {(int)closed.Code}: {closed.Reason}");
                return false;
        }
    }

    /// <summary>The real agent shows nine characters or more; fewer tell two tokens apart as well, and give less away.</summary>
    private static string Cut(string token) => token[..Math.Min(4, token.Length)];

    private void Log(string level, string source, string text) => log.Say(level, source, text);
}
