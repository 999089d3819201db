namespace Kontena.Standalone.FieldOwnership;

/// <summary>Who writes: a name, how, under which version, and through which subresource. An applier is the same one whatever version it applies.</summary>
internal sealed record FieldManagerId(string Name, bool Applies, string ApiVersion, string Subresource)
{
    public bool Equals(FieldManagerId? other) => other is not null
        && (Name, Applies, Subresource) == (other.Name, other.Applies, other.Subresource) && (Applies || ApiVersion == other.ApiVersion);

    public override int GetHashCode() => HashCode.Combine(Name, Applies, Subresource);

    /// <summary>As in conflicts: <c>"kubectl" with subresource "scale" using v1</c>.</summary>
    public override string ToString() =>
        $"\"{Name}\"{(Subresource.Length > 0 ? $" with subresource \"{Subresource}\"" : "")}{(Applies ? "" : $" using {ApiVersion}")}";
}

/// <summary>A manager and the fields that it owns: one entry of <c>metadata.managedFields</c>.</summary>
/// <param name="Time">RFC 3339, of the last write that changed something; null where none is known.</param>
internal sealed record FieldManager(FieldManagerId Id, FieldSet Fields, string? Time)
{
    /// <param name="stored">Whether this server wrote it.</param>
    /// <exception cref="FormatException">Not an entry of managedFields.</exception>
    public static FieldManager Read(JsonNode? entry, bool stored = false)
    {
        if (entry is not JsonObject given) throw new FormatException("an entry of managedFields is an object");
        if (given.Text("operation") is not ("Apply" or "Update")) throw new FormatException("operation must be Apply or Update");
        if (given.Text("apiVersion") is not { Length: > 0 } version) throw new FormatException("apiVersion must not be empty");
        if (given.Text("fieldsType") != "FieldsV1") throw new FormatException("fieldsType must be FieldsV1");
        var id = new FieldManagerId(given.Text("manager") ?? "", given.Text("operation") == "Apply", version, given.Text("subresource") ?? "");
        var fields = given["fieldsV1"] as JsonObject ?? [];
        return new FieldManager(id, stored ? FieldSet.Stored(fields) : FieldSet.FromFieldsV1(fields), given.Text("time"));
    }

    public JsonObject ToJson()
    {
        var entry = new JsonObject
        {
            ["manager"] = Id.Name,
            ["operation"] = Id.Applies ? "Apply" : "Update",
            ["apiVersion"] = Id.ApiVersion,
        };
        if (Time is not null) entry["time"] = Time;
        entry["fieldsType"] = "FieldsV1";
        entry["fieldsV1"] = Fields.ToFieldsV1();
        if (Id.Subresource.Length > 0) entry["subresource"] = Id.Subresource;
        return entry;
    }
}
