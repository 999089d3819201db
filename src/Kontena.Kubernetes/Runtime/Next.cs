namespace Kontena.Kubernetes.Runtime;

/// <summary>What a reconcile that went well waits for, as a closed set.</summary>
public abstract record Next
{
    private Next() { }

    /// <summary>Nothing to do until an object changes.</summary>
    public sealed record AwaitChange : Next;

    /// <summary>Run again after this time, or earlier when an object changes.</summary>
    public sealed record After(TimeSpan Wait) : Next;

    /// <summary>The one that comes first: a reconcile of several steps returns the shortest wait that any of them asked for.</summary>
    public static Next Earliest(Next one, Next other) => (one, other) switch
    {
        (AwaitChange, _) => other,
        (_, AwaitChange) => one,
        (After a, After b) => a.Wait <= b.Wait ? a : b,
        _ => throw new InvalidOperationException($"Unknown wait {one} or {other}."),
    };
}
