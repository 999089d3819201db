using System.Text;
using System.Text.RegularExpressions;
using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Bootstrap;

/// <summary>
/// The variables of the agent's container (kontena agent/bin/kontena-agent, agent/lib/kontena/agent.rb). One without a value is left
/// out: the agent takes an empty KONTENA_NODE_TOKEN for a token and an empty KONTENA_NODE_ID for a wrong one.
/// </summary>
public static partial class AgentEnvironment
{
    /// <summary>Where the Master's certificate authority lies, on the machine and in the container.</summary>
    public const string MasterCaPath = "/etc/kontena/master-ca.pem";

    /// <summary>In the order in which they are written: the operator's, then the user's by name.</summary>
    /// <exception cref="BootstrapException">A value that does not fit on a line, or a label that would be read as two.</exception>
    public static IReadOnlyList<AgentVariable> Of(AgentInput agent, AgentSpec? spec)
    {
        var labels = string.Join(' ', agent.Labels.Select(Label));
        var encrypted = agent.MasterUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        AgentVariable?[] own =
        [
            Variable("KONTENA_URI", agent.MasterUrl),
            // With the node's own token, too: it is the overlay's password (agent/lib/kontena/network_adapters/weave.rb).
            Variable("KONTENA_TOKEN", agent.GridToken.Reveal()),
            Variable("KONTENA_NODE_TOKEN", agent.NodeToken.Reveal()),
            Variable("KONTENA_NODE_ID", agent.NodeId),
            Variable("KONTENA_NODE_NAME", agent.NodeName),
            Variable("KONTENA_NODE_LABELS", labels),
            Variable("KONTENA_PEER_INTERFACE", spec?.PeerInterface),
            // The agent checks no certificate unless it is told to; any text turns it on.
            Variable("KONTENA_SSL_VERIFY", encrypted ? "true" : null),
            Variable("SSL_CERT_FILE", encrypted && agent.MasterCa is not null ? MasterCaPath : null),
        ];
        var users = (spec?.Environment ?? new Dictionary<string, string>())
            .OrderBy(v => v.Key, StringComparer.Ordinal)
            .Select(v => Variable(UserName(v.Key), v.Value));
        return [.. own.Concat(users).OfType<AgentVariable>()];
    }

    /// <summary>
    /// As <c>docker run --env-file</c> reads it: a line each, the value as it is up to the line's end. Nothing is quoted there, so
    /// quotes, blanks, $, % and \ mean themselves (docker cli, opts/file.go). systemd's EnvironmentFile would need quoting and
    /// would hand the variables to the docker command, too, where a DOCKER_HOST or PATH does harm.
    /// </summary>
    internal static string File(IEnumerable<AgentVariable> variables)
    {
        var text = new StringBuilder();
        foreach (var variable in variables) text.Append(variable.Name).Append('=').Append(variable.Value).Append('\n');
        return text.ToString();
    }

    /// <summary>The agent's version: the template's, or the Master's, which takes no other major and minor one.</summary>
    internal static string Version(AgentInput agent, AgentSpec? spec)
    {
        var version = spec?.Version ?? agent.MasterVersion;
        // The Master's word ends up in a command line.
        return VersionForm().IsMatch(version) ? version : throw new BootstrapException(
            spec?.Version is null ? "spec.gridRef" : "spec.template.agent.version", "is not a version like 1.5.4, so no agent can be chosen by it");
    }

    private static AgentVariable? Variable(string name, string? value)
    {
        if (string.IsNullOrEmpty(value)) return null;
        if (!FitsOnLine(value)) throw new BootstrapException(PathOf(name), "has a line break, a control character or half a character in it, which an environment file cannot hold");
        return new AgentVariable(name, value);
    }

    private static string UserName(string name) =>
        AgentSpec.IsName(name) && !AgentSpec.ReservedNames.Contains(name) ? name
            : throw new BootstrapException($"spec.template.agent.environment.{name}", $"is not a name of capitals, digits and _, or is one that the operator sets itself: {string.Join(", ", AgentSpec.ReservedNames)}");

    private static string Label(string label) =>
        label.Length > 0 && label.All(c => c is > ' ' and <= '~' and not ',') ? label
            : throw new BootstrapException("spec.template.nodeLabels", "a label with a blank, a comma or a character beyond ASCII would be read as another one");

    private static bool FitsOnLine(string value)
    {
        for (var rest = value.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != System.Buffers.OperationStatus.Done) return false;
            if (Rune.IsControl(rune) && rune.Value != '\t') return false;
            rest = rest[length..];
        }
        return true;
    }

    private static string PathOf(string name) => name switch
    {
        "KONTENA_PEER_INTERFACE" => "spec.template.agent.peerInterface",
        "KONTENA_NODE_LABELS" => "spec.template.nodeLabels",
        "KONTENA_URI" or "KONTENA_TOKEN" => "spec.gridRef",
        _ when AgentSpec.ReservedNames.Contains(name) => name,
        _ => $"spec.template.agent.environment.{name}",
    };

    [GeneratedRegex(@"^[0-9]+\.[0-9]+\.[0-9]+[A-Za-z0-9.-]*\z")]
    private static partial Regex VersionForm();
}
