using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Kontena.Kubernetes.Client;

/// <summary>A change to an object, in one of the four formats the API takes.</summary>
public sealed record Patch
{
    private Patch(PatchFormat format, byte[] body, bool force)
    {
        Format = format;
        Body = body;
        Force = force;
    }

    public PatchFormat Format { get; }

    /// <summary>UTF-8 JSON. May hold secrets: never logged.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Server-side apply only: take over fields that another manager owns.</summary>
    public bool Force { get; }

    /// <summary>RFC 7386: members replace, null removes, lists are replaced whole.</summary>
    public static Patch Merge(JsonObject body) => new(PatchFormat.Merge, JsonSerializer.SerializeToUtf8Bytes<JsonNode>(body), force: false);

    /// <summary>RFC 6902: operations in order, all or none; <c>test</c> makes a precondition of any field.</summary>
    public static Patch Json(JsonArray operations) => new(PatchFormat.Json, JsonSerializer.SerializeToUtf8Bytes<JsonNode>(operations), force: false);

    /// <summary>Server-side apply: the body holds exactly the fields that this manager wants to own.</summary>
    public static Patch Apply<T>(T resource, JsonTypeInfo<T> json, bool force) =>
        new(PatchFormat.Apply, JsonSerializer.SerializeToUtf8Bytes(resource, json), force);

    public static Patch Apply(JsonObject body, bool force) => new(PatchFormat.Apply, JsonSerializer.SerializeToUtf8Bytes<JsonNode>(body), force);

    /// <summary>Built-in kinds only: custom resources answer 415.</summary>
    public static Patch StrategicMerge(JsonObject body) => new(PatchFormat.StrategicMerge, JsonSerializer.SerializeToUtf8Bytes<JsonNode>(body), force: false);

    public override string ToString() => $"{Format} patch of {Body.Length} bytes";
}

/// <summary>The media types of a patch.</summary>
public enum PatchFormat
{
    Merge,
    Json,
    Apply,
    StrategicMerge,
}
