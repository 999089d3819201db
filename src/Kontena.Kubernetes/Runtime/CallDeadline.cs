using Kontena.Kubernetes.Client;

namespace Kontena.Kubernetes.Runtime;

/// <summary>A limit on one call to the API server.</summary>
internal static class CallDeadline
{
    /// <exception cref="KubeFault">Unreachable, with an unknown outcome, when the limit passed first. A cancellation by <paramref name="ct"/> stays one.</exception>
    public static async Task<T> RunAsync<T>(TimeProvider time, TimeSpan limit, string what, Func<CancellationToken, Task<T>> call, CancellationToken ct)
    {
        using var over = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, over.Token);
        try
        {
            return await call(either.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new KubeFault(FaultReason.Unreachable, $"No answer within {limit} to {what}") { OutcomeUnknown = true };
        }
    }
}
