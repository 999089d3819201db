using System.Text.Json.Nodes;
using Kontena.Kubernetes.Resources;

namespace Kontena.TestKit.MemoryApi;

/// <summary>Which objects of a kind a list or watch sees. Labels: <c>k=v</c>, <c>k==v</c>, <c>k!=v</c>, <c>k</c>, <c>!k</c>; fields: <c>metadata.name</c> and <c>metadata.namespace</c>.</summary>
internal sealed record Selector(string? Namespace, string? Labels, string? Fields)
{
    public bool Matches(JsonObject resource)
    {
        var metadata = Meta.Of(resource);
        if (Namespace is not null && Meta.Text(metadata, "namespace") != Namespace) return false;
        return Parts(Labels).All(part => MatchesLabel(metadata["labels"] as JsonObject ?? [], part)) && Parts(Fields).All(part => MatchesField(metadata, part));
    }

    private static string[] Parts(string? selector) =>
        (selector ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool MatchesLabel(JsonObject labels, string part)
    {
        if (part.Contains('(', StringComparison.Ordinal)) throw Fault.BadRequest($"MemoryApi does not know the selector '{part}'");
        if (part.Split("!=") is [var unequal, var other]) return labels[unequal]?.GetValue<string>() != other;
        if (part.Replace("==", "=", StringComparison.Ordinal).Split('=') is [var name, var value]) return labels[name]?.GetValue<string>() == value;
        return part[0] == '!' ? !labels.ContainsKey(part[1..]) : labels.ContainsKey(part);
    }

    private static bool MatchesField(JsonObject metadata, string part) => part.Split('=') switch
    {
        ["metadata.name", var name] => Meta.Text(metadata, "name") == name,
        ["metadata.namespace", var ns] => Meta.Text(metadata, "namespace") == ns,
        _ => throw Fault.BadRequest($"field label not supported: {part}"),
    };
}

/// <summary>Reads metadata of a JSON tree.</summary>
internal static class Meta
{
    public static JsonObject Of(JsonObject resource) => resource["metadata"] as JsonObject ?? [];

    public static string? Text(JsonObject metadata, string name) => metadata[name]?.GetValue<string>();

    public static ObjectKey Key(JsonObject resource) => new(Text(Of(resource), "namespace") ?? "", Text(Of(resource), "name") ?? "");

    public static IReadOnlyList<string> Finalizers(JsonObject resource) =>
        [.. (Of(resource)["finalizers"] as JsonArray ?? []).Select(f => f!.GetValue<string>())];

    public static bool IsBeingDeleted(JsonObject resource) => Of(resource)["deletionTimestamp"] is not null;
}
