using Kontena.Operator.Controllers.NodePools;

namespace Kontena.Operator.Tests.NodePools;

public sealed class SlowStartTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(40)]
    [TestCase(1000)]
    public async Task Run_AllGoesWell_DoesEachOnceAndNeverTooManyAtOnce(int count)
    {
        var (running, most, done) = (0, new List<int> { 0 }, new List<int>());
        await SlowStart.RunAsync([.. Enumerable.Range(0, count)], async item =>
        {
            lock (done)
            {
                done.Add(item);
                most.Add(++running);
            }
            await Task.Yield();
            lock (done) running--;
        });

        Assert.Multiple(() =>
        {
            Assert.That(done, Is.EquivalentTo(Enumerable.Range(0, count)));
            Assert.That(most.Max(), Is.LessThanOrEqualTo(100));
        });
    }

    [Test]
    public void Run_TheFirstIsRefused_TriesNoOther()
    {
        var tried = new List<int>();

        Assert.ThrowsAsync<InvalidOperationException>(() => SlowStart.RunAsync([.. Enumerable.Range(0, 1000)], item =>
        {
            tried.Add(item);
            throw new InvalidOperationException("refused");
        }));

        Assert.That(tried, Is.EqualTo(new[] { 0 }));
    }

    [Test]
    public void Run_TheFourthIsRefused_EndsWithItsBatch()
    {
        var tried = new List<int>();

        Assert.ThrowsAsync<InvalidOperationException>(() => SlowStart.RunAsync([.. Enumerable.Range(0, 1000)], item =>
        {
            tried.Add(item);
            return item == 3 ? Task.FromException(new InvalidOperationException("refused")) : Task.CompletedTask;
        }));

        Assert.That(tried, Is.EqualTo(Enumerable.Range(0, 7)), "batches of 1, 2 and 4");
    }

    [Test]
    public void Run_GoesOnAtFullWidth_TheFirstIsRefused_EndsWithWhatWasBegun()
    {
        var tried = 0;

        Assert.ThrowsAsync<InvalidOperationException>(() => SlowStart.RunAsync([.. Enumerable.Range(0, 100_000)], async item =>
        {
            Interlocked.Increment(ref tried);
            await Task.Yield();
            if (item == 0) throw new InvalidOperationException("refused");
        }, SlowStart.MostAtOnce));

        Assert.That(tried, Is.GreaterThanOrEqualTo(1).And.LessThan(100_000));
    }

    [Test]
    public async Task Run_OneIsSlow_HoldsUpNoOther()
    {
        var (slow, last) = (new TaskCompletionSource(), new TaskCompletionSource());
        var run = SlowStart.RunAsync([.. Enumerable.Range(0, 1000)], item =>
        {
            if (item == 999) last.SetResult();
            return item == 127 ? slow.Task : Task.CompletedTask; // the first after the batches of 1 to 64
        });

        await last.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(run.IsCompleted, Is.False);
        slow.SetResult();
        await run;
    }

    [Test]
    public void Run_OneOfManyIsRefused_EndsWithWhatWasBegun()
    {
        var tried = 0;

        Assert.ThrowsAsync<InvalidOperationException>(() => SlowStart.RunAsync([.. Enumerable.Range(0, 100_000)], async item =>
        {
            Interlocked.Increment(ref tried);
            await Task.Yield();
            if (item == 500) throw new InvalidOperationException("refused");
        }));

        Assert.That(tried, Is.GreaterThan(500).And.LessThan(100_000));
    }
}
