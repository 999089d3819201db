using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Kontena.Standalone.Json;

namespace Kontena.Standalone.Tests.Crash;

/// <summary>Every resourceVersion that anyone was ever shown, and the one state that it stands for.</summary>
internal sealed class VersionLedger
{
    private readonly ConcurrentDictionary<long, string> states = new();
    private readonly ConcurrentDictionary<long, string> acknowledged = new();
    private long newest;

    /// <summary>The newest version that was shown, in an answer, an event or a list.</summary>
    public long Newest => Interlocked.Read(ref newest);

    /// <summary>Versions of writes that are known to have happened, with their states; deletions have none of their own in an answer.</summary>
    public IReadOnlyDictionary<long, string> Acknowledged => acknowledged;

    public static long VersionOf(JsonObject obj) => long.Parse(obj.ResourceVersion(), CultureInfo.InvariantCulture);

    /// <summary>Takes note of a state that was shown. A version shown with two states was given out twice.</summary>
    public long Saw(JsonObject obj)
    {
        var (version, text) = (VersionOf(obj), obj.ToJsonString());
        var known = states.GetOrAdd(version, text);
        if (known != text) throw new AssertionException($"resourceVersion {version} was given out twice:\n{known}\n{text}");
        SawVersion(version);
        return version;
    }

    public void SawVersion(long version)
    {
        for (var seen = Newest; version > seen; seen = Newest)
            if (Interlocked.CompareExchange(ref newest, version, seen) == seen) return;
    }

    /// <summary>Takes note of the state that a write has made.</summary>
    public void Happened(JsonObject obj) => acknowledged[Saw(obj)] = obj.ToJsonString();
}
