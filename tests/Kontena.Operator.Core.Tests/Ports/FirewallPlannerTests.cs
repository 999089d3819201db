using System.Net;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Tests.Ports;

/// <summary>Every row of the planner's table.</summary>
public sealed class FirewallPlannerTests
{
    private static readonly FirewallAccount account = new("aws", "eu-west-1", "aws");
    private static readonly FirewallMarks marks = new("inst-1", FirewallOwner.Pool, "uid-1");
    private static readonly string name = FirewallName.Of(marks, "web", "vpc-a");
    private static readonly PortRule http = new(IpProtocol.Tcp, PortRange.Of(80), new RuleSource.Network(IPNetwork.Parse("0.0.0.0/0")));
    private static readonly PortRule https = new(IpProtocol.Tcp, PortRange.Of(443), new RuleSource.Network(IPNetwork.Parse("0.0.0.0/0")));
    private static readonly FirewallRef absent = new() { Provider = "aws", Scope = "eu-west-1", CredentialsSecret = "aws", Network = "vpc-a", Name = name };
    private static readonly FirewallRef present = absent with { Id = "sg-1" };

    [Test]
    public void Plan_NotListedYet_WaitsAndForgetsNothing()
    {
        var plan = FirewallPlanner.Plan(Seen([present], Listed(null)));

        Assert.That(plan.Actions, Is.Empty);
        Assert.That(plan.Records, Is.EqualTo(new[] { present }), "what was written down before the operator started");
        Assert.That(plan.States.Single().Lacks!.Reason, Is.EqualTo("Observing"));
    }

    [Test]
    public void Plan_ProviderDoesNotAnswer_SaysSoAndForgetsNothing([Values] bool leaving)
    {
        var plan = FirewallPlanner.Plan(Seen([present], Listed(null) with { Trouble = new Freeze("CredentialsRefused", "No."), NeedsHuman = true }, leaving));

        Assert.That((plan.Actions.Count, plan.Gone), Is.EqualTo((0, false)));
        Assert.That(plan.Records, Is.EqualTo(new[] { present }), "an error is not an absence");
        Assert.That(plan.States[0], Has.Property("NeedsHuman").True);
    }

    [Test]
    public void Plan_NeededAndNotWrittenDown_IsWrittenDownFirst()
    {
        var plan = FirewallPlanner.Plan(Seen([], Listed([])));

        Assert.That(plan.Actions, Is.Empty);
        Assert.That(plan.Records, Is.EqualTo(new[] { absent }));
    }

    [Test]
    public void Plan_WrittenDownAndNotThere_IsMade() =>
        Assert.That(FirewallPlanner.Plan(Seen([absent], Listed([]))).Actions, Is.EqualTo(new[] { new FirewallAction.Make(account, name, "vpc-a") }));

    [Test]
    public void Plan_SeenBeforeAndNotThereNow_IsWrittenDownAsAbsentBeforeItIsMade()
    {
        var plan = FirewallPlanner.Plan(Seen([present], Listed([])));

        Assert.That(plan.Actions, Is.Empty, "whoever comes after a crash would take it for seen, and no call for on its way");
        Assert.That(plan.Records, Is.EqualTo(new[] { absent }));
    }

    [Test]
    public void Plan_CredentialsNotHeld_IsNotMade() =>
        Assert.That(FirewallPlanner.Plan(Seen([absent], Listed([]) with { CredentialsHeld = false })).Actions, Is.Empty);

    [Test]
    public void Plan_ListingIsOlderThanTheLastWrite_WaitsForAnother()
    {
        var plan = FirewallPlanner.Plan(Seen([absent], Listed([]) with { Proofs = FirewallProofs.Any with { WritesAfter = Samples.Noon } }));

        Assert.That(plan.Actions, Is.Empty);
        Assert.That(plan.Looks, Is.EqualTo(new[] { new FirewallLook(account, Samples.Noon) }));
    }

    [Test]
    public void Plan_WantedIsClosedAndUnwantedIsOpen_OpensFirst() =>
        Assert.That(FirewallPlanner.Plan(Seen([present], Listed([Group(https)]))).Actions.Single(), Is.TypeOf<FirewallAction.Open>().With.Property("Rules").EqualTo(new[] { http }));

    [Test]
    public void Plan_AllIsOpenAndMoreOfOurs_ClosesThat() =>
        Assert.That(FirewallPlanner.Plan(Seen([present], Listed([Group(http, https)]))).Actions.Single(), Is.TypeOf<FirewallAction.Close>().With.Property("Rules").EqualTo(new[] { https }));

