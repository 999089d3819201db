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

    /// <summary>Invalid, Forbidden or Required. Of a Duplicate the API server does not show the message.</summary>
    public FieldErrorKind Kind { get; init; } = FieldErrorKind.Invalid;
}

/// <summary>The type is a union: exactly one of its properties is set.</summary>
/// <param name="noun">What the properties are, in the singular, for messages.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class UnionAttribute(string noun) : Attribute
{
    public string Noun { get; } = noun;

    /// <summary>Where given, which property is set may never change, and this is shown.</summary>
    public string? FixedMessage { get; init; }

    /// <param name="members">Names of the properties as in JSON.</param>
    public string Message(IEnumerable<string> members) => $"exactly one {Noun} must be set: {string.Join(", ", members)}";
}

/// <summary>The field's value may not change (a CEL transition rule).</summary>
/// <param name="message">What is shown when it does; null says that the field cannot change.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ImmutableAttribute(string? message = null) : Attribute
{
    public const string DefaultMessage = "this field cannot be changed";

    public string Message { get; } = message ?? DefaultMessage;

    public Presence Presence { get; init; } = Presence.Free;
}

/// <summary>Whether an optional immutable field may come and go.</summary>
public enum Presence
{
    /// <summary>It may be added and taken away.</summary>
    Free,

    /// <summary>It may be added later, and then stays.</summary>
    Kept,

    /// <summary>It is there from the beginning, or never.</summary>
    Fixed,
}

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

/// <summary>Greatest length of every value of a map or every item of a list, so that CEL rules over them have a bounded cost.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ItemMaxLengthAttribute(int length) : Attribute
{
    public int Length { get; } = length;
}

/// <summary>Regular expression that every value of a map or every item of a list matches.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ItemPatternAttribute(string pattern) : Attribute
{
    public string Pattern { get; } = pattern;
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
