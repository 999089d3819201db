using Kontena.Operator.Controllers.Ports;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Resources;
using Kontena.Operator.Tests.Clouds;

namespace Kontena.Operator.Tests.Ports;

/// <summary>What the plans for firewalls are made from: accounts, places, and why nothing may be written.</summary>
public sealed class FirewallPlacesTests
{
    private static readonly FirewallRef elsewhere = new() { Provider = "aws", Scope = "us-east-1", Network = "vpc-7", Name = "left", Id = "sg-0007" };

    [Test]
    public void Pool_WantsEveryNetwork_AndKeepsWhatIsThere()
    {
        using var stand = new PortsStand();
        var pool = stand.Create(KontenaKinds.NodePools, Ours.Pool());
        stand.Settle(pool);

        Assert.Multiple(() =>
        {
            Assert.That(Places(stand, pool, ["vpc-1", "vpc-2"]), Is.EqualTo(new[] { "vpc-1 1", "vpc-2 1" }));
            Assert.That(Places(stand, pool, []), Is.EqualTo(new[] { "vpc-1 1" }), "machines are there still");
            Assert.That(PoolFirewalls.Of(pool, ["vpc-1"], leaving: true, stand.Context).Seen.Places, Is.Empty);
        });

        stand.Delete(KontenaKinds.NodePools, pool);
        var going = stand.Pool("web") with { Spec = pool.Spec with { Network = null } };
        Assert.That(Places(stand, going, []), Is.EqualTo(new[] { "vpc-1 1" }), "its last nodes are reached as before");
    }

    [TestCase("us-east-1", true)]
    [TestCase(Ours.Scope, false)]
    public void AccountThatWasLeft_IsLookedAtWhileItsRecordStands(string scope, bool isAnother)
    {
        using var stand = new PortsStand();
        var pool = Written(stand, elsewhere with { Scope = scope });

        Assert.That(Accounts(stand, pool), Is.EqualTo(isAnother ? new[] { Ours.Account(), Ours.Account(scope: scope) } : [Ours.Account()]));

        Assert.That(Accounts(stand, pool with { Status = new NodePoolStatus() }), Is.EqualTo(new[] { Ours.Account() }));
    }

    [Test]
    public void CredentialsChanged_TheOldOnesAreUsedUntilTheNewShowTheFirewall()
    {
        using var stand = new PortsStand();
        var pool = stand.Create(KontenaKinds.NodePools, Ours.Pool());
        stand.Settle(pool);
        pool = Written(stand, stand.Book.Of(pool.Metadata.Uid!)!.Records!.Single() with { CredentialsSecret = "old" });
        Assert.That(Accounts(stand, pool), Is.EqualTo(new[] { Ours.Account() }));

        stand.Firewalls.Change("sg-0001", f => f with { Id = "sg-0002" });
        stand.List();
        Assert.That(Accounts(stand, pool), Is.EqualTo(new[] { Ours.Account(), Ours.Account("old") }));
    }

    [Test]
    public void RecordOfAnAccountThatWasLeft_StandsUntilAListingLacksIt()
    {
        using var stand = new PortsStand();
        var pool = Written(stand, elsewhere);
        stand.Look(pool);
        Assert.That(stand.Book.Of(pool.Metadata.Uid!)!.Records!.Select(r => r.Name), Has.Member("left"));

        stand.Elsewhere.Firewalls!.ListFault = new DriverException(DriverFault.Unavailable, "not now");
        stand.List();
        stand.Look(pool);
        Assert.That(stand.Book.Of(pool.Metadata.Uid!)!.Records!.Select(r => r.Name), Has.Member("left"), "an error is not an absence");

        stand.Elsewhere.Firewalls.ListFault = null;
        stand.List();
        stand.Look(pool);
        Assert.That(stand.Book.Of(pool.Metadata.Uid!)!.Records!.Select(r => r.Name), Has.None.EqualTo("left"));
    }

    [TestCase("NotProtected")]
    [TestCase("Paused")]
    [TestCase("NotManaged")]
    [TestCase("OtherCluster")]
    public void Pool_Held_WritesNothingAndSaysWhy(string reason)
    {
        using var stand = new PortsStand(reason == "OtherCluster" ? new Freeze(reason, "look at it") : null);
        var pool = Ours.Pool(managed: reason != "NotManaged");
        pool = stand.Create(KontenaKinds.NodePools, pool with
        {
            Metadata = pool.Metadata with { Finalizers = reason == "NotProtected" ? null : pool.Metadata.Finalizers },
            Spec = pool.Spec with { Paused = reason == "Paused" },
        });
        stand.Settle(pool);

        Assert.That(stand.Firewalls.Writes, Is.Empty);
        Assert.That(PoolFirewalls.Of(pool, ["vpc-1"], leaving: false, stand.Context).Seen.Held!.Reason, Is.EqualTo(reason));
        // Whoever deletes a paused pool, or one that others manage, wants it to go.
        stand.Delete(KontenaKinds.NodePools, pool);
        if (reason is "Paused" or "NotManaged") Assert.That(PoolFirewalls.Of(stand.Pool("web"), [], leaving: true, stand.Context).Seen.Held, Is.Null);
    }

    [TestCase(true, "OtherCluster")]
    [TestCase(false, "NotProtected")]
    public void Grid_Held_SaysWhy(bool isFrozen, string reason)
    {
        using var stand = new PortsStand(isFrozen ? new Freeze(reason, "look at it") : null);
        var grid = Ours.Grid();
        grid = stand.Create(KontenaKinds.Grids, isFrozen ? grid : grid with { Metadata = grid.Metadata with { Finalizers = null } });
        var pool = stand.Create(KontenaKinds.NodePools, Ours.Pool(grid: "prod"));
        stand.Settle(pool, grid);

        Assert.That(stand.Book.Of(grid.Metadata.Uid!)!.States.Single().Lacks!.Reason, Is.EqualTo(reason));
        Assert.That(stand.Firewalls.All.Where(f => f.Marks!.Owner == FirewallOwner.Grid), Is.Empty);
    }

    private static NodePool Written(PortsStand stand, FirewallRef record)
    {
        var pool = stand.Context.Pools.Find(Ours.Pool().Metadata.Key) ?? stand.Create(KontenaKinds.NodePools, Ours.Pool());
        return stand.Update(KontenaKinds.NodePools, pool with { Status = new NodePoolStatus { Firewalls = [record] } }, status: true);
    }

    private static IEnumerable<FirewallAccount> Accounts(PortsStand stand, NodePool pool) => PoolFirewalls.Of(pool, [FakeFirewalls.Vpc], leaving: false, stand.Context).Settings.Keys;

    private static IEnumerable<string> Places(PortsStand stand, NodePool pool, IReadOnlyList<string> networks) =>
        PoolFirewalls.Of(pool, networks, leaving: false, stand.Context).Seen.Places.Select(p => $"{p.Network} {p.Want.Count}");
}
