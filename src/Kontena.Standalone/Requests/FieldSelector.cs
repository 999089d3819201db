namespace Kontena.Standalone.Requests;

/// <summary>A field selector: <c>field=value</c>, <c>field==value</c>, <c>field!=value</c>, separated by commas. Only fields that the resource declares.</summary>
internal sealed class FieldSelector
{
    private readonly IReadOnlyList<(string[] Path, string Value, bool Equal)> terms;

    private FieldSelector(IReadOnlyList<(string[] Path, string Value, bool Equal)> terms) => this.terms = terms;

    public bool SelectsAll => terms.Count == 0;

    /// <summary>The one name that is asked for, which spares reading all the others.</summary>
    public string? OnlyName => terms.FirstOrDefault(t => t.Equal && t.Path is ["metadata", "name"]).Value;

    /// <exception cref="StatusException">400: not a selector, or on a field that cannot be selected by.</exception>
    public static FieldSelector Parse(string? text, ResourceDefinition resource) =>
        new([.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(term => Read(term, resource))]);

    public bool Matches(JsonObject obj) => terms.All(t => (Value(obj, t.Path) == t.Value) == t.Equal);

    private static string Value(JsonObject obj, string[] path) => FieldPath.Find(obj, path).Text() ?? "";

    private static (string[] Path, string Value, bool Equal) Read(string term, ResourceDefinition resource)
    {
        foreach (var symbol in (string[])["!=", "==", "="])
        {
            var at = term.IndexOf(symbol, StringComparison.Ordinal);
            if (at < 0) continue;
            var field = term[..at].Trim();
            if (field is not ("metadata.name" or "metadata.namespace") && !resource.SelectableFields.Contains(field))
                throw Fault.BadRequest($"field label not supported: {field}");
            // An Event's source is selected by the component that it names.
            return (field == "source" ? ["source", "component"] : field.Split('.'), term[(at + symbol.Length)..].Trim(), symbol != "!=");
        }
        throw Fault.BadRequest($"invalid selector: '{term}'; can't understand '{term}'");
    }
}
