using System.Text.Json;
using Kontena.Kubernetes.Client;

namespace Kontena.Fuzz.Targets;

/// <summary>What a stream of a watch says, read the slow and plain way: line by line, each as a whole document.</summary>
internal static class WatchOracle
{
    /// <returns>The events up to the first line that is none, and whether there was such a line; null where two readings are right.</returns>
    public static (IReadOnlyList<string> Events, bool Broken)? Read(ReadOnlySpan<byte> stream)
    {
        var events = new List<string>();
        while (stream.IndexOf((byte)'\n') is var end and >= 0)
        {
            var line = stream[..end];
            stream = stream[(end + 1)..];
            if (end > WatchBytes.MaxLine) return (events, true);
            if (!line.ContainsAnyExcept(" \t\r"u8)) continue;
            try
            {
                using var document = JsonDocument.Parse(line.ToArray());
                if (Ambiguous(document.RootElement)) return null;
                events.Add(Event(document.RootElement));
            }
            catch (JsonException)
            {
                return (events, true);
            }
            catch (InvalidOperationException)
            {
                // A name that is not UTF-8: JsonDocument says so late, and in this way.
                return null;
            }
        }
        return (events, stream.Length > WatchBytes.MaxLine);
    }

    /// <summary>Two types or two objects in one line: nothing says which of them counts.</summary>
    private static bool Ambiguous(JsonElement frame) => frame.ValueKind == JsonValueKind.Object
        && (frame.EnumerateObject().Count(p => p.NameEquals("type")) > 1 || frame.EnumerateObject().Count(p => p.NameEquals("object")) > 1);

    private static string Event(JsonElement frame)
    {
        if (frame.ValueKind != JsonValueKind.Object || !frame.TryGetProperty("type", out var type) || !frame.TryGetProperty("object", out var obj)
            || type.ValueKind != JsonValueKind.String) throw new JsonException("no frame");
        switch (Name(type))
        {
            case "ADDED" or "MODIFIED" or "DELETED":
                return WatchBytes.Text(Name(type), obj.Deserialize(FuzzWidget.Resource.Json) ?? throw new JsonException("no object"));
            case "BOOKMARK":
                var metadata = obj.Deserialize(ClientJson.Default.BookmarkObject)?.Metadata;
                if (string.IsNullOrEmpty(metadata?.ResourceVersion)) throw new JsonException("no version");
                return $"BOOKMARK {metadata.ResourceVersion} {metadata.Annotations?.GetValueOrDefault("k8s.io/initial-events-end") == "true"}";
            case "ERROR":
                var status = obj.Deserialize(ClientJson.Default.KubeStatus) ?? throw new JsonException("no Status");
                return $"ERROR {status.Code} {status.Reason}";
            default:
                throw new JsonException("no type");
        }
    }

    private static string Name(JsonElement type)
    {
        try { return type.GetString()!; }
        catch (InvalidOperationException e) { throw new JsonException("not UTF-8", e); }
    }
}
