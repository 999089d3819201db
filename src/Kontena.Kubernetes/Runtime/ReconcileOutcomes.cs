using System.Collections.Concurrent;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Microsoft.Extensions.Logging;

namespace Kontena.Kubernetes.Runtime;

/// <summary>
/// What follows from the end of a reconcile: when the key runs next, and what is worth a log line. A failure that repeats
/// word for word is said once. Returns the outcome's name in metrics.
/// </summary>
internal sealed class ReconcileOutcomes(string controller, WorkQueue queue, Func<double> random, ILogger log)
{
    /// <summary>Conflicts in a row that are taken for ordinary: the object changed under us, the cache will follow in a moment.</summary>
    private const int QuickRetries = 5;

    private static readonly TimeSpan QuickRetry = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<ObjectKey, string> said = [];
    private readonly ConcurrentDictionary<ObjectKey, int> conflicts = [];
    private readonly KeyValuePair<string, object?> tag = RuntimeMetrics.Tag("controller", controller);

    public string Succeeded(ObjectKey key, Next next)
    {
        queue.Forget(key);
        conflicts.TryRemove(key, out _);
        if (said.TryRemove(key, out _)) log.LogInformation("{Controller}: {Key} reconciles again", controller, key);
        switch (next)
        {
            case Next.AwaitChange:
                return "done";
            case Next.After after:
                queue.AddAfter(key, after.Wait);
                return "waiting";
            default:
                throw new InvalidOperationException($"Unknown wait {next}.");
        }
    }

    public string Refused(ObjectKey key, KubeFault fault)
    {
        if (fault.Reason == FaultReason.Conflict && conflicts.AddOrUpdate(key, 1, (_, n) => Math.Min(n + 1, QuickRetries + 1)) <= QuickRetries)
        {
            log.LogDebug("{Controller}: {Key} changed meanwhile: {Fault}", controller, key, fault.Message);
            queue.AddAfter(key, QuickRetry * (1 + random()));
            return "conflict";
        }
        var delay = queue.AddBackedOff(key, fault.RetryAfter ?? TimeSpan.Zero);
        var level = fault.Reason == FaultReason.Conflict ? LogLevel.Debug : LogLevel.Warning;
        log.Log(LevelOf(key, fault.Message, level), "{Controller}: {Key} failed: {Fault}; again in {Delay}", controller, key, fault.Message, delay);
        return Failed(fault.Reason == FaultReason.Conflict ? "conflict" : "error");
    }

    public string TimedOut(ObjectKey key, TimeSpan deadline)
    {
        var delay = queue.AddBackedOff(key, TimeSpan.Zero);
        log.Log(LevelOf(key, "deadline", LogLevel.Warning), "{Controller}: {Key} did not finish within {Deadline}; again in {Delay}", controller, key, deadline, delay);
        return Failed("deadline");
    }

    public string Threw(ObjectKey key, Exception exception)
    {
        var delay = queue.AddBackedOff(key, TimeSpan.Zero);
        log.Log(LevelOf(key, exception.Message, LogLevel.Error), exception, "{Controller}: {Key} failed; again in {Delay}", controller, key, delay);
        return Failed("error");
    }

    private string Failed(string outcome)
    {
        RuntimeMetrics.ReconcileErrors.Add(1, tag, RuntimeMetrics.Tag("outcome", outcome));
        return outcome;
    }

    private LogLevel LevelOf(ObjectKey key, string message, LogLevel first)
    {
        if (first == LogLevel.Debug || (said.TryGetValue(key, out var last) && last == message)) return LogLevel.Debug;
        said[key] = message;
        return first;
    }
}
