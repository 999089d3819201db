using Kontena.Standalone.Schema;
using Kontena.Standalone.Tables;

namespace Kontena.Standalone.Resources;

/// <summary>One resource in one version: all that the verbs, discovery, tables and OpenAPI need to know of it.</summary>
internal sealed record ResourceDefinition
{
    private static readonly IReadOnlyList<string> AllVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    public IReadOnlyList<string> Verbs { get; init; } = AllVerbs;

    public required string Group { get; init; }

    public required string Version { get; init; }

    public required string Kind { get; init; }

    public required string Plural { get; init; }

    public required string Singular { get; init; }

    public required bool Namespaced { get; init; }

    public required StructuralSchema Schema { get; init; }

    /// <summary>The same schema as the document that OpenAPI shows.</summary>
    public required JsonObject SchemaDocument { get; init; }

    public required IReadOnlyList<PrinterColumn> Columns { get; init; }

    public required bool BuiltIn { get; init; }

    public string ListKind { get; init; } = "";

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    public bool HasStatus { get; init; }

    public ScalePaths? Scale { get; init; }

    /// <summary>Whether metadata.generation counts the changes of spec. Secrets, ConfigMaps, Events, Leases and Namespaces have none.</summary>
    public bool HasGeneration { get; init; }

    /// <summary>Whether a PUT of an object that is not there creates it.</summary>
    public bool CreatedByPut { get; init; }

    /// <summary>Whether a PUT may come without a resourceVersion.</summary>
    public bool UnconditionalUpdate { get; init; }

    /// <summary>False when the CRD has other versions: then what is stored may carry another apiVersion.</summary>
    public bool OnlyVersion { get; init; } = true;

    /// <summary>The schema of the version that is stored, where that is another one: what it does not know does not last.</summary>
    public StructuralSchema? StoredSchema { get; init; }

    /// <summary>The CRD is being deleted: nothing new is taken.</summary>
    public bool Terminating { get; init; }

    /// <summary>Fields beyond metadata.name and metadata.namespace that a field selector may name.</summary>
    public IReadOnlyList<string> SelectableFields { get; init; } = [];

    /// <summary>What every object of this kind has before anybody wrote anything: structures in Go, which cannot be absent. Nobody owns such a field itself.</summary>
    public JsonObject Newborn { get; init; } = [];

    public string GroupResource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    public string GroupKind => Group.Length == 0 ? Kind : $"{Kind}.{Group}";

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The path of the group version, without a leading slash: <c>api/v1</c>, <c>apis/kontena.io/v1alpha1</c>.</summary>
    public string GroupVersionPath => Group.Length == 0 ? $"api/{Version}" : $"apis/{ApiVersion}";

    public ObjectKey Key(string? ns, string name) => new(GroupResource, Namespaced ? ns ?? "" : "", name);
}

/// <summary>Where the scale subresource finds its numbers, as simple paths such as <c>.spec.replicas</c>.</summary>
internal sealed record ScalePaths(string SpecReplicas, string StatusReplicas, string? LabelSelector);
