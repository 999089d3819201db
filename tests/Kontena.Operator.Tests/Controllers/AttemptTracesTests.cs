using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.Nodes;
using Kontena.Operator.Core.Nodes;
using Kontena.TestKit;

namespace Kontena.Operator.Tests.Controllers;

public sealed class AttemptTracesTests
{
    private readonly ManualTime time = new();
    private readonly AttemptTraces traces;

    public AttemptTracesTests() => traces = new AttemptTraces(new AlwaysLeading(time), time);

    [Test]
    public void Of_NodeWithoutAttempt_KnowsThatNothingWasSent() =>
        Assert.That(traces.Of("node-uid", Samples.NodeSpec()), Is.SameAs(AttemptTrace.None));

    [Test]
    public void Of_AttemptFoundAfterAStart_AssumesACallUntilHalfAMinuteAfterTheTakeover()
    {
        var takenOver = time.GetUtcNow();
        time.Advance(TimeSpan.FromHours(1));

        var trace = traces.Of("node-uid", Samples.NodeSpec(attempt: 3));

        Assert.That(trace.Number, Is.EqualTo(3));
        Assert.That(trace.OpenedHere, Is.False);
        Assert.That(trace.Sent, Is.False);
        Assert.That(trace.LastPossibleSend, Is.EqualTo(takenOver.AddSeconds(30)));
    }

    [Test]
    public void Of_AttemptOpenedHere_IsWhatWasKept()
    {
        traces.Keep("node-uid", AttemptTrace.Opened(1));

        var trace = traces.Of("node-uid", Samples.NodeSpec(attempt: 1));

        Assert.That((trace.OpenedHere, trace.LastPossibleSend), Is.EqualTo((true, (DateTimeOffset?)null)));
    }

    [Test]
    public void Of_StoreStillShowsTheAttemptBefore_ItsLaterTraceIsNotUsedForIt()
    {
        traces.Keep("node-uid", AttemptTrace.Opened(2));

        Assert.That(traces.Of("node-uid", Samples.NodeSpec(attempt: 1)).OpenedHere, Is.False);
    }

    [Test]
    public void Of_RecordWentBackToAnEarlierAttempt_WantsAListingFromNowOn([Values(0, 1)] int recorded)
    {
        traces.Keep("node-uid", AttemptTrace.Opened(2));
        time.Advance(TimeSpan.FromMinutes(1));

        var trace = traces.Of("node-uid", Samples.NodeSpec(attempt: recorded));

        Assert.That((trace.Number, trace.RewoundAt), Is.EqualTo((recorded, (DateTimeOffset?)time.GetUtcNow())));
    }

    [Test]
    public void Forget_NodeOfTheSameUidSeenAgain_IsInherited()
    {
        traces.Keep("node-uid", AttemptTrace.Opened(1));
        traces.Forget("node-uid");

        Assert.That(traces.Of("node-uid", Samples.NodeSpec(attempt: 1)).LastPossibleSend, Is.Not.Null);
    }
}
