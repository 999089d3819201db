using System.Text.Json.Nodes;
using Kontena.Standalone.Json;

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
    private readonly Lazy<JsonObject> document = new(() => JsonText.ParseObject(json));
    private readonly Lazy<JsonObject?> previousDocument = new(() => previous is null ? null : JsonText.ParseObject(previous));

    public long Version => version;

    public ChangeKind Kind => kind;

    public ObjectKey Key => key;

    public byte[] Json => json;

    public byte[]? Previous => previous;

    /// <summary>Shared between readers: never changed.</summary>
    public JsonObject Document => document.Value;

    /// <inheritdoc cref="Document"/>
    public JsonObject? PreviousDocument => previousDocument.Value;

    public int Size => json.Length + (previous?.Length ?? 0);
}
