namespace Kontena.Standalone.Tables;

/// <summary>The columns that kube-apiserver prints for the core kinds.</summary>
internal static class CoreColumns
{
    // The columns of core kinds are texts by their type, whatever is in the cells.
    private static readonly PrinterColumn AgeColumn = PrinterColumn.AgeColumn with { Type = "string" };

    public static IReadOnlyList<PrinterColumn> Namespace { get; } =
    [
        PrinterColumn.NameColumn,
        new("Status", "string", (obj, _) => obj["status"]?["phase"].Text() ?? ""),
        AgeColumn,
    ];

    public static IReadOnlyList<PrinterColumn> Secret { get; } =
    [
        PrinterColumn.NameColumn,
        new("Type", "string", (obj, _) => obj.Text("type") ?? ""),
        new("Data", "string", (obj, _) => Count(obj["data"])),
        AgeColumn,
    ];

    public static IReadOnlyList<PrinterColumn> ConfigMap { get; } =
    [
        PrinterColumn.NameColumn,
        new("Data", "string", (obj, _) => Count(obj["data"]) + Count(obj["binaryData"])),
        AgeColumn,
    ];

    public static IReadOnlyList<PrinterColumn> Lease { get; } =
    [
        PrinterColumn.NameColumn,
        new("Holder", "string", (obj, _) => obj["spec"]?["holderIdentity"].Text() ?? ""),
        AgeColumn,
    ];

    public static IReadOnlyList<PrinterColumn> CustomResourceDefinition { get; } =
    [
        PrinterColumn.NameColumn,
        new("Created At", "date", (obj, _) => obj["metadata"]?["creationTimestamp"].Text() ?? ""),
    ];

    public static IReadOnlyList<PrinterColumn> Scale { get; } =
    [
        PrinterColumn.NameColumn,
        new("Desired", "integer", (obj, _) => obj["spec"]?["replicas"]?.DeepClone()),
        new("Available", "integer", (obj, _) => obj["status"]?["replicas"]?.DeepClone()),
        PrinterColumn.AgeColumn,
    ];

    public static IReadOnlyList<PrinterColumn> Event { get; } =
    [
        new("Last Seen", "string", (obj, now) => HumanDuration.Since(LastSeen(obj), now)),
        new("Type", "string", (obj, _) => obj.Text("type") ?? ""),
        new("Reason", "string", (obj, _) => obj.Text("reason") ?? ""),
        new("Object", "string", (obj, _) => InvolvedObject(obj)),
        new("Subobject", "string", (obj, _) => obj["involvedObject"]?["fieldPath"].Text() ?? "") { Priority = 1 },
        new("Source", "string", (obj, _) => Source(obj)) { Priority = 1 },
        new("Message", "string", (obj, _) => obj.Text("message")?.Trim() ?? ""),
        new("First Seen", "string", (obj, now) => HumanDuration.Since(obj["firstTimestamp"] ?? obj["eventTime"], now)) { Priority = 1 },
        new("Count", "integer", (obj, _) => obj["series"]?["count"].Integer() ?? obj["count"].Integer() ?? 1) { Priority = 1 },
        PrinterColumn.NameColumn with { Priority = 1 },
    ];

    private static JsonNode? LastSeen(JsonObject obj) =>
        obj["series"]?["lastObservedTime"] ?? obj["lastTimestamp"] ?? obj["eventTime"] ?? obj["firstTimestamp"];

    private static string InvolvedObject(JsonObject obj)
    {
        var involved = obj["involvedObject"] as JsonObject;
        return $"{involved.Text("kind")?.ToLowerInvariant()}/{involved.Text("name")}";
    }

    private static string Source(JsonObject obj)
    {
        var source = obj["source"] as JsonObject;
        var parts = new[] { source.Text("component") ?? obj.Text("reportingComponent"), source.Text("host") ?? obj.Text("reportingInstance") };
        return string.Join(", ", parts.Where(p => !string.IsNullOrEmpty(p)));
    }

    private static long Count(JsonNode? map) => map is JsonObject entries ? entries.Count : 0;
}
