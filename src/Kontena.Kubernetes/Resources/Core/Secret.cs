namespace Kontena.Kubernetes.Resources.Core;

/// <summary>A core/v1 Secret. Its values are never printed: <see cref="ToString"/> names the keys only.</summary>
public sealed record Secret : IResource
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>E.g. <c>Opaque</c>; immutable once created.</summary>
    public string? Type { get; init; }

    /// <summary>Decoded values; base64 on the wire.</summary>
    public IReadOnlyDictionary<string, byte[]>? Data { get; init; }

    /// <summary>True: the server refuses any later change of the data.</summary>
    public bool? Immutable { get; init; }

    public override string ToString() => $"Secret {Metadata.Key} (keys: {string.Join(", ", (Data?.Keys ?? []).Order(StringComparer.Ordinal))})";
}
