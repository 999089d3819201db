using System.Reflection;
using System.Text.Json.Nodes;

namespace Kontena.Kubernetes.Schema;

/// <summary>
/// .NET types as structural OpenAPI v3: a type at every level, no references, no <c>nullable</c> (a null is an absent field).
/// </summary>
internal sealed class SchemaGenerator(ISchemaSource source)
{
    // A structural schema has no references, so a type that holds itself cannot be written down.
    private readonly Stack<Type> open = new();

    public JsonObject Object(Type type, string? description) => Schema(type, new FieldFacts { Description = description }, type.Name);

    private JsonObject Property(PropertyInfo property)
    {
        var facts = source.Field(property);
        var where = $"{property.DeclaringType?.Name}.{property.Name}";
        if (facts.Required && facts.Default is not null)
            throw new InvalidOperationException($"{where} is required and has a default: one of the two has no effect.");
        return Schema(property.PropertyType, facts, where);
    }

    private JsonObject Schema(Type declared, FieldFacts facts, string where)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        var schema = new JsonObject();
        if (facts.Description is { } description) schema["description"] = description;
        if (facts.IntOrString) IntOrString(schema);
        else if (type.IsEnum) Enumeration(schema, type);
        else if (Scalars.TryGetValue(type, out var scalar)) Scalar(schema, scalar, facts);
        else if (ElementOf(type, typeof(IReadOnlyDictionary<,>)) is { } value) Map(schema, value, facts, where);
        else if (type == typeof(JsonObject)) AnyObject(schema);
        else if (ElementOf(type, typeof(IReadOnlyList<>)) is { } item) List(schema, item, facts, where);
        else if (type is { IsClass: true, Namespace: { } ns } && ns.Split('.')[0] != nameof(System)) Record(schema, type, where);
        else throw new NotSupportedException($"{where}: {type} has no place in a structural schema.");
        if (facts.Default is { } fallback) schema["default"] = fallback.DeepClone();
        RuleWriter.Add(schema, [.. facts.Rules, .. RuleWriter.Immutable(facts)]);
        return schema;
    }

    private static readonly Dictionary<Type, (string Type, string? Format)> Scalars = new()
    {
        [typeof(string)] = ("string", null),
        [typeof(bool)] = ("boolean", null),
        [typeof(int)] = ("integer", "int32"),
        [typeof(long)] = ("integer", "int64"),
        [typeof(double)] = ("number", "double"),
        [typeof(DateTimeOffset)] = ("string", "date-time"),
    };

    private static void Scalar(JsonObject schema, (string Type, string? Format) scalar, FieldFacts facts)
    {
        schema["type"] = scalar.Type;
        if ((facts.Format ?? scalar.Format) is { } format) schema["format"] = format;
        if (facts.AllowedValues.Count > 0) schema["enum"] = Array(facts.AllowedValues);
        if (facts.Minimum is { } minimum) schema["minimum"] = Number(minimum);
        if (facts.Maximum is { } maximum) schema["maximum"] = Number(maximum);
        if (scalar.Type != "string") return;
        if (facts.MinLength is { } least) schema["minLength"] = least;
        if (facts.MaxLength is { } most) schema["maxLength"] = most;
        if (facts.Pattern is { } pattern) schema["pattern"] = pattern;
    }

    private static void IntOrString(JsonObject schema)
    {
        schema["x-kubernetes-int-or-string"] = true;
        schema["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" });
    }

    private static void Enumeration(JsonObject schema, Type type)
    {
        schema["type"] = "string";
        schema["enum"] = Array(JsonNames.Values(type));
    }

    private static void AnyObject(JsonObject schema)
    {
        schema["type"] = "object";
        schema["x-kubernetes-preserve-unknown-fields"] = true;
    }

    private void List(JsonObject schema, Type item, FieldFacts facts, string where)
    {
        schema["type"] = "array";
        if (facts.MinLength is { } least) schema["minItems"] = least;
        if (facts.MaxLength is { } most) schema["maxItems"] = most;
        if (facts.ListMapKey is { } key)
        {
            schema["x-kubernetes-list-type"] = "map";
            schema["x-kubernetes-list-map-keys"] = new JsonArray(key);
        }
        else schema["x-kubernetes-list-type"] = facts.ListSet ? "set" : "atomic";
        schema["items"] = Schema(item, ItemFacts(facts), where + "[]");
    }

    private void Map(JsonObject schema, Type value, FieldFacts facts, string where)
    {
        schema["type"] = "object";
        if (facts.MaxLength is { } most) schema["maxProperties"] = most;
        schema["additionalProperties"] = Schema(value, ItemFacts(facts), where + "[]");
    }

    private static FieldFacts ItemFacts(FieldFacts facts) => new() { MaxLength = facts.ItemMaxLength, Pattern = facts.ItemPattern };

    private void Record(JsonObject schema, Type type, string where)
    {
        if (open.Contains(type)) throw new NotSupportedException($"{where}: {type.Name} holds itself, which a structural schema cannot say.");
        open.Push(type);
        var properties = JsonNames.Properties(type);
        schema["type"] = "object";
        var required = properties.Where(p => source.Field(p).Required).Select(JsonNames.Of).ToList();
        if (required.Count > 0) schema["required"] = Array(required);
        schema["properties"] = new JsonObject(properties.Select(p => KeyValuePair.Create<string, JsonNode?>(JsonNames.Of(p), Property(p))));
        RuleWriter.Add(schema, RuleWriter.OfType(source, type));
        open.Pop();
    }

    private static Type? ElementOf(Type type, Type shape) =>
        type.GetInterfaces().Prepend(type)
            .FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == shape)?
            .GetGenericArguments()[^1];

    private static JsonArray Array(IEnumerable<string> values) => [.. values.Select(v => JsonValue.Create(v))];

    // Whole bounds are written as integers: "minimum: 0", not "0.0".
    private static JsonValue Number(decimal value) =>
        decimal.IsInteger(value) ? JsonValue.Create(decimal.ToInt64(value)) : JsonValue.Create(value);
}
