using System.Reflection;
using System.Text.Json.Nodes;

namespace Kontena.Kubernetes.Schema;

/// <summary>Writes <c>x-kubernetes-validations</c>, those included that follow from immutability and unions.</summary>
internal static class RuleWriter
{
    /// <summary>Adds to the rules that the schema already has.</summary>
    public static void Add(JsonObject schema, IReadOnlyList<CelRule> rules)
    {
        if (rules.Count == 0) return;
        if (schema["x-kubernetes-validations"] is not JsonArray list) schema["x-kubernetes-validations"] = list = [];
        foreach (var rule in rules) list.Add(Entry(rule));
    }

    /// <summary>The transition rule of a field. CEL checks it only where the old and the new object both have the field.</summary>
    public static IEnumerable<CelRule> Immutable(FieldFacts facts) =>
        facts.Immutable is { } immutable ? [new CelRule("self == oldSelf", immutable.Message)] : [];

    /// <summary>The rules of an object type: its own, its union's, and on the coming and going of its immutable fields.</summary>
    public static IReadOnlyList<CelRule> OfType(ISchemaSource source, Type type)
    {
        var facts = source.Type(type);
        var properties = JsonNames.Properties(type);
        return [.. facts.Rules, .. Union(facts.Union, properties), .. properties.SelectMany(p => OfPresence(source.Field(p), JsonNames.Of(p)))];
    }

    private static IEnumerable<CelRule> Union(UnionFacts? union, IReadOnlyList<PropertyInfo> properties)
    {
        if (union is null) yield break;
        var names = properties.Select(JsonNames.Of).ToList();
        yield return new CelRule(string.Join(" + ", names.Select(n => $"(has(self.{n}) ? 1 : 0)")) + " == 1", union.Message);
        if (union.FixedMessage is { } message)
            yield return new CelRule(string.Join(" && ", names.Select(n => $"has(self.{n}) == has(oldSelf.{n})")), message);
    }

    private static IEnumerable<CelRule> OfPresence(FieldFacts facts, string name)
    {
        // A field that is required or defaulted is always there.
        if (facts.Immutable is not { } immutable || facts.Required || facts.Default is not null) return [];
        return immutable.Presence switch
        {
            Presence.Free => [],
            Presence.Kept => [new CelRule($"!has(oldSelf.{name}) || has(self.{name})", immutable.Message, "." + name)],
            Presence.Fixed => [new CelRule($"has(oldSelf.{name}) == has(self.{name})", immutable.Message, "." + name)],
            _ => throw new ArgumentOutOfRangeException(nameof(facts), immutable.Presence, "unknown presence"),
        };
    }

    private static JsonObject Entry(CelRule rule)
    {
        var entry = new JsonObject { ["rule"] = rule.Rule, ["message"] = rule.Message };
        if (rule.FieldPath is { } path) entry["fieldPath"] = path;
        if (rule.Reason is { } reason) entry["reason"] = reason;
        return entry;
    }
}
