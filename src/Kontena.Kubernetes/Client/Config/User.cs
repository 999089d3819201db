namespace Kontena.Kubernetes.Client.Config;

/// <summary>How one proves who one is. Printing it never prints a secret.</summary>
public sealed record User
{
    public required string Name { get; init; }

    public string? Token { get; init; }

    /// <summary>Absolute; wins over <see cref="Token"/> and is read again while the client runs.</summary>
    public string? TokenFile { get; init; }

    /// <summary>PEM file, absolute.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>Base64 of a PEM chain; wins over the file.</summary>
    public string? ClientCertificateData { get; init; }

    /// <summary>PEM file, absolute.</summary>
    public string? ClientKey { get; init; }

    /// <summary>Base64 of a PEM key; wins over the file.</summary>
    public string? ClientKeyData { get; init; }

    public ExecSettings? Exec { get; init; }

    /// <summary>Acts as this user instead (RBAC verb <c>impersonate</c>).</summary>
    public string? ImpersonateUser { get; init; }

    public string? ImpersonateUid { get; init; }

    /// <summary>At most one.</summary>
    public IReadOnlyList<string> ImpersonateGroups { get; init; } = [];

    /// <summary>Fields that name a way of signing in which this client does not have, with what to do instead.</summary>
    internal IReadOnlyList<(string Field, string Problem)> Refused { get; init; } = [];

    internal Origin Origin { get; init; }

    public override string ToString() => $"User {Name}";
}
