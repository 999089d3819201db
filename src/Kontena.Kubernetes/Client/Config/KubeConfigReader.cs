using Kontena.Kubernetes.Schema;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kontena.Kubernetes.Client.Config;

/// <summary>From the text of a kubeconfig to its records: shapes are checked here, meaning only when a context is used.</summary>
internal static class KubeConfigReader
{
    private const string ExecExtension = "client.authentication.k8s.io/exec";

    public static KubeConfig Read(string yaml, string file)
    {
        if (Root(yaml, file) is not { } root) return new KubeConfig();
        if (root.Text("kind") is { } kind && kind != "Config") throw root.Fault("kind", "is not Config");
        return new KubeConfig
        {
            Clusters = [.. root.Named("clusters", "cluster").Select(entry => ReadCluster(entry.Name, entry.Body))],
            Users = [.. root.Named("users", "user").Select(entry => ReadUser(entry.Name, entry.Body))],
            Contexts = [.. root.Named("contexts", "context").Select(entry => ReadContext(entry.Name, entry.Body))],
            CurrentContext = root.Text("current-context"),
        };
    }

    private static YamlFields? Root(string yaml, string file)
    {
        YamlStream stream;
        try
        {
            stream = BoundedYaml.Load(yaml);
        }
        catch (YamlException e)
        {
            // The parser's own words may quote the document, and with it a secret.
            throw new KubeConfigFault(file, null, $"is not valid YAML near line {e.Start.Line}, column {e.Start.Column}");
        }
        if (stream.Documents.Count == 0) return null;
        return stream.Documents[0].RootNode switch
        {
            YamlMappingNode mapping => new YamlFields(mapping, "", file),
            YamlScalarNode { Value: null or "" } => null,
            _ => throw new KubeConfigFault(file, null, "must hold a mapping"),
        };
    }

    private static Cluster ReadCluster(string name, YamlFields fields) => new()
    {
        Name = name,
        Server = fields.Text("server") ?? "",
        CertificateAuthority = fields.FilePath("certificate-authority"),
        CertificateAuthorityData = fields.Text("certificate-authority-data"),
        InsecureSkipTlsVerify = fields.Flag("insecure-skip-tls-verify"),
        TlsServerName = fields.Text("tls-server-name"),
        ProxyUrl = fields.Text("proxy-url"),
        ExecConfig = fields.Items("extensions").FirstOrDefault(e => e.Text("name") == ExecExtension)?.Json("extension"),
        Origin = fields.Origin,
    };

    private static Context ReadContext(string name, YamlFields fields) =>
        new(name, fields.Required("cluster"), fields.Required("user"), fields.Text("namespace")) { Origin = fields.Origin };

    private static User ReadUser(string name, YamlFields fields) => new()
    {
        Name = name,
        Token = fields.Text("token"),
        TokenFile = fields.FilePath("tokenFile"),
        ClientCertificate = fields.FilePath("client-certificate"),
        ClientCertificateData = fields.Text("client-certificate-data"),
        ClientKey = fields.FilePath("client-key"),
        ClientKeyData = fields.Text("client-key-data"),
        Exec = fields.Mapping("exec") is { } exec ? ReadExec(exec) : null,
        ImpersonateUser = fields.Text("as"),
        ImpersonateUid = fields.Text("as-uid"),
        ImpersonateGroups = fields.Texts("as-groups"),
        Refused = [.. RefusedIn(fields)],
        Origin = fields.Origin,
    };

    private static ExecSettings ReadExec(YamlFields fields) => new()
    {
        ApiVersion = fields.Required("apiVersion"),
        Command = fields.CommandPath("command"),
        Args = fields.Texts("args"),
        Env = ReadEnvironment(fields),
        InstallHint = fields.Text("installHint"),
        InteractiveMode = fields.Text("interactiveMode"),
        ProvideClusterInfo = fields.Flag("provideClusterInfo"),
    };

    // As for kubectl, the last of two variables with one name counts.
    private static Dictionary<string, string> ReadEnvironment(YamlFields fields)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in fields.Items("env")) variables[variable.Required("name")] = variable.Text("value") ?? "";
        return variables;
    }

    private static IEnumerable<(string Field, string Problem)> RefusedIn(YamlFields fields)
    {
        const string basic = "basic authentication was removed from Kubernetes in 1.19: use a token, a client certificate or an exec plugin";
        if (fields.Has("username")) yield return ("username", basic);
        if (fields.Has("password")) yield return ("password", basic);
        if (fields.Has("auth-provider"))
            yield return ("auth-provider", "auth providers were removed from kubectl in 1.26: use the provider's exec plugin");
        // Left out, the calls would run with the caller's own rights, which may be wider.
        if (fields.Has("as-user-extra")) yield return ("as-user-extra", "impersonation with extra fields is not supported");
    }
}
