using System.Text.Json.Nodes;
using Kontena.EndToEnd.Engines;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Kubectl;

/// <summary>
/// Aggregated discovery and OpenAPI v3 on every engine that has them. What is right is what discovery's plain documents say, which
/// are compared with the real server's, and what the definitions say.
/// </summary>
public sealed class DocumentTests
{
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task AggregatedDiscovery_OfEveryGroupVersion_SaysWhatThePlainDocumentSays([Values] EngineKind kind)
    {
        var engine = await DescribingAsync(kind);
        var groups = new List<JsonNode>();
        foreach (var root in new[] { "/api", "/apis" })
        {
            var answer = await engine.Http.SendTextAsync(HttpMethod.Get, root, null, "application/json", Aggregated + ",application/json", Ct);
            Assert.That(answer.ContentType.Replace(" ", "", StringComparison.Ordinal), Is.EqualTo(Aggregated));
            groups.AddRange(answer.Succeeded()["items"]!.AsArray().OfType<JsonNode>());
        }

        foreach (var group in groups)
        {
            foreach (var version in group["versions"]!.AsArray())
            {
                var name = $"{group["metadata"]!["name"]}";
                var plain = (await engine.Http.GetAsync((name.Length == 0 ? "/api/" : $"/apis/{name}/") + version!["version"], Ct)).Succeeded();
                Assert.That(Flattened(version), Is.EquivalentTo(plain["resources"]!.AsArray().Select(r => Line($"{r!["name"]}", r, r["kind"]))), $"{name}/{version["version"]}");
            }
        }
    }

    [Test]
    public async Task OpenApi_OfEveryDefinition_HoldsItsSchema([Values] EngineKind kind)
    {
        var engine = await DescribingAsync(kind);
        var index = (await engine.Http.GetAsync("/openapi/v3", Ct)).Succeeded()["paths"]!;

        foreach (var crd in NodePoolCrds.Read())
        {
            var (names, version) = (crd["spec"]!["names"]!, crd["spec"]!["versions"]![0]!);
            var document = (await engine.Http.GetAsync($"{index["apis/kontena.io/v1alpha1"]!["serverRelativeURL"]}", Ct)).Succeeded();
            var schema = document["components"]!["schemas"]![$"io.kontena.v1alpha1.{names["kind"]}"]!;
            foreach (var part in new[] { "spec", "status" })
                Assert.That(Shape(schema["properties"]![part]!), Is.EqualTo(Shape(version["schema"]!["openAPIV3Schema"]!["properties"]![part]!)), $"{names["kind"]}.{part}");
            Assert.That(schema["x-kubernetes-group-version-kind"]!.AsArray().Select(k => $"{k!["group"]}/{k["version"]}/{k["kind"]}"), Is.EqualTo(new[] { $"kontena.io/v1alpha1/{names["kind"]}" }));
            var patch = document["paths"]![$"/apis/kontena.io/v1alpha1/namespaces/{{namespace}}/{names["plural"]}/{{name}}"]!["patch"]!;
            Assert.That(patch["parameters"]!.AsArray().Select(p => $"{p!["name"]}"), Is.SupersetOf(new[] { "dryRun", "fieldManager", "fieldValidation" }));
        }
    }

    [Test]
    public async Task OpenApi_Index_ChangesItsAddressWithTheContent()
    {
        var engine = await EndToEndEngines.GetAsync(EngineKind.Embedded);
        var before = await AddressAsync();
        var crd = JsonNode.Parse("""
            {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "drafts.open.kontena.io"},
             "spec": {"group": "open.kontena.io", "scope": "Cluster", "names": {"plural": "drafts", "kind": "Draft"},
                      "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {"type": "object"}}}]}}
            """);
        (await engine.Http.SendAsync(HttpMethod.Post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd, "application/json", Ct)).Succeeded();
        var first = await AddressAsync();
        (await engine.Http.SendAsync(
            HttpMethod.Patch, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/drafts.open.kontena.io",
            JsonNode.Parse("""[{"op": "add", "path": "/spec/versions/0/schema/openAPIV3Schema/description", "value": "A draft."}]"""), "application/json-patch+json", Ct)).Succeeded();
        var second = await AddressAsync();
        (await engine.Http.SendAsync(HttpMethod.Delete, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/drafts.open.kontena.io", null, "application/json", Ct)).Succeeded();

        Assert.That((before, first is null, second is null, first == second), Is.EqualTo(((string?)null, false, false, false)));

        async Task<string?> AddressAsync() => (await engine.Http.GetAsync("/openapi/v3", Ct)).Succeeded()["paths"]!["apis/open.kontena.io/v1"]?["serverRelativeURL"]?.GetValue<string>();
    }

    private static async Task<ApiEngine> DescribingAsync(EngineKind kind)
    {
        var engine = await EndToEndEngines.GetAsync(kind);
        // Both came to be stable in the same few versions; 1.20 has neither.
        engine.Require(EngineFeature.OpenApiV3);
        return engine;
    }

    private static IEnumerable<string> Flattened(JsonNode version) => version["resources"]!.AsArray().SelectMany(resource =>
        (resource!["subresources"]?.AsArray() ?? []).Select(sub => Line($"{resource["resource"]}/{sub!["subresource"]}", sub, sub["responseKind"]!["kind"]))
        .Prepend(Line($"{resource["resource"]}", resource, resource["responseKind"]!["kind"])));

    private static string Line(string name, JsonNode resource, JsonNode? kind) => string.Join(' ',
        new[] { name, $"{kind}" }.Concat(new[] { "verbs", "shortNames", "categories" }.Select(field => $"{field}={string.Join(',', (resource[field]?.AsArray() ?? []).Order(StringText))}")));

    private static Comparer<JsonNode?> StringText { get; } = Comparer<JsonNode?>.Create((a, b) => string.CompareOrdinal($"{a}", $"{b}"));

    private static string Shape(JsonNode schema) => Normaliser.Sorted(schema)!.ToJsonString();
}
