namespace Kontena.Operator.Core.Api.Schema;

/// <summary>A rule that the API server checks (Common Expression Language). <c>Validation</c> says the same in C#.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, AllowMultiple = true)]
public sealed class CelAttribute(string rule, string message) : Attribute
{
    public string Rule { get; } = rule;

    /// <summary>Shown to the user: what is wrong and what to do.</summary>
    public string Message { get; } = message;

    /// <summary>Relative path of the field to blame, e.g. <c>.aws</c>; null blames the object that carries the rule.</summary>
    public string? FieldPath { get; init; }
}

/// <summary>The field may not change once it is set (a CEL transition rule).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ImmutableAttribute : Attribute;

/// <summary>The list is a map keyed by this property: entries merge by key in server-side apply.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListMapAttribute(string key) : Attribute
{
    public string Key { get; } = key;
}

/// <summary>The list is a set: a value may stand in it once.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListSetAttribute : Attribute;

/// <summary>Accepts an integer or a string, such as a percentage.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IntOrStringAttribute : Attribute;

/// <summary>An OpenAPI <c>format</c>, such as <c>date-time</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FormatAttribute(string format) : Attribute
{
    public string Format { get; } = format;
}

/// <summary>How many entries a map may have.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MaxPropertiesAttribute(int count) : Attribute
{
    public int Count { get; } = count;
}

/// <summary>The default that the API server fills in, as JSON.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class JsonDefaultAttribute(string json) : Attribute
{
    public string Json { get; } = json;
}

/// <summary>Bounds for every key and value of a map or every item of a list, so that CEL rules over them have a bounded cost.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ItemMaxLengthAttribute(int length) : Attribute
{
    public int Length { get; } = length;
}

/// <summary>A column of <c>kubectl get</c>.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class PrinterColumnAttribute(string name, string type, string jsonPath) : Attribute
{
    public string Name { get; } = name;

    public string Type { get; } = type;

    public string JsonPath { get; } = jsonPath;

    public string? Description { get; init; }

    /// <summary>0 is always shown, 1 only with <c>-o wide</c>.</summary>
    public int Priority { get; init; }
}

/// <summary>Names of a custom resource; stands on its spec.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CustomResourceAttribute(string kind, string plural, string shortName, Type status) : Attribute
{
    public string Kind { get; } = kind;

    public string Plural { get; } = plural;

    public string ShortName { get; } = shortName;

    public Type Status { get; } = status;

    /// <summary>True where <c>kubectl scale</c> and autoscalers may set <c>spec.replicas</c>.</summary>
    public bool Scale { get; init; }

    /// <summary>Rule on the object's name, which a schema cannot say: CEL over <c>self.metadata.name</c>.</summary>
    public string? NameRule { get; init; }

    public string? NameMessage { get; init; }
}
