using System.Text;
using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Bootstrap;

/// <summary>The systemd units of a node.</summary>
internal static class AgentUnit
{
    public const string Name = "kontena-agent.service";
    public const string IdentityName = "kontena-identity.service";

    /// <summary>The container's variables; root's alone.</summary>
    public const string EnvironmentPath = "/etc/kontena-agent.env";

    /// <summary>The version only. The agent rewrites it to the Master's (agent/lib/kontena/rpc/agent_api.rb), and the unit's next start pulls that one.</summary>
    public const string VersionPath = "/etc/kontena-agent-version.env";

    public const string DefaultImage = "kontena/agent";

    /// <summary>
    /// Runs the agent in the foreground. Restart=always, since the agent ends by itself where the Master refuses its version or
    /// token. A failed pull does not matter where the image is there already; where it is not, docker run pulls, fails and is started again.
    /// </summary>
    public static string Text(AgentInput agent, AgentSpec? spec)
    {
        var image = $"{spec?.Image ?? DefaultImage}:${{KONTENA_VERSION}}";
        var unit = new StringBuilder($"""
            [Unit]
            Description=Kontena agent
            Documentation=https://github.com/kontena/kontena
            Wants=network-online.target time-sync.target
            After=network-online.target time-sync.target docker.service
            Requires=docker.service
            StartLimitIntervalSec=0

            [Service]
            Restart=always
            RestartSec=5
            TimeoutStartSec=15min
            EnvironmentFile={VersionPath}
            ExecStartPre=-/usr/bin/docker stop kontena-agent
            ExecStartPre=-/usr/bin/docker rm --force kontena-agent
            ExecStartPre={BootScripts.Leftovers}
            ExecStartPre={BootScripts.Clock}

            """);
        if (spec?.PeerInterface is null) unit.Append($"ExecStartPre={BootScripts.PeerInterface}\n");
        if (agent.Ipsec is not IpsecMode.Disabled) unit.Append($"ExecStartPre={(agent.Ipsec is IpsecMode.Required ? "" : "-")}{BootScripts.Esp}\n");
        unit.Append($"ExecStartPre=-/usr/bin/docker pull {image}\n");
        unit.Append($"ExecStart=/usr/bin/docker run {string.Join(" \\\n  ", Arguments(agent, spec))} \\\n  {image}\n");
        unit.Append("""
            ExecStop=/usr/bin/docker stop kontena-agent

            [Install]
            WantedBy=multi-user.target

            """);
        return unit.ToString();
    }

    /// <summary>Where Ignition wrote it before the first boot: ordered before Docker by systemd itself.</summary>
    public const string IdentityText = $"""
        [Unit]
        Description=Docker identity of this instance's own
        Before=docker.service
        RequiresMountsFor=/var/lib/kontena

        [Service]
        Type=oneshot
        RemainAfterExit=yes
        ExecStart={BootScripts.Identity}

        [Install]
        RequiredBy=docker.service

        """;

    private static IEnumerable<string> Arguments(AgentInput agent, AgentSpec? spec)
    {
        yield return "--name kontena-agent --net=host";
        yield return $"--env-file {EnvironmentPath}";
        if (spec?.PeerInterface is null) yield return $"--env-file {BootScripts.FoundPath}";
        yield return "-v /var/run/docker.sock:/var/run/docker.sock";
        // Not where the template names a version: the agent would follow the Master all the same.
        if (spec?.Version is null) yield return $"-v {VersionPath}:/etc/kontena.env";
        if (agent.MasterCa is not null) yield return $"-v {AgentEnvironment.MasterCaPath}:{AgentEnvironment.MasterCaPath}:ro";
    }
}
