using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Identity;
using static Kontena.Operator.Core.Tests.Identity.Claims;

namespace Kontena.Operator.Core.Tests.Identity;

/// <summary>Each kind of conflict, and what is none.</summary>
public sealed class IdConflictsTests
{
    private const string OtherGrid = "default/staging";

    [Test]
    public void Of_TwoMastersWithOneId_BlamesWhoJoinedLater()
    {
        var found = Look(Online("web-1", "X", joinedAfter: 60), Online("web-0", "X", grid: OtherGrid), Online("web-2", "Y"));

        var verdict = found.Of("uid-web-1")!;
        Assert.Multiple(() =>
        {
            Assert.That(found.Conflicts, Has.Count.EqualTo(1));
            Assert.That((verdict.Kind, verdict.Incumbent!.Node, verdict.Id), Is.EqualTo((IdConflictKind.DuplicateID, "default/web-0", Id("X"))));
            Assert.That(verdict.Message, Does.Contain("default/web-1 has the id X, which default/web-0 had first (since 2026-").And.Contain("identity.mode: Pinned"));
            Assert.That((found.Of("uid-web-0"), found.Of("uid-web-2")), Is.EqualTo(((IdVerdict?)null, (IdVerdict?)null)));
            Assert.That(found.IncumbentIn("uid-web-0"), Is.SameAs(found.Conflicts[0]));
        });
    }

    [Test]
    public void Of_JoinedInTheSameMoment_TiesByName()
    {
        var found = Look(Online("web-b", "X"), Online("web-a", "X", grid: OtherGrid));

        Assert.That((found.Of("uid-web-a"), found.Of("uid-web-b")?.Incumbent?.Node), Is.EqualTo(((IdVerdict?)null, "default/web-a")));
    }

    /// <summary>It connected first and was found healthy last: who is said to be first must not change with that.</summary>
    [Test]
    public void Of_HealthComesLater_TheIncumbentStaysIt()
    {
        var early = Online("web-0", "X", joinedAfter: 10) with { JoinedAt = null };
        var first = Look(early, Online("web-1", "X", joinedAfter: 20, grid: OtherGrid));
        var later = Look(first.Memory, 30, early with { JoinedAt = Samples.Noon.AddSeconds(900), ConnectedAt = Samples.Noon.AddSeconds(910) }, Online("web-1", "X", joinedAfter: 20, grid: OtherGrid));

        Assert.That((first.Of("uid-web-1")?.Kind, later.Of("uid-web-1")?.Kind, later.Of("uid-web-0")), Is.EqualTo((IdConflictKind.DuplicateID, IdConflictKind.DuplicateID, (IdVerdict?)null)));
    }

    [Test]
    public void Of_RefusedForItsId_IsADuplicateOfItsImagesHolder()
    {
        var found = Look(Online("web-0", "X"), Waiting("web-1") with { CloseCode = CloseCodes.IdUsedByAnother, Overdue = false });

        Assert.That((found.Of("uid-web-1")?.Kind, found.Of("uid-web-1")?.Incumbent?.Node), Is.EqualTo((IdConflictKind.DuplicateID, "default/web-0")));
    }

    [Test]
    public void Of_RefusedByAnUnknownHolder_SaysSo()
    {
        var verdict = Look(Waiting("web-1") with { CloseCode = CloseCodes.IdUsedByAnother }).Of("uid-web-1")!;

        Assert.That((verdict.Incumbent, verdict.Message), Is.EqualTo(((Claimant?)null, verdict.Message)));
        Assert.That(verdict.Message, Does.Contain("another node of its Master"));
    }

    [Test]
    public void Of_ClonesThatNeverComeIn_AreDuplicatesOfTheOneThatDid()
    {
        var found = Look(Waiting("web-2"), Online("web-0", "X"), Waiting("web-1"), Online("db-0", "Y") with { Image = "ami-2" });

        Assert.Multiple(() =>
        {
            Assert.That(found.Conflicts, Has.Count.EqualTo(1));
            Assert.That(found.Conflicts[0].Newcomers.Select(v => v.Newcomer.Node), Is.EqualTo(new[] { "default/web-1", "default/web-2" }));
            Assert.That((found.Conflicts[0].Id, found.Conflicts[0].Incumbent!.Node), Is.EqualTo((Id("X"), "default/web-0")));
        });
    }

