using System.Text.Json.Nodes;
using Kontena.Kubernetes.Schema;
using Kontena.TestKit;

namespace Kontena.Operator.Tests.Resources;

/// <summary>One document of <c>cases/</c>, and what whoever refuses it must answer. Every engine is fed the same ones.</summary>
/// <param name="Stored">What is stored first; then <paramref name="Document"/> replaces it. Null where it is created.</param>
/// <param name="RefusedBy">
/// <c>Schema</c>, <c>Rule</c> (CEL) or <c>UnknownField</c> (strict field validation) where the API server refuses it;
/// <c>Operator</c> where only the operator objects; null where the document is right.
/// </param>
public sealed record RuleCase(string Name, JsonObject? Stored, JsonObject Document, string? RefusedBy, IReadOnlyList<ExpectedCause> Expect)
{
    public static string Folder { get; } = Path.Combine(RepositoryFolders.Root, "tests/Kontena.Operator.Tests/Resources/cases");

    public string Kind => Text(Document, "kind");

    public string ObjectName => Text(Document["metadata"]!, "name");

    public bool RefusedByServer => RefusedBy is "Schema" or "Rule" or "UnknownField";

    public static IEnumerable<RuleCase> All() =>
        Directory.EnumerateFiles(Folder, "*.yaml").Order(StringComparer.Ordinal).Select(Read);

    public override string ToString() => Name;

    private static RuleCase Read(string path)
    {
        var document = YamlDocuments.Read(File.ReadAllText(path)).Single();
        return new RuleCase(
            Path.GetFileNameWithoutExtension(path),
            document["stored"]?.AsObject(),
            document["object"]!.AsObject(),
            (string?)document["refusedBy"],
            [.. document["expect"]!.AsArray().Select(e => new ExpectedCause(Text(e!, "reason"), Text(e!, "field"), (string?)e!["message"]))]);
    }

    private static string Text(JsonNode node, string field) =>
        (string?)node[field] ?? throw new InvalidDataException($"{node.GetPath()}.{field} is missing.");
}

/// <param name="Reason">A <c>metav1.CauseType</c>, or <c>BadRequest</c> for an unknown field.</param>
/// <param name="Message">Null where each engine words it its own way.</param>
public sealed record ExpectedCause(string Reason, string Field, string? Message);
