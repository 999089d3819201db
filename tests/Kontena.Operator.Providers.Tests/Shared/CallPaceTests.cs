using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Shared;
using Kontena.TestKit;

namespace Kontena.Operator.Providers.Tests.Shared;

public sealed class CallPaceTests
{
    private static readonly TimeSpan minute = TimeSpan.FromMinutes(1);
    private readonly ManualTime time = new();

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public void Wait_TwentyCallsAtOnce_BurstThenTwoASecond()
    {
        var pace = new CallPace(perSecond: 2, burst: 5, time);
        var turns = Enumerable.Range(0, 20).Select(_ => pace.WaitAsync("call", minute, Ct)).ToList();
        var done = new List<int> { turns.Count(t => t.IsCompleted) };
        for (var second = 0; second < 8; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            done.Add(turns.Count(t => t.IsCompleted));
        }
        Assert.That(done, Is.EqualTo(new[] { 5, 7, 9, 11, 13, 15, 17, 19, 20 }));
    }

    [Test]
    public void Wait_TurnAfterTheDeadline_RefusedAtOnceAndTakesNoTurn()
    {
        var pace = new CallPace(perSecond: 1, burst: 1, time);
        Assert.That(pace.WaitAsync("call", minute, Ct).IsCompleted, Is.True);
        for (var i = 0; i < 3; i++)
        {
            var fault = Assert.ThrowsAsync<DriverException>(() => pace.WaitAsync("call", TimeSpan.FromMilliseconds(999), Ct));
            Assert.That((fault.Fault, fault.RetryAfter, fault.OutcomeUnknown), Is.EqualTo((DriverFault.Throttled, TimeSpan.FromSeconds(1), false)));
        }
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(pace.WaitAsync("call", minute, Ct).IsCompleted, Is.True);
    }

    [Test]
    public void Wait_LongPause_NoMoreThanTheBurst()
    {
        var pace = new CallPace(perSecond: 10, burst: 3, time);
        time.Advance(TimeSpan.FromHours(1));
        Assert.That(Enumerable.Range(0, 5).Count(_ => pace.WaitAsync("call", minute, Ct).IsCompleted), Is.EqualTo(3));
    }
}
