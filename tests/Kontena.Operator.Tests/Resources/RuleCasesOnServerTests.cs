using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kontena.Operator.Resources;
using Kontena.TestKit.Engines;

namespace Kontena.Operator.Tests.Resources;

/// <summary>Feeds the cases, and the samples, to a real API server with CEL: what it answers is the truth that the C# side must match.</summary>
public sealed partial class RuleCasesOnServerTests
{
    public static IEnumerable<RuleCase> Cases => RuleCase.All();

    [TestCaseSource(nameof(Cases))]
    public async Task Write_OfTheCase_IsAnsweredAsExpected(RuleCase @case)
    {
        var (server, pools) = await UseAsync(@case.Kind);
        var answer = @case.Stored is { } stored
            ? await ReplaceAsync(server, pools, stored, @case.Document)
            : await SendAsync(server, HttpMethod.Post, pools, @case.Document);
        Assert.That(answer.Code is >= 200 and < 300, Is.EqualTo(!@case.RefusedByServer), answer.Text);
        if (!@case.RefusedByServer) return;
        var causes = Causes(answer);
        Assert.That(causes.Select(c => (c.Reason, c.Field)), Is.EquivalentTo(@case.Expect.Select(e => (e.Reason, e.Field))), answer.Text);
        foreach (var expected in @case.Expect.Where(e => e.Message is not null))
            Assert.That(
                causes.Where(c => c.Field == expected.Field).Select(c => c.Message),
                Has.Some.EndsWith(expected.Message!), answer.Text);
    }

    [Test]
    public async Task Write_MinimalPool_GetsItsDefaults()
    {
        var (server, pools) = await UseAsync("NodePool");
        var minimal = Cases.Single(c => c.Name == "valid-minimal").Document;
        var stored = (await SendAsync(server, HttpMethod.Post, pools, minimal)).Succeeded();
        Assert.That(stored["spec"]!.ToJsonString(), Is.EqualTo(
            """{"paused":false,"provider":{"aws":{"instanceTypes":["t3.small"],"region":"eu-west-1","rootVolumeGiB":30,"spot":false}},"removal":{"order":"Newest"},"template":{"operatingSystem":"Ubuntu"}}"""));
        Assert.That(stored["status"]!.ToJsonString(), Is.EqualTo("""{"observedGeneration":-1}"""));
    }

    [Test]
    public async Task Install_Crds_AreEstablishedWithoutComplaint([Values("nodepools.kontena.io", "kontenanodes.kontena.io", "grids.kontena.io")] string name)
    {
        var (server, _) = await UseAsync("NodePool");
        var crd = (await server.Http.GetAsync($"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}", CancellationToken.None)).Succeeded();
        Assert.That(
            crd["status"]!["conditions"]!.AsArray().Select(c => $"{c!["type"]}={c["status"]}"),
            Is.EquivalentTo(new[] { "NamesAccepted=True", "Established=True" }), "NonStructuralSchema would stand here");
    }

    [TestCaseSource(typeof(SamplesTests), nameof(SamplesTests.Resources))]
    public async Task Write_Sample_IsTakenWithStrictFields(JsonObject resource)
    {
        var (server, path) = await UseAsync((string)resource["kind"]!);
        (await SendAsync(server, HttpMethod.Post, path, resource)).Succeeded();
    }

    private static async Task<(RealApiServer Server, string Collection)> UseAsync(string kind)
    {
        var server = await ApiServerOfTheseTests.Shared.GetAsync();
        server.Require(EngineFeature.CelRules);
        server.Require(EngineFeature.StrictFields);
        var ns = await server.CreateNamespaceAsync(CancellationToken.None);
        return (server, kind == "Secret" ? $"/api/v1/namespaces/{ns}/secrets" : $"/apis/kontena.io/v1alpha1/namespaces/{ns}/{kind.ToLowerInvariant()}s");
    }

    private static async Task<ApiAnswer> ReplaceAsync(RealApiServer server, string collection, JsonObject stored, JsonObject document)
    {
        var before = (await SendAsync(server, HttpMethod.Post, collection, stored)).Succeeded();
        document = document.DeepClone().AsObject();
        document["metadata"]!["resourceVersion"] = (string?)before["metadata"]!["resourceVersion"];
        return await SendAsync(server, HttpMethod.Put, $"{collection}/{(string?)document["metadata"]!["name"]}", document);
    }

    private static Task<ApiAnswer> SendAsync(RealApiServer server, HttpMethod method, string path, JsonObject body) =>
        server.Http.SendAsync(method, path + "?fieldValidation=Strict", body, "application/json", CancellationToken.None);

    internal static IReadOnlyList<ExpectedCause> Causes(ApiAnswer answer)
    {
        if (answer.Code < 300) return [];
        if (answer.Code == 400)
            return [.. UnknownField().Matches(answer.Text).Select(m => new ExpectedCause("BadRequest", m.Groups[1].Value, null))];
        // The server adds causes of its own machinery, without a field ("<nil>") or with one that begins with a dot.
        return
        [
            .. answer.Json["details"]!["causes"]!.AsArray()
                .Select(c => new ExpectedCause((string)c!["reason"]!, (string)c["field"]!, (string?)c["message"]))
                .Where(c => c.Field != "<nil>" && !c.Field.StartsWith('.')),
        ];
    }

    [GeneratedRegex("""unknown field \\"([^"\\]+)\\""")]
    private static partial Regex UnknownField();
}

/// <summary>One API server for the tests of this namespace, stopped after the last.</summary>
[SetUpFixture]
public sealed class ApiServerOfTheseTests
{
    public static SharedApiServer Shared { get; } = new(CustomResources.All);

    [OneTimeTearDown]
    public Task StopAsync() => Shared.StopAsync();
}
