using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Schema;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Schema;
using CorePresence = Kontena.Operator.Core.Api.Schema.Presence;
using Presence = Kontena.Kubernetes.Schema.Presence;

namespace Kontena.Operator.Resources;

/// <summary>Reads the attributes on Core's records for <see cref="CrdGenerator"/>, which knows none of them.</summary>
public sealed class CoreSchemaSource : ISchemaSource
{
    public ResourceFacts Resource(Type spec)
    {
        var resource = spec.GetCustomAttribute<CustomResourceAttribute>()
            ?? throw new ArgumentException($"{spec.Name} carries no {nameof(CustomResourceAttribute)}.", nameof(spec));
        return new ResourceFacts
        {
            Group = ApiGroup.Name,
            Version = ApiGroup.Version,
            Kind = resource.Kind,
            Plural = resource.Plural,
            ShortNames = [resource.ShortName],
            Categories = ["kontena"],
            Description = spec.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "",
            Status = resource.Status,
            Scale = resource.Scale ? new ScaleFacts(".spec.replicas", ".status.replicas", ".status.selector") : null,
            Columns = [.. spec.GetCustomAttributes<PrinterColumnAttribute>().Select(Column)],
            NameRule = resource is { NameRule: { } rule, NameMessage: { } message } ? new CelRule(rule, message) : null,
        };
    }

    public TypeFacts Type(Type type)
    {
        var union = type.GetCustomAttribute<UnionAttribute>();
        return new TypeFacts
        {
            Rules = [.. type.GetCustomAttributes<CelAttribute>().Select(Rule)],
            Union = union is null
                ? null
                : new UnionFacts(union.Message(JsonNames.Properties(type).Select(JsonNames.Of)), union.FixedMessage),
        };
    }

    public FieldFacts Field(PropertyInfo property)
    {
        var range = property.GetCustomAttribute<RangeAttribute>();
        var immutable = property.GetCustomAttribute<ImmutableAttribute>();
        return new FieldFacts
        {
            Description = property.GetCustomAttribute<DescriptionAttribute>()?.Description,
            Default = Default(property),
            Required = property.GetCustomAttribute<RequiredAttribute>() is not null,
            Minimum = Bound(range?.Minimum),
            Maximum = Bound(range?.Maximum),
            MinLength = property.GetCustomAttribute<MinLengthAttribute>()?.Length,
            MaxLength = property.GetCustomAttribute<MaxLengthAttribute>()?.Length ?? property.GetCustomAttribute<MaxPropertiesAttribute>()?.Count,
            Pattern = property.GetCustomAttribute<RegularExpressionAttribute>()?.Pattern,
            AllowedValues = [.. property.GetCustomAttribute<AllowedValuesAttribute>()?.Values.OfType<string>() ?? []],
            Format = property.GetCustomAttribute<FormatAttribute>()?.Format,
            ItemMaxLength = property.GetCustomAttribute<ItemMaxLengthAttribute>()?.Length,
            ItemPattern = property.GetCustomAttribute<ItemPatternAttribute>()?.Pattern,
            ListMapKey = property.GetCustomAttribute<ListMapAttribute>()?.Key,
            ListSet = property.GetCustomAttribute<ListSetAttribute>() is not null,
            IntOrString = property.GetCustomAttribute<IntOrStringAttribute>() is not null,
            Immutable = immutable is null ? null : new ImmutableFacts(immutable.Message, Of(immutable.Presence)),
            Rules = [.. property.GetCustomAttributes<CelAttribute>().Select(Rule)],
        };
    }

    private static JsonNode? Default(PropertyInfo property)
    {
        if (property.GetCustomAttribute<JsonDefaultAttribute>() is { } json) return JsonNode.Parse(json.Json);
        return property.GetCustomAttribute<DefaultValueAttribute>()?.Value switch
        {
            null => null,
            bool value => JsonValue.Create(value),
            int value => JsonValue.Create(value),
            string value => JsonValue.Create(value),
            { } value => throw new NotSupportedException(
                $"{property.DeclaringType?.Name}.{property.Name}: write a default of type {value.GetType().Name} as {nameof(JsonDefaultAttribute)}."),
        };
    }

    // long.MaxValue arrives as a double that is one greater: such a bound says nothing and is left out.
    private static decimal? Bound(object? value) => value switch
    {
        null => null,
        double number when Math.Abs(number) >= long.MaxValue => null,
        _ => Convert.ToDecimal(value, CultureInfo.InvariantCulture),
    };

    private static CelRule Rule(CelAttribute cel) =>
        new(cel.Rule, cel.Message, cel.FieldPath, cel.Kind is FieldErrorKind.Invalid ? null : KontenaRules.Reason(cel.Kind));

    private static PrinterColumn Column(PrinterColumnAttribute column) =>
        new(column.Name, column.Type, column.JsonPath, column.Description, column.Priority);

    private static Presence Of(CorePresence presence) => presence switch
    {
        CorePresence.Free => Presence.Free,
        CorePresence.Kept => Presence.Kept,
        CorePresence.Fixed => Presence.Fixed,
        _ => throw new ArgumentOutOfRangeException(nameof(presence), presence, "unknown presence"),
    };
}
