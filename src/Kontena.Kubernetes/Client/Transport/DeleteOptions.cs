namespace Kontena.Kubernetes.Client.Transport;

/// <summary>The body of a DELETE. A dry run is asked for here and not in the query, as kubectl does it.</summary>
internal sealed record DeleteOptions(Preconditions? Preconditions, string? PropagationPolicy, IReadOnlyList<string>? DryRun)
{
    public static DeleteOptions From(DeleteQuery query) => new(
        query.Uid is null && query.ResourceVersion is null ? null : new Preconditions(query.Uid, query.ResourceVersion),
        query.Propagation?.ToString(),
        query.DryRun ? ["All"] : null);
}

internal sealed record Preconditions(string? Uid, string? ResourceVersion);
