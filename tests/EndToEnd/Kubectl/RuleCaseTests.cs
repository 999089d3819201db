using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kontena.EndToEnd.Engines;
using Kontena.Operator.Tests.Resources;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Kubectl;

/// <summary>
/// The embedded server judges the documents of <c>cases/</c> as they say: with the schema as the real one does, and with our rules
/// in C# where that one has CEL. What the real server says to them is held by the tests of Kontena.Operator.
/// </summary>
public sealed partial class RuleCaseTests
{
    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    public static IEnumerable<RuleCase> Cases => RuleCase.All();

    [TestCaseSource(nameof(Cases))]
    public async Task Write_OfTheCase_IsAnsweredAsExpected(RuleCase @case)
    {
        var engine = await EndToEndEngines.GetAsync(EngineKind.Embedded);
        var collection = $"/apis/kontena.io/v1alpha1/namespaces/{await engine.CreateNamespaceAsync(Ct)}/{@case.Kind.ToLowerInvariant()}s";
        var answer = @case.Stored is { } stored
            ? await ReplaceAsync(engine, collection, stored, @case.Document)
            : await SendAsync(engine, HttpMethod.Post, collection, @case.Document);

        Assert.That(answer.Code is >= 200 and < 300, Is.EqualTo(!@case.RefusedByServer), answer.Text);
        if (!@case.RefusedByServer) return;
        Assert.That(Causes(answer), Is.EquivalentTo(@case.Expect.Select(e => (e.Reason, e.Field))), answer.Text);
        foreach (var message in @case.Expect.Select(e => e.Message).OfType<string>())
            Assert.That($"{answer.Json["message"]}", Does.Contain(message));
    }

    private static async Task<ApiAnswer> ReplaceAsync(ApiEngine engine, string collection, JsonObject stored, JsonObject document)
    {
        var before = (await SendAsync(engine, HttpMethod.Post, collection, stored)).Succeeded();
        var replacing = document.DeepClone().AsObject();
        replacing["metadata"]!["resourceVersion"] = before["metadata"]!["resourceVersion"]!.GetValue<string>();
        return await SendAsync(engine, HttpMethod.Put, $"{collection}/{replacing["metadata"]!["name"]}", replacing);
    }

    private static Task<ApiAnswer> SendAsync(ApiEngine engine, HttpMethod method, string path, JsonObject body) =>
        engine.Http.SendAsync(method, path + "?fieldValidation=Strict", body, "application/json", Ct);

    private static IEnumerable<(string Reason, string Field)> Causes(ApiAnswer answer) => answer.Code == 400
        ? UnknownField().Matches($"{answer.Json["message"]}").Select(m => ("BadRequest", m.Groups[1].Value))
        : answer.Json["details"]!["causes"]!.AsArray().Select(c => ($"{c!["reason"]}", $"{c["field"]}"));

    [GeneratedRegex("unknown field \"([^\"]+)\"")]
    private static partial Regex UnknownField();
}
