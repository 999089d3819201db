using Kontena.Kubernetes.Resources;

namespace Kontena.TestKit.MemoryApi;

/// <summary>A call as it reached the API.</summary>
/// <param name="Kind">The resource, as in <c>nodepools.kontena.io</c>.</param>
/// <param name="Key">The name is empty for list and watch.</param>
/// <param name="Body">JSON of a write.</param>
public sealed record ApiCall(ApiVerb Verb, string Kind, ObjectKey Key, string? Subresource = null, string? Body = null)
{
    /// <summary>Of a list: at most so many objects a page.</summary>
    public int? Limit { get; init; }

    public bool IsWrite => Verb is ApiVerb.Create or ApiVerb.Update or ApiVerb.Patch or ApiVerb.Delete;

    public override string ToString() => $"{Verb} {Kind} {Key}{(Subresource is null ? "" : $"/{Subresource}")}";
}

/// <summary>The seven calls of <see cref="Kontena.Kubernetes.Client.IKubeApi"/>.</summary>
public enum ApiVerb
{
    Get,
    List,
    Watch,
    Create,
    Update,
    Patch,
    Delete,
}
