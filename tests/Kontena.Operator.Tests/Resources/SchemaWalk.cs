using System.Text.Json.Nodes;

namespace Kontena.Operator.Tests.Resources;

/// <summary>Every schema within a CRD, with its path, e.g. <c>spec.provider.aws.zones[]</c>.</summary>
internal sealed record SchemaWalk(string Path, JsonObject Schema)
{
    public IEnumerable<(string Rule, string Message)> Rules =>
        Schema["x-kubernetes-validations"]?.AsArray().Select(r => ((string)r!["rule"]!, (string)r["message"]!)) ?? [];

    public static IEnumerable<SchemaWalk> Of(JsonObject crd) =>
        Within("", crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject());

    private static IEnumerable<SchemaWalk> Within(string path, JsonObject schema)
    {
        yield return new SchemaWalk(path, schema);
        foreach (var (name, property) in schema["properties"]?.AsObject() ?? [])
            foreach (var inner in Within(path.Length == 0 ? name : $"{path}.{name}", property!.AsObject()))
                yield return inner;
        foreach (var key in new[] { "items", "additionalProperties" })
            if (schema[key] is JsonObject items)
                foreach (var inner in Within(path + "[]", items))
                    yield return inner;
    }
}
