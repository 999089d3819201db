using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kontena.Operator.Core.Api.Schema;

/// <summary>The properties of a record that appear in JSON, with their names there.</summary>
internal static class SchemaFields
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<(PropertyInfo Property, string Name)>> Known = new();

    public static IReadOnlyList<(PropertyInfo Property, string Name)> Of(Type type) => Known.GetOrAdd(type, Read);

    /// <summary>
    /// Equality by content. Records compare their lists and maps by reference, which two documents never share.
    /// </summary>
    public static bool Same(object? left, object? right)
    {
        if (left is null || right is null) return ReferenceEquals(left, right);
        if (left.GetType() != right.GetType()) return left is IEnumerable and not string && SameItems(left, right);
        return left switch
        {
            string or ValueType => left.Equals(right),
            IEnumerable => SameItems(left, right),
            _ => Of(left.GetType()).All(f => Same(f.Property.GetValue(left), f.Property.GetValue(right))),
        };
    }

    private static bool SameItems(object left, object right) => (left, right) switch
    {
        (IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
            a.Count == b.Count && a.All(p => b.TryGetValue(p.Key, out var value) && value == p.Value),
        (IEnumerable a, IEnumerable b) when a is not string && b is not string =>
            a.Cast<object?>().SequenceEqual(b.Cast<object?>(), EqualityComparer<object?>.Create(Same)),
        _ => false,
    };

    private static List<(PropertyInfo, string)> Read(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0 && p.GetCustomAttribute<JsonIgnoreAttribute>() is null)
            .OrderBy(p => p.MetadataToken)
            .Select(p => (p, p.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(p.Name))),
    ];
}
