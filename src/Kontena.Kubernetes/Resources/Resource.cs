namespace Kontena.Kubernetes.Resources;

/// <summary>A custom resource: a spec that people write and a status that a controller writes.</summary>
public sealed record Resource<TSpec, TStatus> : IResource
    where TSpec : class
    where TStatus : class
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public required TSpec Spec { get; init; }

    public TStatus? Status { get; init; }
}
