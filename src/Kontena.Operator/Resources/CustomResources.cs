using System.Text.Json.Nodes;
using Kontena.Kubernetes.Schema;
using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Resources;

/// <summary>The CustomResourceDefinitions of our kinds, generated from Core's records.</summary>
public static class CustomResources
{
    private static readonly Type[] Specs = [typeof(NodePoolSpec), typeof(KontenaNodeSpec), typeof(GridSpec)];

    /// <summary>A new document each time: the caller may change it.</summary>
    public static IReadOnlyList<JsonObject> All()
    {
        var generator = new CrdGenerator(new CoreSchemaSource());
        return [.. Specs.Select(generator.Generate)];
    }

    /// <summary>The structural schema of a kind: the CRD's <c>openAPIV3Schema</c>.</summary>
    /// <returns>Null where the kind is not ours.</returns>
    public static JsonObject? Schema(string kind) =>
        All().FirstOrDefault(crd => (string?)crd["spec"]?["names"]?["kind"] == kind)?["spec"]?["versions"]?[0]?["schema"]?["openAPIV3Schema"] as JsonObject;
}
