using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.ExceptionServices;

namespace Kontena.TestKit.Secrets;

/// <summary>
/// Looks for canaries, while all tests of a process run, in what a secret could leave by unnoticed: the texts of our own exceptions with
/// their inner ones, the tags of metrics and of traces, the arguments of every process that is started.
/// </summary>
public sealed class CanaryWatch : IDisposable
{
    /// <summary>Of one kind in one place a few say as much as thousands.</summary>
    private const int MostReported = 20;

    private readonly ConcurrentDictionary<string, byte> found = new(StringComparer.Ordinal);
    private readonly MeterListener meters = new();
    private readonly ActivityListener activities;
    private readonly ProcessArguments processes;
    private long exceptions;
    private long measurements;

    public CanaryWatch()
    {
        AppDomain.CurrentDomain.FirstChanceException += Look;
        meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Look(instrument, tags));
        meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Look(instrument, tags));
        meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Look(instrument, tags));
        meters.Start();
        activities = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => Look("trace", $"{activity.DisplayName} {string.Join(' ', activity.TagObjects)}"),
        };
        ActivitySource.AddActivityListener(activities);
        processes = new ProcessArguments(line => Look("process arguments", line));
    }

    /// <summary>Where which secret was seen; nothing, where all is well.</summary>
    public IReadOnlyList<string> Found => [.. found.Keys.Order(StringComparer.Ordinal)];

    public string Summary => $"looked for secrets in {exceptions} exceptions, {measurements} measurements and the arguments of {processes.Seen} processes";

    public void Dispose()
    {
        AppDomain.CurrentDomain.FirstChanceException -= Look;
        meters.Dispose();
        activities.Dispose();
        processes.Dispose();
    }

    /// <summary>Only ours: what a library says of a text that it could not read is caught before anybody hears it, or is our inner exception.</summary>
    private void Look(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        var type = thrown.Exception.GetType();
        if (type.Namespace?.StartsWith("Kontena", StringComparison.Ordinal) != true) return;
        Interlocked.Increment(ref exceptions);
        for (var error = thrown.Exception; error is not null; error = error.InnerException)
        {
            Look($"{type.Name} ({error.GetType().Name})", error.Message);
            foreach (var key in error.Data.Keys) Look($"{type.Name}.Data", $"{key} {error.Data[key]}");
        }
    }

    private void Look(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Interlocked.Increment(ref measurements);
        foreach (var tag in tags)
            if (tag.Value is string text)
                Look(instrument.Name, text);
    }

    private void Look(string where, string text)
    {
        if (found.Count >= MostReported) return;
        foreach (var name in Canary.In(text)) found.TryAdd($"{name} in {where}", 0);
    }
}
