namespace Kontena.Standalone.Storage;

internal enum ChangeKind
{
    Added = 1,
    Modified = 2,
    Deleted = 3,
}

/// <summary>
/// One committed write. <see cref="Json"/> is the object after it (after a deletion: its last state under the deletion's
/// own version); <see cref="Previous"/> the object before it, which lets a watch see that an object left its selector and
/// lets a paged list look back.
/// </summary>
internal sealed class Change(long version, ChangeKind kind, ObjectKey key, byte[] json, byte[]? previous)
{
    // Weak, because a document weighs many times its bytes, which is all that Size counts and the bounds of the cache hold.
    private readonly WeakReference<JsonObject?> document = new(null);
    private readonly WeakReference<JsonObject?> previousDocument = new(null);

    public long Version => version;

    public ChangeKind Kind => kind;

    public ObjectKey Key => key;

    public byte[] Json => json;

    public byte[]? Previous => previous;

    /// <summary>Shared between the readers of a moment: never changed.</summary>
    public JsonObject Document => Read(json, document);

    /// <inheritdoc cref="Document"/>
    public JsonObject? PreviousDocument => previous is null ? null : Read(previous, previousDocument);

    public int Size => json.Length + (previous?.Length ?? 0);

    private static JsonObject Read(byte[] text, WeakReference<JsonObject?> last)
    {
        if (last.TryGetTarget(out var known)) return known;
        var parsed = JsonText.ParseObject(text);
        last.SetTarget(parsed);
        return parsed;
    }
}
