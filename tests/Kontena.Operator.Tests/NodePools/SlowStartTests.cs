using Kontena.Operator.Controllers.NodePools;

namespace Kontena.Operator.Tests.NodePools;

public sealed class SlowStartTests
{
    [Test]
    public async Task Run_AllGoesWell_DoesEachOnceInGrowingBatches()
    {
        var (running, most, done) = (0, new List<int>(), new List<int>());
        await SlowStart.RunAsync([.. Enumerable.Range(0, 40)], async item =>
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
            Assert.That(done, Is.EquivalentTo(Enumerable.Range(0, 40)));
            Assert.That(most.Max(), Is.LessThanOrEqualTo(16));
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
}
