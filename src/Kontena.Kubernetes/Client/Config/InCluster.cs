namespace Kontena.Kubernetes.Client.Config;

/// <summary>The configuration of a pod: the service's address from the environment, token and authority from the mounted service account.</summary>
internal static class InCluster
{
    private const string Name = "in-cluster";

    /// <summary>Null outside a pod, or in a pod without a mounted token (<c>automountServiceAccountToken: false</c>).</summary>
    public static KubeConfig? Find(KubeConfigSources sources)
    {
        if (string.IsNullOrEmpty(sources.ServiceHost) || string.IsNullOrEmpty(sources.ServicePort)) return null;
        var token = Path.Combine(sources.ServiceAccountFolder, "token");
        if (!File.Exists(token)) return null;

        var host = sources.ServiceHost.Contains(':', StringComparison.Ordinal) ? $"[{sources.ServiceHost}]" : sources.ServiceHost;
        var authority = Path.Combine(sources.ServiceAccountFolder, "ca.crt");
        var cluster = new Cluster
        {
            Name = Name,
            Server = $"https://{host}:{sources.ServicePort}",
            CertificateAuthority = File.Exists(authority) ? authority : null,
            Origin = new Origin(Name, null),
        };
        var user = new User { Name = Name, TokenFile = token, Origin = new Origin(Name, null) };
        var context = new Context(Name, Name, Name, NamespaceIn(sources.ServiceAccountFolder)) { Origin = new Origin(Name, null) };
        return new KubeConfig { Clusters = [cluster], Users = [user], Contexts = [context], CurrentContext = Name };
    }

    private static string? NamespaceIn(string folder)
    {
        var file = Path.Combine(folder, "namespace");
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }
}
