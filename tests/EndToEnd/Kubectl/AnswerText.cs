using System.Text.Json.Nodes;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Kubectl;

/// <summary>
/// An HTTP answer in a few lines. Of a Status: code, reason, what it is about, and its causes as (reason, field) pairs. Messages are
/// left out: their wording differs between versions of the API server, while reason and field are what clients act on.
/// </summary>
internal static class AnswerText
{
    public static string Of(ApiAnswer answer, Normaliser normaliser, string[] show)
    {
        // In no order: the faults of a document are found in the order of a map.
        var warnings = string.Concat(
            answer.Warnings.Where(w => !Quirks.IsQuirk(w)).Order(StringComparer.Ordinal).Select(w => $"\n  warning: {normaliser.Text(w)}"));
        if (answer.Text.Length == 0) return $"< {answer.Code} (no body){warnings}";
        if (!answer.ContentType.Contains("json", StringComparison.Ordinal))
            return $"< {answer.Code} {answer.ContentType.Split(';')[0]}: {normaliser.Text(answer.Text.Trim())}{warnings}";
        return $"< {answer.Code} {Body(answer.Json, normaliser, show)}{warnings}";
    }

    public static string OfFrame(JsonObject frame, Normaliser normaliser, string[] show) =>
        // Instead of frames, a server may answer with a Status.
        frame["object"] is JsonObject subject ? $"{frame["type"]} {Body(subject, normaliser, show)}" : Body(frame, normaliser, show);

    /// <summary>
    /// The value at a dotted path (<c>spec.replicas</c>, <c>items.0.metadata.name</c>, <c>items.*.metadata.name</c> for a list of them);
    /// null when there is none.
    /// </summary>
    public static JsonNode? At(JsonNode? node, string path)
    {
        var parts = path.Split('.');
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] == "*" && node is JsonArray all)
                return new JsonArray([.. all.Select(item => At(item, string.Join('.', parts[(i + 1)..]))?.DeepClone())]);
            node = node is JsonArray list ? list.ElementAtOrDefault(int.Parse(parts[i], System.Globalization.CultureInfo.InvariantCulture)) : (node as JsonObject)?[parts[i]];
        }
        return node;
    }

    private static string Body(JsonObject body, Normaliser normaliser, string[] show)
    {
        var head = body["kind"]!.GetValue<string>() == "Status" ? Status(body, normaliser) : normaliser.Text(body["kind"]!.GetValue<string>());
        return head + string.Concat(show.Select(path => $"\n  {path}: {Field(body, path, normaliser)}"));
    }

    private static string Field(JsonObject body, string path, Normaliser normaliser)
    {
        var value = At(body, path);
        if (value is null) return "(none)";
        return path.EndsWith("resourceVersion", StringComparison.Ordinal)
            ? normaliser.Version(value.GetValue<string>())
            : normaliser.Text(Normaliser.Sorted(value)!.ToJsonString());
    }

    private static string Status(JsonObject status, Normaliser normaliser)
    {
        var details = status["details"];
        var about = string.Join(' ', new[] { "kind", "group", "name" }.Select(k => details?[k]?.GetValue<string>()).Where(v => !string.IsNullOrEmpty(v)));
        return $"Status {status["status"]} {status["reason"]} {status["code"]} {normaliser.Text(about)}".TrimEnd()
            + string.Concat(Causes(details).Select(cause => "\n  cause: " + cause));
    }

    private static IEnumerable<string> Causes(JsonNode? details) =>
        (details?["causes"] as JsonArray ?? []).Select(c => (Reason: $"{c!["reason"]}", Field: Quirks.RemoveFrom($"{c["field"]}")))
        .Where(c => !Quirks.IsQuirk(c.Reason, c.Field))
        .Select(c => $"{c.Reason} {c.Field}").Distinct().Order(StringComparer.Ordinal);
}
