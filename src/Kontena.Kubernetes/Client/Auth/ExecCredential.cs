using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client.Config;

namespace Kontena.Kubernetes.Client.Auth;

/// <summary>What a plugin is told (KUBERNETES_EXEC_INFO) and what it answers, in the format client.authentication.k8s.io.</summary>
internal static class ExecCredential
{
    public static string Request(ExecSettings settings, KubeAccess access)
    {
        var spec = new JsonObject { ["interactive"] = false };
        if (settings.ProvideClusterInfo) spec["cluster"] = Describe(access);
        return new JsonObject { ["kind"] = "ExecCredential", ["apiVersion"] = settings.ApiVersion, ["spec"] = spec }.ToJsonString();
    }

    /// <param name="known">Kept where the plugin answers with the same certificate, so that connections made with it live on.</param>
    /// <exception cref="KubeFault">The answer is not a credential; nothing of it is quoted.</exception>
    public static (Credential Credential, DateTimeOffset? Expires) Parse(byte[] output, ExecSettings settings, ClientCertificate? known)
    {
        var answer = Read(output, settings);
        if (answer.Kind != "ExecCredential" || answer.ApiVersion != settings.ApiVersion)
            throw Fault(settings, $"did not answer with an ExecCredential of {settings.ApiVersion}");
        var token = string.IsNullOrEmpty(answer.Status?.Token) ? null : answer.Status.Token;
        if (token is not null && !Credential.IsToken(token)) throw Fault(settings, "gave a token with characters that no token has");
        var certificate = Certificate(answer.Status, settings, known);
        if (token is null && certificate is null) throw Fault(settings, "gave neither a token nor a client certificate");

        DateTimeOffset? ends = certificate is null ? null : new DateTimeOffset(certificate.Leaf.NotAfter.ToUniversalTime(), TimeSpan.Zero);
        var expires = answer.Status?.ExpirationTimestamp is { } said && !(ends < said) ? said : ends;
        return (new Credential(token, certificate), expires);
    }

    private static ExecCredentialAnswer Read(byte[] output, ExecSettings settings)
    {
        try
        {
            return JsonSerializer.Deserialize(output, ClientJson.Default.ExecCredentialAnswer)
                ?? throw Fault(settings, "answered null");
        }
        catch (JsonException)
        {
            throw Fault(settings, "did not answer with the JSON of an ExecCredential");
        }
    }

    private static ClientCertificate? Certificate(ExecCredentialStatus? status, ExecSettings settings, ClientCertificate? known)
    {
        if (string.IsNullOrEmpty(status?.ClientCertificateData) && string.IsNullOrEmpty(status?.ClientKeyData)) return null;
        if (string.IsNullOrEmpty(status.ClientCertificateData) || string.IsNullOrEmpty(status.ClientKeyData))
            throw Fault(settings, "gave a client certificate without its key, or the reverse");
        try
        {
            var certificate = ClientCertificate.FromPem(status.ClientCertificateData, status.ClientKeyData);
            return known?.Leaf.Thumbprint == certificate.Leaf.Thumbprint ? known : certificate;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw Fault(settings, "gave a client certificate that cannot be read");
        }
    }

    private static JsonObject Describe(KubeAccess access)
    {
        var cluster = access.Cluster;
        var described = new JsonObject { ["server"] = cluster.Server };
        if (cluster.TlsServerName is { } name) described["tls-server-name"] = name;
        if (cluster.InsecureSkipTlsVerify) described["insecure-skip-tls-verify"] = true;
        if (Authority(cluster) is { } authority) described["certificate-authority-data"] = authority;
        if (cluster.ProxyUrl is { } proxy) described["proxy-url"] = proxy;
        if (cluster.ExecConfig is { } config) described["config"] = config.DeepClone();
        return described;
    }

    private static string? Authority(Cluster cluster)
    {
        if (cluster.CertificateAuthorityData is { } data) return data;
        if (cluster.CertificateAuthority is not { } file) return null;
        try
        {
            return Convert.ToBase64String(Encoding.UTF8.GetBytes(File.ReadAllText(file)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubeFault(FaultReason.Unreachable, $"The certificate authority {file} cannot be read ({e.GetType().Name})");
        }
    }

    private static KubeFault Fault(ExecSettings settings, string problem) =>
        new(FaultReason.Unauthorized, $"The credential plugin {settings.Command} {problem}");
}

internal sealed record ExecCredentialAnswer(string? ApiVersion, string? Kind, ExecCredentialStatus? Status)
{
    public override string ToString() => nameof(ExecCredentialAnswer);
}

internal sealed record ExecCredentialStatus(string? Token, string? ClientCertificateData, string? ClientKeyData, DateTimeOffset? ExpirationTimestamp)
{
    public override string ToString() => nameof(ExecCredentialStatus);
}
