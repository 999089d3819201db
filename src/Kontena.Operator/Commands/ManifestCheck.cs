using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Schema;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Commands;

/// <summary>Checks manifests with the rules of the CRDs: unknown fields, types, ranges, and what the CEL rules say.</summary>
internal static class ManifestCheck
{
    /// <returns>0 where every NodePool is valid, 1 where one is not, 2 where a file cannot be read.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<FileInfo> files, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var (pools, faults) = (0, 0);
        foreach (var file in files)
        {
            try
            {
                foreach (var document in YamlDocuments.Read(await File.ReadAllTextAsync(file.FullName, ct)).Where(IsNodePool))
                {
                    pools++;
                    foreach (var problem in Problems(document))
                    {
                        faults++;
                        await error.WriteLineAsync($"{file}: NodePool {Name(document)}: {problem}");
                    }
                }
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
            {
                await error.WriteLineAsync($"{file}: {fault.Message}");
                return 2;
            }
        }
        if (faults == 0) await output.WriteLineAsync(pools == 1 ? "1 NodePool is valid." : $"{pools} NodePools are valid.");
        return faults == 0 ? 0 : 1;
    }

    /// <returns>One line a problem: the field's path and what to do.</returns>
    public static IEnumerable<string> Problems(JsonObject document)
    {
        var schema = CustomResources.Schema(KontenaKinds.NodePools.Kind)!; // one of our own kinds
        foreach (var path in UnknownFields.In(document, schema)) yield return $"{path}: unknown field";
        NodePool? pool = null;
        string? broken = null;
        try
        {
            pool = KontenaJson.Read<NodePool>(document);
        }
        catch (JsonException fault)
        {
            broken = fault.Path is { Length: > 2 } path ? $"{path[2..]}: has the wrong type or is missing something required" : "the document does not have the form of a NodePool";
        }
        // "spec:" with nothing behind it is a null, whatever the record's type says.
        if (pool is not { Spec: not null, Metadata: not null })
        {
            yield return broken ?? "spec and metadata must be set";
            yield break;
        }
        foreach (var fault in Validation.Check(pool.Metadata.Name ?? "", pool.Spec, null)) yield return $"{fault.Path}: {fault.Message}";
    }

    private static bool IsNodePool(JsonObject document) =>
        (string?)document["kind"] == KontenaKinds.NodePools.Kind && ((string?)document["apiVersion"])?.StartsWith(ApiGroup.Name + "/", StringComparison.Ordinal) == true;

    private static string Name(JsonObject document) => (string?)document["metadata"]?["name"] ?? "without a name";
}
