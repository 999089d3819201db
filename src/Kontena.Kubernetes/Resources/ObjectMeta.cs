using System.Text.Json.Serialization;

namespace Kontena.Kubernetes.Resources;

/// <summary>
/// The part of <c>metadata</c> that controllers use. <c>managedFields</c> is left out on purpose: it is a third of the
/// bytes of an object and a field without a property is skipped while parsing.
/// </summary>
public sealed record ObjectMeta
{
    public string? Name { get; init; }

    public string? GenerateName { get; init; }

    public string? Namespace { get; init; }

    public string? Uid { get; init; }

    /// <summary>Opaque; two of one resource type may be compared as numbers only to tell "older" (KEP-5504).</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Raised by the server when the spec changes and when deletion begins, not for metadata or status.</summary>
    public long? Generation { get; init; }

    public DateTimeOffset? CreationTimestamp { get; init; }

    public DateTimeOffset? DeletionTimestamp { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public IReadOnlyList<OwnerReference>? OwnerReferences { get; init; }

    public IReadOnlyList<string>? Finalizers { get; init; }

    [JsonIgnore]
    public bool IsBeingDeleted => DeletionTimestamp is not null;

    [JsonIgnore]
    public ObjectKey Key => new(Namespace ?? "", Name ?? "");
}
