using Kontena.Kubernetes.Client;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Resources;
using Kontena.Operator.Tests.Clouds;
using Kontena.Operator.Tests.Controllers;
using Kontena.TestKit.MemoryApi;

namespace Kontena.Operator.Tests.Ports;

public sealed class GridPortsTests
{
    private static readonly string[] members = ["TCP 6783-6784 from members", "UDP 6783-6784 from members", "ESP from members"];

    private PortsStand stand = null!;

    [SetUp]
    public void Open()
    {
        stand = new PortsStand();
        stand.Create(Kontena.Kubernetes.Resources.Core.CoreKinds.Secret, Ours.AccessToken());
    }

    [TearDown]
    public void Close() => stand.Dispose();

    [Test]
    public void Made_WherePoolsOfTheGridMayPlaceMachines_OpenToMembers()
    {
        var (pool, grid) = (stand.Create(KontenaKinds.NodePools, Ours.Pool(grid: "prod")), stand.Create(KontenaKinds.Grids, Ours.Grid()));
        stand.Look(stand.Create(KontenaKinds.NodePools, Ours.Pool("alone")));
        stand.Settle(null, grid);
        Assert.That(stand.Firewalls.Writes, Is.Empty, "where the pool's machines go is not known yet");

        stand.Settle(pool, grid);

        Assert.That(Of(grid).Rules.Select(r => r.Rule.ToString()), Is.EquivalentTo(members));
        Assert.That(stand.Firewalls.All, Has.Count.EqualTo(2), "one of the grid, one of its pool");
    }

    [Test]
    public void SecretThatIsNotHeld_NothingIsMadeWithIt()
    {
        stand.Create(Kontena.Kubernetes.Resources.Core.CoreKinds.Secret, Samples.Credentials());
        var (pool, grid) = (stand.Create(KontenaKinds.NodePools, Ours.Pool(grid: "prod", secret: "aws", held: "aws")), stand.Create(KontenaKinds.Grids, Ours.Grid()));
        stand.Settle(pool, grid);
        Assert.That(stand.Firewalls.All.Select(f => f.Marks!.Owner), Is.EqualTo(new[] { FirewallOwner.Pool }), "the Grid does not remember the Secret");

        stand.Update(KontenaKinds.Grids, stand.Grid("prod") is var now ? now with { Metadata = now.Metadata with { Annotations = new Dictionary<string, string> { [ApiGroup.HeldSecretsAnnotation] = "master,aws" } } } : grid);
        stand.Api.Refuse(c => c is { IsWrite: true, Key.Name: "aws" }, () => Fault.Forbidden("secrets"));
        Assert.That(() => stand.Look(grid), Throws.InstanceOf<KubeFault>());
        Assert.That(stand.Firewalls.All, Has.Count.EqualTo(1), "the Secret could vanish before the Grid");

        stand.Look(grid);
        Assert.That(stand.Api.Peek(Kontena.Kubernetes.Resources.Core.CoreKinds.Secret, new(Samples.Namespace, "aws"))!.Metadata.Finalizers, Has.Member(ApiGroup.GridInUseFinalizer));
        Assert.That(Of(grid).Name, Does.StartWith("kontena-grid-prod-"));
    }

    [Test]
    public void PoolThatNobodyManages_NothingIsMadeForIt()
    {
        var (pool, grid) = (stand.Create(KontenaKinds.NodePools, Ours.Pool(grid: "prod")), stand.Create(KontenaKinds.Grids, Ours.Grid()));
        stand.Look(pool);
        stand.Update(KontenaKinds.NodePools, stand.Pool("web") with { Spec = Ours.Pool(grid: "prod", managed: false).Spec });

        stand.Settle(null, grid);

        Assert.That(stand.Book.Of(pool.Metadata.Uid!)!.Networks, Is.Not.Empty, "the pool's controller has not looked since");
        Assert.That(stand.Firewalls.Writes, Is.Empty);
    }

