using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kontena.Kubernetes.Client.Config;

/// <summary>What must hold of a context before it is used. Entries that nobody uses are left alone, as kubectl does.</summary>
internal static class AccessRules
{
    private static readonly string[] ExecVersions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

    public static KubeAccess Resolve(KubeConfig config, string? name)
    {
        var known = config.Contexts.Count == 0 ? "there are none" : $"there are {string.Join(", ", config.Contexts.Select(c => c.Name))}";
        var wanted = name ?? config.CurrentContext;
        if (string.IsNullOrEmpty(wanted)) throw new KubeConfigFault(null, "current-context", $"is not set and no context was named; of contexts {known}");
        var context = config.Contexts.FirstOrDefault(c => c.Name == wanted)
            ?? throw new KubeConfigFault(null, "contexts", $"has no context {wanted}; {known}");
        var cluster = config.Clusters.FirstOrDefault(c => c.Name == context.Cluster)
            ?? throw context.Origin.Fault("cluster", $"names the cluster {context.Cluster}, which is not there");
        var user = config.Users.FirstOrDefault(u => u.Name == context.User)
            ?? throw context.Origin.Fault("user", $"names the user {context.User}, which is not there");

        Check(user);
        return new KubeAccess(context.Name, Check(cluster), cluster, user, string.IsNullOrEmpty(context.Namespace) ? "default" : context.Namespace);
    }

    private static Uri Check(Cluster cluster)
    {
        if (!Uri.TryCreate(cluster.Server, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            throw cluster.Origin.Fault("server", "must be an http or https URL");
        if (server.UserInfo.Length > 0 || server.Query.Length > 0) throw cluster.Origin.Fault("server", "must not carry a user or a query");
        if (cluster.InsecureSkipTlsVerify && (cluster.CertificateAuthority ?? cluster.CertificateAuthorityData) is not null)
            throw cluster.Origin.Fault("insecure-skip-tls-verify", "contradicts the certificate authority beside it");
        if (cluster.CertificateAuthorityData is { } data) CheckAuthority(cluster, data);
        if (cluster.ProxyUrl is { Length: > 0 } proxy
            && !(Uri.TryCreate(proxy, UriKind.Absolute, out var at) && at.Scheme is "http" or "https" or "socks5"))
            throw cluster.Origin.Fault("proxy-url", "must be an http, https or socks5 URL");
        return server.AbsolutePath.EndsWith('/') ? server : new Uri(server.AbsoluteUri + "/");
    }

    private static void Check(User user)
    {
        foreach (var (field, problem) in user.Refused) throw user.Origin.Fault(field, problem);
        var certificate = (user.ClientCertificate ?? user.ClientCertificateData) is not null;
        var key = (user.ClientKey ?? user.ClientKeyData) is not null;
        if (certificate && !key) throw user.Origin.Fault("client-key", "is missing beside client-certificate");
        if (key && !certificate) throw user.Origin.Fault("client-certificate", "is missing beside client-key");
        if (user.ClientCertificateData is { } data) Decode(user.Origin, "client-certificate-data", data);
        if (user.ClientKeyData is { } keyData) Decode(user.Origin, "client-key-data", keyData);
        if (user.ImpersonateUser is null && (user.ImpersonateUid is not null || user.ImpersonateGroups.Count > 0))
            throw user.Origin.Fault("as", "is missing beside as-uid or as-groups");
        // .NET joins the values of a header into one line, and the API server would read "a, b" as the name of one group.
        if (user.ImpersonateGroups.Count > 1) throw user.Origin.Fault("as-groups", "names more than one group, which this client cannot send");
        if (user.Exec is { } exec) Check(user, exec);
    }

    private static void Check(User user, ExecSettings exec)
    {
        if (!ExecVersions.Contains(exec.ApiVersion))
            throw user.Origin.Fault("exec.apiVersion", $"must be {string.Join(" or ", ExecVersions)}");
        if (exec.InteractiveMode is not (null or "Never" or "IfAvailable" or "Always"))
            throw user.Origin.Fault("exec.interactiveMode", "must be Never, IfAvailable or Always");
        if (exec.InteractiveMode is null && exec.ApiVersion == ExecVersions[0])
            throw user.Origin.Fault("exec.interactiveMode", $"is missing; {exec.ApiVersion} demands it");
        if (exec.InteractiveMode == "Always")
            throw user.Origin.Fault("exec.interactiveMode", "is Always, but a controller has no terminal: use Never or IfAvailable");
    }

    private static void CheckAuthority(Cluster cluster, string data)
    {
        var pem = Decode(cluster.Origin, "certificate-authority-data", data);
        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(pem);
            if (roots.Count == 0) throw cluster.Origin.Fault("certificate-authority-data", "holds no PEM certificate");
        }
        catch (CryptographicException)
        {
            throw cluster.Origin.Fault("certificate-authority-data", "is not a PEM certificate");
        }
    }

    private static string Decode(Origin origin, string field, string base64)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(base64));
        }
        catch (FormatException)
        {
            throw origin.Fault(field, "is not base64");
        }
    }
}
