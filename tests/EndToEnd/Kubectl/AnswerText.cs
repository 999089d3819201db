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
        var warnings = string.Concat(answer.Warnings.Where(w => !Quirks.IsQuirk(w)).Select(w => $"\n  warning: {normaliser.Text(w)}"));
        if (!answer.ContentType.Contains("json", StringComparison.Ordinal))
            return $"< {answer.Code} {answer.ContentType.Split(';')[0]}: {normaliser.Text(answer.Text.Trim())}{warnings}";
        return $"< {answer.Code} {Body(answer.Json, normaliser, show)}{warnings}";
    }

    public static string OfFrame(JsonObject frame, Normaliser normaliser, string[] show) =>
        $"{frame["type"]} {Body(frame["object"]!.AsObject(), normaliser, show)}";

    /// <summary>The value at a dotted path (<c>spec.replicas</c>, <c>items.0.metadata.name</c>); null when there is none.</summary>
    public static JsonNode? At(JsonNode? node, string path)
    {
        foreach (var part in path.Split('.'))
            node = node is JsonArray list ? list.ElementAtOrDefault(int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)) : node?[part];
        return node;
    }

    private static string Body(JsonObject body, Normaliser normaliser, string[] show)
    {
        var head = body["kind"]!.GetValue<string>() == "Status" ? Status(body, normaliser) : body["kind"]!.GetValue<string>();
        return head + string.Concat(show.Select(path => $"\n  {path}: {Field(body, path, normaliser)}"));
    }

    private static string Field(JsonObject body, string path, Normaliser normaliser)
    {
        var value = At(body, path);
        if (value is null) return "(none)";
        return path.EndsWith("resourceVersion", StringComparison.Ordinal)
            ? normaliser.Version(value.GetValue<string>())
            : normaliser.Text(value.ToJsonString());
    }

    private static string Status(JsonObject status, Normaliser normaliser)
    {
        var details = status["details"];
        var about = string.Join(' ', new[] { "kind", "group", "name" }.Select(k => details?[k]?.GetValue<string>()).Where(v => !string.IsNullOrEmpty(v)));
        return $"Status {status["status"]} {status["reason"]} {status["code"]} {normaliser.Text(about)}".TrimEnd()
            + string.Concat(Causes(details).Select(cause => "\n  cause: " + cause));
    }

    private static IEnumerable<string> Causes(JsonNode? details) =>
        (details?["causes"] as JsonArray ?? []).Select(c => (Reason: $"{c!["reason"]}", Field: $"{c["field"]}"))
        .Where(c => !Quirks.IsQuirk(c.Reason, c.Field))
        .Select(c => $"{c.Reason} {c.Field}").Distinct().Order(StringComparer.Ordinal);
}
