using System.Reflection;

namespace Kontena.Kubernetes.Client;

/// <summary>What may be set of a client.</summary>
public sealed record KubeClientOptions
{
    /// <summary>How long an answer, body included, may take; for a watch its head alone. A second try after a 401 has it anew.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public string UserAgent { get; init; } = $"kontena-operator/{Version}";

    /// <summary>
    /// Who writes, where a call names nobody: what <c>managedFields</c> says of the fields that this client sets. Without it the API server takes
    /// the user agent, which a proxy on the way may have changed. At most 128 characters.
    /// </summary>
    public string FieldManager { get; init; } = "kontena-operator";

    /// <summary>Bytes. An object is bounded by etcd (1.5 MiB); a longer line is a broken server.</summary>
    public int MaxWatchLineLength { get; init; } = 8 * 1024 * 1024;

    /// <summary>Called once for each distinct warning that the API server sends, on the thread of the call that met it.</summary>
    public Action<string>? Warned { get; init; }

    // Without the commit that the build appends after a plus sign.
    private static string Version =>
        typeof(KubeClientOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
