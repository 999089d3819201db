using Kontena.Operator.Controllers.Ports;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Tests.Ports;

public sealed class WaysInTests
{
    private const string Vpc = "vpc-1";

    private static readonly Freeze opening = new("RulesMissing", "being opened");

    private readonly PortBook book = new();
    private readonly NodePool pool = Ours.Pool(grid: "prod") is var bare ? bare with { Metadata = bare.Metadata with { Uid = "pool-uid" }, Status = new NodePoolStatus { Firewalls = [Ref("sg-pool")] } } : null!;
    private readonly Grid grid = Ours.Grid() is var bare ? bare with { Metadata = bare.Metadata with { Uid = "grid-uid" }, Status = new GridStatus { Firewalls = [Ref("sg-grid")] } } : null!;

    [Test]
    public void AnothersNode_OrNoFirewallsNeeded_NothingIsSeen()
    {
        Assert.That(Of(pool with { Metadata = pool.Metadata with { Uid = "another" } }, Node()), Is.Null, "a pool of the same name is another");
        Assert.That(Of(pool with { Spec = pool.Spec with { GridRef = null, Network = null }, Status = null }, Node()), Is.Null);
    }

    [Test]
    public void Machine_IsMadeOnlyWhenBothFirewallsAreThereAndWrittenDown()
    {
        Assert.That(HoldOf(pool, grid), Is.EqualTo("Observing"), "the pool was not looked at");
        book.Publish("pool-uid", Looked(State() with { Lacks = opening }));
        Assert.That(HoldOf(pool, grid), Is.EqualTo("RulesMissing"));
        book.Publish("pool-uid", Looked(State("sg-pool") with { Lacks = opening }));
        Assert.That(HoldOf(pool with { Status = null }, grid), Is.EqualTo("RulesMissing"), "not in its status");
        Assert.That(HoldOf(pool, grid), Is.EqualTo("Observing"), "the pool's own is enough as it is, the grid was not looked at");

        book.Publish("grid-uid", Looked(State("sg-grid") with { Lacks = opening }));
        Assert.That(HoldOf(pool, grid), Is.EqualTo("RulesMissing"), "members could not reach it");
        book.Publish("grid-uid", Looked(State("sg-grid") with { IsOpen = true }));
        Assert.That(HoldOf(pool, grid with { Status = null }), Is.EqualTo("MakingFirewall"), "not in its status");
        Assert.That(HoldOf(pool, grid), Is.Null);

        book.Publish("grid-uid", Looked(State("sg-grid") with { IsOpen = true, Account = Ours.Account(scope: "us-east-1") }));
        Assert.That(HoldOf(pool, grid), Is.EqualTo("MakingFirewall"), "one in another region is none");
    }

    [Test]
    public void Trouble_Holds_AndSaysWhetherWaitingHelps()
    {
        book.Publish("pool-uid", new OwnerPorts { Trouble = opening, NeedsHuman = true });

        Assert.That(Of(pool, Node()), Has.Property("Hold").EqualTo(opening).And.Property("HoldNeedsHuman").True);
    }

    [Test]
    public void MachineThere_OrNobodyManages_OrNoFirewalls_NothingHolds()
    {
        Assert.That(Of(pool, Node("m-1"))!.Hold, Is.Null);
        Assert.That(Of(pool with { Spec = pool.Spec with { Network = Ours.Pool(managed: false).Spec.Network } }, Node()), Has.Property("Hold").Null.And.Property("IsManaged").False);
        book.Publish("pool-uid", new OwnerPorts { NoFirewalls = true });
        Assert.That(Of(pool, Node())!.Hold, Is.Null);
    }

    [Test]
    public void Launch_TakesTheGridsAndThePools_AsTheirStatusesNameThem()
    {
        book.Publish("pool-uid", Looked(State("sg-pool")));

        Assert.That(ForLaunch(pool, grid), Is.EqualTo(new[] { "sg-grid", "sg-pool" }));
        Assert.That(() => ForLaunch(pool, grid with { Status = null }), Throws.TypeOf<DriverException>().With.Property("Code").EqualTo("MakingFirewall"));
        Assert.That(() => ForLaunch(pool with { Status = null }, grid), Throws.TypeOf<DriverException>());
        Assert.That(() => WaysIn.ForLaunch(Node(), "vpc-2", pool, grid, book), Throws.TypeOf<DriverException>(), "another network has others");
        Assert.That(WaysIn.ForLaunch(Node() is var node ? node with { Spec = node.Spec with { GridRef = null } } : null!, Vpc, pool, grid: null, book), Is.EqualTo(new[] { "sg-pool" }));
    }

    [Test]
    public void Launch_WithoutOurs_TakesTheUsual()
    {
        Assert.That(ForLaunch(pool, grid), Is.Null, "nobody has looked");
        book.Publish("pool-uid", new OwnerPorts { NoFirewalls = true });
        Assert.That(ForLaunch(pool, grid), Is.Null);
        book.Publish("pool-uid", Looked(State("sg-pool")));
        Assert.That(ForLaunch(pool with { Spec = pool.Spec with { Network = Ours.Pool(managed: false).Spec.Network } }, grid), Is.Null);
    }

    private WaysInSeen? Of(NodePool of, KontenaNode node) => WaysIn.Of(node, of, grid, book);

    private string? HoldOf(NodePool of, Grid within) => WaysIn.Of(Node(), of, within, book)!.Hold?.Reason;

    private IReadOnlyList<string>? ForLaunch(NodePool of, Grid within) => WaysIn.ForLaunch(Node(), Vpc, of, within, book);

    private KontenaNode Node(string? machine = null) => Ours.Node(pool, "web-0", machine) is var bare ? bare with { Metadata = bare.Metadata with { Uid = "node-uid" } } : null!;

    private static OwnerPorts Looked(FirewallState state) => new() { Networks = [Vpc], Plan = new FirewallPlan([], [state], [], []) };

    private static FirewallState State(string? id = null) => new() { Account = Ours.Account(), Network = Vpc, Name = "n", Firewall = id is null ? null : new Firewall { Id = id, Name = "n", Network = Vpc } };

    private static FirewallRef Ref(string id) => new() { Provider = "aws", Scope = Ours.Scope, Network = Vpc, Name = id, Id = id };
}
