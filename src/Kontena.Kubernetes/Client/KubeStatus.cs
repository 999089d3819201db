namespace Kontena.Kubernetes.Client;

/// <summary>The API server's <c>Status</c> object, as it comes with every refusal.</summary>
public sealed record KubeStatus
{
    public string? Status { get; init; }

    public string? Message { get; init; }

    public string? Reason { get; init; }

    public int? Code { get; init; }

    public StatusDetails? Details { get; init; }
}

/// <summary>What the refusal is about.</summary>
public sealed record StatusDetails
{
    public string? Name { get; init; }

    public string? Group { get; init; }

    public string? Kind { get; init; }

    public string? Uid { get; init; }

    public IReadOnlyList<StatusCause> Causes { get; init => field = value ?? []; } = [];

    public int? RetryAfterSeconds { get; init; }
}

/// <param name="Field">Path of the field, e.g. <c>spec.replicas</c>.</param>
public sealed record StatusCause(string? Reason, string? Message, string? Field);
