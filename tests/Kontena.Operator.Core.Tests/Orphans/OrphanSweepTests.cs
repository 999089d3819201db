using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Orphans;
using static Kontena.Operator.Core.Tests.Orphans.SweepSamples;

namespace Kontena.Operator.Core.Tests.Orphans;

public sealed class OrphanSweepTests
{
    private static readonly Machine Lost = Machine("aws:///a/i-1", "gone");

    [Test]
    public void Plan_LateMachineOfATombstonedNode_IsRemoved()
    {
        var plan = OrphanSweep.Plan(Twice([Lost], [], Stone("gone")));
        Assert.That(plan, Is.EqualTo(new[] { new OrphanVerdict.Remove(Lost, Stone("gone"), "Late", "The machine aws:///a/i-1 came of attempt 1 of node web-gone after the node was gone; its termination is asked for.") }));
    }

    [Test]
    public void Plan_FreshLateMachine_IsRemovedAtOnce() =>
        Assert.That(Kinds(Twice([Lost with { CreatedAt = Samples.Noon }], [], Stone("gone"))), Is.EqualTo(new[] { "Remove Late" }));

    [Test]
    public void Plan_NobodysMachine_IsReported() =>
        Assert.That(Kinds(Twice([Lost], [])), Is.EqualTo(new[] { "Report UnknownNode" }));

    [TestCase(9, "Ignore Young")]
    [TestCase(10, "Report UnknownNode")]
    public void Plan_NobodysMachine_IsReportedFromTenMinutesOn(int minutes, string verdict)
    {
        var born = Samples.Noon.AddMinutes(-minutes);
        Assert.That(Kinds(Twice([Lost with { CreatedAt = born }], [])), Is.EqualTo(new[] { verdict }));
        // Where the provider does not tell, the age counts from when we first saw it.
        var unknown = Twice([Lost with { CreatedAt = null }], []) with { FirstSeen = new Dictionary<string, DateTimeOffset> { [Lost.ProviderId] = born } };
        Assert.That(Kinds(unknown), Is.EqualTo(new[] { verdict }));
    }

    [Test]
    public void Plan_MachineOfUnknownAgeNeverSeenBefore_IsYoung() =>
        Assert.That(Kinds(Twice([Lost with { CreatedAt = null }], [])), Is.EqualTo(new[] { "Ignore Young" }));

    [Test]
    public void Plan_TombstoneOfAnotherAttempt_DoesNotRemove() =>
        Assert.That(Kinds(Twice([Lost], [], Stone("gone", attempt: 2))), Is.EqualTo(new[] { "Report UnknownNode" }));

    [Test]
    public void Plan_CopyOfALateMachine_IsReportedOnly()
    {
        var copy = Lost with { ProviderId = "aws:///a/i-2", Token = "launched by hand" };
        Assert.That(Kinds(Twice([Lost, copy], [], Stone("gone"))), Is.EqualTo(new[] { "Remove Late", "Report UnknownNode" }));
    }

    [Test]
    public void Plan_ProviderKeepsNoToken_IsReportedOnly() =>
        Assert.That(Kinds(Twice([Lost with { Token = null }], [], Stone("gone"))), Is.EqualTo(new[] { "Report UnknownNode" }));

    [Test]
    public void Plan_TombstoneIsOver_IsReportedOnly() =>
        Assert.That(Kinds(Twice([Lost], [], Stone("gone") with { Until = Samples.Noon })), Is.EqualTo(new[] { "Report UnknownNode" }));

    [Test]
    public void Plan_TombstoneOfAnotherInstallationOrPool_DoesNotRemove()
    {
        Assert.That(Kinds(Twice([Lost], [], Stone("gone") with { Installation = "inst-2" })), Is.EqualTo(new[] { "Report UnknownNode" }));
        Assert.That(Kinds(Twice([Lost], [], Stone("gone") with { PoolUid = "pool-2" })), Is.EqualTo(new[] { "Report UnknownNode" }));
    }

    [Test]
    public void Plan_GivenUpMachine_IsReportedEvenBesideALicense() =>
        Assert.That(Kinds(Twice([Lost], [], Stone("gone"), Stone("gone", TombstoneKind.GivenUp))), Is.EqualTo(new[] { "Report GivenUp" }));

    [Test]
    public void Plan_SeenInOneListingOnly_Waits()
    {
        var seen = Twice([Lost], [], Stone("gone"));
        Assert.That(Kinds(seen with { Earlier = Sighting(6, [], []) }), Is.EqualTo(new[] { "Ignore SeenOnce" }));
    }

    [Test]
    public void Plan_NodeWentBetweenTheSightings_Waits()
    {
        var seen = Twice([Lost], [], Stone("gone"));
        Assert.That(Kinds(seen with { Earlier = Sighting(6, [Lost], [Node("gone", null)]) }), Is.EqualTo(new[] { "Ignore SeenOnce" }));
    }

