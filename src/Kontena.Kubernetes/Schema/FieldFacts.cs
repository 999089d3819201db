using System.Text.Json.Nodes;

namespace Kontena.Kubernetes.Schema;

/// <summary>What holds for one property.</summary>
public sealed record FieldFacts
{
    /// <summary>Shown by <c>kubectl explain</c>.</summary>
    public string? Description { get; init; }

    /// <summary>
    /// Filled in by the API server. Defaults of nested objects take effect within it. An empty text is refused by
    /// kube-apiserver 1.20, which reads it as null.
    /// </summary>
    public JsonNode? Default { get; init; }

    public bool Required { get; init; }

    public decimal? Minimum { get; init; }

    public decimal? Maximum { get; init; }

    /// <summary>Least number of characters of a text, or of items of a list.</summary>
    public int? MinLength { get; init; }

    /// <summary>Greatest number of characters of a text, of items of a list, or of entries of a map.</summary>
    public int? MaxLength { get; init; }

    public string? Pattern { get; init; }

    public IReadOnlyList<string> AllowedValues { get; init; } = [];

    public string? Format { get; init; }

    /// <summary>Greatest number of characters of each item of a list or value of a map. Bounds the cost of CEL rules over them.</summary>
    public int? ItemMaxLength { get; init; }

    public string? ItemPattern { get; init; }

    /// <summary>The list is a map by this key: entries merge by it in server-side apply.</summary>
    public string? ListMapKey { get; init; }

    /// <summary>The list is a set.</summary>
    public bool ListSet { get; init; }

    /// <summary>An integer or a text such as a percentage.</summary>
    public bool IntOrString { get; init; }

    /// <summary>Null where the field may change; else what is shown when it does.</summary>
    public ImmutableFacts? Immutable { get; init; }

    public IReadOnlyList<CelRule> Rules { get; init; } = [];
}

/// <summary>The value of a field may not change from one write to the next.</summary>
public sealed record ImmutableFacts(string Message, Presence Presence = Presence.Free);

/// <summary>Whether an optional immutable field may come and go.</summary>
public enum Presence
{
    /// <summary>It may be added and taken away; only a change of value is refused.</summary>
    Free,

    /// <summary>It may be added later, and then stays.</summary>
    Kept,

    /// <summary>It is there from the beginning, or never.</summary>
    Fixed,
}
