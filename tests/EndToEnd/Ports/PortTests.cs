using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.EndToEnd.Grids;
using Kontena.EndToEnd.Operator;
using Kontena.EndToEnd.Ports.Judging;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Resources;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Ec2.Flows;
using Kontena.Simulator.Networks;
using Kontena.Simulator.Overlay;

namespace Kontena.EndToEnd.Ports;

/// <summary>What the scenes of ports and encryption have in common. After each the usual judge asks the cloud what became of groups, rules and flows.</summary>
public abstract class PortTests(SceneEngine engine = SceneEngine.Embedded) : GridTests(engine)
{
    protected const string Everybody = "0.0.0.0/0";

    protected static readonly string[] MemberRules = ["50 self", "tcp 6783-6784 self", "udp 6783-6784 self"];

    private protected static NetworkSpec Web { get; } = new() { Ports = [Port("http", "80", Everybody)] };

    private protected static PortSpec Port(string name, string port, params IReadOnlyList<string> sources) => new() { Name = name, Port = port, Sources = sources };

    private protected static PortSpec Udp(string name, string port, params IReadOnlyList<string> sources) => Port(name, port, sources) with { Protocol = PortProtocol.UDP };

    /// <summary>A scene whose grid has one pool, all nodes ready.</summary>
    private protected async Task<OperatorScene> PlayPoolAsync(int replicas, NetworkSpec network, SceneOptions? options = null)
    {
        var scene = await PlayGridAsync(options ?? Usual.WithGrid());
        await scene.Grids.PoolAsync("web", replicas, s => s with { Network = network });
        await scene.Waits.ReadyAsync("web", replicas);
        return scene;
    }

    /// <summary>Replaces <c>spec.network</c>, as <c>kubectl replace</c> does.</summary>
    private protected static async Task EditNetworkAsync(OperatorScene scene, string pool, NetworkSpec network)
    {
        var document = JsonSerializer.SerializeToNode(network, KontenaJson.Options)!.AsObject();
        foreach (var field in new[] { "ports", "ssh", "vpn", "ipsec", "firewall" }) document.TryAdd(field, null);
        await scene.Objects.EditPoolAsync(pool, new JsonObject { ["network"] = document });
    }

    /// <summary>The pool's group, or the grid's, has exactly these rules.</summary>
    private protected static async Task RulesAsync(OperatorScene scene, Func<Task<SecurityGroupSnapshot>> group, params IReadOnlyList<string> rules)
    {
        var wanted = rules.Order(StringComparer.Ordinal).ToList();
        await scene.Waits.UntilAsync(async () => SceneFirewalls.RulesOf(await group()).SequenceEqual(wanted), $"exactly these rules: {string.Join("; ", wanted)}");
    }

    /// <summary>Every living machine of the operator's is connected with every other one in the overlay, that way.</summary>
    private protected static Task OverlayAsync(OperatorScene scene, OverlayMode mode, bool encrypted) => scene.Waits.UntilAsync(() =>
    {
        var view = scene.Cloud.Machines.Overlay;
        var machines = scene.Living.Select(m => m.Id).ToHashSet();
        var links = view.Links.Where(l => machines.Contains(l.First) && machines.Contains(l.Second)).ToList();
        return view.Gaps(machines).Count == 0 && links.All(l => l.Mode == mode && l.Encrypted == encrypted);
    }, $"all members are connected by {mode}, {(encrypted ? "encrypted" : "not encrypted")}");

    /// <summary>The oldest node of the pool has this condition.</summary>
    private protected static async Task<Condition> NodeHasAsync(OperatorScene scene, string type, string status, string? reason = null, string name = "web-0")
    {
        Condition? found = null;
        await scene.Waits.UntilAsync(async () =>
        {
            found = (await scene.Objects.FindNodeAsync(name))?.Status?.Conditions.FirstOrDefault(c => c.Type == type);
            return found?.Status == status && (reason is null || found.Reason == reason);
        }, $"node {name} has {type}={status} {reason}");
        return found!;
    }

    /// <summary>Watches a flow for each of those at the rules' bounds that both policies let in.</summary>
    private protected static IReadOnlyList<FlowWatch> WatchCommon(OperatorScene scene, NodePool pool, NetworkSpec before, NetworkSpec after) =>
        [.. FlowRule.Common(WantedFlows.Of(before), WantedFlows.Of(after)).Where(s => s.From is not null).Select(s => scene.Firewalls.Watch(pool, s.From!.ToString(), new Packet(s.Protocol, s.Port)))];

    private protected static Task PoolGoneAsync(OperatorScene scene, string name) =>
        scene.Waits.UntilAsync(async () => await scene.Objects.FindPoolAsync(name) is null, $"pool {name} goes");

    private protected static Task GridGoneAsync(OperatorScene scene) =>
        scene.Waits.UntilAsync(async () => await scene.Grids.FindAsync() is null, "the Grid goes");

    /// <summary>Pools and Grid are deleted, and nothing is left at the cloud.</summary>
    private protected static async Task AssertDeletingLeavesNothingAsync(OperatorScene scene)
    {
        foreach (var pool in await scene.Objects.PoolsAsync()) await scene.Objects.DeletePoolAsync(pool.Metadata.Name!);
        await scene.Grids.DeleteAsync();
        await GridGoneAsync(scene);
        foreach (var pool in await scene.Objects.PoolsAsync()) await PoolGoneAsync(scene, pool.Metadata.Name!);
        Assert.That(scene.Firewalls.Own, Is.Empty);
        Assert.That(scene.Living, Is.Empty);
    }
}
