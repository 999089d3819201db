using System.Text.Json;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Grids;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Tests.Grids;

/// <summary>Whatever a Master answers the operator's polls: its tokens reach no log line, no status and no Event.</summary>
public sealed class GridSecrecyTests
{
    private static readonly (int Status, string Body)[] answers =
    [
        (422, $$$"""{"error":{"{{{MasterStand.GridToken}}}":"{{{MasterStand.GridToken}}} is taken"}}"""),
        (403, $$"""{"error":"invalid_token","error_description":"{{MasterStand.AccessToken}}"}"""),
        (403, $$"""{"error":"{{MasterStand.GridToken}}"}"""),
        (404, $$"""{"error":"{{MasterStand.GridToken}}"}"""),
        (500, $$"""{"message":"{{MasterStand.GridToken}}"}"""),
        (200, $$"""{"nodes":[{"name":"{{MasterStand.GridToken}}"}], "token":"{{MasterStand.GridToken}}" """),
        (200, MasterStand.GridToken),
    ];

    [Test]
    public async Task AnyAnswer_ReachesNobody()
    {
        await using var stand = await MasterStand.OpenAsync();
        stand.Answers("GET /v1/grids/prod", MasterStand.GridJson);
        stand.Answers("GET /v1/grids/prod/nodes", $$$"""{"nodes":[{{{MasterStand.NodeJson("web-0")}}}]}""");
        await using var scene = new GridScene { OpenMaster = KontenaMaster.Open };
        await scene.StartAsync();
        await scene.CreateSecretAsync();
        await scene.CreateGridAsync(change: s => s with { Name = "prod", Master = s.Master with { Url = stand.Url.ToString() } });
        await scene.ReadyAsync();
        HashSet<string?> reasons = [];
        foreach (var (status, body) in answers)
        {
            stand.Answers("GET /v1/grids/prod/nodes", body, status);
            scene.Hub.Wrote(GridScene.Namespace, "prod");
            await scene.UntilAsync(() => scene.Condition(GridConditions.MasterReachable) is { IsTrue: false }, "it is told");
            reasons.Add(scene.Condition(GridConditions.MasterReachable)!.Reason);
            stand.Answers("GET /v1/grids/prod/nodes", $$$"""{"nodes":[{{{MasterStand.NodeJson("web-0")}}}]}""");
            await scene.ReadyAsync();
        }
        await scene.UntilAsync(() => scene.Api.PeekAll(CoreKinds.Event).Any(e => e.InvolvedObject?.Kind == "Grid"), "Events are written");

        var said = string.Join('\n', [scene.Logs, JsonSerializer.Serialize(scene.Api.PeekAll(KontenaKinds.Grids)), .. scene.Api.PeekAll(CoreKinds.Event).Select(e => $"{e.Reason} {e.Message}")]);
        Assert.That(Canary.In(said), Is.Empty);
        Assert.That(reasons, Has.Count.GreaterThan(3), "the trouble was of different kinds");
    }
}
