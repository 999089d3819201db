using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.Nodes;
using Kontena.Operator.Core.Nodes;
using Kontena.TestKit;

namespace Kontena.Operator.Tests.Controllers;

public sealed class MasterTracesTests
{
    private readonly ManualTime time = new();
    private readonly MasterTraces traces;

    public MasterTracesTests() => traces = new MasterTraces(new AlwaysLeading(time), time);

    [Test]
    public void Of_AttemptFoundAfterAStart_AssumesACallUntilAWhileAfterTheTakeover()
    {
        var takenOver = time.GetUtcNow();
        time.Advance(TimeSpan.FromHours(1));

        Assert.That(traces.Of("node-uid", Samples.NodeSpec(attempt: 3)).LastPossibleSend, Is.EqualTo(takenOver + MasterTrace.MaxCommitDelay));
    }

    /// <summary>Whoever counts a grid's nodes asks with their records in the cache, right after the next attempt was opened and its entry made.</summary>
    [Test]
    public void Of_CacheStillShowsTheAttemptBefore_WhatIsKnownOfTheLaterIsNotForgotten()
    {
        traces.Keep("node-uid", new MasterTrace { Attempt = 2 }.AfterConfirmed(time.GetUtcNow()));

        var older = traces.Of("node-uid", Samples.NodeSpec(attempt: 1));

        Assert.That((older.Attempt, older.ConfirmedAt), Is.EqualTo((1, (DateTimeOffset?)null)));
        Assert.That(traces.Of("node-uid", Samples.NodeSpec(attempt: 2)).ConfirmedAt, Is.EqualTo(time.GetUtcNow()));
    }

    [Test]
    public void OfPeer_CacheStillShowsTheAttemptBefore_IsWhatIsKnownOfTheLater()
    {
        traces.Keep("node-uid", new MasterTrace { Attempt = 2 }.AfterConfirmed(time.GetUtcNow()));

        Assert.That(traces.OfPeer("node-uid", Samples.NodeSpec(attempt: 1)).ConfirmedAt, Is.EqualTo(time.GetUtcNow()));
        Assert.That(traces.OfPeer("node-uid", Samples.NodeSpec(attempt: 3)).ConfirmedAt, Is.Null);
    }
}
