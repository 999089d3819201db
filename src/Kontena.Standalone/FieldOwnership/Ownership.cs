namespace Kontena.Standalone.FieldOwnership;

/// <summary>
/// Who owns which fields of the objects of one resource, written through one subresource ("" for the object itself). The rules are those of
/// structured-merge-diff v6 (merge/update.go) and of apimachinery's managedfields around it.
/// </summary>
internal sealed class Ownership(ResourceDefinition resource, string subresource, DateTimeOffset now)
{
    private const string BeforeFirstApply = "before-first-apply";

    // stripmeta.go: what the server decides, or the path says, belongs to nobody.
    private static readonly FieldSet Unowned = ((string[])
        ["name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields", "resourceVersion"])
        .Select(name => FieldSet.Path("f:metadata", $"f:{name}"))
        .Aggregate(FieldSet.Path("f:apiVersion").Union(FieldSet.Path("f:kind")).Union(FieldSet.Path("f:metadata")), (all, one) => all.Union(one));

    private static readonly FieldSet Status = FieldSet.Path("f:status");
    private static readonly FieldSet StatusAndSpec = Status.Union(FieldSet.Path("f:spec"));
    private static readonly FieldSet MetadataAndSpec = FieldSet.Path("f:metadata").Union(FieldSet.Path("f:spec"));

    /// <summary>The managers after a create (<paramref name="live"/> is null), a PUT, or a patch that is no apply.</summary>
    /// <param name="wanted">The managers before it, as the request wants them.</param>
    public FieldManagers AfterUpdate(FieldManagers wanted, JsonObject? live, JsonObject updated, string manager)
    {
        // Once nobody owns anything, ownership begins again with the first apply (skipnonapplied.go).
        if (wanted.Count == 0 && live is not null) return wanted;
        var (managers, written) = Take(wanted, Changes(live, updated), by: null);
        var id = Id(manager, applies: false);
        var mine = written.Except(Unowned);
        if (mine.IsEmpty) return managers;
        // A Scale has no entries of its own in the object; kube-apiserver forgets the time when it translates (scalehandler.go), and so do we.
        return managers.With(id, mine.Union(managers[id]?.Fields ?? FieldSet.Empty), subresource == "scale" ? null : ObjectFields.Timestamp(now)).Capped();
    }

    /// <summary>Merges a configuration into an object, live or about to be made.</summary>
    /// <exception cref="StatusException">409: another manager owns a field with another value; 500: the configuration does not fit the schema.</exception>
    public (JsonObject Merged, FieldManagers Managers) Apply(JsonObject? live, JsonObject config, string manager, bool force)
    {
        AppliedConfiguration.Check(resource, config);
        var from = live ?? resource.Newborn;
        var managers = FieldManagers.Of(live);
        if (managers.Count == 0 && live is not null) managers = AfterUpdate(managers, null, live, BeforeFirstApply);
        var id = Id(manager, applies: true);
        var (last, time) = (managers[id]?.Fields ?? FieldSet.Empty, managers[id]?.Time);
        managers = managers.With(id, ObjectFieldSets.Mentioned(config, resource.Schema).ExceptBelow(Reset), time);
        var merged = Prune((JsonObject)ObjectMerge.Merge(from, config, resource.Schema)!, last, managers, id);
        var changes = Changes(live, merged);
        var conflicts = Conflicts(managers, changes.Written, id);
        if (manager == LastApplied.Owner && LastApplied.Read(from) is { } annotation)
            conflicts = LastApplied.Excuse(resource, annotation, from, conflicts);
        if (!force && conflicts.Count > 0) throw Fault.ApplyConflict(conflicts);
        managers = Take(managers, changes, by: id).Managers;
        // No time where the object stays as it is, also for a manager that is new: only who owns what has changed.
        var changed = !JsonNode.DeepEquals(from, merged);
        managers = managers.With(id, (managers[id]?.Fields ?? FieldSet.Empty).Except(Unowned), changed ? ObjectFields.Timestamp(now) : time);
        if (manager == LastApplied.Owner && LastApplied.Read(merged) is not null) LastApplied.Write(merged, config);
        return (merged, managers);
    }

    /// <summary>Forgets the owners of what is no longer there, after a change that is the server's own.</summary>
    public static void Forget(ResourceDefinition resource, JsonObject obj)
    {
        var present = ObjectFieldSets.Whole(obj, resource.Schema);
        FieldManagers.Of(obj).Map(m => m.Fields.Intersect(present)).WriteTo(obj, null);
    }

    private FieldManagerId Id(string manager, bool applies) => new(manager.Length == 0 ? "unknown" : manager, applies, resource.ApiVersion, subresource);

    /// <summary>What this endpoint does not write, whatever a request says.</summary>
    private FieldSet Reset => subresource == "status" ? MetadataAndSpec : resource == BuiltInResources.Namespace ? StatusAndSpec : resource.HasStatus ? Status : FieldSet.Empty;

    private FieldChanges Changes(JsonObject? live, JsonObject updated) =>
        ObjectFieldSets.Between(live ?? resource.Newborn, updated, resource.Schema).Without(Reset);

    /// <summary>Takes what was written or removed from all managers but one.</summary>
    private static (FieldManagers Managers, FieldSet Written) Take(FieldManagers managers, FieldChanges changes, FieldManagerId? by)
    {
        if (ReferenceEquals(changes, FieldChanges.None)) return (managers, FieldSet.Empty);
        var (written, lost) = (changes.Written, changes.Written.Union(changes.Removed));
        return (managers.Map(m => m.Id == by ? m.Fields : m.Fields.Without(lost)), written);
    }

    private static List<FieldConflict> Conflicts(FieldManagers managers, FieldSet written, FieldManagerId by) =>
        [.. managers.Entries.Where(m => m.Id != by).Select(m => new FieldConflict(m.Id, m.Fields.Intersect(written))).Where(c => !c.Fields.IsEmpty)];

    /// <summary>Removes what the manager applied last time and not this time, and what nobody else owns.</summary>
    private JsonObject Prune(JsonObject merged, FieldSet last, FieldManagers managers, FieldManagerId id)
    {
        if (last.Except(managers[id]?.Fields ?? FieldSet.Empty).IsEmpty) return merged;
        var schema = resource.Schema;
        var (mergedSet, lastSet) = (Named(ObjectFieldSets.Mentioned(merged, schema)), Named(last));
        var pruned = ObjectMerge.Remove(merged, lastSet, schema);
        // Back comes what any manager owns, and then what was never this manager's: fields below an item that went, say.
        var owned = managers.Entries.Select(m => m.Fields).Aggregate(FieldSet.Empty, (all, fields) => all.Union(fields));
        pruned = ObjectMerge.Remove(merged, mergedSet.Except(Named(ObjectFieldSets.Mentioned(pruned, schema)).Union(Named(owned))), schema);
        return (JsonObject)ObjectMerge.Remove(merged, mergedSet.Except(Named(ObjectFieldSets.Mentioned(pruned, schema))).Intersect(lastSet), schema)!;

        FieldSet Named(FieldSet set) => ObjectFieldSets.WithNamedParents(set, schema);
    }
}

/// <summary>Fields that an apply would change and that another manager owns.</summary>
internal sealed record FieldConflict(FieldManagerId With, FieldSet Fields);
