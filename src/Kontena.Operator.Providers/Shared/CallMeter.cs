using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Providers.Shared;

/// <summary>
/// Counts and times every try of every call: <c>kontena.provider.calls</c> and <c>kontena.provider.call.duration</c> (seconds),
/// by provider, operation and outcome (<c>ok</c>, or the fault). No tag grows with the number of machines.
/// </summary>
internal sealed class CallMeter(string provider, TimeProvider time)
{
    private static readonly Meter meter = new(MeteredDriver.MeterName);
    private static readonly Counter<long> calls = meter.CreateCounter<long>("kontena.provider.calls", "{call}", "Calls to providers, each try counted.");
    private static readonly Histogram<double> duration = meter.CreateHistogram<double>("kontena.provider.call.duration", "s", "How long calls to providers took.");

    public Task MeasureAsync(string operation, Func<Task> callAsync) => MeasureAsync(operation, async () =>
    {
        await callAsync();
        return true;
    });

    public async Task<T> MeasureAsync<T>(string operation, Func<Task<T>> callAsync)
    {
        var begun = time.GetTimestamp();
        try
        {
            var answer = await callAsync();
            Record(operation, answer is Lookup.Unknown unknown ? unknown.Fault.ToString() : "ok", begun);
            return answer;
        }
        catch (DriverException e)
        {
            Record(operation, e.Fault.ToString(), begun);
            throw;
        }
        catch (OperationCanceledException)
        {
            Record(operation, "Cancelled", begun);
            throw;
        }
    }

    private void Record(string operation, string outcome, long begun)
    {
        var tags = new TagList { { "provider", provider }, { "operation", operation }, { "outcome", outcome } };
        calls.Add(1, tags);
        duration.Record(time.GetElapsedTime(begun).TotalSeconds, tags);
    }
}
