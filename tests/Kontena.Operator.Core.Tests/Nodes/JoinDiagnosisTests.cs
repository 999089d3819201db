using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Nodes;
using static Kontena.Operator.Core.Tests.Nodes.SeenInGrid;

namespace Kontena.Operator.Core.Tests.Nodes;

public sealed class JoinDiagnosisTests
{
    private static readonly TimeSpan late = TimeSpan.FromMinutes(10);

    [Test]
    public void Deadline_NotReached_Waits() => Assert.That(NodeLifecycle.Next(Late().At(late - TimeSpan.FromSeconds(1))).Reason, Is.EqualTo("Joining"));

    [Test]
    public void Deadline_TokenNotConfirmed_AsksForItFirst()
    {
        var seen = Late().Knowing(t => t with { ConfirmedAt = null });

        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.VerifyEntry>());
        Assert.That(NodeLifecycle.Next(seen.Silent()).Reason, Is.EqualTo("NeverConnected"), "not while the Master is silent");
    }

    /// <summary>Somebody may have changed it at the Master since the entry was made.</summary>
    [Test]
    public void Deadline_TokenConfirmedLongAgo_AsksForItAgain_OnceInADeadlinesTime()
    {
        var seen = Late().Knowing(t => t with { ConfirmedAt = Samples.Noon });

        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.VerifyEntry>());
        Assert.That(NodeLifecycle.Next(seen.Knowing(t => t.AfterConfirmed(seen.Now))).Reason, Is.EqualTo("NeverConnected"));
    }

    /// <summary>The id is bound to the entry before the clock is looked at: the node counts as offline, and was never connected.</summary>
    [Test]
    public void Rejected_AfterItsIdWasTaken_IsTheReason_InWordsThatDoNotChangeFromTryToTry()
    {
        var one = NodeLifecycle.Next(Refused("2026-01-01 12:00:01 UTC", "-59.97s"));
        var other = NodeLifecycle.Next(Refused("2026-01-01 12:00:03 UTC", "-60.02s"));

        Assert.That((one.Reason, one.Message), Is.EqualTo(("ClockSkew", other.Message)));
        Assert.That(one.Message, Does.Contain("agent connected too far in the future, clock offset exceeds threshold."));

        static NodeSeen Refused(string at, string offset) => Late(Entry(MasterNodeStatus.Offline)).At(TimeSpan.FromSeconds(30)).Viewing(v => v with
        {
            Health = new Dictionary<string, NodeHealth> { [EntryName] = new(null, $"Websocket connection rejected at {at} with code 4020: agent connected too far in the future, clock offset {offset} exceeds threshold") },
        });
    }

    [TestCase(4020, "ClockSkew")]
    [TestCase(4002, "WrongToken")]
    [TestCase(4006, "IDTaken")]
    [TestCase(4010, "AgentVersion")]
    [TestCase(4000, "AgentRefused")]
    public void Rejected_IsSaidAtOnceWithTheMastersWords(int code, string reason)
    {
        var seen = Late().Viewing(v => v with { Health = new Dictionary<string, NodeHealth> { [EntryName] = new(null, $"Websocket connection rejected at 2026-01-01 with code {code}: said so") } });

        var wait = NodeLifecycle.Next(seen.At(TimeSpan.FromSeconds(5))) as NodeStep.Wait;
        Assert.That((wait?.Reason, wait?.NeedsHuman, wait?.AsksHealth), Is.EqualTo((reason, true, true)));
        Assert.That(wait!.Message, Does.Contain("said so."));
    }

    [Test]
    public void Token_IsAnother_IsTheReason()
    {
        Assert.That(NodeLifecycle.Next(Late().Knowing(t => t with { ConfirmedAt = null, ForeignAt = Samples.Noon })).Reason, Is.EqualTo("WrongToken"));
        Assert.That(NodeLifecycle.Next(Late(Entry(MasterNodeStatus.Created) with { HasToken = false })).Reason, Is.EqualTo("WrongToken"));
    }

    [Test]
    public void Version_OfTheTemplateDoesNotFit_IsTheReason()
    {
        Assert.That(NodeLifecycle.Next(Versioned("1.4.3")).Reason, Is.EqualTo("AgentVersion"));
        Assert.That(NodeLifecycle.Next(Versioned("1.5.0")).Reason, Is.EqualTo("NeverConnected"), "the third number does not matter");
    }

    [Test]
    public void Id_HeldByAnother_NamesIt()
    {
        var seen = Late(Entry(MasterNodeStatus.Created), Other("clone", 4) with { NodeId = "THE:ID" });
        seen = seen with { Spec = seen.Spec with { Attempt = seen.Spec.Attempt! with { KontenaNodeID = "THE:ID" } } };

        Assert.That(NodeLifecycle.Next(seen), Has.Property("Reason").EqualTo("IDTaken").And.Property("Message").Contains("clone"));
    }

    [Test]
    public void Machine_JoinedUnderAnotherName_IsTheReason() =>
        Assert.That(NodeLifecycle.Next(Late(Entry(MasterNodeStatus.Created), Other("baked", 4) with { PrivateIp = "10.0.0.4" })).Reason, Is.EqualTo("JoinedAsAnother"));

    [TestCase(-2, "ClockSkew")]
    [TestCase(7, "ClockSkew")]
    [TestCase(5, "NeverConnected")]
    public void Clock_OfTheMasterDiffers_IsTheReason(int seconds, string reason) =>
        Assert.That(NodeLifecycle.Next(Late().Viewing(v => v with { ClockAhead = TimeSpan.FromSeconds(seconds) })).Reason, Is.EqualTo(reason));

    [Test]
    public void Silence_OthersConnectedMeanwhile_PointsAtThisMachine()
    {
        Assert.That(NodeLifecycle.Next(Late()).Message, Does.Contain("cannot reach the Master").And.Contain("https://master.example.com").And.Contain("10.0.0.4"));
        Assert.That(NodeLifecycle.Next(Late(Entry(MasterNodeStatus.Created), Other("other", 4) with { ConnectedAt = Samples.Noon })).Message, Does.Contain("first boot failed").And.Contain("Others have connected"));
    }

    [TestCase(IdentityMode.Engine, true)]
    [TestCase(IdentityMode.Pinned, false)]
    public void Silence_WithTheEnginesOwnId_NamesThatToo(IdentityMode mode, bool named)
    {
        var seen = Late();
        Assert.That(NodeLifecycle.Next(seen with { Spec = seen.Spec with { Identity = mode } }).Message.Contains("4006", StringComparison.Ordinal), Is.EqualTo(named));
    }

    private static NodeSeen Versioned(string version)
    {
        var seen = Late();
        return seen with { Spec = seen.Spec with { Template = new TemplateSpec { Agent = new AgentSpec { Version = version } } } };
    }

    private static NodeSeen Late(params MasterNode[] nodes) =>
        Seen.WithMachine().InGrid(nodes is [] ? [Entry(MasterNodeStatus.Created)] : nodes).Knowing(t => t.AfterConfirmed(Samples.Noon + late)).At(late);
}
