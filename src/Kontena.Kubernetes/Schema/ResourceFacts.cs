namespace Kontena.Kubernetes.Schema;

/// <summary>What a CustomResourceDefinition says besides its schema.</summary>
public sealed record ResourceFacts
{
    public required string Group { get; init; }

    public required string Version { get; init; }

    public required string Kind { get; init; }

    /// <summary>Lower-case plural, as in URLs.</summary>
    public required string Plural { get; init; }

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Shown by <c>kubectl explain</c> for the kind.</summary>
    public required string Description { get; init; }

    public required Type Status { get; init; }

    /// <summary>Null where the kind cannot be scaled.</summary>
    public ScaleFacts? Scale { get; init; }

    public IReadOnlyList<PrinterColumn> Columns { get; init; } = [];

    /// <summary>What holds for <c>self.metadata.name</c>: of an object's metadata CEL sees its name only. Null where any name will do.</summary>
    public CelRule? NameRule { get; init; }
}

/// <summary>Where the scale subresource finds its numbers: JSON paths such as <c>.spec.replicas</c>.</summary>
public sealed record ScaleFacts(string SpecReplicasPath, string StatusReplicasPath, string LabelSelectorPath);

/// <summary>A column of <c>kubectl get</c>.</summary>
/// <param name="Type">An OpenAPI type, or <c>date</c>, which is shown as an age.</param>
/// <param name="Priority">0 is always shown, greater ones only with <c>-o wide</c>.</param>
public sealed record PrinterColumn(string Name, string Type, string JsonPath, string? Description = null, int Priority = 0);
