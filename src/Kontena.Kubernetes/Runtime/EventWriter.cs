using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;

namespace Kontena.Kubernetes.Runtime;

/// <summary>Writes one happening as a core/v1 Event: a new one, or one more in the count of the one that is there.</summary>
internal sealed class EventWriter(IKubeApi api, EventRecorderOptions options, TimeProvider time)
{
    private readonly RecentlyUsed<string, (int Count, long At)> written = new(options.Remembered);
    private string? doubtful;

    /// <returns>What was done, for the metric.</returns>
    /// <exception cref="KubeFault">It could not be written.</exception>
    public async Task<string> WriteAsync(Happening happening, CancellationToken ct)
    {
        if (written.TryGet(happening.Hash, out var last) && time.GetElapsedTime(last.At) < options.Window
            && await TryCountAsync(happening, last.Count + 1, ct))
            return "counted";
        try
        {
            await api.CreateAsync(CoreKinds.Event, New(happening), WriteOptions.Default, ct);
            Remember(happening, 1);
            return "created";
        }
        catch (Exception exception) when (exception is KubeFault { OutcomeUnknown: true } or OperationCanceledException)
        {
            doubtful = happening.Hash;
            throw;
        }
        catch (KubeFault fault) when (fault.Reason == FaultReason.AlreadyExists)
        {
            var retried = doubtful == happening.Hash;
            doubtful = null;
            if (retried)
            {
                // What is there is our own create whose answer was lost.
                Remember(happening, 1);
                return "created";
            }
            var there = await api.GetAsync(CoreKinds.Event, new ObjectKey(happening.Namespace, happening.EventName), ct);
            await TryCountAsync(happening, (there.Count ?? 1) + 1, ct);
            return "counted";
        }
    }

    /// <returns>False where the server has forgotten the Event.</returns>
    private async Task<bool> TryCountAsync(Happening happening, int count, CancellationToken ct)
    {
        var patch = Patch.Merge(new JsonObject
        {
            ["count"] = count,
            ["lastTimestamp"] = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        });
        try
        {
            await api.PatchAsync(CoreKinds.Event, new ObjectKey(happening.Namespace, happening.EventName), patch, WriteOptions.Default, ct);
        }
        catch (KubeFault fault) when (fault.Reason == FaultReason.NotFound)
        {
            return false;
        }
        Remember(happening, count);
        return true;
    }

    private void Remember(Happening happening, int count) => written.Set(happening.Hash, (count, time.GetTimestamp()));

    private Event New(Happening happening)
    {
        var now = time.GetUtcNow();
        return new Event
        {
            ApiVersion = CoreKinds.Event.ApiVersion,
            Kind = CoreKinds.Event.Kind,
            Metadata = new ObjectMeta { Namespace = happening.Namespace, Name = happening.EventName },
            InvolvedObject = happening.Regarding,
            Type = happening.Type.ToString(),
            Reason = happening.Reason,
            Message = happening.Message,
            Source = new EventSource(options.Controller),
            FirstTimestamp = now,
            LastTimestamp = now,
            Count = 1,
            ReportingController = options.Controller,
            ReportingInstance = options.Instance,
        };
    }
}
