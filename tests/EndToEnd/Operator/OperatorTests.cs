using System.Text.Json;
using Kontena.EndToEnd.Ports.Judging;
using Kontena.Operator.Resources;

namespace Kontena.EndToEnd.Operator;

/// <summary>
/// What every test of the whole operator has in common: after each, however it went, no node ever had two living machines or two entries at the
/// Kontena Master, nobody else's entry, security group or rule was touched, no machine's way to another was refused in between, no secret was said
/// anywhere, and RBAC refused the operator nothing.
/// </summary>
public abstract class OperatorTests(SceneEngine engine = SceneEngine.Embedded)
{
    /// <summary>In the simulated user's own user-data where a test gives some; must never be seen outside of it.</summary>
    protected const string UserDataCanary = Canary.Stem + "-user-data";

    private readonly List<OperatorScene> scenes = [];

    /// <summary>A scene on this fixture's engine.</summary>
    private protected SceneOptions Usual { get; } = new() { Engine = engine };

    protected static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [TearDown]
    public async Task CheckAndClose()
    {
        // A drill whose server is its own closes earlier.
        List<OperatorScene> open = [.. scenes];
        scenes.Clear();
        foreach (var scene in open)
        {
            await using (scene)
            {
                await scene.StopAllAsync();
                AssertOneMachineANode(scene);
                await GridJudgement.AssertAsync(scene);
                await PortsJudgement.AssertAsync(scene);
                await AssertNothingSaidAsync(scene);
                Assert.That(scene.Forbidden, Is.Empty, "the manifests do not grant it");
            }
        }
    }

    /// <summary>A scene without an operator yet.</summary>
    private protected async Task<OperatorScene> OpenAsync(SceneOptions? options = null)
    {
        var scene = await OperatorScene.OpenAsync(options ?? Usual, Ct);
        lock (scenes) scenes.Add(scene);
        return scene;
    }

    /// <summary>A scene with credentials and a running operator.</summary>
    private protected async Task<OperatorScene> PlayAsync(SceneOptions? options = null)
    {
        var scene = await OpenAsync(options);
        await scene.Objects.CredentialsAsync();
        await scene.StartOperatorAsync();
        return scene;
    }

    private protected static void AssertOneMachineANode(OperatorScene scene)
    {
        var machines = scene.Machines.ToList();
        foreach (var node in machines.Select(m => m.Tags.GetValueOrDefault("kontena-node") ?? "(unmarked)").Distinct())
        {
            var own = machines.Where(m => m.Tags.GetValueOrDefault("kontena-node") == node).ToList();
            var most = own.Max(born => own.Count(m => m.LivingAt(born.History[0].At)));
            Assert.That(most, Is.EqualTo(1), $"machines of node {node} that lived at one time: {string.Join(", ", own.Select(m => m.Id))}");
        }
    }

    private static async Task AssertNothingSaidAsync(OperatorScene scene)
    {
        var logs = scene.Logs.Lines.Select(l => l.ToString());
        var events = (await scene.Objects.EventsAsync()).Select(e => $"{e.Reason} {e.Message}");
        var pools = (await scene.Objects.PoolsAsync()).Select(p => JsonSerializer.Serialize(p.Status, KontenaJson.Options));
        var nodes = (await scene.Objects.NodesAsync()).Select(n => JsonSerializer.Serialize(n.Status, KontenaJson.Options));
        var grids = (await scene.Grids.AllAsync()).Select(g => JsonSerializer.Serialize(g.Status, KontenaJson.Options));
        var calls = scene.Ec2.Calls.Recent.Concat(scene.HasMaster ? scene.Grids.Kontena.Calls.Recent : []).Select(c => string.Join(' ', c.Parameters.Select(p => $"{p.Key}={p.Value}").Append(c.Code)));
        foreach (var text in logs.Concat(events).Concat(pools).Concat(nodes).Concat(grids).Concat(calls))
            Assert.That(Canary.In(text), Is.Empty);
    }
}
