using Kontena.Operator.Core.Grids;
using Kontena.Operator.Grids;

namespace Kontena.Operator.Tests.Grids;

/// <summary>Whatever a Master answers, its tokens are in no exception: not the message, not an inner one, not what a record prints.</summary>
public sealed class MasterSecrecyTests
{
    private static readonly string[] lines =
    [
        "GET /", "GET /v1/grids/prod", "PUT /v1/grids/prod", "GET /v1/grids/prod/nodes", "POST /v1/grids/prod/nodes", "GET /v1/nodes/prod/web-0", "PUT /v1/nodes/prod/web-0", "DELETE /v1/nodes/prod/web-0",
        "GET /v1/nodes/prod/web-0/token", "GET /v1/nodes/prod/web-0/health", "GET /v1/containers/prod",
    ];

    /// <summary>By number: tokens must not be in a test's name.</summary>
    private static readonly (int Status, Func<string, string> Body)[] answers =
    [
        (200, secret => $$"""{"name":"prod","token":"{{secret}}","version":"{{secret}}" """),
        (200, secret => $$$"""{"name":{"token":"{{{secret}}}"},"nodes":[{"name":"{{{secret}}}"}],"containers":"{{{secret}}}"}"""),
        (200, secret => secret),
        (200, secret => $"[\"{secret}\"]"),
        (422, secret => $$$"""{"error":{"name":"Node with token {{{secret}}} already exists"}}"""),
        (422, secret => $$$"""{"error":{"{{{secret}}}":"is taken"}}"""),
        (403, secret => $$"""{"error":"Access denied","token":"{{secret}}"}"""),
        (403, secret => $$"""{"error":"invalid_token","error_description":"{{secret}} is expired"}"""),
        (404, secret => $$"""{"error":"No {{secret}}"}"""),
        (400, secret => $$"""{"error":"Invalid json at {{secret}}"}"""),
        (500, secret => $$"""{"code":500,"message":"{{secret}}","backtrace":["{{secret}}"]}"""),
        (302, secret => secret),
    ];

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task AnyAnswerToAnyCall_GivesNothingAway([Range(0, 11)] int answer, [Values] bool gridIsKnown)
    {
        var (status, body) = answers[answer];
        foreach (var secret in new[] { MasterStand.GridToken, MasterStand.NodeToken, MasterStand.AccessToken })
        {
            await using var stand = await MasterStand.OpenAsync();
            using var master = stand.Client();
            stand.Answers("GET /v1/grids/prod", MasterStand.GridJson);
            if (gridIsKnown) await master.ReadGridAsync(Ct);
            foreach (var line in gridIsKnown ? lines.Where(l => l != "GET /") : lines) stand.Answers(line, body(secret), status);
            var said = await SaidAsync(master);
            Assert.That(Canary.In(said), Is.Empty);
            Assert.That(said, Does.Contain(nameof(MasterException)), "nothing went wrong: this proves nothing");
        }
    }

    private static async Task<string> SaidAsync(KontenaMaster master)
    {
        var said = new StringWriter();
        foreach (var call in new Func<Task<object?>>[]
                 {
                     async () => await master.ReadVersionAsync(Ct),
                     async () => await master.ReadGridAsync(Ct),
                     async () => await master.ListNodesAsync(Ct),
                     async () => await master.FindNodeAsync("web-0", Ct),
                     async () => await master.CreateNodeAsync(new NewMasterNode("web-0", new SecretText(MasterStand.NodeToken), []), Ct),
                     async () => await master.ReadNodeTokenAsync("web-0", Ct),
                     async () => await master.DrainNodeAsync("web-0", Ct),
                     async () => await master.SetLabelsAsync("web-0", [], Ct),
                     async () => await master.CheckHealthAsync("web-0", Ct),
                     async () => await master.CountContainersAsync(Ct),
                     async () => { await master.DeleteNodeAsync("web-0", Ct); return null; },
                     async () => { await master.SetTrustedSubnetsAsync([], Ct); return null; },
                 })
        {
            try
            {
                await said.WriteLineAsync($"{await call()}");
            }
            catch (MasterException fault)
            {
                await said.WriteLineAsync($"{fault} {fault.Field} {fault.Reason}");
            }
        }
        return said.ToString();
    }
}
