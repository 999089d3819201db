using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Kontena.Operator.Core.Api.Schema;

/// <summary>
/// What the schema attributes mean, in C#: the same bounds and transitions that the generated CRD has the API server check.
/// Types need no check here: a document of the wrong types never becomes a record.
/// </summary>
internal sealed class SchemaRules
{
    /// <summary>Every plan of a pool checks its spec, and reflection is slow. As many as there are patterns and fields in the schema.</summary>
    private static readonly ConcurrentDictionary<string, Regex> patterns = [];

    private readonly List<FieldError> errors = [];
    private int itemsOfNothing;

    /// <param name="old">The stored value; null on create.</param>
    /// <param name="path">Path of the value within the object, e.g. <c>spec</c>.</param>
    public static IReadOnlyList<FieldError> Check(object value, object? old, string path)
    {
        var rules = new SchemaRules();
        rules.Record(value, old, path);
        return rules.errors;
    }

    private void Record(object value, object? old, string path)
    {
        var before = itemsOfNothing;
        foreach (var (property, name) in SchemaFields.Of(value.GetType()))
            Field(property, property.GetValue(value), old is null ? null : property.GetValue(old), old is not null, $"{path}.{name}");
        if (On<UnionAttribute>(value.GetType()) is { } union) Union(union, value, old, path);
        // The rules count on what the types promise.
        if (value is IHasRules ruled && itemsOfNothing == before) errors.AddRange(ruled.BrokenRules(old).Select(e => e with { Path = path + e.Path }));
    }

    private void Field(PropertyInfo property, object? value, object? old, bool update, string path)
    {
        if (update && On<ImmutableAttribute>(property) is { } immutable) Immutable(immutable, value, old, path);
        switch (value)
        {
            case null:
                if (On<RequiredAttribute>(property) is not null) Add(path, FieldErrorKind.Required, "must be set");
                break;
            case string text:
                Text(property, text, path);
                break;
            case IEnumerable list when value is not IDictionary && !IsMap(value):
                List(property, [.. list.Cast<object>()], path);
                break;
            case IEnumerable map:
                Map(property, [.. map.Cast<object>()], path);
                break;
            case ValueType number:
                Number(property, number, path);
                break;
            default:
                Record(value, old, path);
                break;
        }
    }

    private void Immutable(ImmutableAttribute immutable, object? value, object? old, string path)
    {
        var changed = (value, old) switch
        {
            (null, null) => false,
            (null, not null) => immutable.Presence is not Presence.Free,
            (not null, null) => immutable.Presence is Presence.Fixed,
            _ => !SchemaFields.Same(value, old),
        };
        if (changed) Add(path, FieldErrorKind.Invalid, immutable.Message, FieldErrorSource.Rule);
    }

    private void Union(UnionAttribute union, object value, object? old, string path)
    {
        var fields = SchemaFields.Of(value.GetType());
        var set = fields.Where(f => f.Property.GetValue(value) is not null).Select(f => f.Name).ToList();
        if (set.Count != 1) Add(path, FieldErrorKind.Invalid, union.Message(fields.Select(f => f.Name)), FieldErrorSource.Rule);
        if (old is null || union.FixedMessage is not { } message) return;
        if (fields.Any(f => f.Property.GetValue(value) is null != f.Property.GetValue(old) is null))
            Add(path, FieldErrorKind.Invalid, message, FieldErrorSource.Rule);
    }

    private void Text(PropertyInfo property, string text, string path)
    {
        var length = text.EnumerateRunes().Count();
        if (On<MinLengthAttribute>(property) is { } least && length < least.Length)
            Add(path, FieldErrorKind.Invalid, $"should be at least {least.Length} characters long");
        TextBounds(text, On<MaxLengthAttribute>(property)?.Length,
            On<RegularExpressionAttribute>(property)?.Pattern, path);
        if (On<AllowedValuesAttribute>(property) is { } allowed && !allowed.Values.Contains(text))
            Add(path, FieldErrorKind.NotSupported, $"should be one of {string.Join(", ", allowed.Values)}");
    }

