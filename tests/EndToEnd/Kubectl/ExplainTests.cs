using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kontena.EndToEnd.Engines;
using Kontena.TestKit.Engines;
using Kontena.TestKit.Kubectl;

namespace Kontena.EndToEnd.Kubectl;

/// <summary>
/// <c>kubectl explain</c> shows the documentation that the CRDs carry: all of it, and nothing else. A field is shown with its type, its
/// enum, whether it is required and its description by the explanation of the object that it is in, so every path is covered by
/// explaining every object, and the whole tree of names by explaining the kind once.
/// </summary>
public sealed partial class ExplainTests
{
    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task Explain_EveryObject_SaysOfItsFieldsWhatTheCrdSays([Values("nodepool", "kontenanode")] string kind, [Values] EngineKind engine)
    {
        using var kubectl = await KubectlAsync(engine);
        var objects = Objects(kind, Root(kind)).ToList();
        Assert.That(objects, Has.Count.GreaterThan(10));
        // The first one fills kubectl's cache of discovery; then four at a time.
        await ExplainAsync(kubectl, kind);

        await Parallel.ForEachAsync(objects, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Ct }, async (node, _) =>
        {
            var shown = await ExplainAsync(kubectl, node.Path);
            // apiVersion, kind and metadata are Kubernetes' own, and so are their texts.
            var fields = Fields(shown).Where(f => node.Path != kind || f.Name is not ("apiVersion" or "kind" or "metadata"));
            Assert.That(fields, Is.EquivalentTo(Expected(node.Schema, node.Path == kind)), node.Path);
            if (node.Schema["description"] is { } description) Assert.That(OneLine(shown), Does.Contain(OneLine($"DESCRIPTION: {description}")), node.Path);
        });
    }

    [Test]
    public async Task Explain_Recursive_ShowsTheWholeTree([Values("nodepool", "kontenanode")] string kind, [Values] EngineKind engine)
    {
        using var kubectl = await KubectlAsync(engine);

        var shown = await ExplainAsync(kubectl, kind, "--recursive");

        var names = shown.Split('\n').SkipWhile(l => l != "FIELDS:").Select(l => FieldLine().Match(l)).Where(m => m.Success)
            .Select(m => $"{m.Groups[1].Value.Length / 2} {m.Groups[2].Value}").SkipWhile(l => l != "1 spec");
        Assert.That(names, Is.EqualTo(Tree(Root(kind), 1).SkipWhile(l => l != "1 spec")));
    }

    private static async Task<KubectlClient> KubectlAsync(EngineKind kind)
    {
        var engine = await EndToEndEngines.GetAsync(kind);
        engine.Require(EngineFeature.OpenApiV3);
        return KubectlClient.Require(engine.KubeconfigPath, "default");
    }

    private static async Task<string> ExplainAsync(KubectlClient kubectl, params string[] arguments) =>
        (await kubectl.RunAsync(["explain", .. arguments], input: null, environment: null, Ct)).Succeeded().Output;

    private static JsonObject Root(string kind)
    {
        var crd = NodePoolCrds.Read().Single(c => $"{c["metadata"]!["name"]}" == $"{kind}s.kontena.io");
        return crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject();
    }

    private static IEnumerable<(string Path, JsonObject Schema)> Objects(string path, JsonObject schema)
    {
        var subject = OfItems(schema);
        if (subject["properties"] is not JsonObject properties) yield break;
        yield return (path, schema);
        // metadata is Kubernetes' own: a CRD only bounds the name in it.
        foreach (var inner in properties.Where(p => p.Key != "metadata").SelectMany(p => Objects($"{path}.{p.Key}", p.Value!.AsObject()))) yield return inner;
    }

    private static JsonObject OfItems(JsonObject schema) => schema["items"] is JsonObject items ? OfItems(items) : schema;

    private static IEnumerable<string> Tree(JsonObject schema, int depth) => (OfItems(schema)["properties"] as JsonObject ?? [])
        .OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => Tree(p.Value!.AsObject(), depth + 1).Prepend($"{depth} {p.Key}"));

    private static IEnumerable<Field> Expected(JsonObject schema, bool root)
    {
        var subject = OfItems(schema);
        var required = (subject["required"] as JsonArray ?? []).Select(n => $"{n}").ToList();
        return subject["properties"]!.AsObject().Where(p => !root || p.Key is not ("apiVersion" or "kind" or "metadata")).Select(p => new Field(
            p.Key, TypeText(p.Value!.AsObject()), required.Contains(p.Key), EnumText(p.Value!["enum"] as JsonArray), OneLine($"{p.Value!["description"]}")));
    }

    private static string TypeText(JsonObject schema) => schema switch
    {
        _ when schema["items"] is JsonObject items => $"[]{TypeText(items)}",
        _ when schema["additionalProperties"] is JsonObject values => $"map[string]{TypeText(values)}",
        _ when $"{schema["type"]}" is "object" or "" => "Object",
        _ => $"{schema["type"]}",
    };

    // Of a long enum kubectl shows the beginning.
    private static string EnumText(JsonArray? values) => values is null ? "" : string.Join(", ", values.Take(4)) + (values.Count > 4 ? ", ...." : "");

    private static IEnumerable<Field> Fields(string shown)
    {
        var listed = shown.Split("\nFIELDS:\n")[^1];
        return FieldBlock().Matches(listed).Select(m => new Field(
            m.Groups["name"].Value, m.Groups["type"].Value, m.Groups["required"].Success, m.Groups["enum"].Value, OneLine(m.Groups["text"].Value).Replace("<no description>", "", StringComparison.Ordinal)));
    }

    // kubectl wraps lines at the width of a terminal
    private static string OneLine(string text) => Blanks().Replace(text, " ").Trim();

    [GeneratedRegex(@"^  (?<name>\w+)\t<(?<type>.+)>(?<required> -required-)?\n(?:  enum: (?<enum>.*)\n)?(?<text>(?:    .*\n)*)", RegexOptions.Multiline)]
    private static partial Regex FieldBlock();

    [GeneratedRegex(@"^((?:  )+)(\w+)\t<")]
    private static partial Regex FieldLine();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    private sealed record Field(string Name, string Type, bool Required, string Enum, string Text);
}
