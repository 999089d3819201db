using System.Text.Json.Nodes;
using Kontena.TestKit;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Engines;

/// <summary>The one place that says which CRDs the engines serve: the generated ones, or the fixture while there are none.</summary>
public static class NodePoolCrds
{
    public static IReadOnlyList<JsonObject> Read()
    {
        var generated = Path.Combine(RepositoryFolders.Root, "manifests", "crds");
        var files = Directory.Exists(generated)
            ? Directory.GetFiles(generated, "*.yaml").Order(StringComparer.Ordinal).ToArray()
            : [Path.Combine(RepositoryFolders.Root, "tests", "EndToEnd", "Kubectl", "Fixtures", "nodepools.yaml")];
        return [.. files.SelectMany(f => YamlDocuments.Read(File.ReadAllText(f))).Where(IsCrd)];
    }

    // kustomization.yaml may lie beside them
    private static bool IsCrd(JsonObject document) => document["kind"]?.GetValue<string>() == "CustomResourceDefinition";
}
