namespace Kontena.Operator.Providers.Shared;

/// <summary>How calls of one account and scope are paced, limited in time and repeated.</summary>
public sealed record ResilienceOptions
{
    public CallFamilyOptions Reads { get; init; } = new();

    public CallFamilyOptions Creates { get; init; } = new();

    public CallFamilyOptions Deletes { get; init; } = new();

    /// <summary>Making, changing, attaching and deleting firewalls; reading them counts among the reads.</summary>
    public CallFamilyOptions Firewalls { get; init; } = new();

    /// <summary>The same at another pace.</summary>
    /// <param name="factor">Of calls a second and of the burst: 0.5 is half as fast.</param>
    public ResilienceOptions AtPace(double factor) => factor.Equals(1.0)
        ? this
        : this with { Reads = Reads.AtPace(factor), Creates = Creates.AtPace(factor), Deletes = Deletes.AtPace(factor), Firewalls = Firewalls.AtPace(factor) };
}

/// <summary>The same for one family of calls.</summary>
public sealed record CallFamilyOptions
{
    /// <summary>Calls a second, in the long run.</summary>
    public double PerSecond { get; init; } = 20;

    /// <summary>Calls at once after a pause.</summary>
    public int Burst { get; init; } = 20;

    /// <summary>The longest one try may take, over all its pages.</summary>
    public TimeSpan AttemptDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest a call may take with all its waits and tries.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Tries after the first.</summary>
    public int Repeats { get; init; } = 4;

    /// <summary>Before the second try, on average; doubles from try to try.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Of the calls within <see cref="BreakerWindow"/>, how large a part must fail (Unavailable) to suspend the family.</summary>
    public double BreakerRatio { get; init; } = 0.8;

    /// <summary>Fewer calls than this within the window never suspend it.</summary>
    public int BreakerMinimum { get; init; } = 10;

    public TimeSpan BreakerWindow { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan BreakerPause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>At least one call at once, however slow.</summary>
    internal CallFamilyOptions AtPace(double factor) => this with { PerSecond = PerSecond * factor, Burst = (int)Math.Clamp(Burst * factor, 1, 1_000_000) };
}