    [Test]
    public void PoolIsManagedNoMore_WhatIsThereIsKept()
    {
        var (_, grid) = Kept();
        stand.Firewalls.Change(Of(grid).Id, f => f with { Rules = [] });
        stand.Update(KontenaKinds.NodePools, stand.Pool("web") with { Spec = Ours.Pool(grid: "prod", managed: false).Spec });

        stand.Settle(null, grid);

        Assert.That(Of(grid).Rules.Select(r => r.Rule.ToString()), Is.EquivalentTo(members), "machines may have it still");
    }

    [Test]
    public void MemberElsewhere_StaysInUntilItIsCertainThatItIsNone()
    {
        var (pool, grid) = Kept();
        stand.Master.Nodes = [Entry("theirs", "203.0.113.7")];
        stand.Settle(pool, grid);
        Assert.That(Addresses(grid), Is.EqualTo(new[] { "203.0.113.7/32" }));

        var node = stand.Create(KontenaKinds.KontenaNodes, Ours.Node(pool, "web-0", "m-0"));
        stand.Master.Nodes = [Entry("web-0", "203.0.113.8")];
        stand.Settle(pool, grid);
        Assert.That(Addresses(grid), Is.EqualTo(new[] { "203.0.113.7/32" }), "a machine of the grid was not seen: its members are not all known");

        stand.Cloud.Add(Ours.Machine(node, "m-0"));
        stand.Settle(pool, grid);
        Assert.That(Addresses(grid), Is.Empty);
    }

    [Test]
    public void Leaving_WaitsForItsNodes_AndIsToldGoneWhenItIs()
    {
        var (pool, grid) = Kept();
        var node = stand.Create(KontenaKinds.KontenaNodes, Ours.Node(pool, "web-0"));
        stand.Delete(KontenaKinds.Grids, grid);
        stand.Settle(null, grid);
        Assert.That(Of(grid).Rules, Has.Count.EqualTo(members.Length), "its last node needs it");

        stand.Update(KontenaKinds.KontenaNodes, node with { Metadata = node.Metadata with { Finalizers = null } });
        stand.Delete(KontenaKinds.KontenaNodes, node);
        stand.Woken.Clear();
        stand.Settle(null, grid);

        Assert.That(stand.Firewalls.All.Select(f => f.Marks!.Owner), Is.EqualTo(new[] { FirewallOwner.Pool }));
        Assert.That(stand.Book.Of(grid.Metadata.Uid!), Has.Property("Plan").Property("Gone").True);
        Assert.That(stand.Woken, Has.Member("prod"), "whoever holds the Grid waits for it");
    }

    [Test]
    public void InUse_StaysAndSaysSo_AndIsTriedAgain()
    {
        var (pool, grid) = Kept();
        stand.Cloud.Add(new() { ProviderId = "m-9", State = Core.Machines.MachineState.Running, Network = FakeFirewalls.Vpc, Firewalls = [Of(grid).Id] });
        stand.Delete(KontenaKinds.Grids, grid);
        stand.Look(grid);
        stand.Look(grid);
        Assert.That(stand.Book.Of(grid.Metadata.Uid!)!.States.Single().Lacks!.Reason, Is.EqualTo("FirewallInUse"));

        stand.Cloud.Vanish("m-9");
        stand.Settle(pool, grid);

        Assert.That(stand.Book.Of(grid.Metadata.Uid!)!.Plan!.Gone, Is.True);
    }

    private Firewall Of(Grid grid) => stand.Firewalls.All.Single(f => f.Marks!.OwnerUid == grid.Metadata.Uid);

    private IEnumerable<string> Addresses(Grid grid) => Of(grid).Rules.Select(r => r.Rule.Source).OfType<RuleSource.Network>().Select(n => n.ToString()).Distinct();

    private static MasterNode Entry(string name, string address) => new() { Name = name, Status = MasterNodeStatus.Online, PublicIp = address };

    private (NodePool Pool, Grid Grid) Kept()
    {
        var (pool, grid) = (stand.Create(KontenaKinds.NodePools, Ours.Pool(grid: "prod")), stand.Create(KontenaKinds.Grids, Ours.Grid()));
        stand.Settle(pool, grid);
        Assert.That(Of(grid).Rules, Has.Count.EqualTo(members.Length));
        return (stand.Pool("web"), stand.Grid("prod"));
    }
}
