using System.Text.Json.Serialization.Metadata;

namespace Kontena.Kubernetes.Resources;

/// <summary>Where a kind lives in the API and how its objects are read and written.</summary>
/// <typeparam name="T">The record that holds one object.</typeparam>
public sealed record ResourceKind<T> where T : class, IResource
{
    /// <summary>API group; empty for the core group.</summary>
    public required string Group { get; init; }

    public required string Version { get; init; }

    public required string Kind { get; init; }

    /// <summary>The resource's name in URLs and RBAC rules, lower-case plural.</summary>
    public required string Plural { get; init; }

    public bool Namespaced { get; init; } = true;

    /// <summary>Set where the objects are a subresource of others, such as their <c>scale</c>; null for objects themselves.</summary>
    public string? Subresource { get; init; }

    /// <summary>Source-generated serialisation of one object.</summary>
    public required JsonTypeInfo<T> Json { get; init; }

    /// <summary>Source-generated serialisation of a page of objects.</summary>
    public required JsonTypeInfo<ResourceList<T>> ListJson { get; init; }

    /// <summary>The value of <c>apiVersion</c>: <c>v1</c> or <c>group/version</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}
