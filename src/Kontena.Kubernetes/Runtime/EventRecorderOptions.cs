namespace Kontena.Kubernetes.Runtime;

/// <summary>How much an <see cref="EventRecorder"/> says.</summary>
public sealed record EventRecorderOptions
{
    public static EventRecorderOptions Default { get; } = new();

    /// <summary>Shown as the event's source.</summary>
    public string Controller { get; init; } = "kontena-operator";

    /// <summary>The process, e.g. the pod's name.</summary>
    public string Instance { get; init; } = "kontena-operator";

    /// <summary>Within this time the same happening about an unchanged object is not said again, and about a changed one is counted.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Events about one object that may come at once (client-go's spam filter).</summary>
    public int Burst { get; init; } = 25;

    /// <summary>One more event about one object is allowed per this time.</summary>
    public TimeSpan Refill { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Happenings, and objects, that are remembered.</summary>
    public int Remembered { get; init; } = 4096;

    /// <summary>Happenings that wait to be written; more are dropped.</summary>
    public int Backlog { get; init; } = 1000;

    /// <summary>For what is still waiting at a stop.</summary>
    public TimeSpan FlushGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Deadline of one call.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Of the tries after a transient fault; there are three.</summary>
    public Backoff Backoff { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
}