    private void TextBounds(string text, int? most, string? pattern, string path)
    {
        if (most is { } limit && text.EnumerateRunes().Count() > limit)
            Add(path, FieldErrorKind.TooLong, $"may not be more than {limit} characters long");
        if (pattern is not null && !Matches(text, pattern)) Add(path, FieldErrorKind.Invalid, $"should match '{pattern}'");
    }

    // The API server searches, it does not match the whole: patterns carry their own anchors. There "$" is the very end of
    // the text; here it would also stand before a last line feed.
    private static bool Matches(string text, string pattern)
    {
        var match = patterns.GetOrAdd(pattern, p => new Regex(p, RegexOptions.ECMAScript)).Match(text);
        return match.Success && (!pattern.EndsWith('$') || match.Index + match.Length == text.Length);
    }

    private void Number(PropertyInfo property, ValueType value, string path)
    {
        if (On<RangeAttribute>(property) is not { } range) return;
        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (number < Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture))
            Add(path, FieldErrorKind.Invalid, $"should be greater than or equal to {range.Minimum}");
        if (number > Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture))
            Add(path, FieldErrorKind.Invalid, $"should be less than or equal to {range.Maximum}");
    }

    private void List(PropertyInfo property, IReadOnlyList<object> items, string path)
    {
        if (On<MinLengthAttribute>(property) is { } least && items.Count < least.Length)
            Add(path, FieldErrorKind.Invalid, $"should have at least {least.Length} items");
        if (On<MaxLengthAttribute>(property) is { } most && items.Count > most.Length)
            Add(path, FieldErrorKind.TooMany, $"must have at most {most.Length} items");
        var key = On<ListMapAttribute>(property)?.Key;
        var keyed = key is not null || On<ListSetAttribute>(property) is not null;
        var seen = new HashSet<object?>();
        var present = items.All(item => item is not null);
        for (var i = 0; i < items.Count; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            Item(property, items[i], at);
            if (keyed && present && !seen.Add(key is null ? items[i] : SchemaFields.Of(items[i].GetType()).Single(f => f.Name == key).Property.GetValue(items[i])))
                Add(at, FieldErrorKind.Duplicate, "is in the list already");
        }
    }

    private void Map(PropertyInfo property, IReadOnlyList<object> entries, string path)
    {
        if (On<MaxPropertiesAttribute>(property) is { } most && entries.Count > most.Count)
            Add(path, FieldErrorKind.TooMany, $"must have at most {most.Count} entries");
        foreach (var entry in entries.OfType<KeyValuePair<string, string>>()) Item(property, entry.Value, $"{path}.{entry.Key}");
    }

    private void Item(PropertyInfo property, object? item, string path)
    {
        // "[~]" in YAML: the type of the list does not keep it out.
        if (item is null)
        {
            itemsOfNothing++;
            Add(path, FieldErrorKind.Required, "must be set");
        }
        else if (item is string text)
            TextBounds(text, On<ItemMaxLengthAttribute>(property)?.Length,
                On<ItemPatternAttribute>(property)?.Pattern, path);
        else if (item is not ValueType) Record(item, null, path);
    }

    private static bool IsMap(object value) =>
        value.GetType().GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>));

    private static T? On<T>(MemberInfo member) where T : Attribute => Known<T>.Attributes.GetOrAdd(member, m => m.GetCustomAttribute<T>());

    private void Add(string path, FieldErrorKind kind, string message, FieldErrorSource source = FieldErrorSource.Schema) =>
        errors.Add(new FieldError(path, kind, message, source));

    private static class Known<T> where T : Attribute
    {
        public static readonly ConcurrentDictionary<MemberInfo, T?> Attributes = [];
    }
}
