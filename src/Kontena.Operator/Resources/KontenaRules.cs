using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Resources;

/// <summary>
/// The CRDs' CEL rules in C#, on documents, for an API server that evaluates no CEL. What the schema says is not repeated:
/// such a server checks it first.
/// </summary>
public static class KontenaRules
{
    /// <param name="old">The stored object; null on create.</param>
    /// <param name="new">The object as it would be stored, defaults filled in.</param>
    /// <param name="subresource"><c>status</c>, <c>scale</c>, or null for the object itself.</param>
    /// <returns>Field, <c>metav1.CauseType</c> and message of each broken rule, as the API server words them.</returns>
    public static IReadOnlyList<(string Path, string Reason, string Message)> Check(
        string group, string kind, JsonObject? old, JsonObject @new, string? subresource)
    {
        // No rule speaks of a status; a document whose spec stays is let through even if a newer rule forbids it, as the API
        // server does (ratcheting): or the finalizer of such an object could never be taken off.
        if (group != ApiGroup.Name || subresource == "status") return [];
        if (old is not null && JsonNode.DeepEquals(old["spec"], @new["spec"])) return [];
        try
        {
            return [.. Errors(kind, old, @new).Where(e => e.Source is FieldErrorSource.Rule).Select(e => (e.Path, Reason(e.Kind), e.Message))];
        }
        catch (JsonException e)
        {
            return [(e.Path ?? "", "FieldValueTypeInvalid", "cannot be read")];
        }
    }

    /// <summary>The <c>metav1.CauseType</c> of an error.</summary>
    public static string Reason(FieldErrorKind kind) => "FieldValue" + kind;

    private static IReadOnlyList<FieldError> Errors(string kind, JsonObject? old, JsonObject @new)
    {
        if (kind == KontenaKinds.NodePools.Kind)
        {
            var pool = KontenaJson.Read<NodePool>(@new);
            return Validation.Check(pool.Metadata.Name ?? "", pool.Spec, old is null ? null : KontenaJson.Read<NodePool>(old).Spec);
        }
        if (kind == KontenaKinds.Grids.Kind)
            return Validation.CheckGrid(KontenaJson.Read<Grid>(@new).Spec, old is null ? null : KontenaJson.Read<Grid>(old).Spec);
        return kind == KontenaKinds.KontenaNodes.Kind
            ? Validation.CheckNode(KontenaJson.Read<KontenaNode>(@new).Spec, old is null ? null : KontenaJson.Read<KontenaNode>(old).Spec)
            : [];
    }
}
