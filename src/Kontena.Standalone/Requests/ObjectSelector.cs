namespace Kontena.Standalone.Requests;

/// <summary>Which objects a list, a watch or a deletecollection is about: place, labels and fields together.</summary>
internal sealed record ObjectSelector(string Resource, string? Namespace, LabelSelector Labels, FieldSelector Fields)
{
    public bool SelectsAll => Labels.SelectsAll && Fields.SelectsAll;

    public bool Covers(ObjectKey key) => key.Resource == Resource && (Namespace is null || key.Namespace == Namespace);

    public bool Matches(JsonObject obj) => Labels.Matches(obj) && Fields.Matches(obj);

    /// <summary>Null where everything matches, so that documents need not be read.</summary>
    public Func<StoredObject, bool>? Filter => SelectsAll
        ? null
        : stored => (Fields.OnlyName is not { } name || stored.Key.Name == name) && Matches(JsonText.ParseObject(stored.Json));
}
