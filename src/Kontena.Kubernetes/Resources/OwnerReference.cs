namespace Kontena.Kubernetes.Resources;

/// <summary>A dependent's link to its owner. The garbage collector deletes the dependent once no owner with this UID is left.</summary>
public sealed record OwnerReference
{
    public required string ApiVersion { get; init; }

    public required string Kind { get; init; }

    public required string Name { get; init; }

    /// <summary>Compared instead of the name: a re-created owner of the same name is another owner.</summary>
    public required string Uid { get; init; }

    /// <summary>At most one reference of an object may have this set.</summary>
    public bool? Controller { get; init; }

    public bool? BlockOwnerDeletion { get; init; }
}
