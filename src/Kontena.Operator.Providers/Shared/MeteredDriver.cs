using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Providers.Shared;

/// <summary>
/// Counts and times every try of every call: <c>kontena.provider.calls</c> and <c>kontena.provider.call.duration</c> (seconds),
/// by provider, operation and outcome (<c>ok</c>, or the fault). No tag grows with the number of machines.
/// </summary>
public sealed class MeteredDriver(IMachineDriver inner, string provider, TimeProvider time) : IMachineDriver
{
    public const string MeterName = "kontena.provider";

    private static readonly Meter meter = new(MeterName);
    private static readonly Counter<long> calls = meter.CreateCounter<long>("kontena.provider.calls", "{call}", "Calls to providers, each try counted.");
    private static readonly Histogram<double> duration = meter.CreateHistogram<double>("kontena.provider.call.duration", "s", "How long calls to providers took.");

    public DriverPromises Promises => inner.Promises;

    public Task<ResolvedOffering> ResolveAsync(ProviderSettings settings, Offering offering, Core.Api.OperatingSystem operatingSystem, int spread, CancellationToken ct) =>
        MeasureAsync("resolve", () => inner.ResolveAsync(settings, offering, operatingSystem, spread, ct));

    public Task<Machine> CreateAsync(MachineRequest request, CancellationToken ct) => MeasureAsync("create", () => inner.CreateAsync(request, ct));

    public Task<Lookup> FindAsync(MachineQuery query, CancellationToken ct) => MeasureAsync("find", () => inner.FindAsync(query, ct));

    public Task<MachineListing> ListAsync(string installation, CancellationToken ct) => MeasureAsync("list", () => inner.ListAsync(installation, ct));

    public Task<Machine?> ClaimAsync(string providerId, MachineMarks from, MachineMarks to, CancellationToken ct) =>
        MeasureAsync("claim", () => inner.ClaimAsync(providerId, from, to, ct));

    public Task DeleteAsync(string providerId, string installation, CancellationToken ct) => MeasureAsync("delete", async () =>
    {
        await inner.DeleteAsync(providerId, installation, ct);
        return true;
    });

    private async Task<T> MeasureAsync<T>(string operation, Func<Task<T>> callAsync)
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
