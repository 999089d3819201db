using System.Text.Json.Serialization;

namespace Kontena.Kubernetes.Resources.Core;

/// <summary>A core/v1 Event: what <c>kubectl describe</c> shows below an object. The server forgets it after an hour by default.</summary>
public sealed record Event : IResource
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public ObjectReference? InvolvedObject { get; init; }

    /// <summary><c>Normal</c> or <c>Warning</c>.</summary>
    public string? Type { get; init; }

    /// <summary>One CamelCase word, at most 128 characters.</summary>
    public string? Reason { get; init; }

    public string? Message { get; init; }

    public EventSource? Source { get; init; }

    public DateTimeOffset? FirstTimestamp { get; init; }

    public DateTimeOffset? LastTimestamp { get; init; }

    public int? Count { get; init; }

    /// <summary>Only of the newer event style, which also demands an action and an instance; left out by our recorder.</summary>
    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? EventTime { get; init; }

    /// <summary>Called <c>reportingComponent</c> in core/v1 and <c>reportingController</c> in events.k8s.io/v1.</summary>
    [JsonPropertyName("reportingComponent")]
    public string? ReportingController { get; init; }

    public string? ReportingInstance { get; init; }
}

/// <summary>The object that an Event is about.</summary>
public sealed record ObjectReference
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public string? Namespace { get; init; }

    public string? Name { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }
}

/// <param name="Component">The controller's name; shown in the From column of <c>kubectl describe</c>.</param>
public sealed record EventSource(string? Component, string? Host = null);
