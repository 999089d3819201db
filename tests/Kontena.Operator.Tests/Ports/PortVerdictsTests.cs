using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Resources;
using Kontena.Operator.Tests.Clouds;

namespace Kontena.Operator.Tests.Ports;

/// <summary>What a pool's controller publishes of the ways in to each of its machines.</summary>
public sealed class PortVerdictsTests
{
    private static readonly PortRule http = new(IpProtocol.Tcp, PortRange.Of(80), new RuleSource.Network(System.Net.IPNetwork.Parse("0.0.0.0/0")));

    private PortsStand stand = null!;

    [SetUp]
    public void Open() => stand = new PortsStand();

    [TearDown]
    public void Close() => stand.Dispose();

    [Test]
    public void Managed_IsJudgedByTheRulesThatWereReadBack()
    {
        var pool = stand.Create(KontenaKinds.NodePools, Ours.Pool());
        var node = Add(pool, "sg-0001");
        stand.Look(pool);
        Assert.That(Reason(pool, node), Is.Null, "firewalls were not listed yet");

        stand.Settle(pool);
        Assert.That(Reason(pool, node), Is.EqualTo(PortsReasons.RulesOpen));

        stand.Firewalls.Change("sg-0001", f => f with { Rules = [] });
        stand.List();
        stand.Look(pool);
        Assert.That(stand.Book.Of(pool.Metadata.Uid!)!.Ports[node.Metadata.Uid!].Status, Is.EqualTo("False"), "it is opened again, which was not seen yet");
    }

    [Test]
    public void InAGrid_WaitsForWhatMembersWantOfEachOther()
    {
        stand.Create(CoreKinds.Secret, Ours.AccessToken());
        var (pool, grid) = (stand.Create(KontenaKinds.NodePools, Ours.Pool(grid: "prod")), stand.Create(KontenaKinds.Grids, Ours.Grid()));
        var node = Add(pool, "sg-0001", "sg-0002");
        stand.Settle(pool);
        Assert.That(Reason(pool, node), Is.Null);

        stand.Settle(pool, grid);
        Assert.That(stand.Book.Of(pool.Metadata.Uid!)!.Ports[node.Metadata.Uid!], Has.Property("OverlayOpen").True.And.Property("EspOpen").True);
    }

    [Test]
    public void NotManaged_AnothersRulesAreReadAndJudged()
    {
        stand.Ask(() => stand.Firewalls.EnsureAsync(new FirewallRequest { Marks = new FirewallMarks("theirs", FirewallOwner.Pool, "x"), Name = "theirs", Description = "", Network = FakeFirewalls.Vpc }, CancellationToken.None));
        stand.Firewalls.Change("sg-0001", f => f with { Marks = null, Rules = [new FirewallRule(http, IsOurs: false)] });
        var pool = stand.Create(KontenaKinds.NodePools, Ours.Pool(managed: false));
        var node = Add(pool, "sg-0001");
        stand.List();
        stand.Look(pool);
        Assert.That(Reason(pool, node), Is.EqualTo(PortsReasons.NotRead));

        stand.List();
        stand.Look(pool);
        Assert.That(Reason(pool, node), Is.EqualTo(PortsReasons.RulesOpen));
    }

    [Test]
    public void Trouble_NothingIsSaid_SoThatWhatWasSaidStands()
    {
        var pool = stand.Create(KontenaKinds.NodePools, Ours.Pool());
        var node = Add(pool, "sg-0001");
        stand.Settle(pool);
        stand.Firewalls.NetworksFault = new DriverException(DriverFault.Unavailable, "no");

        stand.Look(pool);

        Assert.That(Reason(pool, node), Is.Null);
    }

    [Test]
    public void ProviderHasNoFirewalls_NothingIsKeptOut()
    {
        stand.Cloud.Firewalls = null;
        var pool = stand.Create(KontenaKinds.NodePools, Ours.Pool());
        var node = Add(pool);
        stand.Look(pool);

        Assert.That(Reason(pool, node), Is.EqualTo("NoFirewall"));
    }

    private string? Reason(NodePool pool, KontenaNode node) => stand.Book.Of(pool.Metadata.Uid!)!.Ports.GetValueOrDefault(node.Metadata.Uid!)?.Reason;

    /// <summary>A node whose machine was seen.</summary>
    private KontenaNode Add(NodePool pool, params string[] firewalls)
    {
        var node = stand.Create(KontenaKinds.KontenaNodes, Ours.Node(pool, "web-0", "m-0"));
        stand.Cloud.Add(Ours.Machine(node, "m-0", firewalls));
        stand.Context.Inventories.Last(node.Metadata.Namespace!, node.Spec.Provider.Settings);
        stand.Look(pool);
        stand.Pass(TimeSpan.FromSeconds(2));
        return node;
    }
}
