namespace Kontena.Kubernetes.Client.Config;

/// <summary>The places where a configuration may lie, as values: tests set them, the program takes <see cref="FromEnvironment"/>.</summary>
public sealed record KubeConfigSources
{
    /// <summary>Where the kubelet mounts a pod's service account.</summary>
    public const string ServiceAccountMount = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Named by the user; must exist.</summary>
    public string? ExplicitFile { get; init; }

    /// <summary>The value of <c>KUBECONFIG</c>: files joined by the platform's path separator.</summary>
    public string? KubeConfigVariable { get; init; }

    /// <summary>The value of <c>KUBERNETES_SERVICE_HOST</c>.</summary>
    public string? ServiceHost { get; init; }

    /// <summary>The value of <c>KUBERNETES_SERVICE_PORT</c>.</summary>
    public string? ServicePort { get; init; }

    /// <summary>The folder with <c>token</c>, <c>ca.crt</c> and <c>namespace</c>.</summary>
    public string ServiceAccountFolder { get; init; } = ServiceAccountMount;

    /// <summary><c>~/.kube/config</c>; null where there is no home.</summary>
    public string? DefaultFile { get; init; }

    public static KubeConfigSources FromEnvironment(string? explicitFile = null)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return new KubeConfigSources
        {
            ExplicitFile = explicitFile,
            KubeConfigVariable = Environment.GetEnvironmentVariable("KUBECONFIG"),
            ServiceHost = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"),
            ServicePort = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT"),
            DefaultFile = home.Length == 0 ? null : Path.Combine(home, ".kube", "config"),
        };
    }
}