    [TestCase("two machines of the image have ids of their own")]
    [TestCase("within the deadline")]
    [TestCase("another image")]
    [TestCase("another Master")]
    [TestCase("chosen ids")]
    [TestCase("its Master does not answer")]
    public void Of_NotAcceptedForAnotherReason_IsNone(string because)
    {
        var (holder, waiting) = (Online("web-0", "X"), Waiting("web-1"));
        NodeClaim[] claims = because switch
        {
            "two machines of the image have ids of their own" => [holder, Online("web-2", "Z"), waiting],
            "within the deadline" => [holder, waiting with { Overdue = false }],
            "another image" => [holder with { Image = "ami-2" }, waiting],
            "another Master" => [holder with { Master = "elsewhere" }, waiting],
            "chosen ids" => [holder, Waiting("web-1", mode: IdentityMode.Pinned)],
            _ => [holder, waiting with { Stale = true }],
        };

        Assert.That(Look(claims).Conflicts, Is.Empty);
    }

    /// <summary>The second machine went; that its image has no id baked in is still known.</summary>
    [Test]
    public void Of_ImageThatGaveTwoIds_IsRemembered()
    {
        var before = Look(Online("web-0", "X"), Online("web-2", "Z"), Waiting("web-1", overdue: false));

        Assert.That(Look(before.Memory, 600, Online("web-0", "X"), Waiting("web-1")).Conflicts, Is.Empty);
    }

    [Test]
    public void Of_PinnedByTwo_IsACollision()
    {
        var found = Look(Online("web-0", "P", mode: IdentityMode.Pinned), Waiting("web-1", mode: IdentityMode.Pinned) with { Pinned = Id("P") });

        Assert.That((found.Of("uid-web-1")?.Kind, found.Of("uid-web-0")), Is.EqualTo((IdConflictKind.PinCollision, (IdVerdict?)null)));
    }

    [Test]
    public void Of_PinnedIdIsAStrangers_IsACollisionNamingIt()
    {
        var verdict = Look(Foreign("old-host", "P"), Waiting("web-1", overdue: false, IdentityMode.Pinned) with { Pinned = Id("P") }).Of("uid-web-1");

        Assert.That((verdict?.Kind, verdict?.Incumbent?.Name), Is.EqualTo((IdConflictKind.PinCollision, "old-host")));
    }

    [Test]
    public void Of_MachineJoinedUnderAnotherName_IsKnownElsewhere()
    {
        var verdict = Look(Foreign("ip-10-0-1-5", "P") with { Address = "10.0.1.5" }, Waiting("web-1", overdue: false, IdentityMode.Pinned) with { Pinned = Id("P"), MachineAddresses = ["10.0.1.5"] }).Of("uid-web-1");

        Assert.That((verdict?.Kind, verdict?.Incumbent?.Name), Is.EqualTo((IdConflictKind.IDKnownElsewhere, "ip-10-0-1-5")));
    }

    [Test]
    public void Of_RecordedIdIsAStrangersNow_IsKnownElsewhere()
    {
        var verdict = Look(Foreign("old-host", "X"), Online("web-1", "X") with { AtMaster = null, Connected = false }).Of("uid-web-1");

        Assert.That(verdict?.Kind, Is.EqualTo(IdConflictKind.IDKnownElsewhere));
    }

    [Test]
    public void Of_StrangerThatCameLater_IsNobodysFault()
    {
        var found = Look(Online("web-0", "X"), Foreign("copy", "X", connectedAfter: 300, grid: OtherGrid));

        Assert.Multiple(() =>
        {
            Assert.That(found.Of("uid-web-0"), Is.Null);
            Assert.That(found.IncumbentIn("uid-web-0")?.Others.Select(o => o.Name), Is.EqualTo(new[] { "copy" }));
            Assert.That(Look(Foreign("a", "X"), Foreign("b", "X", grid: OtherGrid)).Conflicts, Is.Empty, "strangers among themselves are not ours to judge");
        });
    }

