using Kontena.Standalone.Schema;
using Kontena.Standalone.Tables;

namespace Kontena.Standalone.Resources;

/// <summary>The resources that are served without a CRD.</summary>
internal static class BuiltInResources
{
    public static ResourceDefinition Namespace { get; } = Define("", "v1", "Namespace", "namespaces", CoreColumns.Namespace) with
    {
        Namespaced = false,
        ShortNames = ["ns"],
        Verbs = ["create", "delete", "get", "list", "patch", "update", "watch"],
        HasStatus = true,
    };

    public static ResourceDefinition Secret { get; } = Define("", "v1", "Secret", "secrets", CoreColumns.Secret) with { SelectableFields = ["type"] };

    public static ResourceDefinition ConfigMap { get; } = Define("", "v1", "ConfigMap", "configmaps", CoreColumns.ConfigMap) with { ShortNames = ["cm"] };

    public static ResourceDefinition Event { get; } = Define("", "v1", "Event", "events", CoreColumns.Event) with
    {
        ShortNames = ["ev"],
        CreatedByPut = true,
        Newborn = new JsonObject { ["source"] = new JsonObject(), ["reportingComponent"] = "", ["reportingInstance"] = "", ["firstTimestamp"] = null, ["lastTimestamp"] = null },
        SelectableFields =
        [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
            "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath",
            "reason", "source", "type", "reportingComponent",
        ],
    };

    public static ResourceDefinition Lease { get; } = Define("coordination.k8s.io", "v1", "Lease", "leases", CoreColumns.Lease) with
    {
        UnconditionalUpdate = false,
        CreatedByPut = true,
        Newborn = new JsonObject { ["spec"] = new JsonObject() },
    };

    public static ResourceDefinition CustomResourceDefinition { get; } =
        Define("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", CoreColumns.CustomResourceDefinition) with
        {
            Namespaced = false,
            ShortNames = ["crd", "crds"],
            Categories = ["api-extensions"],
            HasStatus = true,
            HasGeneration = true,
            UnconditionalUpdate = false,
            Newborn = new JsonObject { ["spec"] = new JsonObject { ["names"] = new JsonObject() } },
        };

    public static IReadOnlyList<ResourceDefinition> All { get; } = [ConfigMap, Event, Namespace, Secret, Lease, CustomResourceDefinition];

    private static ResourceDefinition Define(string group, string version, string kind, string plural, IReadOnlyList<PrinterColumn> columns) => new()
    {
        Group = group,
        Version = version,
        Kind = kind,
        ListKind = $"{kind}List",
        Plural = plural,
        Singular = kind.ToLowerInvariant(),
        Namespaced = true,
        BuiltIn = true,
        UnconditionalUpdate = true,
        Columns = columns,
        SchemaDocument = CoreSchemas.Document(kind),
        Schema = StructuralSchema.ReadRoot(CoreSchemas.Document(kind), CoreSchemas.ObjectMeta),
    };
}
