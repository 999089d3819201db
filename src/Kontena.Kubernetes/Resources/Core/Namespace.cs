namespace Kontena.Kubernetes.Resources.Core;

/// <summary>A core/v1 Namespace. The UID of <c>kube-system</c> tells one cluster from another.</summary>
public sealed record Namespace : IResource
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public NamespaceStatus? Status { get; init; }
}

/// <param name="Phase"><c>Active</c> or <c>Terminating</c>.</param>
public sealed record NamespaceStatus(string? Phase);