    [Test]
    public void Of_AddressOfAnotherMachine_BlamesTheMachine()
    {
        var entry = Online("web-0", "P", mode: IdentityMode.Pinned) with { Address = "10.0.1.9" };
        var copy = Waiting("web-1", overdue: false, IdentityMode.Pinned) with { MachineAddresses = ["10.0.1.9", "52.0.0.1"] };

        var shown = Look(entry, copy);
        var hidden = Look(shown.Memory, 60, entry with { Address = entry.MachineAddresses[0] }, copy);
        var over = Look(hidden.Memory, 600, entry with { Address = entry.MachineAddresses[0] }, copy);

        Assert.That((shown.Of("uid-web-1")?.Kind, hidden.Of("uid-web-1")?.Since, over.Of("uid-web-1"), shown.Of("uid-web-0")),
            Is.EqualTo((IdConflictKind.DuplicateID, shown.Of("uid-web-1")?.Since, (IdVerdict?)null, (IdVerdict?)null)));
    }

    [Test]
    public void SinceIn_WhatWasTold_IsWhenItWasFound_NotWhenItWasWritten()
    {
        var verdict = Look(Online("web-0", "X"), Waiting("web-1")).Of("uid-web-1")!;
        var told = new Condition { Type = "IDUnique", Status = ConditionStatus.False, Reason = verdict.Reason, Message = verdict.Message, LastTransitionTime = verdict.Since.AddSeconds(2) };

        Assert.That((IdVerdict.SinceIn(told), IdVerdict.SinceIn(told with { Message = "(since then" }), IdVerdict.SinceIn(told with { Status = ConditionStatus.True })),
            Is.EqualTo(((DateTimeOffset?)verdict.Since, (DateTimeOffset?)told.LastTransitionTime, (DateTimeOffset?)null)));
    }

    [Test]
    public void Of_StormThatAMachineOfOursMakes_NeverBlamesWhoWasFirst()
    {
        var entry = Online("web-0", "X");
        var copy = Waiting("web-1", overdue: false) with { MachineAddresses = ["10.0.1.9"] };
        var found = Look(entry, copy);
        for (var turn = 1; turn <= 8; turn++)
        {
            found = Look(found.Memory, turn * 30, entry with { ConnectedAt = Samples.Noon.AddMinutes(20 + turn), Address = turn % 2 == 0 ? entry.MachineAddresses[0] : "10.0.1.9" }, copy);
            Assert.That((found.Of("uid-web-0"), found.Of("uid-web-1")?.Kind), Is.EqualTo(((IdVerdict?)null, IdConflictKind.DuplicateID)));
        }
        var gone = Look(found.Memory, 270, entry with { ConnectedAt = Samples.Noon.AddMinutes(28), Address = entry.MachineAddresses[0] }, copy with { Leaving = true });

        Assert.That(gone.Conflicts, Is.Empty, "nor when the other has gone");
    }

    [TestCase("10.1.2.3", TestName = "An interface that the provider's record lacks")]
    [TestCase(null, TestName = "No address told yet")]
    public void Of_AddressThatIsNobodys_IsNone(string? address) =>
        Assert.That(Look(Online("web-0", "P") with { Address = address }, Waiting("web-1", overdue: false)).Conflicts, Is.Empty);

    [Test]
    public void Of_StormFromTwoAddresses_FlapsUntilItIsQuiet()
    {
        var node = Online("web-0", "X") with { MachineAddresses = [] };
        var found = Look(node);
        for (var turn = 1; turn <= 6; turn++) found = Look(found.Memory, turn * 30, node with { ConnectedAt = Samples.Noon.AddMinutes(20 + turn), Address = turn % 2 == 0 ? "10.0.0.5" : "10.0.0.6" });
        var last = node with { ConnectedAt = Samples.Noon.AddMinutes(26), Address = "10.0.0.5" };

        Assert.Multiple(() =>
        {
            Assert.That((found.Of("uid-web-0")?.Kind, found.Of("uid-web-0")?.IsCuredByReplacing), Is.EqualTo((IdConflictKind.IDFlapping, false)));
            Assert.That(Look(found.Memory, 300, last).Of("uid-web-0"), Is.Not.Null);
            Assert.That(Look(found.Memory, 900, last).Of("uid-web-0"), Is.Null);
        });
    }

