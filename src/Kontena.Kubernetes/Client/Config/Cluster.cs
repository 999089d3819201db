using System.Text.Json.Nodes;

namespace Kontena.Kubernetes.Client.Config;

/// <summary>An API server: how to reach it and whom to trust.</summary>
public sealed record Cluster
{
    public required string Name { get; init; }

    /// <summary>http or https URL; a path in it is a prefix of every request.</summary>
    public required string Server { get; init; }

    /// <summary>PEM file, absolute. Read again while the client runs, so that a rotated authority is picked up.</summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>Base64 of a PEM bundle; wins over the file.</summary>
    public string? CertificateAuthorityData { get; init; }

    public bool InsecureSkipTlsVerify { get; init; }

    /// <summary>The name that the server's certificate must carry, where it is not the host of <see cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>http, https or socks5 URL.</summary>
    public string? ProxyUrl { get; init; }

    /// <summary>The extension <c>client.authentication.k8s.io/exec</c>: handed to a credential plugin that asks for the cluster.</summary>
    public JsonNode? ExecConfig { get; init; }

    internal Origin Origin { get; init; }
}
