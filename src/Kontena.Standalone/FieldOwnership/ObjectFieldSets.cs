using Kontena.Standalone.Schema;

namespace Kontena.Standalone.FieldOwnership;

/// <summary>From objects and their schema to sets of fields. The rules are those of structured-merge-diff (typed/tofieldset.go, typed/compare.go).</summary>
internal static class ObjectFieldSets
{
    /// <summary>What a configuration speaks of: its leaves and items, and the fields of free maps.</summary>
    public static FieldSet Mentioned(JsonNode? value, StructuralSchema schema, bool self = false) => FieldStep.IsLeaf(value, schema)
        ? FieldSet.Leaf
        : FieldSet.Of(self, FieldStep.Of(value, schema)
            .Select(s => KeyValuePair.Create(s.Step, Mentioned(s.Value, s.Schema, self: !s.Declared || s.Value is JsonObject { Count: 0 }))));

    /// <summary>Every field of a value, the ones that hold others included.</summary>
    public static FieldSet Whole(JsonNode? value, StructuralSchema schema) =>
        FieldSet.Of(true, FieldStep.Of(value, schema).Select(s => KeyValuePair.Create(s.Step, Whole(s.Value, s.Schema))));

    /// <summary>What differs between two states of an object.</summary>
    public static FieldChanges Between(JsonNode? old, JsonNode? updated, StructuralSchema schema)
    {
        // First, and again on every level down to what differs: most of an object is as it was, and comparing costs nothing but time.
        if (JsonNode.DeepEquals(old, updated)) return FieldChanges.None;
        var (before, after) = (new Parts(old, schema), new Parts(updated, schema));
        // An empty map or list counts as a leaf, so that it can be told from none.
        if (before.Count == 0 && after.Count == 0) return FieldChanges.Leaf;
        var (removed, modified, added) = (new List<KeyValuePair<string, FieldSet>>(), new List<KeyValuePair<string, FieldSet>>(), new List<KeyValuePair<string, FieldSet>>());
        foreach (var part in FieldStep.Of(old, schema))
        {
            if (!after.TryGet(part.Key, out var other))
            {
                removed.Add(new(part.Step, Whole(part.Value, part.Schema)));
            }
            else if (Between(part.Value, other, part.Schema) is var inner && !ReferenceEquals(inner, FieldChanges.None))
            {
                removed.Add(new(part.Step, inner.Removed));
                modified.Add(new(part.Step, inner.Modified));
                added.Add(new(part.Step, inner.Added));
            }
        }
        foreach (var part in FieldStep.Of(updated, schema))
        {
            if (!before.TryGet(part.Key, out _)) added.Add(new(part.Step, Whole(part.Value, part.Schema)));
        }
        // A scalar that became an object, or the other way round: the field changed, and what is below it came or went. Null is an object without fields.
        var replaced = old is not null && updated is not null && FieldStep.IsLeaf(old, schema) != FieldStep.IsLeaf(updated, schema);
        if (!replaced && removed.Count + modified.Count + added.Count == 0) return FieldChanges.None;
        return new FieldChanges(FieldSet.Of(false, removed), FieldSet.Of(replaced, modified), FieldSet.Of(false, added));
    }

    /// <summary>With the fields that the schema names and that hold others of the set: they go when all below them goes.</summary>
    public static FieldSet WithNamedParents(FieldSet set, StructuralSchema schema) => FieldSet.Of(set.Self, set.Below.Select(b =>
    {
        var inner = WithNamedParents(b.Value, FieldStep.Below(schema, b.Key));
        var named = b.Value.HasBelow && b.Key.StartsWith("f:", StringComparison.Ordinal) && schema.Properties.ContainsKey(b.Key[2..]);
        return KeyValuePair.Create(b.Key, named ? inner.Union(FieldSet.Leaf) : inner);
    }));

    /// <summary>The parts of a value by key: an object is its own index.</summary>
    private readonly struct Parts(JsonNode? value, StructuralSchema schema)
    {
        private readonly JsonObject? map = schema.AtomicMap ? null : value as JsonObject;
        private readonly Dictionary<string, JsonNode?>? items = value is JsonArray ? FieldStep.Of(value, schema).ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal) : null;

        public int Count => map?.Count ?? items?.Count ?? 0;

        public bool TryGet(string key, out JsonNode? part)
        {
            part = null;
            return map?.TryGetPropertyValue(key, out part) ?? items?.TryGetValue(key, out part) ?? false;
        }
    }
}

/// <summary>No field is in two of the sets. Where nothing differs it is <see cref="None"/> itself.</summary>
internal sealed record FieldChanges(FieldSet Removed, FieldSet Modified, FieldSet Added)
{
    public static FieldChanges None { get; } = new(FieldSet.Empty, FieldSet.Empty, FieldSet.Empty);

    public static FieldChanges Leaf { get; } = None with { Modified = FieldSet.Leaf };

    /// <summary>What has another value than before, or has one at last.</summary>
    public FieldSet Written => Modified.Union(Added);

    public FieldChanges Without(FieldSet ignored) => ReferenceEquals(this, None)
        ? this
        : new(Removed.ExceptBelow(ignored), Modified.ExceptBelow(ignored), Added.ExceptBelow(ignored));
}
