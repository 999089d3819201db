namespace Kontena.Kubernetes.Resources;

/// <summary>One page of a list.</summary>
public sealed record ResourceList<T> where T : class, IResource
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ListMeta Metadata { get; init; } = new();

    public IReadOnlyList<T> Items { get; init; } = [];
}

/// <summary>Of the list as a whole; <c>continue</c> is empty on the last page.</summary>
public sealed record ListMeta
{
    public string? ResourceVersion { get; init; }

    public string? Continue { get; init; }

    public long? RemainingItemCount { get; init; }
}
