using System.Text.Json.Nodes;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Resources;
using Kontena.TestKit.Engines;

namespace Kontena.Operator.Tests.Resources;

/// <summary>
/// Random documents that pass the schema, to both sides: CEL in a real API server and the rules in C# must find the same.
/// A disagreement would let the embedded server take what a cluster refuses, or the other way round.
/// </summary>
public sealed class RuleAgreementTests
{
    private const int DocumentsPerSeed = 20;

    [Test]
    public async Task Pools_RandomWrites_AreJudgedAlike([Range(1, 10)] int seed) => await CompareAsync("NodePool", new Random(seed), RandomSpecs.Pool);

    [Test]
    public async Task Nodes_RandomWrites_AreJudgedAlike([Range(1, 10)] int seed) => await CompareAsync("KontenaNode", new Random(seed), RandomSpecs.Node);

    [Test]
    public async Task Grids_RandomWrites_AreJudgedAlike([Range(1, 5)] int seed) => await CompareAsync("Grid", new Random(seed), RandomSpecs.Grid);

    private static async Task CompareAsync(string kind, Random random, Func<Random, JsonObject> spec)
    {
        var server = await ApiServerOfTheseTests.Shared.GetAsync();
        server.Require(EngineFeature.CelRules);
        var ns = await server.CreateNamespaceAsync(CancellationToken.None);
        var path = $"/apis/kontena.io/v1alpha1/namespaces/{ns}/{kind.ToLowerInvariant()}s";
        JsonObject? stored = null;
        for (var i = 0; i < DocumentsPerSeed; i++)
        {
            var document = Document(kind, spec(random), stored);
            var answer = stored is null
                ? await server.Http.SendAsync(HttpMethod.Post, path, document, "application/json", CancellationToken.None)
                : await server.Http.SendAsync(HttpMethod.Put, path + "/web", document, "application/json", CancellationToken.None);
            var broken = KontenaRules.Check(ApiGroup.Name, kind, stored, document, subresource: null);
            Assert.That(
                broken.Select(b => $"{b.Reason} {b.Path}: {b.Message}"),
                Is.EquivalentTo(RuleCasesOnServerTests.Causes(answer).Select(c => Sentence(c, broken.Select(b => b.Message)))),
                $"stored {stored?["spec"]?.ToJsonString()}\nwritten {document.ToJsonString()}\nanswer {answer.Text}");
            if (answer.Code < 300) stored = answer.Json;
        }
        Assert.That(stored, Is.Not.Null, "no document was right: nothing was updated");
    }

    private static JsonObject Document(string kind, JsonObject spec, JsonObject? stored)
    {
        var metadata = new JsonObject { ["name"] = "web" };
        if (stored is not null) metadata["resourceVersion"] = (string?)stored["metadata"]!["resourceVersion"];
        return new JsonObject { ["apiVersion"] = "kontena.io/v1alpha1", ["kind"] = kind, ["metadata"] = metadata, ["spec"] = spec };
    }

    // The server writes "Forbidden: <message>", and before the message of a scalar also its value.
    private static string Sentence(ExpectedCause cause, IEnumerable<string> known) =>
        $"{cause.Reason} {cause.Field}: {known.FirstOrDefault(m => cause.Message!.EndsWith(": " + m, StringComparison.Ordinal)) ?? cause.Message}";
}