    [Test]
    public void Of_RebootsOverAndOver_AreNoFlapping()
    {
        var node = Online("web-0", "X");
        var found = Look(node);
        for (var turn = 1; turn <= 20; turn++)
        {
            found = Look(found.Memory, turn * 30, node with { ConnectedAt = Samples.Noon.AddMinutes(20 + turn) });
            Assert.That(found.Conflicts, Is.Empty);
        }
    }

    [Test]
    public void Of_AnotherIdThanItJoinedWith_IsVolatile()
    {
        var verdict = Look(Online("web-0", "NEW") with { Recorded = Id("OLD") }).Of("uid-web-0");

        Assert.That(verdict?.Kind, Is.EqualTo(IdConflictKind.VolatileID));
        Assert.That(verdict?.Message, Does.Contain("from OLD to NEW"));
    }

    [Test]
    public void Of_TokenIsBoundToAnotherId_IsVolatileWithTheEnginesOwn()
    {
        var refused = Online("web-0", "X") with { Connected = false, CloseCode = CloseCodes.TokenUsedByAnother };

        Assert.That((Look(refused).Of("uid-web-0")?.Kind, Look(refused with { Mode = IdentityMode.Pinned, Pinned = Id("X") }).Of("uid-web-0")), Is.EqualTo((IdConflictKind.VolatileID, (IdVerdict?)null)));
    }

    [Test]
    public void Of_LeavesOrIsReplaced_IsNone()
    {
        var successor = Online("web-0", "X", joinedAfter: 900) with { Claimant = Online("web-0", "X").Claimant with { NodeUid = "uid-later" } };

        Assert.That(Look(Online("web-0", "X") with { Leaving = true }, successor).Conflicts, Is.Empty);
    }

    [Test]
    public void Of_MasterDown_KeepsWhatWasSaidAndAddsNothing()
    {
        var (holder, waiting) = (Online("web-0", "X"), Waiting("web-1"));
        var before = Look(holder, waiting);
        var down = Look(before.Memory, 600, holder with { Stale = true }, waiting with { Stale = true, Overdue = false }, Waiting("web-2") with { Stale = true });
        var gone = Look(down.Memory, 900, holder with { Leaving = true }, waiting with { Stale = true, Overdue = false });

        Assert.Multiple(() =>
        {
            Assert.That(down.Of("uid-web-1"), Is.EqualTo(before.Of("uid-web-1")));
            Assert.That(down.Of("uid-web-2"), Is.Null);
            Assert.That(gone.Conflicts, Is.Empty, "that the other node goes is our own word");
        });
    }

    /// <summary>The operator has just started and one of the two Masters is not heard yet: its node is not the newcomer for that.</summary>
    [Test]
    public void Of_IncumbentNotObservedYet_IsStillTheIncumbent()
    {
        var found = Look(Online("web-0", "X") with { AtMaster = null, Observed = false, Connected = false, ConnectedAt = null }, Online("web-1", "X", joinedAfter: 60, grid: OtherGrid));

        Assert.That((found.Of("uid-web-0"), found.Of("uid-web-1")?.Kind), Is.EqualTo(((IdVerdict?)null, IdConflictKind.DuplicateID)));
    }

    [Test]
    public void Of_SaidBefore_SaysSinceWhen()
    {
        var since = Samples.Noon.AddDays(-1);

        Assert.That(Look(Online("web-0", "X"), Waiting("web-1") with { ReportedSince = since }).Of("uid-web-1")?.Since, Is.EqualTo(since));
    }
}
