using System.Collections.Frozen;
using System.Text;

namespace Kontena.Standalone.Protobuf;

/// <summary>
/// Request bodies in the Kubernetes protobuf envelope, which kubectl since 1.32 sends for core kinds that it makes itself.
/// Only the messages below are known; unknown fields are skipped. Answers are JSON: every client that sends this accepts it.
/// </summary>
internal static class ProtobufBody
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private static readonly byte[] Magic = "k8s\0"u8.ToArray();

    private static readonly Message OwnerReference = new()
    {
        [1] = Text("kind"),
        [3] = Text("name"),
        [4] = Text("uid"),
        [5] = Text("apiVersion"),
        [6] = Flag("controller"),
        [7] = Flag("blockOwnerDeletion"),
    };

    private static readonly Message ObjectMeta = new()
    {
        [1] = Text("name"),
        [2] = Text("generateName"),
        [3] = Text("namespace"),
        [5] = Text("uid"),
        [6] = Text("resourceVersion"),
        [11] = TextMap("labels"),
        [12] = TextMap("annotations"),
        [13] = List("ownerReferences", OwnerReference),
        [14] = TextList("finalizers"),
    };

    private static readonly FrozenDictionary<string, Message> Kinds = new Dictionary<string, Message>
    {
        ["Secret"] = new()
        {
            [1] = Nested("metadata", ObjectMeta),
            [2] = BytesMap("data"),
            [3] = Text("type"),
            [4] = TextMap("stringData"),
            [5] = Flag("immutable"),
        },
        ["ConfigMap"] = new() { [1] = Nested("metadata", ObjectMeta), [2] = TextMap("data"), [3] = BytesMap("binaryData"), [4] = Flag("immutable") },
        ["Namespace"] = new() { [1] = Nested("metadata", ObjectMeta) },
        ["SelfSubjectAccessReview"] = new()
        {
            [1] = Nested("metadata", ObjectMeta),
            [2] = Nested("spec", new()
            {
                [1] = Nested("resourceAttributes", new()
                {
                    [1] = Text("namespace"),
                    [2] = Text("verb"),
                    [3] = Text("group"),
                    [4] = Text("version"),
                    [5] = Text("resource"),
                    [6] = Text("subresource"),
                    [7] = Text("name"),
                }),
                [2] = Nested("nonResourceAttributes", new() { [1] = Text("path"), [2] = Text("verb") }),
            }),
        },
        ["SelfSubjectRulesReview"] = new() { [1] = Nested("metadata", ObjectMeta), [2] = Nested("spec", new() { [1] = Text("namespace") }) },
        ["DeleteOptions"] = new()
        {
            [2] = Nested("preconditions", new() { [1] = Text("uid"), [2] = Text("resourceVersion") }),
            [3] = Flag("orphanDependents"),
            [4] = Text("propagationPolicy"),
            [5] = TextList("dryRun"),
        },
    }.ToFrozenDictionary();

    /// <exception cref="StatusException">400: malformed; 415: a kind that has no table here.</exception>
    public static JsonObject Decode(ReadOnlyMemory<byte> body)
    {
        if (!body.Span.StartsWith(Magic)) throw Fault.BadRequest("the request body does not begin as a Kubernetes protobuf message");
        var envelope = new JsonObject();
        ReadOnlyMemory<byte> raw = default;
        foreach (var field in ProtobufReader.Fields(body[Magic.Length..]))
        {
            if (field.Id == 1) Read(field.Bytes, new() { [1] = Text("apiVersion"), [2] = Text("kind") }, envelope);
            if (field.Id == 2) raw = field.Bytes;
        }
        if (!Kinds.TryGetValue(envelope.Text("kind") ?? "", out var message)) throw Fault.UnsupportedMediaType(["application/json"]);
        Read(raw, message, envelope);
        return envelope;
    }

    private static void Read(ReadOnlyMemory<byte> bytes, Message message, JsonObject into)
    {
        foreach (var field in ProtobufReader.Fields(bytes))
        {
            if (message.TryGetValue(field.Id, out var read)) read(field, into);
        }
    }

    private static Action<WireField, JsonObject> Text(string name) => (field, into) =>
    {
        if (field.Bytes.Length > 0) into[name] = Encoding.UTF8.GetString(field.Bytes.Span);
    };

    private static Action<WireField, JsonObject> Flag(string name) => (field, into) => into[name] = field.Number != 0;

    private static Action<WireField, JsonObject> Nested(string name, Message message) => (field, into) =>
    {
        if (into[name] is not JsonObject child) into[name] = child = [];
        Read(field.Bytes, message, child);
    };

    private static Action<WireField, JsonObject> List(string name, Message message) => (field, into) =>
    {
        var item = new JsonObject();
        Read(field.Bytes, message, item);
        Items(into, name).Add((JsonNode)item);
    };

    private static Action<WireField, JsonObject> TextList(string name) =>
        (field, into) => Items(into, name).Add((JsonNode?)Encoding.UTF8.GetString(field.Bytes.Span));

    private static Action<WireField, JsonObject> TextMap(string name) => Map(name, value => Encoding.UTF8.GetString(value.Span));

    private static Action<WireField, JsonObject> BytesMap(string name) => Map(name, value => Convert.ToBase64String(value.Span));

    private static Action<WireField, JsonObject> Map(string name, Func<ReadOnlyMemory<byte>, string> read) => (field, into) =>
    {
        if (into[name] is not JsonObject map) into[name] = map = [];
        var (key, value) = ("", "");
        foreach (var part in ProtobufReader.Fields(field.Bytes))
        {
            if (part.Id == 1) key = Encoding.UTF8.GetString(part.Bytes.Span);
            if (part.Id == 2) value = read(part.Bytes);
        }
        map[key] = value;
    };

    private static JsonArray Items(JsonObject into, string name)
    {
        if (into[name] is not JsonArray list) into[name] = list = [];
        return list;
    }

    private sealed class Message : Dictionary<int, Action<WireField, JsonObject>>;
}
