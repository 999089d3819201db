using System.Text.Json.Nodes;

namespace Kontena.EndToEnd.Manifests.PodSecurity;

/// <summary>A part of a pod template, with the path that a complaint names.</summary>
internal sealed record PodPart(string Path, JsonNode? Node)
{
    public PodPart this[string field] => new($"{Path}.{field}", (Node as JsonObject)?[field]);

    public IEnumerable<PodPart> Items => (Node as JsonArray ?? []).Select((item, i) => new PodPart($"{Path}[{i}]", item));

    public bool IsAbsent => Node is null;

    public bool IsTrue => Node is JsonValue value && value.TryGetValue(out bool flag) && flag;

    public bool IsFalse => Node is JsonValue value && value.TryGetValue(out bool flag) && !flag;

    /// <summary>Empty where it is not there.</summary>
    public string Text => Node?.ToString() ?? "";
}

/// <summary>The parts of a pod template that the levels of Pod Security speak of.</summary>
internal sealed class PodParts(JsonObject template)
{
    public PodPart Spec { get; } = new("spec", template["spec"]);

    public PodPart PodContext => Spec["securityContext"];

    public IReadOnlyList<PodPart> Containers =>
    [
        .. new[] { "containers", "initContainers", "ephemeralContainers" }.SelectMany(kind => Spec[kind].Items),
    ];

    public IReadOnlyList<PodPart> ContainerContexts => [.. Containers.Select(c => c["securityContext"])];

    /// <summary>The pod's and each container's.</summary>
    public IReadOnlyList<PodPart> AllContexts => [PodContext, .. ContainerContexts];

    public IEnumerable<KeyValuePair<string, string>> Annotations =>
        (template["metadata"]?["annotations"] as JsonObject ?? []).Select(a => KeyValuePair.Create(a.Key, a.Value?.ToString() ?? ""));
}
