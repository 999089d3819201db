using System.Text.Json.Nodes;
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
        var (before, after) = (Parts(old, schema), Parts(updated, schema));
        // An empty map or list counts as a leaf, so that it can be told from none.
        if (before.Count == 0 && after.Count == 0) return JsonNode.DeepEquals(old, updated) ? FieldChanges.None : FieldChanges.None with { Modified = FieldSet.Leaf };
        var (removed, modified, added) = (new Branches(), new Branches(), new Branches());
        foreach (var (key, part) in before)
        {
            if (!after.TryGetValue(key, out var other))
            {
                removed.Add(part.Step, Whole(part.Value, part.Schema));
            }
            else if (Between(part.Value, other.Value, part.Schema) is var inner && !ReferenceEquals(inner, FieldChanges.None))
            {
                removed.Add(part.Step, inner.Removed);
                modified.Add(part.Step, inner.Modified);
                added.Add(part.Step, inner.Added);
            }
        }
        foreach (var (key, part) in after)
        {
            if (!before.ContainsKey(key)) added.Add(part.Step, Whole(part.Value, part.Schema));
        }
        // A scalar that became an object, or the other way round: the field changed, and what is below it came or went. Null is an object without fields.
        var replaced = old is not null && updated is not null && FieldStep.IsLeaf(old, schema) != FieldStep.IsLeaf(updated, schema);
        if (!replaced && removed.Count + modified.Count + added.Count == 0) return FieldChanges.None;
        return new FieldChanges(FieldSet.Of(false, removed), FieldSet.Of(replaced, modified), FieldSet.Of(false, added));
    }

    /// <summary>
    /// A set that was written under an older schema, made to fit: where a map or list has become one whole, who owned a part of it owns it all.
    /// </summary>
    public static FieldSet Fitted(FieldSet set, StructuralSchema schema)
    {
        if (!set.HasBelow) return set;
        if (schema.AtomicMap || (schema.Type == "array" && !schema.ItemsApart)) return FieldSet.Leaf;
        var changed = false;
        var branches = set.Below.Select(b =>
        {
            var fitted = Fitted(b.Value, FieldStep.Below(schema, b.Key));
            changed |= !ReferenceEquals(fitted, b.Value);
            return KeyValuePair.Create(b.Key, fitted);
        }).ToList();
        return changed ? FieldSet.Of(set.Self, branches) : set;
    }

    /// <summary>With the fields that the schema names and that hold others of the set: they go when all below them goes.</summary>
    public static FieldSet WithNamedParents(FieldSet set, StructuralSchema schema) => FieldSet.Of(set.Self, set.Below.Select(b =>
    {
        var inner = WithNamedParents(b.Value, FieldStep.Below(schema, b.Key));
        var named = b.Value.HasBelow && b.Key.StartsWith("f:", StringComparison.Ordinal) && schema.Properties.ContainsKey(b.Key[2..]);
        return KeyValuePair.Create(b.Key, named ? inner.Union(FieldSet.Leaf) : inner);
    }));

    private static Dictionary<string, FieldStep> Parts(JsonNode? value, StructuralSchema schema) =>
        FieldStep.Of(value, schema).ToDictionary(s => s.Key, StringComparer.Ordinal);

    private sealed class Branches : List<KeyValuePair<string, FieldSet>>
    {
        public void Add(string step, FieldSet set) => Add(KeyValuePair.Create(step, set));
    }
}

/// <summary>No field is in two of the sets. Where nothing differs it is <see cref="None"/> itself.</summary>
internal sealed record FieldChanges(FieldSet Removed, FieldSet Modified, FieldSet Added)
{
    public static FieldChanges None { get; } = new(FieldSet.Empty, FieldSet.Empty, FieldSet.Empty);

    /// <summary>What has another value than before, or has one at last.</summary>
    public FieldSet Written => Modified.Union(Added);

    public FieldChanges Without(FieldSet ignored) =>
        new(Removed.ExceptBelow(ignored), Modified.ExceptBelow(ignored), Added.ExceptBelow(ignored));
}
