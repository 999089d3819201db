using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Ipsec;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Ports;
using static Kontena.Operator.Core.Tests.Nodes.SeenInGrid;

namespace Kontena.Operator.Core.Tests.Nodes;

/// <summary>What a node makes of the firewalls around its machine.</summary>
public sealed class WaysInTests
{
    private static readonly PortsVerdict open = new(ConditionStatus.True, PortsReasons.RulesOpen, "All is open.", OverlayOpen: true, EspOpen: true);
    private static readonly PortsVerdict shut = new(ConditionStatus.False, "RulesMissing", "6783 is closed.", OverlayOpen: false, EspOpen: true);
    private static readonly PortsVerdict own = new(ConditionStatus.False, "RulesMissing", "443 is closed.", OverlayOpen: true, EspOpen: true);
    private static readonly IpsecVerdict encrypted = new(ConditionStatus.True, IpsecReasons.EspOpen, "ESP may pass.", BlocksReady: false);

    [Test]
    public void Online_AllOpen_IsReady() => Assert.That(Next(new WaysInSeen { Ports = open, Ipsec = encrypted }).Ready, Is.True);

    [Test]
    public void Online_AWayInOfThePoolsOwnIsClosed_IsReady() => Assert.That(Next(new WaysInSeen { Ports = own, Ipsec = encrypted }).Ready, Is.True);

    /// <summary>What the operator opens itself is a matter of waiting; what somebody else keeps is not.</summary>
    [Test]
    public void Online_MembersAreShutOut_IsNotReady([Values] bool managed, [Values] bool joined)
    {
        var wait = Next(new WaysInSeen { Ports = shut, Ipsec = encrypted, IsManaged = managed }, joined);

        Assert.That((wait.Ready, wait.Reason, wait.NeedsHuman), Is.EqualTo((false, "RulesMissing", !managed)));
        Assert.That(wait.Message, Does.Contain("do not reach it. 6783 is closed."));
    }

    [Test]
    public void Online_NotJudgedYet_WaitsToJoin_AndStaysReadyOnceItHasJoined([Values] bool ports)
    {
        var ways = ports ? new WaysInSeen { Ipsec = encrypted } : new WaysInSeen { Ports = open };

        Assert.That((Next(ways).Ready, Next(ways).Reason), Is.EqualTo((false, NodeReasons.Joining)));
        Assert.That(Next(ways, joined: true).Ready, Is.True, "after a start all is read again");
    }

    /// <summary>A machine that runs at once is known from the answer to its launch; nobody else would ask for a listing before the next minute.</summary>
    [Test]
    public void Online_MachineIsInNoListingYet_OneIsWantedSoon()
    {
        Assert.That(Next(new WaysInSeen()).ForListing, Is.False);
        Assert.That(Next(new WaysInSeen(), seen: s => s with { Sight = new MachineSight(Samples.Noon, []), Trace = s.Trace with { Seen = s.Sight.Machines, LookedAt = Samples.Noon } }).ForListing, Is.True);
    }

    [TestCase(ConditionStatus.False, IpsecReasons.EspClosed, false, false, ExpectedResult = "EspClosed, no human")]
    [TestCase(ConditionStatus.False, IpsecReasons.TrustedSubnets, false, true, ExpectedResult = "TrustedSubnets, human")]
    [TestCase(ConditionStatus.Unknown, IpsecReasons.NotObserved, false, false, ExpectedResult = "NotObserved, no human")]
    [TestCase(ConditionStatus.Unknown, IpsecReasons.NotObserved, true, false, ExpectedResult = "ready")]
    public string Online_EncryptionIsRequiredAndCannotWork(string status, string reason, bool joined, bool human)
    {
        var wait = Next(new WaysInSeen { Ports = open, Ipsec = new IpsecVerdict(status, reason, "Why.", BlocksReady: true) }, joined);

        Assert.That(wait.NeedsHuman, Is.EqualTo(human));
        return wait.Ready ? "ready" : $"{wait.Reason}, {(wait.NeedsHuman ? "human" : "no human")}";
    }

    [Test]
    public void Create_FirewallsAreNotThere_NoAttemptOpens([Values] bool human)
    {
        var wait = NodeLifecycle.Next(Nodes.Seen.New with { WaysIn = new WaysInSeen { Hold = new Freeze("MakingFirewall", "Making it."), HoldNeedsHuman = human } }) as NodeStep.Wait;

        Assert.That((wait?.Reason, wait?.Message, wait?.NeedsHuman), Is.EqualTo(("MakingFirewall", "Making it.", human)));
        Assert.That(NodeLifecycle.Next(Nodes.Seen.New with { WaysIn = new WaysInSeen() }), Is.TypeOf<NodeStep.OpenAttempt>());
    }

    [Test]
    public void Conditions_AreTheVerdicts_AndStandUntilTheNext()
    {
        var seen = Seen(new WaysInSeen { Ports = own, Ipsec = encrypted });
        var told = NodeStatus.Compose(seen, NodeLifecycle.Next(seen), 1, null);
        Assert.That(Of(told, NodeConditions.PortsOpen), Is.EqualTo("False RulesMissing 443 is closed."));
        Assert.That(Of(told, NodeConditions.IPSecReady), Is.EqualTo("True EspOpen ESP may pass."));

        var restarted = Seen(new WaysInSeen());
        var after = NodeStatus.Compose(restarted, NodeLifecycle.Next(restarted), 1, told);
        Assert.That((Of(after, NodeConditions.PortsOpen), Of(after, NodeConditions.IPSecReady)), Is.EqualTo((Of(told, NodeConditions.PortsOpen), Of(told, NodeConditions.IPSecReady))));
    }

    [Test]
    public void Conditions_BeforeTheFirstVerdict_SayWhatIsWaitedFor()
    {
        var unmade = Nodes.Seen.New.InGrid() with { WaysIn = new WaysInSeen() };
        var told = NodeStatus.Compose(unmade, NodeLifecycle.Next(unmade), 1, null);
        Assert.That(Of(told, NodeConditions.PortsOpen), Is.EqualTo("Unknown Observing There is no machine yet."));

        var made = Seen(new WaysInSeen());
        Assert.That(Of(NodeStatus.Compose(made, NodeLifecycle.Next(made), 1, told), NodeConditions.PortsOpen), Is.EqualTo("Unknown Observing The rules of the machine's firewalls have not been read yet."));
    }

    private static string Of(KontenaNodeStatus status, string type) => status.Conditions.Single(c => c.Type == type) is var c ? $"{c.Status} {c.Reason} {c.Message}" : "";

    private static NodeStep.Wait Next(WaysInSeen ways, bool joined = false, Func<NodeSeen, NodeSeen>? seen = null) => (NodeStep.Wait)NodeLifecycle.Next((seen ?? (s => s))(Seen(ways, joined)));

    private static NodeSeen Seen(WaysInSeen ways, bool joined = false) =>
        Nodes.Seen.WithMachine().InGrid(Entry(MasterNodeStatus.Online)).Viewing(v => v with { Health = Healthy(EntryName) }).Of(g => g with { JoinedAt = joined ? Samples.Noon : null }) with { WaysIn = ways };
}
