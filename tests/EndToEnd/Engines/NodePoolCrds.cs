using System.Text.Json.Nodes;
using Kontena.Kubernetes.Schema;
using Kontena.TestKit;

namespace Kontena.EndToEnd.Engines;

/// <summary>The one place that says which CRDs the engines serve: the generated ones.</summary>
public static class NodePoolCrds
{
    public static IReadOnlyList<JsonObject> Read() =>
    [
        .. Directory.GetFiles(Path.Combine(RepositoryFolders.Root, "manifests", "crds"), "*.yaml").Order(StringComparer.Ordinal)
            .SelectMany(f => YamlDocuments.Read(File.ReadAllText(f))).Where(IsCrd),
    ];

    // kustomization.yaml may lie beside them
    private static bool IsCrd(JsonObject document) => document["kind"]?.GetValue<string>() == "CustomResourceDefinition";
}