    [Test]
    public void Plan_ProvenTwin_IsCondemnedFirstAndRemovedOnceThatIsWritten()
    {
        Machine[] machines = [Machine("aws:///a/i-1", "n", attempt: 2), Machine("aws:///a/i-2", "n", attempt: 1)];
        var nodes = new[] { Node("n", "aws:///a/i-1", attempt: 2) };
        Assert.That(Kinds(Twice(machines, nodes)), Is.EqualTo(new[] { "Ignore Recorded", "Condemn Twin" }));
        var verdict = Stone("n", TombstoneKind.Twin, attempt: 1, machine: "aws:///a/i-2");
        Assert.That(Kinds(Twice(machines, nodes, verdict)), Is.EqualTo(new[] { "Ignore Recorded", "Remove Twin" }));
        Assert.That(Kinds(Twice(machines, nodes, verdict with { Machine = "aws:///a/i-3" })), Is.EqualTo(new[] { "Ignore Recorded", "Condemn Twin" }));
    }

    [Test]
    public void Plan_CondemnedTwinOutlivesItsNode_IsRemoved() =>
        Assert.That(Kinds(Twice([Lost], [], Stone("gone", TombstoneKind.Twin, machine: Lost.ProviderId))), Is.EqualTo(new[] { "Remove Twin" }));

    [Test]
    public void Plan_LateTombstoneOfANodeThatStillExists_RemovesNothing() =>
        Assert.That(Kinds(Twice([Lost], [Node("gone", null)], Stone("gone"))), Is.EqualTo(new[] { "Ignore BeingMade" }));

    [Test]
    public void Plan_CopyOfALivingNodesMachine_IsReportedOnly()
    {
        Machine[] machines = [Machine("aws:///a/i-1", "n"), Machine("aws:///a/i-2", "n", token: "by hand")];
        Assert.That(Kinds(Twice(machines, [Node("n", "aws:///a/i-1")])), Is.EqualTo(new[] { "Ignore Recorded", "Report CopiedMarks" }));
    }

    [Test]
    public void Plan_SecondMachineWithoutAToken_IsReportedOnly()
    {
        Machine[] machines = [Machine("aws:///a/i-1", "n"), Machine("aws:///a/i-2", "n") with { Token = null }];
        Assert.That(Kinds(Twice(machines, [Node("n", "aws:///a/i-1")])), Is.EqualTo(new[] { "Ignore Recorded", "Report UnprovenTwin" }));
    }

    [Test]
    public void Plan_AttemptThatTheNodeHasNotReached_IsReportedOnly() =>
        Assert.That(Kinds(Twice([Machine("aws:///a/i-1", "n", attempt: 3)], [Node("n", null, attempt: 2)])), Is.EqualTo(new[] { "Report FutureAttempt" }));

    [Test]
    public void Plan_RestoredNodeHoldsTheAttempt_IsLeftToIt()
    {
        var restored = new NodeOnRecord("new-uid", null, 1, Token.Of("gone", 1));
        Assert.That(Kinds(Twice([Lost], [restored], Stone("gone"))), Is.EqualTo(new[] { "Ignore BeingMade" }));
        Assert.That(Kinds(Twice([Lost], [restored with { ProviderId = Lost.ProviderId }], Stone("gone"))), Is.EqualTo(new[] { "Ignore Recorded" }));
    }

    [TestCase(MachineState.Terminating)]
    [TestCase(MachineState.Terminated)]
    public void Plan_EndingMachine_IsNoOrphan(MachineState state) =>
        Assert.That(Kinds(Twice([Lost with { State = state }], [], Stone("gone"))), Is.EqualTo(new[] { "Ignore Ended" }));

    [Test]
    public void Plan_WhatProvesNothing_PlansNothing()
    {
        var seen = Twice([Lost], [], Stone("gone"));
        Assert.That(OrphanSweep.Plan(seen with { Earlier = null }), Is.Empty, "no earlier listing");
        Assert.That(OrphanSweep.Plan(seen with { Later = null }), Is.Empty, "the listing failed");
        Assert.That(OrphanSweep.Plan(seen with { Later = seen.Earlier }), Is.Empty, "one listing twice");
        Assert.That(OrphanSweep.Plan(seen with { Frozen = new Freeze("InstallationMoved", "") }), Is.Empty, "frozen");
        Assert.That(OrphanSweep.Plan(seen with { Installation = "" }), Is.Empty, "installation lost");
        Assert.That(OrphanSweep.Plan(seen with { Later = seen.Later! with { NodesReadAt = seen.Later.Listing.BegunAt.AddSeconds(-1) } }), Is.Empty, "cluster first, cloud second");
    }

    [Test]
    public void Plan_MoreThanTheBudget_RemovesTheFirstByIdAndLeavesTheRestForLater()
    {
        Machine[] machines = [.. "dbca".Select(c => Machine($"aws:///a/i-{c}", $"n{c}"))];
        var seen = Twice(machines, [], [.. "abcd".Select(c => Stone($"n{c}"))]) with { Budget = 2 };
        Assert.That(Kinds(seen), Is.EqualTo(new[] { "Remove Late", "Remove Late", "Ignore OverBudget", "Ignore OverBudget" }));
    }

    private static IEnumerable<string> Kinds(SweepSeen seen) => OrphanSweep.Plan(seen).Select(v => $"{v.GetType().Name} {v.Reason}");
}
