namespace Kontena.Kubernetes.Runtime;

/// <summary>How one kind is watched.</summary>
public sealed record InformerOptions
{
    public static InformerOptions Default { get; } = new();

    /// <summary>Null watches all namespaces.</summary>
    public string? Namespace { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>Objects per page of a list.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>A server is asked to end a watch after a random time between this and twice this, so that reconnects spread (client-go: 5 to 10 minutes).</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A watch that outlives the time it asked for by this much is dead and is dropped.</summary>
    public TimeSpan WatchOverrun { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Deadline of one page of a list and of opening a watch.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A watch that held this long proves the server healthy: the back-off starts anew.</summary>
    public TimeSpan HealthyAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Every object is handed to the subscribers again at this interval; null: never.</summary>
    public TimeSpan? ResyncEvery { get; init; }

    public Backoff Backoff { get; init; } = Backoff.Watch;
}
