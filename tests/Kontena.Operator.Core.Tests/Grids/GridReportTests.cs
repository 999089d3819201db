using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Tests.GitOps;
using Kontena.TestKit.GitOps;

namespace Kontena.Operator.Core.Tests.Grids;

public sealed class GridReportTests
{
    private static readonly GridView Whole = Grids.View(Grids.Member(1), Grids.Member(2), Grids.Member(3), Grids.Member(4, connected: false));

    [Test]
    public void Compose_AllWell_SaysHowTheGridIs()
    {
        var status = Compose(Whole with { Health = new Dictionary<string, NodeHealth> { ["node-1"] = new(true, null), ["node-2"] = new(false, null) } });

        Assert.That((status.MasterVersion, status.Fingerprint, status.InitialSize, status.Subnet, status.Nodes, status.OnlineNodes, status.Quorum), Is.EqualTo(("1.5.4", "0123456789abcdef", 3, "10.81.0.0/16", 4, 3, "2/3")));
        Assert.That(status.InitialMembers!.Select(m => $"{m.Number} {m.Name} {m.Status} {m.Healthy}"), Is.EqualTo(new[] { "1 node-1 Online True", "2 node-2 Online False", "3 node-3 Online Unknown" }));
        Assert.That(Words(status), Is.EqualTo(new[] { "Ready=True/Answers", "MasterReachable=True/Answers", "QuorumHealthy=False/Degraded", "ClockInSync=True/InSync" }));
        Assert.That(Judged.Of(status, 1).Verdict, Is.EqualTo(KstatusVerdict.Current));
    }

    [Test]
    public void Compose_NewGrid_IsReadyForItsFirstNodes()
    {
        var status = Compose(Grids.View());
        Assert.That(Words(status), Does.Contain("Ready=True/Answers").And.Contain("QuorumHealthy=Unknown/NotFormed"));
        Assert.That(status.Quorum, Is.EqualTo("0/3"));
    }

    [Test]
    public void Compose_QuorumLost_IsNotReadyAndNamesThem()
    {
        var status = Compose(Grids.View(Grids.Member(1), Grids.Member(2, connected: false), Grids.Member(3, connected: false)));
        Assert.That(Words(status), Does.Contain("Ready=False/QuorumLost").And.Contain("QuorumHealthy=False/QuorumLost"));
        Assert.That(status.Conditions[0].Message, Does.Contain("Only 1 of 3").And.Contain("node-2, node-3"));
        Assert.That(Judged.Of(status, 1).Verdict, Is.EqualTo(KstatusVerdict.InProgress));
    }

    [Test]
    public void Compose_MasterTrouble_KeepsWhatIsKnownOfNodes([Values] MasterFault fault)
    {
        var before = Compose(Whole);
        var trouble = Grids.Trouble(fault);

        var status = Compose(new GridView { Name = "prod", GridName = "prod", Holds = new Freeze(GridReasons.Observing, "Waiting."), Trouble = trouble }, before);

        Assert.That((status.Nodes, status.Quorum, status.Fingerprint), Is.EqualTo((4, "3/3", "0123456789abcdef")));
        Assert.That(Words(status), Does.Contain($"Ready=False/{trouble.Reason}").And.Contain($"MasterReachable=False/{trouble.Reason}").And.Contain("QuorumHealthy=True/AllHealthy"));
        Assert.That(Judged.Of(status, 1).Verdict, Is.EqualTo(trouble.NeedsHuman ? KstatusVerdict.Failed : KstatusVerdict.InProgress));
    }

    [Test]
    public void Compose_HoldThatNeedsAHuman_GoesBeforeTrouble()
    {
        var status = Compose(Whole with { Holds = new Freeze(GridReasons.GridClaimed, "Use the other."), HoldNeedsHuman = true, Trouble = Grids.Trouble(MasterFault.Unreachable) });
        Assert.That(Words(status).Take(2), Is.EqualTo(new[] { "Ready=False/GridClaimed", "Stalled=True/GridClaimed" }));
    }

    [Test]
    public void Compose_Settled_IsWrittenOnce_WhateverTheClocksDo()
    {
        var view = Whole with { ClockAhead = TimeSpan.FromSeconds(100) };
        var first = Compose(view);
        foreach (var seconds in new[] { 61, 100, 3000 })
            Assert.That(GridReport.IsWorthWriting(first, GridReport.Compose(Grids.Seen(view with { ClockAhead = TimeSpan.FromSeconds(seconds) }), first, Samples.Noon.AddHours(1))), Is.False, $"{seconds} s");
        Assert.That(Words(first), Does.Contain("ClockInSync=False/ClockSkew").And.Contain("Ready=True/Answers"));
    }

    [Test]
    public void Compose_RestartBeforeTheFirstAnswer_LeavesAllAsItWas()
    {
        var before = Compose(Whole);
        var after = Compose(new GridView { Name = "prod", GridName = "prod", Holds = new Freeze(GridReasons.Observing, "Waiting.") }, before);
        Assert.That(GridReport.IsWorthWriting(before, after), Is.False);
    }

    [Test]
    public void Compose_AnotherGrid_KeepsTheFirstFingerprint()
    {
        var before = Compose(Whole);
        Assert.That(Compose(Whole with { Grid = Grids.Master with { Fingerprint = "ffffffffffffffff" } }, before).Fingerprint, Is.EqualTo("0123456789abcdef"));
    }

    [Test]
    public void Compose_Full_Warns()
    {
        var status = Compose(Grids.View([.. Enumerable.Range(1, 254).Select(n => Grids.Member(n))]) with { Holds = new Freeze(GridReasons.GridFull, "Full.") });
        Assert.That(Words(status), Does.Contain("GridFull=True/GridFull").And.Contain("Ready=True/Answers"));
    }

    [Test]
    public void Compose_SlotAndDeletion_AreTold()
    {
        var slot = new GridSlot { NodeUID = "u", Name = "web-0", Number = 1, Since = Samples.Noon };
        var status = GridReport.Compose(Grids.Seen(Whole) with { Deleting = true, NodesLeft = ["web-0", "web-1"] }, Compose(Whole) with { Replacing = slot }, Samples.Noon);
        Assert.That(status.Replacing, Is.EqualTo(slot));
        Assert.That(status.Conditions[0].Message, Does.Contain("web-0, web-1"));
        Assert.That(Judged.Of(status, 1, deleting: true).Verdict, Is.EqualTo(KstatusVerdict.Terminating));
    }

    private static GridStatus Compose(GridView view, GridStatus? before = null) => GridReport.Compose(Grids.Seen(view), before, Samples.Noon);

    private static List<string> Words(GridStatus status) => [.. status.Conditions.Select(c => $"{c.Type}={c.Status}/{c.Reason}")];
}
