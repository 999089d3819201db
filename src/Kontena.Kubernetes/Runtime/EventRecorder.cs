using System.Threading.Channels;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Microsoft.Extensions.Logging;

namespace Kontena.Kubernetes.Runtime;

/// <summary>
/// Writes Events beside the reconcilers, never in their way: <see cref="Record"/> puts into a bounded queue, one loop writes.
/// The same happening (object UID, type, reason, message) about an unchanged object is said once per window; about a changed
/// one it is counted in the Event that is there. A token bucket per object ends floods.
/// </summary>
public sealed class EventRecorder : IEventRecorder
{
    private const int Tries = 3;

    private readonly EventRecorderOptions options;
    private readonly TimeProvider time;
    private readonly Func<double> random;
    private readonly ILogger log;
    private readonly Channel<Happening> waiting;
    private readonly EventGate gate;
    private readonly EventWriter writer;

    public EventRecorder(IKubeApi api, EventRecorderOptions options, TimeProvider time, Func<double> random, ILogger log)
    {
        this.options = options;
        this.time = time;
        this.random = random;
        this.log = log;
        waiting = Channel.CreateBounded<Happening>(new BoundedChannelOptions(options.Backlog) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        gate = new EventGate(options, time);
        writer = new EventWriter(api, options, time);
    }

    public void Record<T>(ResourceKind<T> kind, T regarding, EventType type, string reason, string message) where T : class, IResource
    {
        var reference = new ObjectReference
        {
            ApiVersion = kind.ApiVersion,
            Kind = kind.Kind,
            Namespace = regarding.Metadata.Namespace,
            Name = regarding.Metadata.Name,
            Uid = regarding.Metadata.Uid,
            ResourceVersion = regarding.Metadata.ResourceVersion,
        };
        // Not written where the queue is full or the recorder has stopped: an Event is a courtesy, the condition holds the truth.
        if (!waiting.Writer.TryWrite(new Happening(reference, type, reason, Happening.Cut(message)))) Count("dropped");
    }

    /// <summary>Writes until cancelled, then what still waits, within the grace. Runs once.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var flush = new CancellationTokenSource();
        await using var stop = ct.Register(() => waiting.Writer.TryComplete());
        await using var over = time.CreateTimer(_ => flush.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var grace = ct.Register(() => over.Change(options.FlushGrace, Timeout.InfiniteTimeSpan));
        try
        {
            await foreach (var happening in waiting.Reader.ReadAllAsync(flush.Token)) await SayAsync(happening, ct, flush.Token);
        }
        catch (OperationCanceledException) when (flush.IsCancellationRequested)
        {
            log.LogDebug("Events still waiting at the end of the grace were dropped");
        }
    }

    private async Task SayAsync(Happening happening, CancellationToken stop, CancellationToken ct)
    {
        switch (gate.Judge(happening))
        {
            case EventVerdict.Say:
                Count(await WriteAsync(happening, stop, ct));
                break;
            case EventVerdict.Repeated:
                Count("suppressed");
                break;
            case EventVerdict.TooMany:
                Count("throttled");
                break;
            case var unknown:
                throw new InvalidOperationException($"Unknown verdict {unknown}.");
        }
    }

    private async Task<string> WriteAsync(Happening happening, CancellationToken stop, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await CallDeadline.RunAsync(time, options.CallTimeout, $"writing event {happening.Reason}", token => writer.WriteAsync(happening, token), ct);
            }
            catch (KubeFault fault) when (fault.IsTransient && attempt < Tries && !stop.IsCancellationRequested)
            {
                var wait = options.Backoff.After(attempt, random());
                await Task.Delay(fault.RetryAfter is { } asked && asked > wait ? asked : wait, time, ct);
            }
            catch (KubeFault fault)
            {
                log.LogDebug("Event {Reason} about {Object} was dropped: {Fault}", happening.Reason, happening.Regarding.Name, fault.Message);
                return "dropped";
            }
        }
    }

    private static void Count(string outcome) => RuntimeMetrics.Events.Add(1, RuntimeMetrics.Tag("outcome", outcome));
}