    [Test]
    public void Plan_ACloseOfOursMayBeOnItsWay_ClosesNothingMore()
    {
        var plan = FirewallPlanner.Plan(Seen([present], Listed([Group(http, https)]) with { Proofs = FirewallProofs.Any with { OpenAfter = Samples.Noon } }));

        Assert.That(plan.Actions, Is.Empty);
        Assert.That(plan.Looks, Is.EqualTo(new[] { new FirewallLook(account, Samples.Noon) }));
    }

    [Test]
    public void Plan_ForeignRules_StayAndAreTold()
    {
        var plan = FirewallPlanner.Plan(Seen([present], Listed([Group(http) with { Rules = [new(http, IsOurs: true), new(https, IsOurs: false)] }])));

        Assert.That(plan.Actions, Is.Empty);
        Assert.That(plan.States.Single().Foreign, Is.EqualTo(new[] { https }));
    }

    [Test]
    public void Plan_Refused_WaitsForTheRule()
    {
        var refused = new Refusal(DriverFault.Throttled, "slow down", Samples.Noon, 3, "");
        var plan = FirewallPlanner.Plan(Seen([present], Listed([Group()])) with { Refused = new Dictionary<string, Refusal> { [name] = refused } });

        Assert.That((plan.Actions.Count, plan.Wait), Is.EqualTo((0, refused.RetryAt - Samples.Noon)));
    }

    [Test]
    public void Plan_RefusedToOtherCredentials_IsTriedAtOnce([Values] bool leaving)
    {
        var refused = new Dictionary<string, Refusal> { [name] = new Refusal(DriverFault.NotAllowed, "not yours", Samples.Noon, 1, "old") };
        FirewallPlan With(string credentials) => FirewallPlanner.Plan(Seen([present], Listed([Group()]) with { Credentials = credentials }, leaving) with { Refused = refused });

        Assert.That(With("old").Actions, Is.Empty);
        Assert.That(With("new").Actions, Has.Count.EqualTo(1));
    }

    [Test]
    public void Plan_HeldBack_ChangesNothing([Values] bool leaving) =>
        Assert.That(FirewallPlanner.Plan(Seen([present], Listed([Group()]), leaving) with { Held = new Freeze("Frozen", "Restored.") }), Has.Property("Actions").Empty.And.Property("Records").EqualTo(new[] { present }));

    [Test]
    public void Plan_OwnerLeaves_IsDeleted_AndACopyUnderAnotherNameStays() =>
        Assert.That(FirewallPlanner.Plan(Seen([present], Listed([Group(http), Group(http) with { Id = "sg-2", Name = "copy of it" }]), leaving: true)).Actions, Is.EqualTo(new[] { new FirewallAction.Delete(account, name, "sg-1") }));

    [Test]
    public void Plan_OwnerLeavesAndItIsNotThere_IsGoneOnceThatIsProven()
    {
        var unproven = FirewallPlanner.Plan(Seen([absent], Listed([]) with { Proofs = FirewallProofs.Any with { AbsenceAfter = Samples.Noon } }, leaving: true));
        Assert.That((unproven.Gone, unproven.Records.Count, unproven.Looks.Count), Is.EqualTo((false, 1, 1)), "a call may be on its way");

        var proven = FirewallPlanner.Plan(Seen([absent], Listed([]), leaving: true));
        Assert.That((proven.Gone, proven.Records.Count), Is.EqualTo((true, 0)));
    }

    [Test]
    public void Plan_RecordOfAnAccountThatNobodyReaches_Stays([Values] bool leaving)
    {
        var elsewhere = absent with { Scope = "us-east-1", Name = "kontena-pool-web-else" };

        var plan = FirewallPlanner.Plan(Seen([present, elsewhere], Listed([]), leaving));

        Assert.That(plan.Records, Does.Contain(elsewhere));
        Assert.That(plan.Gone, Is.False);
    }

    private static FirewallsSeen Seen(IReadOnlyList<FirewallRef> records, AccountSeen seen, bool leaving = false) => new()
    {
        Marks = marks,
        OwnerName = "web",
        Now = Samples.Noon,
        Leaving = leaving,
        Places = leaving ? [] : [new FirewallPlace(account, "vpc-a", [http])],
        Records = records,
        Accounts = [seen],
    };

    private static AccountSeen Listed(IReadOnlyList<Firewall>? firewalls) =>
        new() { Account = account, Listing = firewalls is null ? null : new FirewallListing(Samples.Noon, firewalls) };

    private static Firewall Group(params PortRule[] rules) =>
        new() { Id = "sg-1", Name = name, Network = "vpc-a", Marks = marks, Rules = [.. rules.Select(r => new FirewallRule(r, IsOurs: true))] };
}
