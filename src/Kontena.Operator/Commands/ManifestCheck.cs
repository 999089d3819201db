using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Schema;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Commands;

/// <summary>Checks manifests with the rules of the CRDs: unknown fields, types, ranges, and what the CEL rules say.</summary>
internal static class ManifestCheck
{
    /// <returns>0 where every NodePool and Grid is valid, 1 where one is not, 2 where a file cannot be read.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<FileInfo> files, TextWriter output, TextWriter error, CancellationToken ct)
    {
        List<string> kinds = [];
        var faults = 0;
        foreach (var file in files)
        {
            try
            {
                foreach (var document in YamlDocuments.Read(await File.ReadAllTextAsync(file.FullName, ct)).Where(IsOurs))
                {
                    kinds.Add(KindOf(document));
                    foreach (var problem in Problems(document))
                    {
                        faults++;
                        await error.WriteLineAsync($"{file}: {KindOf(document)} {Name(document)}: {problem}");
                    }
                }
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
            {
                await error.WriteLineAsync($"{file}: {fault.Message}");
                return 2;
            }
        }
        if (faults == 0) await output.WriteLineAsync(Verdict(kinds));
        return faults == 0 ? 0 : 1;
    }

    /// <returns>One line a problem: the field's path and what to do. A document that is no Grid is judged as a NodePool.</returns>
    public static IEnumerable<string> Problems(JsonObject document) => KindOf(document) == KontenaKinds.Grids.Kind
        ? Problems<Grid>(document, KontenaKinds.Grids.Kind, grid => grid is { Spec: not null, Metadata: not null } ? Validation.CheckGrid(grid.Spec, null) : null)
        : Problems<NodePool>(document, KontenaKinds.NodePools.Kind, pool => pool is { Spec: not null, Metadata: not null } ? Validation.Check(pool.Metadata.Name ?? "", pool.Spec, null) : null);

    /// <param name="check">Null where spec or metadata is: "spec:" with nothing behind it is a null, whatever the record's type says.</param>
    private static IEnumerable<string> Problems<T>(JsonObject document, string kind, Func<T, IReadOnlyList<FieldError>?> check) where T : class
    {
        foreach (var path in UnknownFields.In(document, CustomResources.Schema(kind)!)) yield return $"{path}: unknown field"; // one of our own kinds
        T? resource = null;
        string? broken = null;
        try
        {
            resource = KontenaJson.Read<T>(document);
        }
        catch (JsonException fault)
        {
            broken = fault.Path is { Length: > 2 } path ? $"{path[2..]}: has the wrong type or is missing something required" : $"the document does not have the form of a {kind}";
        }
        if (resource is null || check(resource) is not { } errors)
        {
            yield return broken ?? "spec and metadata must be set";
            yield break;
        }
        foreach (var fault in errors) yield return $"{fault.Path}: {fault.Message}";
    }

    private static string Verdict(List<string> kinds)
    {
        var grids = kinds.Count(k => k == KontenaKinds.Grids.Kind);
        var pools = kinds.Count - grids;
        var of = new[] { Count(pools, "NodePool"), Count(grids, "Grid") }.Where((_, i) => i == 0 ? pools > 0 || grids == 0 : grids > 0);
        return $"{string.Join(" and ", of)} {(kinds.Count == 1 ? "is" : "are")} valid.";

        static string Count(int count, string kind) => count == 1 ? $"1 {kind}" : $"{count} {kind}s";
    }

    private static bool IsOurs(JsonObject document) =>
        (KindOf(document) == KontenaKinds.NodePools.Kind || KindOf(document) == KontenaKinds.Grids.Kind)
        && ((string?)document["apiVersion"])?.StartsWith(ApiGroup.Name + "/", StringComparison.Ordinal) == true;

    private static string KindOf(JsonObject document) => document["kind"] is JsonValue kind && kind.TryGetValue(out string? text) ? text : "";

    private static string Name(JsonObject document) => (string?)document["metadata"]?["name"] ?? "without a name";
}
