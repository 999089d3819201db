using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kontena.EndToEnd.Engines;
using Kontena.TestKit.Engines;
using Kontena.TestKit.Kubectl;

namespace Kontena.EndToEnd.Kubectl;

/// <summary><c>kubectl explain</c> shows the documentation that the CRD carries: all of it, and nothing else.</summary>
public sealed partial class ExplainTests
{
    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task Explain_FieldWithFields_ShowsWhatTheCrdSays(
        [Values("spec", "spec.provider.aws", "spec.template.docker", "status")] string path, [Values] EngineKind kind)
    {
        var engine = await EndToEndEngines.GetAsync(kind);
        engine.Require(EngineFeature.OpenApiV3);
        using var kubectl = KubectlClient.Require(engine.KubeconfigPath, "default");
        var schema = SchemaAt(path);

        var shown = (await kubectl.RunAsync(["explain", $"nodepool.{path}"], input: null, environment: null, Ct)).Succeeded().Output;

        var properties = schema["properties"]!.AsObject();
        Assert.That(FieldNames().Matches(shown).Select(m => m.Groups[1].Value), Is.EquivalentTo(properties.Select(p => p.Key)));
        foreach (var text in properties.Select(p => p.Value!["description"]).Prepend(schema["description"]).Where(d => d is not null))
            Assert.That(OneLine(shown), Does.Contain(OneLine($"{text}")));
    }

    private static JsonNode SchemaAt(string path)
    {
        var crd = NodePoolCrds.Read().Single(c => $"{c["metadata"]!["name"]}" == "nodepools.kontena.io");
        var root = crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!;
        return path.Split('.').Aggregate(root, (schema, name) => schema["properties"]![name]!);
    }

    // kubectl wraps lines at the width of a terminal
    private static string OneLine(string text) => Blanks().Replace(text, " ").Trim();

    [GeneratedRegex(@"^  (\w+)\t<", RegexOptions.Multiline)]
    private static partial Regex FieldNames();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
