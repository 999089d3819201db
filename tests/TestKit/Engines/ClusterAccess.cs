using System.Security.Cryptography.X509Certificates;
using Kontena.Kubernetes.Schema;

namespace Kontena.TestKit.Engines;

/// <summary>How to reach a server: its address, who signed its certificate, and a bearer token. Tests only; never logged.</summary>
public sealed record ClusterAccess(Uri Server, X509Certificate2 CertificateAuthority, string Token)
{
    /// <summary>Reads the first cluster and the first user of a kubeconfig with inline CA and token.</summary>
    public static ClusterAccess Read(string kubeconfigPath)
    {
        var config = YamlDocuments.Read(File.ReadAllText(kubeconfigPath)).Single();
        var cluster = config["clusters"]![0]!["cluster"]!;
        var certificateText = Convert.FromBase64String(cluster["certificate-authority-data"]!.GetValue<string>());
        return new ClusterAccess(
            new Uri(cluster["server"]!.GetValue<string>()),
            X509Certificate2.CreateFromPem(System.Text.Encoding.ASCII.GetString(certificateText)),
            config["users"]![0]!["user"]!["token"]!.GetValue<string>());
    }

    public override string ToString() => $"{Server} (token not shown)";
}
