namespace Kontena.Simulator.Faults;

/// <summary>The faults that strike on the way, before the simulated API sees a call.</summary>
internal static class WireFaults
{
    /// <summary>Waits as long as they say; false where the call never arrives: cut, or given up while it was held.</summary>
    public static async Task<bool> HoldAsync(IReadOnlyList<FaultEntry> struck, TimeProvider time, CancellationToken ct)
    {
        try
        {
            foreach (var fault in struck.Select(f => f.Fault))
            {
                if (fault.Kind == FaultKind.Slow) await Task.Delay(fault.Delay, time, ct);
                if (fault.Kind == FaultKind.Hang) await Task.Delay(Timeout.InfiniteTimeSpan, time, ct);
                if (fault.Kind == FaultKind.Cut) return false;
            }
            return true;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return false;
        }
    }

    public static bool Has(this IReadOnlyList<FaultEntry> struck, FaultKind kind) => struck.Any(f => f.Fault.Kind == kind);
}
