using System.Buffers;
using System.Text.Json;
using Kontena.Kubernetes.Client.Auth;
using Kontena.Kubernetes.Client.Transport;
using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Client.Watching;

/// <summary>One line of a watch, <c>{"type":…,"object":…}</c>, decoded in one pass over its bytes.</summary>
internal static class WatchFrame
{
    private const string InitialEventsEnd = "k8s.io/initial-events-end";

    /// <exception cref="JsonException">The line is not what a watch sends.</exception>
    public static WatchEvent<T> Parse<T>(in ReadOnlySequence<byte> line, ResourceKind<T> kind, Credential credential) where T : class, IResource
    {
        try
        {
            return Read(line, kind, credential);
        }
        catch (InvalidOperationException e)
        {
            // What the reader says of half a surrogate pair or bytes that are not UTF-8, although it is the line that is wrong.
            throw new JsonException("A name or the type of a frame is not valid text", e);
        }
    }

    private static WatchEvent<T> Read<T>(in ReadOnlySequence<byte> line, ResourceKind<T> kind, Credential credential) where T : class, IResource
    {
        var reader = new Utf8JsonReader(line);
        var type = FrameType.Missing;
        WatchEvent<T>? parsed = null;
        Utf8JsonReader early = default; // stands before an object that came ahead of its type
        var isEarly = false;

        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("A frame is not an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                type = TypeAt(ref reader);
            }
            else if (reader.ValueTextEquals("object"u8) && type != FrameType.Missing)
            {
                parsed = ObjectAt(ref reader, type, kind, credential);
            }
            else
            {
                if (reader.ValueTextEquals("object"u8))
                {
                    early = reader;
                    isEarly = true;
                }
                reader.Skip();
            }
        }
        if (reader.Read()) throw new JsonException("A frame has a tail"); // throws by itself on more bytes than blanks
        if (parsed is null && isEarly && type != FrameType.Missing) parsed = ObjectAt(ref early, type, kind, credential);
        return parsed ?? throw new JsonException("A frame has no type or no object");
    }

    private static WatchEvent<T> ObjectAt<T>(ref Utf8JsonReader reader, FrameType type, ResourceKind<T> kind, Credential credential) where T : class, IResource
    {
        reader.Read();
        return type switch
        {
            FrameType.Added => new WatchEvent<T>.Added(Resource(ref reader, kind)),
            FrameType.Modified => new WatchEvent<T>.Modified(Resource(ref reader, kind)),
            FrameType.Deleted => new WatchEvent<T>.Deleted(Resource(ref reader, kind)),
            FrameType.Bookmark => Bookmark<T>(ref reader),
            FrameType.Error => new WatchEvent<T>.Failed(Faults.Cleaned(
                JsonSerializer.Deserialize(ref reader, ClientJson.Default.KubeStatus) ?? throw new JsonException("An error has no Status"), credential)),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown type of frame"),
        };
    }

    private static T Resource<T>(ref Utf8JsonReader reader, ResourceKind<T> kind) where T : class, IResource =>
        JsonSerializer.Deserialize(ref reader, kind.Json) ?? throw new JsonException("An event has no object");

    private static WatchEvent<T>.Bookmark Bookmark<T>(ref Utf8JsonReader reader) where T : class, IResource
    {
        var metadata = JsonSerializer.Deserialize(ref reader, ClientJson.Default.BookmarkObject)?.Metadata;
        if (string.IsNullOrEmpty(metadata?.ResourceVersion)) throw new JsonException("A bookmark has no resourceVersion");
        return new WatchEvent<T>.Bookmark(metadata.ResourceVersion, metadata.Annotations?.GetValueOrDefault(InitialEventsEnd) == "true");
    }

    private static FrameType TypeAt(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException("The type of a frame is not text");
        if (reader.ValueTextEquals("ADDED"u8)) return FrameType.Added;
        if (reader.ValueTextEquals("MODIFIED"u8)) return FrameType.Modified;
        if (reader.ValueTextEquals("DELETED"u8)) return FrameType.Deleted;
        if (reader.ValueTextEquals("BOOKMARK"u8)) return FrameType.Bookmark;
        if (reader.ValueTextEquals("ERROR"u8)) return FrameType.Error;
        throw new JsonException("The type of a frame is unknown");
    }

    private enum FrameType
    {
        Missing,
        Added,
        Modified,
        Deleted,
        Bookmark,
        Error,
    }
}
