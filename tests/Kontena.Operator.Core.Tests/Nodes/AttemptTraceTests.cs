using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Tests.Nodes;

/// <summary>What a process may believe of an attempt, answer by answer.</summary>
public sealed class AttemptTraceTests
{
    private static readonly Lookup Absent = new Lookup.ConfirmedAbsent();

    [TestCase(1, 60, false, Description = "one answer is none, however long ago")]
    [TestCase(2, 29, false)]
    [TestCase(2, 30, true)]
    [TestCase(5, 29, false, Description = "many within a moment are one")]
    public void IsProof_OfSoManyOverSoLong(int count, int seconds, bool proof) =>
        Assert.That(new Absences(count, Samples.Noon, Samples.Noon.AddSeconds(seconds), "c1").IsProof, Is.EqualTo(proof));

    [Test]
    public void AfterRefused_OutcomeUnknown_EarlierAbsencesProveNothing()
    {
        var trace = AttemptTrace.Opened(1).AfterLook(Absent, Samples.Noon, CloudModel.Keyed, "c1");

        Assert.That(trace.AfterRefused(Fault(DriverFault.Unavailable, unknown: true), Samples.Noon, "c1").Absences, Is.Null);
        Assert.That(trace.AfterRefused(Fault(DriverFault.BadSettings), Samples.Noon, "c1").Absences, Is.EqualTo(trace.Absences));
    }

    [Test]
    public void AfterRefused_TheSameAgain_WaitsLonger_AnotherBeginsAnew()
    {
        var trace = AttemptTrace.Opened(1);
        for (var i = 0; i < 3; i++) trace = trace.AfterRefused(Fault(DriverFault.Throttled), Samples.Noon, "c1");
        Assert.That((trace.Refusal!.Failures, trace.Refusal.RetryAt), Is.EqualTo((3, Samples.Noon.AddSeconds(8))));

        trace = trace.AfterRefused(Fault(DriverFault.Unavailable), Samples.Noon, "c1");
        Assert.That(trace.Refusal!.Failures, Is.EqualTo(1));
    }

    [TestCase(-10, 0)]
    [TestCase(10, 10, Description = "whoever led until then may have sent it")]
    public void Rewound_LastPossibleSend_IsTheLaterOfBoth(int takenOver, int expected)
    {
        var trace = AttemptTrace.Rewound(2, Samples.Noon, Samples.Noon.AddSeconds(takenOver));

        Assert.That((trace.Number, trace.LastPossibleSend, trace.RewoundAt), Is.EqualTo((2, (DateTimeOffset?)Samples.Noon.AddSeconds(expected), (DateTimeOffset?)Samples.Noon)));
    }

    [Test]
    public void Rewound_ToBeforeTheFirstAttempt_NothingCanBeOnItsWay()
    {
        var trace = AttemptTrace.Rewound(0, Samples.Noon, Samples.Noon);

        Assert.That((trace.LastPossibleSend, trace.OpenedHere, trace.RewoundAt), Is.EqualTo(((DateTimeOffset?)null, true, (DateTimeOffset?)Samples.Noon)));
    }

    [Test]
    public void AfterSighted_ForgetsAbsencesAndTheAnswer()
    {
        var made = AttemptTrace.Opened(1).AfterMade(Seen.Machine(), Samples.Noon);
        var missed = AttemptTrace.Opened(1).AfterLook(Absent, Samples.Noon, CloudModel.Keyed, "c1");

        Assert.That((made.AfterSighted().Made, made.AfterSighted().MadeAt), Is.EqualTo(((Machine?)null, (DateTimeOffset?)null)));
        Assert.That(missed.AfterSighted().Absences, Is.Null);
    }

    [Test]
    public void AfterClaimed_KnowsTheMachineOrItsAbsence()
    {
        var trace = AttemptTrace.Opened(1);

        Assert.That(trace.AfterClaimed(Seen.Machine(), Samples.Noon, CloudModel.Keyed, "c1").Seen, Is.EqualTo(new[] { Seen.Machine() }).Using<Machine>((a, b) => a.ProviderId == b.ProviderId));
        Assert.That(trace.AfterClaimed(null, Samples.Noon, CloudModel.Keyed, "c1").Absences?.Count, Is.EqualTo(1));
    }

    private static DriverException Fault(DriverFault fault, bool unknown = false) => new(fault, "said no.") { OutcomeUnknown = unknown };
}
