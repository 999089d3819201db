namespace Kontena.Kubernetes.Resources.Core;

/// <summary>A core/v1 ConfigMap.</summary>
public sealed record ConfigMap : IResource
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public IReadOnlyDictionary<string, string>? Data { get; init; }

    /// <summary>Values that are not UTF-8; base64 on the wire.</summary>
    public IReadOnlyDictionary<string, byte[]>? BinaryData { get; init; }

    public bool? Immutable { get; init; }
}
