using Kontena.EndToEnd.Crash.Judging;
using Kontena.EndToEnd.Operator;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Api;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Networks;
using Kontena.Simulator.Overlay;

namespace Kontena.EndToEnd.Ports;

/// <summary>From no group to exactly those that are asked for, with the pools that come and go, and back to none.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class MakingTests(SceneEngine engine) : PortTests(engine)
{
    [Test]
    public async Task FromNoGroup_OneOfThePoolAndOneOfTheGrid_WithExactlyTheWantedRules_OnEveryMachineFromItsLaunch()
    {
        var scene = await PlayGridAsync();
        var pool = await scene.Grids.PoolAsync("web", 3, s => s with
        {
            Network = new NetworkSpec
            {
                Ports = [Port("http", "80", Everybody), Port("https", "443", Everybody, "::/0"), Udp("media", "5000-5999", "203.0.113.0/24")],
                Ssh = new SourcesSpec { Sources = ["198.51.100.0/24"] },
            },
        });
        var http = scene.Firewalls.Watch(pool, "192.0.2.1", new Packet(6, 80));

        await scene.Waits.ReadyAsync("web", 3);

        Assert.That(scene.Firewalls.Own, Has.Count.EqualTo(2));
        var (own, shared) = (await scene.Firewalls.OfPoolAsync("web"), await scene.Firewalls.OfGridAsync());
        await scene.Waits.PoolAsync("web", "PortsReady", "True");
        Assert.That(SceneFirewalls.RulesOf(own), Is.EqualTo(new[] { "tcp 22 198.51.100.0/24", "tcp 443 0.0.0.0/0", "tcp 443 ::/0", "tcp 80 0.0.0.0/0", "udp 5000-5999 203.0.113.0/24" }));
        Assert.That(SceneFirewalls.RulesOf(shared), Is.EqualTo(MemberRules));
        Assert.That((own.Name, shared.Name), Is.EqualTo((own.Tags["Name"], shared.Tags["Name"])));
        Assert.That(own.Name, Does.Match("^kontena-pool-web-[0-9a-f]{12}$"));
        Assert.That(shared.Name, Does.Match("^kontena-grid-demo-[0-9a-f]{12}$"));
        AssertLaunchedWith(scene, [shared.Id, own.Id]);
        Assert.That(http.Flows.Select(f => f.State), Is.EqualTo(Enumerable.Repeat(Kontena.Simulator.Ec2.Flows.FlowState.Open, 3)));
        await AssertStatusesTellAsync(scene, own, shared);
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: true);
        await AssertQuietAsync(scene);
        await AssertDeletingLeavesNothingAsync(scene);
    }

    [Test]
    public async Task TwoPoolsOfAGrid_MembersComeAndGo_NoRuleChanges_AndEachGroupGoesWithItsOwner()
    {
        var scene = await PlayPoolAsync(2, Web);
        await scene.Grids.PoolAsync("db", 1, s => s with { Network = new NetworkSpec { Ports = [Port("sql", "5432", "172.31.0.0/16")] } });
        await scene.Waits.ReadyAsync("db", 1);
        Assert.That(scene.Firewalls.Own, Has.Count.EqualTo(3));
        await scene.Waits.PoolAsync("db", "PortsReady", "True");
        var writes = scene.Firewalls.Writes;

        await scene.Objects.ScaleAsync("web", 4);
        await scene.Waits.ReadyAsync("web", 4);
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: true);
        var later = (await scene.Objects.NodesAsync("web")).First(n => n.Status!.InitialMember != true);
        await scene.Objects.DeleteNodeAsync(later.Metadata.Name!);
        await ReplacedAsync(scene, later);
        await scene.Objects.ScaleAsync("web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        await OverlayAsync(scene, OverlayMode.Fastdp, encrypted: true);

        Assert.That(scene.Firewalls.Writes, Is.EquivalentTo(writes), "no call but those that started and ended machines");
        await scene.Objects.DeletePoolAsync("db");
        await PoolGoneAsync(scene, "db");
        Assert.That(scene.Firewalls.Own.Select(g => g.Name), Has.Exactly(1).StartsWith("kontena-pool-web-").And.Exactly(1).StartsWith("kontena-grid-").And.Exactly(2).Items);
        await scene.Objects.DeletePoolAsync("web");
        await PoolGoneAsync(scene, "web");
        Assert.That(scene.Firewalls.Own.Select(g => g.Name), Is.EqualTo(new[] { (await scene.Firewalls.OfGridAsync()).Name }), "the Grid's stays with it");
        await scene.Grids.DeleteAsync();
        await GridGoneAsync(scene);
        Assert.That(scene.Firewalls.Own, Is.Empty);
    }

    [Test]
    public async Task NamespaceDeleted_GroupsGoBeforeTheirCredentials_AndNothingIsLeft()
    {
        var scene = await PlayPoolAsync(2, Web, Usual.WithGrid() with { Install = SceneInstall.ClusterWide });
        var early = new List<string>();
        var secrets = new Followed<Secret>(scene.Api, CoreKinds.Secret, scene.Namespace, TimeProvider.System)
        {
            Changed = (before, after) =>
            {
                if (after is null && before?.Metadata.Name == SceneObjects.CredentialsName) early.AddRange(scene.Firewalls.Own.Select(g => g.Name));
            },
        };
        await secrets.BeginAsync(Ct);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var following = secrets.RunAsync(over.Token);

        await scene.Objects.DeleteNamespaceAsync();

        await scene.Waits.UntilAsync(scene.Objects.NamespaceIsGoneAsync, "the namespace goes");
        await scene.Waits.UntilAsync(() => secrets.Now.Count == 0, "the test's own watch has seen it all");
        await over.CancelAsync();
        await following;
        Assert.That(early, Is.Empty, "groups that outlived the credentials that remove them");
        Assert.That(scene.Firewalls.Own, Is.Empty);
        Assert.That(scene.Living, Is.Empty);
    }

    /// <summary>By what was asked of EC2: a group that came later would leave a moment without.</summary>
    private static void AssertLaunchedWith(OperatorScene scene, IReadOnlyList<string> groups)
    {
        var launches = scene.Ec2.Calls.Recent.Where(c => c.Action == "RunInstances").ToList();
        Assert.That(launches, Has.Count.EqualTo(3));
        foreach (var launch in launches)
            Assert.That(launch.Parameters.Where(p => p.Key.Contains("SecurityGroupId", StringComparison.Ordinal)).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Value), Is.EqualTo(groups));
        Assert.That(scene.Living.Select(m => string.Join(' ', m.GroupIds)), Is.All.EqualTo(string.Join(' ', groups)));
    }

    private static async Task AssertStatusesTellAsync(OperatorScene scene, SecurityGroupSnapshot own, SecurityGroupSnapshot shared)
    {
        var status = (await scene.Objects.PoolAsync("web")).Status!;
        Assert.That(status.Firewalls, Is.EqualTo(new[] { Ref(scene, own) }));
        Assert.That((await scene.Grids.FindAsync())!.Status!.Firewalls, Is.EqualTo(new[] { Ref(scene, shared) }));
        await scene.Waits.PoolAsync("web", "IPSecReady", "True", "EspOpen");
        foreach (var node in await scene.Objects.NodesAsync())
            foreach (var type in new[] { "PortsOpen", "IPSecReady", "Ready" }) await NodeHasAsync(scene, type, "True", name: node.Metadata.Name!);
        var events = (await scene.Objects.EventsAsync()).ToList();
        Assert.That(events.Where(e => e.Reason == "FirewallMade").Select(e => e.Message), Is.EquivalentTo(new[] { $"Made firewall {own.Name} in {own.VpcId}.", $"Made firewall {shared.Name} in {shared.VpcId}." }));
    }

    /// <summary>A settled pool reads, and writes nothing.</summary>
    private static async Task AssertQuietAsync(OperatorScene scene)
    {
        var writes = scene.Firewalls.Writes;
        await scene.Waits.ListingsAsync(4);
        Assert.That(scene.Firewalls.Writes, Is.EquivalentTo(writes));
    }

    private static FirewallRef Ref(OperatorScene scene, SecurityGroupSnapshot group) => new()
    {
        Provider = "aws",
        Scope = $"{group.Region}@{scene.Cloud.Address}",
        Network = group.VpcId,
        Name = group.Name,
        Id = group.Id,
        CredentialsSecret = SceneObjects.CredentialsName,
    };
}
