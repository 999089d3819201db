using Kontena.Operator.Controllers.Ports;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Tests.Ports;

public sealed class OwnFirewallsTests
{
    private static readonly Freeze opening = new("RulesMissing", "being opened");
    private static readonly PortsVerdict open = new(ConditionStatus.True, "RulesOpen", "all open", OverlayOpen: true, EspOpen: true);

    private readonly PortBook book = new();
    private readonly NodePool pool = Known(Ours.Pool());

    [Test]
    public void NotNeeded_NothingIsSeen() => Assert.That(Of(pool with { Spec = pool.Spec with { Network = null } }), Is.Null);

    [Test]
    public void NotLookedAt_SaysSo_AndIsNotGoneWhileARecordStands()
    {
        Assert.That(Of(pool), Has.Property("IsObserved").False.And.Property("Refs").Null.And.Property("Gone").True.And.Property("Ports").Null);
        Assert.That(Of(pool)!.Lacks!.Reason, Is.EqualTo("Observing"));
        Assert.That(Of(Written(pool))!.Gone, Is.False);
    }

    [Test]
    public void GivenUp_OnlyByItsOwnUid()
    {
        Assert.That(Of(Annotated(Written(pool), "another"))!.Gone, Is.False);
        Assert.That(Of(Annotated(Written(pool), pool.Metadata.Uid!))!.Gone, Is.True);
    }

    [Test]
    public void SeenThoughNotWrittenDown_IsNotGone()
    {
        book.Publish(pool.Metadata.Uid!, Looked(State() with { Firewall = new Firewall { Id = "sg-1", Name = "n" } }));

        Assert.That(Of(pool)!.Gone, Is.False);
    }

    [Test]
    public void AsksForSomethingElseSince_IsObservedAnew()
    {
        book.Publish(pool.Metadata.Uid!, Looked(State()));
        Assert.That(Of(pool)!.Lacks, Is.Null);

        var other = Of(pool with { Spec = pool.Spec with { Network = pool.Spec.Network! with { Ssh = new SourcesSpec { Sources = ["10.0.0.0/8"] } } } });

        Assert.That(other!.Lacks!.Reason, Is.EqualTo("Observing"));
    }

    [Test]
    public void Trouble_ComesBeforeWhatIsLacked()
    {
        var trouble = new Freeze("CredentialsRefused", "no");
        book.Publish(pool.Metadata.Uid!, Looked(State() with { Lacks = opening }) with { Trouble = trouble, NeedsHuman = true });

        Assert.That(Of(pool), Has.Property("Lacks").EqualTo(trouble).And.Property("NeedsHuman").True);
        Assert.That(Of(pool with { Metadata = pool.Metadata with { Finalizers = null } })!.Lacks, Is.EqualTo(trouble), "without nodes, too: it will have some");
    }

    [Test]
    public void Lacking_IsSaid_WhatNeedsAHumanFirst()
    {
        var refused = new Freeze("QuotaReached", "too many");
        book.Publish(pool.Metadata.Uid!, Looked(State() with { Lacks = opening }, State() with { Lacks = refused, NeedsHuman = true }));

        Assert.That(Of(pool), Has.Property("Lacks").EqualTo(refused).And.Property("NeedsHuman").True);
    }

    [Test]
    public void Lacking_WhereNobodyWaits_IsNotSaid()
    {
        var lacking = Looked(State() with { Lacks = opening, NeedsHuman = true });
        book.Publish(pool.Metadata.Uid!, lacking);
        var free = pool with { Metadata = pool.Metadata with { Finalizers = null } };
        Assert.That(Of(free), Has.Property("Lacks").Null.And.Property("NeedsHuman").False, "without nodes a pool needs none");
        Assert.That(Of(free, Node("a"))!.Lacks, Is.EqualTo(opening));

        var unmanaged = Known(Ours.Pool(managed: false));
        book.Publish(pool.Metadata.Uid!, lacking with { Asked = PoolFirewalls.AskedOf(unmanaged) });
        Assert.That(Of(unmanaged, Node("a")), Has.Property("Lacks").Null.And.Property("NeedsHuman").False);
        Assert.That(Of(unmanaged with { Metadata = unmanaged.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } })!.Lacks, Is.EqualTo(opening), "one that goes waits for them");
    }

    [Test]
    public void Judged_OnlyOnceAllItsMachinesAre()
    {
        book.Publish(pool.Metadata.Uid!, Looked(State()) with { Ports = new Dictionary<string, PortsVerdict> { ["a"] = open } });

        Assert.Multiple(() =>
        {
            Assert.That(Of(pool, Node("a"), Node("b"))!.Ports, Is.Null);
            Assert.That(Of(pool, Node("a"), Node("b", machine: null))!.Ports!.Status, Is.EqualTo(ConditionStatus.True), "one without a machine has nothing to judge");
            Assert.That(Of(pool, Node("a"), Going(Node("b")))!.Ports!.Status, Is.EqualTo(ConditionStatus.True), "one that goes is not judged any more");
            Assert.That(Of(pool, Node("a"))!.Ipsec, Is.Null, "it is in no grid");
        });
    }

    [Test]
    public void Grid_SaysWhatItsOwnLookFound()
    {
        var grid = Ours.Grid() is var bare ? bare with { Metadata = bare.Metadata with { Uid = "grid-uid" } } : null!;
        Assert.That(OwnFirewalls.Of(grid, book).IsObserved, Is.False);

        book.Publish("grid-uid", Looked(State() with { Lacks = opening }));

        Assert.That(OwnFirewalls.Of(grid, book), Has.Property("IsObserved").True.And.Property("Lacks").EqualTo(opening).And.Property("Refs").Empty);
    }

    private OwnFirewallsSeen? Of(NodePool of, params KontenaNode[] nodes) => OwnFirewalls.Of(of, nodes, grid: null, book);

    private OwnerPorts Looked(params FirewallState[] states) => new() { Asked = PoolFirewalls.AskedOf(pool), Plan = new FirewallPlan([], states, [], []) };

    private static FirewallState State() => new() { Account = Ours.Account(), Network = "vpc-1", Name = "n", IsOpen = true };

    private static NodePool Known(NodePool of) => of with { Metadata = of.Metadata with { Uid = "pool-uid" } };

    private static NodePool Written(NodePool of) => of with { Status = new NodePoolStatus { Firewalls = [new FirewallRef { Provider = "aws", Scope = Ours.Scope, Name = "n" }] } };

    private static NodePool Annotated(NodePool of, string uid) => of with { Metadata = of.Metadata with { Annotations = new Dictionary<string, string> { [ApiGroup.AbandonAnnotation] = uid } } };

    private KontenaNode Node(string uid, string? machine = "m") => Ours.Node(pool, $"web-{uid}", machine) is var node ? node with { Metadata = node.Metadata with { Uid = uid } } : null!;

    private static KontenaNode Going(KontenaNode node) => node with { Metadata = node.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
}
