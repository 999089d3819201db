namespace Kontena.Operator.Inventories;

/// <summary>How often the operator looks by itself at what nobody tells it about.</summary>
internal sealed record Pace
{
    /// <summary>Between listings of an account while one of its machines is on its way.</summary>
    public TimeSpan Quick { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Between listings while all is settled: what is done by hand at the provider is seen this soon.</summary>
    public TimeSpan Settled { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Between listings of a grid's nodes while all is settled: a node that drops out is seen this soon.</summary>
    public TimeSpan GridSettled { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How old the grid's own settings and the Master's version may become.</summary>
    public TimeSpan GridFresh { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long quick listings go on after the last wish for them.</summary>
    public TimeSpan QuickFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two sweeps for orphans while no tombstone stands.</summary>
    public TimeSpan Sweep { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How soon credentials and Secrets that were missing or refused are read again: that costs the provider nothing, and mended ones should work at once.</summary>
    public TimeSpan LookAgain { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>From a machine's start until its node must be online in its grid; then the condition says what is likely wrong.</summary>
    public TimeSpan JoinDeadline { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a Secret that was read serves everybody.</summary>
    public TimeSpan SecretsFresh { get; init; } = TimeSpan.FromSeconds(10);
}
