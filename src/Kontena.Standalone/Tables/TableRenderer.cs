namespace Kontena.Standalone.Tables;

/// <summary>How much of each object a table row carries along.</summary>
internal enum RowObject
{
    Metadata,
    Object,
    None,
}

/// <summary>Writes objects as a <c>meta.k8s.io/v1</c> Table, which is what <c>kubectl get</c> prints.</summary>
internal static class TableRenderer
{
    public static JsonObject Render(ResourceDefinition resource, IEnumerable<JsonObject> objects, JsonObject metadata, TableForm form, DateTimeOffset now)
    {
        var table = new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = $"meta.k8s.io/{form.Version}",
            ["metadata"] = metadata,
            ["columnDefinitions"] = form.Columns ? new JsonArray([.. resource.Columns.Select(Definition)]) : null,
            ["rows"] = new JsonArray([.. objects.Select(obj => Row(resource, obj, form, now))]),
        };
        return table;
    }

    public static JsonObject PartialMetadata(JsonObject obj, string version) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = $"meta.k8s.io/{version}",
        ["metadata"] = obj["metadata"]?.DeepClone(),
    };

    private static JsonObject Definition(PrinterColumn column) => new()
    {
        ["name"] = column.Name,
        ["type"] = column.Type,
        ["format"] = column.Format,
        ["description"] = column.Description,
        ["priority"] = column.Priority,
    };

    private static JsonObject Row(ResourceDefinition resource, JsonObject obj, TableForm form, DateTimeOffset now)
    {
        var row = new JsonObject { ["cells"] = new JsonArray([.. resource.Columns.Select(c => c.Cell(obj, now))]) };
        if (form.Rows == RowObject.Metadata) row["object"] = PartialMetadata(obj, form.Version);
        else if (form.Rows == RowObject.Object) row["object"] = obj.DeepClone();
        return row;
    }
}

/// <param name="Version">v1 or v1beta1 of meta.k8s.io, as the client asked.</param>
/// <param name="Rows">includeObject of the request.</param>
/// <param name="Columns">False for the second and later frames of a watch.</param>
internal sealed record TableForm(string Version, RowObject Rows, bool Columns = true);
