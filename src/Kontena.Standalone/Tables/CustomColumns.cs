namespace Kontena.Standalone.Tables;

/// <summary>The columns of a custom resource: Name, and then what its CRD lists, or Age where it lists nothing.</summary>
internal static class CustomColumns
{
    /// <exception cref="FormatException">A jsonPath is not supported.</exception>
    public static IReadOnlyList<PrinterColumn> Read(JsonArray? columns) => columns is null or { Count: 0 }
        ? [PrinterColumn.NameColumn, PrinterColumn.AgeColumn]
        : [PrinterColumn.NameColumn, .. columns.OfType<JsonObject>().Select(Read)];

    private static PrinterColumn Read(JsonObject column)
    {
        var path = JsonPathExpression.Parse(column.Text("jsonPath") ?? "");
        var type = column.Text("type") ?? "string";
        return new PrinterColumn(column.Text("name") ?? "", type, (obj, now) => Cell(path.Find(obj), type, now))
        {
            Format = column.Text("format") ?? "",
            Description = column.Text("description") ?? "",
            Priority = (int)(column["priority"].Integer() ?? 0),
        };
    }

    private static JsonNode? Cell(IReadOnlyList<JsonNode> found, string type, DateTimeOffset now) => type switch
    {
        "integer" => found is [var value, ..] && value.Integer() is { } number ? JsonValue.Create(number) : null,
        "number" => found is [var value, ..] && Schema.ValueLimits.Number(value) is { } number ? JsonValue.Create(number) : null,
        "boolean" => found is [JsonValue value, ..] && value.TryGetValue<bool>(out var flag) ? JsonValue.Create(flag) : null,
        "date" => found is [var value, ..] ? HumanDuration.Since(value, now) : null,
        _ when found.Count == 0 => null,
        _ => string.Join(' ', found.Select(node => node.Text() ?? JsonText.SerializeToString(node))),
    };
}
