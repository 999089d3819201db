using System.Text.RegularExpressions;

namespace Kontena.Standalone.Schema;

/// <summary>An OpenAPI v3 schema of a CRD (or of a core kind), read once into a tree that is quick to walk.</summary>
internal sealed record StructuralSchema
{
    public string? Type { get; init; }

    public IReadOnlyDictionary<string, StructuralSchema> Properties { get; init; } = new Dictionary<string, StructuralSchema>();

    /// <summary>Schema of the values of a map; null where there is none.</summary>
    public StructuralSchema? AdditionalProperties { get; init; }

    public bool AllowsAnyProperty { get; init; }

    public StructuralSchema? Items { get; init; }

    public IReadOnlyList<string> Required { get; init; } = [];

    public JsonArray? Enum { get; init; }

    public JsonNode? Default { get; init; }

    public bool Nullable { get; init; }

    public bool IntOrString { get; init; }

    public bool PreserveUnknownFields { get; init; }

    public string? ListType { get; init; }

    public IReadOnlyList<string> ListMapKeys { get; init; } = [];

    /// <summary>Whether a map or object has one owner as a whole (<c>x-kubernetes-map-type: atomic</c>).</summary>
    public bool AtomicMap { get; init; }

    /// <summary>
    /// Whether each item of a list has owners of its own: sets, and maps by <see cref="ItemKeys"/>. The lists of metadata say so by the patch strategy
    /// alone, as in Kubernetes' own OpenAPI: nobody refuses a finalizer that is there twice.
    /// </summary>
    public bool ItemsApart { get; init; }

    public IReadOnlyList<string> ItemKeys { get; init; } = [];

    public ValueLimits Limits { get; init; } = new();

    public IReadOnlyList<StructuralSchema> AllOf { get; init; } = [];

    public IReadOnlyList<StructuralSchema> AnyOf { get; init; } = [];

    public IReadOnlyList<StructuralSchema> OneOf { get; init; } = [];

    public StructuralSchema? Not { get; init; }

    /// <summary>Says nothing: the schema of what lies below a field that keeps whatever it is given.</summary>
    public static StructuralSchema Any { get; } = new();

    /// <summary>The schema of a field, declared or not.</summary>
    public StructuralSchema Field(string name) => Properties.GetValueOrDefault(name) ?? AdditionalProperties ?? Any;

    /// <summary>The schema of a whole object: apiVersion, kind and metadata are Kubernetes' own, whatever the document says of them.</summary>
    public static StructuralSchema ReadRoot(JsonObject document, StructuralSchema objectMeta)
    {
        var root = Read(document);
        var text = new StructuralSchema { Type = "string" };
        var properties = new Dictionary<string, StructuralSchema>(root.Properties) { ["apiVersion"] = text, ["kind"] = text, ["metadata"] = objectMeta };
        return root with { Type = "object", Properties = properties };
    }

    /// <exception cref="ArgumentException">A pattern is not a regular expression.</exception>
    public static StructuralSchema Read(JsonObject document) => new()
    {
        Type = document.Text("type"),
        Properties = (document["properties"] as JsonObject ?? []).Where(p => p.Value is JsonObject)
            .ToDictionary(p => p.Key, p => Read((JsonObject)p.Value!)),
        AdditionalProperties = document["additionalProperties"] is JsonObject values ? Read(values) : null,
        AllowsAnyProperty = document.Flag("additionalProperties"),
        Items = document["items"] is JsonObject items ? Read(items) : null,
        Required = Texts(document["required"]),
        Enum = document["enum"] as JsonArray,
        Default = document["default"],
        Nullable = document.Flag("nullable"),
        IntOrString = document.Flag("x-kubernetes-int-or-string"),
        PreserveUnknownFields = document.Flag("x-kubernetes-preserve-unknown-fields"),
        ListType = document.Text("x-kubernetes-list-type"),
        ListMapKeys = Texts(document["x-kubernetes-list-map-keys"]),
        AtomicMap = document.Text("x-kubernetes-map-type") == "atomic",
        ItemsApart = (document.Text("x-kubernetes-list-type") ?? document.Text("x-kubernetes-patch-strategy")) is "set" or "map" or "merge",
        ItemKeys = [.. Texts(document["x-kubernetes-list-map-keys"]).Append(document.Text("x-kubernetes-patch-merge-key")).OfType<string>().Order(StringComparer.Ordinal)],
        Limits = ValueLimits.Read(document),
        AllOf = Schemas(document["allOf"]),
        AnyOf = Schemas(document["anyOf"]),
        OneOf = Schemas(document["oneOf"]),
        Not = document["not"] is JsonObject not ? Read(not) : null,
    };

    private static IReadOnlyList<string> Texts(JsonNode? list) => [.. (list as JsonArray ?? []).Select(n => n.Text()).OfType<string>()];

    private static IReadOnlyList<StructuralSchema> Schemas(JsonNode? list) => [.. (list as JsonArray ?? []).OfType<JsonObject>().Select(Read)];
}

/// <summary>The bounds a schema sets on a single value.</summary>
internal sealed record ValueLimits
{
    public double? Minimum { get; init; }

    public bool ExclusiveMinimum { get; init; }

    public double? Maximum { get; init; }

    public bool ExclusiveMaximum { get; init; }

    public double? MultipleOf { get; init; }

    public long? MinLength { get; init; }

    public long? MaxLength { get; init; }

    public string? Pattern { get; init; }

    public Regex? Expression { get; init; }

    public string? Format { get; init; }

    public long? MinItems { get; init; }

    public long? MaxItems { get; init; }

    public bool UniqueItems { get; init; }

    public long? MinProperties { get; init; }

    public long? MaxProperties { get; init; }

    public static ValueLimits Read(JsonObject document) => new()
    {
        Minimum = Number(document["minimum"]),
        ExclusiveMinimum = document.Flag("exclusiveMinimum"),
        Maximum = Number(document["maximum"]),
        ExclusiveMaximum = document.Flag("exclusiveMaximum"),
        MultipleOf = Number(document["multipleOf"]),
        MinLength = document["minLength"].Integer(),
        MaxLength = document["maxLength"].Integer(),
        Pattern = document.Text("pattern"),
        Expression = document.Text("pattern") is { } pattern ? Compile(pattern) : null,
        Format = document.Text("format"),
        MinItems = document["minItems"].Integer(),
        MaxItems = document["maxItems"].Integer(),
        UniqueItems = document.Flag("uniqueItems"),
        MinProperties = document["minProperties"].Integer(),
        MaxProperties = document["maxProperties"].Integer(),
    };

    public static double? Number(JsonNode? node)
    {
        if (node is not JsonValue value) return null;
        if (value.TryGetValue<double>(out var real)) return real;
        return value.Integer();
    }

    /// <exception cref="ArgumentException">Not a regular expression.</exception>
    public static Regex Compile(string pattern)
    {
        // RE2's $ matches at the very end only; .NET's also before a last line break. NonBacktracking is linear in time, as RE2 is.
        var expression = pattern.EndsWith('$') && !pattern.EndsWith("\\$", StringComparison.Ordinal) ? $"{pattern[..^1]}\\z" : pattern;
        return new Regex(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }
}
