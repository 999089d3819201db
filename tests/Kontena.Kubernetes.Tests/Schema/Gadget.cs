using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Kontena.Kubernetes.Schema;

namespace Kontena.Kubernetes.Tests.Schema;

/// <summary>A kind that has one of everything, and a source whose facts a test writes down per property.</summary>
internal sealed record GadgetSpec
{
    public required string Name { get; init; }

    public int Size { get; init; }

    public long? Bytes { get; init; }

    public double Ratio { get; init; }

    public bool On { get; init; }

    public DateTimeOffset? Since { get; init; }

    public Colour Colour { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<GadgetPart> Parts { get; init; } = [];

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public string? MaxUnavailable { get; init; }

    public GadgetChoice? Choice { get; init; }

    public JsonObject? Anything { get; init; }

    public string? OwnerUID { get; init; }

    [JsonPropertyName("roleARN")]
    public string? RoleArn { get; init; }

    [JsonIgnore]
    public string Derived => Name + Size;
}

internal enum Colour
{
    Red,

    [JsonStringEnumMemberName("dark-blue")]
    DarkBlue,
}

internal sealed record GadgetPart
{
    public required string Id { get; init; }
}

internal sealed record GadgetChoice
{
    public GadgetPart? Left { get; init; }

    public GadgetPart? Right { get; init; }
}

internal sealed record GadgetStatus
{
    public long ObservedGeneration { get; init; }
}

internal sealed record Endless
{
    public Endless? Next { get; init; }
}

internal sealed record Unwritable
{
    public TimeSpan Wait { get; init; }
}

internal sealed class GadgetSource : ISchemaSource
{
    public Dictionary<string, FieldFacts> Fields { get; } = [];

    public Dictionary<Type, TypeFacts> Types { get; } = [];

    public ResourceFacts Kind { get; set; } = new()
    {
        Group = "example.io",
        Version = "v1",
        Kind = "Gadget",
        Plural = "gadgets",
        ShortNames = ["gt"],
        Categories = ["all"],
        Description = "A gadget.",
        Status = typeof(GadgetStatus),
    };

    public ResourceFacts Resource(Type spec) => Kind;

    public TypeFacts Type(Type type) => Types.GetValueOrDefault(type, TypeFacts.None);

    public FieldFacts Field(PropertyInfo property) => Fields.GetValueOrDefault(property.Name) ?? new FieldFacts();
}
