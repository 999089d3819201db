namespace Kontena.Operator.Core.Machines;

/// <summary>From a fault to the wait before the next try. One table, for every driver.</summary>
public static class RetryRule
{
    /// <summary>Settings and rights are looked at again this often, in case they were mended outside of Kubernetes.</summary>
    public static readonly TimeSpan HumanPace = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <param name="failures">How many times in a row this call failed, from 1.</param>
    /// <returns>How long to wait before the same thing is tried again; a changed pool or Secret wakes the node earlier.</returns>
    public static TimeSpan After(DriverFault fault, int failures) => fault switch
    {
        DriverFault.BadSettings or DriverFault.NotAllowed or DriverFault.QuotaReached => HumanPace,
        DriverFault.NoCapacity => Exponential(TimeSpan.FromSeconds(5), failures),
        DriverFault.Throttled => Exponential(TimeSpan.FromSeconds(2), failures),
        DriverFault.Unavailable => Exponential(TimeSpan.FromSeconds(1), failures),
        DriverFault.InUse => Exponential(TimeSpan.FromSeconds(2), Math.Min(failures, 5)),
        DriverFault.TokenMismatch or DriverFault.TokenSpent => Exponential(TimeSpan.FromSeconds(5), failures),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "unknown fault"),
    };

    /// <summary>True where only a human can help: the condition says what to do and Stalled is raised.</summary>
    public static bool NeedsHuman(DriverFault fault) =>
        fault is DriverFault.BadSettings or DriverFault.NotAllowed or DriverFault.QuotaReached;

    private static TimeSpan Exponential(TimeSpan first, int failures)
    {
        var wait = first * Math.Pow(2, Math.Clamp(failures - 1, 0, 10));
        return wait < Longest ? wait : Longest;
    }
}
