namespace Kontena.Standalone.Tables;

/// <summary>One column of a table answer.</summary>
/// <param name="Name">The heading.</param>
/// <param name="Type">OpenAPI type: integer, number, string, boolean, or date.</param>
/// <param name="Cell">The value for an object at a moment (ages depend on it).</param>
internal sealed record PrinterColumn(string Name, string Type, Func<JsonObject, DateTimeOffset, JsonNode?> Cell)
{
    public string Format { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>0 is always shown, anything above only with <c>-o wide</c>.</summary>
    public int Priority { get; init; }

    public static PrinterColumn NameColumn { get; } = new("Name", "string", (obj, _) => Json.ObjectFields.Name(obj))
    {
        Format = "name",
        Description = "Name must be unique within a namespace.",
    };

    public static PrinterColumn AgeColumn { get; } = new("Age", "date", (obj, now) => HumanDuration.Since(obj["metadata"]?["creationTimestamp"], now))
    {
        Description = "The time since the object was created.",
    };
}
