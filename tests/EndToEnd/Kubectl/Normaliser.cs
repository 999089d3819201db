using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Kontena.EndToEnd.Kubectl;

/// <summary>
/// Takes out of answers what two right servers may answer differently. resourceVersions keep their identity: the first one
/// seen is V1, the next other one V2, so that "unchanged" and "changed" still show.
/// </summary>
public sealed partial class Normaliser
{
    /// <summary>
    /// Fields of a NodePool's spec that the documents of these tests set. Others are left out, so that a default added to the CRD
    /// does not change what these tests say about API servers.
    /// </summary>
    private static readonly HashSet<string> specFields = ["replicas", "provider", "aws", "region", "instanceTypes"];

    private static readonly JsonSerializerOptions indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Dictionary<string, string> versions = [];
    private readonly List<(string Text, string Placeholder)> names = [];

    /// <summary>From here on <paramref name="text"/> reads <paramref name="placeholder"/> wherever it occurs.</summary>
    public void Hide(string text, string placeholder) => names.Add((text, placeholder));

    /// <summary>V1, V2, … in order of first appearance.</summary>
    public string Version(string resourceVersion)
    {
        if (!versions.TryGetValue(resourceVersion, out var symbol)) versions[resourceVersion] = symbol = $"V{versions.Count + 1}";
        return symbol;
    }

    /// <summary>Plain output: names, ids, times and ages hidden; columns separated by two blanks whatever their width.</summary>
    public string Text(string text)
    {
        foreach (var (name, placeholder) in names) text = text.Replace(name, placeholder, StringComparison.Ordinal);
        text = Uid().Replace(text, "UID");
        text = Instant().Replace(text, "TIME");
        text = Age().Replace(text, "AGE");
        text = Generated().Replace(text, "$1RANDOM");
        return string.Join('\n', text.Split('\n').Select(line => Blanks().Replace(line.TrimEnd(), "  ")));
    }

    /// <summary>An object as sorted, indented JSON without what the server alone decides.</summary>
    public string Resource(JsonObject resource)
    {
        var copy = (JsonObject)resource.DeepClone();
        if (copy["items"] is JsonArray items)
            foreach (var item in items) Reduce(item!.AsObject());
        Reduce(copy);
        return Text(Sorted(copy)!.ToJsonString(indented));
    }

    /// <summary>A copy with the fields of every object in the order of their names.</summary>
    public static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => KeyValuePair.Create(e.Key, Sorted(e.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private void Reduce(JsonObject resource)
    {
        if (resource["metadata"] is JsonObject metadata)
        {
            metadata.Remove("managedFields");
            if (metadata["resourceVersion"]?.GetValue<string>() is { Length: > 0 } version) metadata["resourceVersion"] = Version(version);
        }

        if (resource["kind"]?.GetValue<string>() == "NodePool" && resource["spec"] is JsonObject spec)
            KeepSpecFields(spec);
    }

    private static void KeepSpecFields(JsonObject part)
    {
        foreach (var other in part.Select(e => e.Key).Except(specFields).ToArray()) part.Remove(other);
        foreach (var inner in part.Select(e => e.Value).OfType<JsonObject>()) KeepSpecFields(inner);
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uid();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")]
    private static partial Regex Instant();

    // "5s", "3m3s", "2d": whole cells only, of a printed table or of one in JSON
    [GeneratedRegex(@"(?<=\s|^|"")(\d+[smhdy]){1,2}(?=\s|$|"")", RegexOptions.Multiline)]
    private static partial Regex Age();

    // generateName: "web-" gives "web-x7k2p"; the alphabet has no vowels and no look-alikes
    [GeneratedRegex(@"(generated-|Upper-|dot\.)[bcdfghjklmnpqrstvwxz2456789]{5}\b")]
    private static partial Regex Generated();

    [GeneratedRegex(@"(?<=\S) {2,}")]
    private static partial Regex Blanks();
}
