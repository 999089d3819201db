using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kontena.Kubernetes.Schema;

/// <summary>The properties of a record as System.Text.Json writes them with camel-case names.</summary>
public static class JsonNames
{
    /// <summary>Properties that appear in JSON, in the order of the source: a base type's first.</summary>
    public static IReadOnlyList<PropertyInfo> Properties(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetMethod is not null && p.GetIndexParameters().Length == 0 && !IsIgnored(p))
            .OrderBy(p => Depth(p.DeclaringType))
            .ThenBy(p => p.MetadataToken),
    ];

    /// <summary>Acronyms at the end keep their capitals: <c>PoolUID</c> becomes <c>poolUID</c>, as in Kubernetes' own types.</summary>
    public static string Of(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    /// <summary>The texts of an enumeration's values, in the order of the source.</summary>
    public static IReadOnlyList<string> Values(Type enumeration) =>
    [
        .. enumeration.GetFields(BindingFlags.Public | BindingFlags.Static)
            .OrderBy(f => f.MetadataToken)
            .Select(f => f.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? f.Name),
    ];

    private static bool IsIgnored(PropertyInfo property) =>
        property.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Always };

    private static int Depth(Type? type) => type is null ? 0 : 1 + Depth(type.BaseType);
}
