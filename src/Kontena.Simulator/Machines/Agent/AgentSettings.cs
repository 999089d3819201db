using System.Text.RegularExpressions;

namespace Kontena.Simulator.Machines.Agent;

/// <summary>
/// What an agent makes of its environment (kontena agent/bin/kontena-agent, agent/lib/kontena/agent.rb). In Ruby only nil is false, so that a variable that
/// is there and empty counts as set.
/// </summary>
internal sealed partial record AgentSettings
{
    /// <summary>Node tokens, ids, names, labels and TLS settings came with it; an older agent does not look at them.</summary>
    private static readonly Version NodeTokens = new(1, 4, 0);

    public required string Uri { get; init; }

    public string? GridToken { get; init; }

    public string? NodeToken { get; init; }

    public required string NodeId { get; init; }

    public required string NodeName { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    public required Version Version { get; init; }

    public bool VerifiesTls { get; init; }

    public string? TlsHostName { get; init; }

    /// <summary>Path within the container.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Sends its name in a header of its own, and backs off as from 1.4.1 on.</summary>
    public bool Modern => Version >= NodeTokens;

    public override string ToString() => $"agent {Version} of {NodeId}";

    /// <summary>The settings, or why the process ends at once. The reason quotes no token.</summary>
    public static AgentSettings? Read(IReadOnlyDictionary<string, string> environment, Version version, DockerFacts docker, out string failure)
    {
        string? Value(string name) => environment.GetValueOrDefault(name);
        string? Newer(string name) => version >= NodeTokens ? Value(name) : null;
        failure = "";
        if (Value("KONTENA_URI") is not { } uri) failure = "KONTENA_URI is required";
        else if (Value("KONTENA_TOKEN") is not { Length: > 0 } && Newer("KONTENA_NODE_TOKEN") is not { Length: > 0 }) failure = "KONTENA_TOKEN or KONTENA_NODE_TOKEN is required";
        else if (Newer("KONTENA_NODE_ID") is { } id && !NodeIdForm().IsMatch(id)) failure = $"ArgumentError: Invalid KONTENA_NODE_ID: {id}";
        else if (Newer("KONTENA_NODE_NAME") is { Length: 0 }) failure = "ArgumentError: Invalid KONTENA_NODE_NAME: ";
        else
            return new()
            {
                Uri = uri.StartsWith("http", StringComparison.Ordinal) ? "ws" + uri[4..] : uri,
                GridToken = Value("KONTENA_TOKEN"),
                NodeToken = Newer("KONTENA_NODE_TOKEN"),
                NodeId = Newer("KONTENA_NODE_ID") ?? docker.EngineId,
                NodeName = Newer("KONTENA_NODE_NAME") ?? docker.HostName,
                Labels = Newer("KONTENA_NODE_LABELS") is { } labels ? labels.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) : docker.Labels,
                Version = version,
                VerifiesTls = Newer("KONTENA_SSL_VERIFY") is { Length: > 0 },
                TlsHostName = Newer("KONTENA_SSL_HOSTNAME") is { Length: > 0 } name ? name : null,
                CertificateFile = Value("SSL_CERT_FILE") is { Length: > 0 } file ? file : null,
            };
        return null;
    }

    [GeneratedRegex(@"\A[A-Z0-9]{4}(:[A-Z0-9]{4}){11}\z")]
    private static partial Regex NodeIdForm();
}
