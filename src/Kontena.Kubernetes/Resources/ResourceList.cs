namespace Kontena.Kubernetes.Resources;

/// <summary>
/// One page of a list. Go writes an empty list as null now and then, and generated JSON code sets what a document lacks to null: neither is passed on
/// (here and in the other records that say <c>value ??</c>).
/// </summary>
public sealed record ResourceList<T> where T : class, IResource
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ListMeta Metadata { get; init => field = value ?? new(); } = new();

    public IReadOnlyList<T> Items { get; init => field = value ?? []; } = [];
}

/// <summary>Of the list as a whole; <c>continue</c> is empty on the last page.</summary>
public sealed record ListMeta
{
    public string? ResourceVersion { get; init; }

    public string? Continue { get; init; }

    public long? RemainingItemCount { get; init; }
}
