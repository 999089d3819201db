namespace Kontena.Kubernetes.Resources.Core;

/// <summary>The <c>scale</c> subresource (autoscaling/v1): how many there shall be and are, whatever the kind behind it.</summary>
public sealed record Scale : IResource
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public ScaleSpec Spec { get; init => field = value ?? new(); } = new();

    public ScaleStatus Status { get; init => field = value ?? new(); } = new();

    /// <summary>
    /// The scale of one kind's objects: <c>api.GetAsync(Scale.Of(pools), key, ct)</c>. Only get, update and patch exist for it; its
    /// resourceVersion is the object's own.
    /// </summary>
    public static ResourceKind<Scale> Of<T>(ResourceKind<T> kind) where T : class, IResource => new()
    {
        Group = kind.Group,
        Version = kind.Version,
        Plural = kind.Plural,
        Namespaced = kind.Namespaced,
        Kind = "Scale",
        Subresource = "scale",
        Json = CoreJson.Default.Scale,
        ListJson = CoreJson.Default.ResourceListScale,
    };
}

/// <param name="Replicas">How many there shall be; the server leaves 0 out.</param>
public sealed record ScaleSpec(int Replicas = 0);

/// <param name="Replicas">How many there are.</param>
/// <param name="Selector">Label selector of what is counted, for autoscalers.</param>
public sealed record ScaleStatus(int Replicas = 0, string? Selector = null);
