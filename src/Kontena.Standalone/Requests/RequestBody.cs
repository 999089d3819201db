using System.Text;
using System.Text.Json;
using Kontena.Kubernetes.Schema;
using Kontena.Standalone.FieldOwnership;
using Kontena.Standalone.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Kontena.Standalone.Requests;

/// <summary>An object as a request brings it, with the paths of the names that it gives twice.</summary>
/// <param name="Managers">Who owns its fields, where that is known already: after an apply.</param>
internal sealed record RequestObject(JsonObject Object, IReadOnlyList<string> Duplicates, FieldManagers? Managers = null)
{
    /// <summary>The managers that the request itself brings.</summary>
    public JsonArray? AskedManagers => (Object["metadata"] as JsonObject)?["managedFields"] as JsonArray;
}

/// <summary>Reads the bodies of requests, up to a bound. What is beyond it is left to Kestrel, which reads on for a while so that the client gets to the answer.</summary>
internal static class RequestBody
{
    public const long MaxBytes = 3 << 20;

    private const string Json = "application/json";
    private const string Yaml = "application/yaml";

    /// <exception cref="StatusException">400 not what its media type says; 413 too large; 415 another media type.</exception>
    public static async Task<RequestObject> ReadObjectAsync(HttpRequest request, CancellationToken ct)
    {
        if (MediaType(request) == Yaml) return await ReadConfigurationAsync(request, ct);
        var bytes = await ReadAsync(request, ct);
        // kubectl sends no Content-Type with the PUT of a scale.
        switch (MediaType(request) ?? Json)
        {
            case Json:
                var duplicates = new List<string>();
                return new RequestObject(Parse(bytes, duplicates) as JsonObject ?? throw Fault.BadRequest("the request body must be a JSON object"), duplicates);
            case ProtobufBody.MediaType:
                return new RequestObject(ProtobufBody.Decode(bytes), []);
            default:
                throw Fault.UnsupportedMediaType([Json, Yaml, ProtobufBody.MediaType]);
        }
    }

    /// <summary>An object that may be absent, as the options of a delete.</summary>
    public static async Task<JsonObject?> ReadOptionalAsync(HttpRequest request, CancellationToken ct)
    {
        var bytes = await ReadAsync(request, ct);
        if (bytes.Length == 0) return null;
        if (MediaType(request) == ProtobufBody.MediaType) return ProtobufBody.Decode(bytes);
        return Parse(bytes, null) as JsonObject ?? throw Fault.BadRequest("the request body must be a JSON object");
    }

    public static async Task<(JsonNode? Patch, IReadOnlyList<string> Duplicates)> ReadPatchAsync(HttpRequest request, CancellationToken ct)
    {
        var duplicates = new List<string>();
        var patch = Parse(await ReadAsync(request, ct), duplicates);
        var list = MediaType(request)?.Contains("json-patch", StringComparison.Ordinal) == true;
        if (list ? patch is not JsonArray : patch is not JsonObject) throw Fault.BadRequest($"a patch of this type is {(list ? "a list of operations" : "an object")}");
        return (patch, duplicates);
    }

    /// <summary>The configuration of an apply: YAML, and so JSON too.</summary>
    public static async Task<RequestObject> ReadConfigurationAsync(HttpRequest request, CancellationToken ct)
    {
        var bytes = await ReadAsync(request, ct);
        var duplicates = new List<string>();
        try { return new RequestObject(JsonText.ParseObject(bytes, duplicates), duplicates); }
        catch (JsonException)
        {
            // What kubectl and controllers send is JSON, which reads quicker as such, and says which names are there twice. This is YAML.
        }
        try
        {
            return new RequestObject(YamlDocuments.Read(Encoding.UTF8.GetString(bytes)) is [var one] ? one : throw new FormatException("the body must be one document"), []);
        }
        catch (FormatException e)
        {
            throw Fault.BadRequest($"error decoding YAML: {e.Message}");
        }
    }

    public static string? MediaType(HttpRequest request) =>
        request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() is { Length: > 0 } type ? type : null;

    private static JsonNode? Parse(byte[] bytes, ICollection<string>? duplicates)
    {
        try { return JsonText.Parse(bytes, duplicates); }
        catch (JsonException e) { throw Fault.BadRequest($"the request body is not valid JSON: {e.Message}"); }
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        var part = new byte[32 << 10];
        while (await request.Body.ReadAsync(part, ct) is var read and > 0)
        {
            if (buffer.Length + read > MaxBytes) throw Fault.TooLarge(MaxBytes);
            buffer.Write(part, 0, read);
        }
        return buffer.ToArray();
    }
}
