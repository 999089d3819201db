using Kontena.Simulator.Ec2;
using Kontena.Simulator.Ec2.Flows;
using Kontena.Simulator.Networks;

namespace Kontena.EndToEnd.Crash.Judging;

/// <summary>The judge of security groups sees what it is there to see.</summary>
public sealed class FirewallLawTests
{
    private static readonly DateTimeOffset noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Violations_TwoAtOnceOfOneOwnerInOneVpc_AreNamed()
    {
        var groups = new[] { Group("sg-1", "uid-a", 0, 10), Group("sg-2", "uid-a", 9, null), Group("sg-3", "uid-b", 9, null), Group("sg-4", "uid-a", 9, null) with { VpcId = "vpc-2" } };

        Assert.That(FirewallLaw.Violations(groups), Is.EqualTo(new[] { "owner uid-a has 2 groups in vpc-1 at 12:00:09.000: sg-1 (web), sg-2 (web)" }));
    }

    [Test]
    public void Violations_MadeAgainOnceTheFirstIsGone_None()
    {
        Assert.That(FirewallLaw.Violations([Group("sg-1", "uid-a", 0, 9), Group("sg-2", "uid-a", 9, null)]), Is.Empty);
    }

    [Test]
    public void Violations_GroupWithoutAMark_IsNamed()
    {
        Assert.That(FirewallLaw.Violations([Group("sg-1", "uid-a", 0, null) with { Tags = new Dictionary<string, string>() }]), Is.EqualTo(new[] { "group sg-1 (web) carries no mark of an owner" }));
    }

    [Test]
    public void LaunchViolations_LaunchedWithoutAnOwnersGroup_IsNamedWhateverItGotLater()
    {
        var late = MachineLawTests.Machine("i-1", "node-a", 0, null) with { LaunchGroupIds = ["sg-1"], GroupIds = ["sg-1", "sg-2"] };
        var good = MachineLawTests.Machine("i-2", "node-b", 0, null) with { LaunchGroupIds = ["sg-1", "sg-2"] };

        Assert.That(FirewallLaw.LaunchViolations([late, good], [Group("sg-1", "uid-a", 0, null), Group("sg-2", "uid-b", 0, null)], _ => ["uid-a", "uid-b"]),
            Is.EqualTo(new[] { "machine i-1 was launched without the group of uid-b" }));
    }

    [Test]
    public void ForeignViolations_DeletedRetaggedOrWithOtherRules_AreNamed()
    {
        SecurityGroupSnapshot[] before = [Theirs("one"), Theirs("two"), Theirs("three"), Theirs("four")];
        SecurityGroupSnapshot[] now = [Theirs("one") with { Deleted = noon }, Theirs("two") with { Tags = new Dictionary<string, string> { ["x"] = "y" } }, Theirs("three") with { Inbound = [Rule(80)] }, Theirs("four")];

        Assert.That(FirewallLaw.ForeignViolations(before, now), Is.EqualTo(new[]
        {
            "group one, which is somebody else's, was deleted",
            "group two, which is somebody else's, was changed",
            "group three, which is somebody else's, was changed",
        }));
    }

    [Test]
    public void ForeignViolations_RuleTakenAwayOrGroupTakenOff_AreNamed()
    {
        var hand = new ForeignHand([("sg-1", Rule(22)), ("sg-1", Rule(80))], [("i-1", "sg-9"), ("i-2", "sg-9")]);
        var machines = new[] { MachineLawTests.Machine("i-1", "node-a", 0, 5), MachineLawTests.Machine("i-2", "node-b", 0, 5) with { GroupIds = ["sg-9"] } };

        Assert.That(FirewallLaw.ForeignViolations(hand, [Group("sg-1", "uid-a", 0, 9) with { Inbound = [Rule(80)] }], machines), Is.EqualTo(new[]
        {
            "the rule tcp 22-22 192.0.2.0/24 in sg-1, which is somebody else's, was taken away or changed",
            "group sg-9, which somebody attached to i-1, was taken off",
        }));
    }

    [Test]
    public void LockOuts_RefusedAfterItWasOpen_IsNamed_BeforeItIsNot()
    {
        var shut = Flow(FlowState.Refused, FlowState.Open, FlowState.Refused, FlowState.Open);
        var late = Flow(FlowState.Down, FlowState.Refused, FlowState.Open, FlowState.Down);

        Assert.That(FirewallLaw.LockOuts([shut, late]), Is.EqualTo(new[] { "Packet { Protocol = 6, Port = 6783 } from i-1 to i-2 was open, and was refused at 12:00:02.000" }));
    }

    [Test]
    public void Refusals_EverRefused_IsNamed()
    {
        Assert.That(FirewallLaw.Refusals([Flow(FlowState.Down, FlowState.Refused, FlowState.Open), Flow(FlowState.Down, FlowState.Open, FlowState.Down)]),
            Is.EqualTo(new[] { "Packet { Protocol = 6, Port = 6783 } from i-1 to i-2 was refused at 12:00:01.000 while both ran" }));
    }

    [Test]
    public void RuleViolations_MissingOrMore_AreNamed_ForeignOnesAreNot()
    {
        var group = Group("sg-1", "uid-a", 0, null) with { Inbound = [Rule(80), Rule(22), new SecurityRule("sgr-m", "50", null, null, "sg-1", null)] };

        Assert.That(FirewallLaw.RuleViolations(group, new HashSet<string> { "50 members", "tcp 443-443 192.0.2.0/24" }, [Rule(22)]), Is.EqualTo(new[]
        {
            "group web does not let in tcp 443-443 192.0.2.0/24",
            "group web lets in tcp 80-80 192.0.2.0/24, which nobody asks for",
        }));
    }

    [Test]
    public void LeftOf_ThereWhileItsOwnerIsGone_IsNamed()
    {
        var groups = new[] { Group("sg-1", "uid-a", 0, null), Group("sg-2", "uid-a", 0, 9), Group("sg-3", "uid-b", 0, null), Theirs("four") };

        Assert.That(FirewallLaw.LeftOf(groups, uid => uid == "uid-a"), Is.EqualTo(new[] { "group sg-1 (web) is left of an owner that is gone" }));
    }

    [Test]
    public void Witness_PoolGoesBeforeItsGroup_IsNamed()
    {
        var witness = new FirewallWitness(() => [Group("sg-1", "uid-a", 0, null)]);
        var held = new NodePool { Metadata = new() { Name = "web", Uid = "uid-a", Finalizers = ["held"] }, Spec = null! };

        witness.OfChange(held, held, "held");
        witness.OfChange(held, null, "held");

        Assert.That(witness.Violations, Is.EqualTo(new[] { "web has gone, or has no finalizer: group sg-1 (web) is left of an owner that is gone" }));
    }

    private static Flow Flow(params FlowState[] states) => new("i-1", "i-2", Packet.WeaveControl, [.. states.Select((s, i) => new FlowChange(s, noon.AddSeconds(i)))]);

    private static SecurityRule Rule(int port) => new($"sgr-{port}", "tcp", port, port, "192.0.2.0/24", "by hand");

    private static SecurityGroupSnapshot Theirs(string name) => Group(name, "uid-a", 0, null) with { Name = name, ThroughApi = false };

    private static SecurityGroupSnapshot Group(string id, string owner, int createdAt, int? deletedAt) => new(id, "eu-west-1", "vpc-1", "web", "of a test",
        new Dictionary<string, string> { [FirewallLaw.OwnerTag] = owner }, [], [], noon.AddSeconds(createdAt), deletedAt is { } at ? noon.AddSeconds(at) : null, ThroughApi: true);
}
