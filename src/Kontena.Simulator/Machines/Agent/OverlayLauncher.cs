namespace Kontena.Simulator.Machines.Agent;

/// <summary>
/// What an agent does when it is told about its node, one process long: it launches the overlay's router, tells it its peers and gives the machine its address
/// (kontena agent/lib/kontena/network_adapters/weave.rb).
/// </summary>
/// <param name="log">Level, source, text.</param>
internal sealed class OverlayLauncher(AgentSettings settings, AgentWorld world, Action<string, string, string> log)
{
    private const string Source = "Kontena::NetworkAdapters::Weave";
    private IReadOnlyList<string> told = [];
    private bool started;

    /// <summary>The same where it says other peers than the last.</summary>
    public void Refresh(IReadOnlyDictionary<string, object?> node)
    {
        if (started && !Texts(node.GetValueOrDefault("peer_ips")).SequenceEqual(told)) NodeInfo(node);
    }

    public void NodeInfo(IReadOnlyDictionary<string, object?> node)
    {
        var grid = node.GetValueOrDefault("grid") as IReadOnlyDictionary<string, object?>;
        var trusted = Texts(grid?.GetValueOrDefault("trusted_subnets"));
        var peers = Texts(node.GetValueOrDefault("peer_ips"));
        // Its own variable and nothing else: what the Master says about the grid has no token.
        if (!world.Overlay.Launch(settings.GridToken, trusted)) log("I", Source, "weave image or configuration has been changed, restarting");
        world.Overlay.Connect(peers);
        log("I", Source, peers.Count > 0 ? $"router connected to peers {string.Join(", ", peers)}" : "router does not have any known peers");
        if (trusted.Count > 0 && !started) log("I", Source, $"using trusted subnets: {string.Join(',', trusted)}");
        if (node.GetValueOrDefault("overlay_ip") is string address && grid?.GetValueOrDefault("subnet") is string subnet && subnet.Split('/') is [_, var prefix])
            log("I", Source, $"Exposed host node at cidr={address}/{prefix}");
        (told, started) = (peers, true);
    }

    private static List<string> Texts(object? list) => [.. (list as IReadOnlyList<object?> ?? []).OfType<string>()];
}
