using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;
using Kontena.TestKit;

namespace Kontena.Kubernetes.Tests.Runtime;

public sealed class WorkQueueTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly WorkQueue queue;

    public WorkQueueTests() => queue = new WorkQueue("test", Backoff.Reconcile, time, () => 0);

    public void Dispose() => queue.Dispose();

    [Test]
    public async Task Add_SameKeyManyTimes_RunsOnce()
    {
        for (var n = 0; n < 5; n++) queue.Add(Widgets.Key("a"));

        Assert.That(await TakeAsync(), Is.EqualTo("a"));
        Assert.That(queue.Depth, Is.Zero);
    }

    [Test]
    public async Task Add_WhileTheKeyRuns_RunsAgainAfterwardsNotMeanwhile()
    {
        queue.Add(Widgets.Key("a"));
        await TakeAsync();
        queue.Add(Widgets.Key("a"));
        queue.Add(Widgets.Key("b"));

        Assert.That(await TakeAsync(), Is.EqualTo("b"));
        Assert.That(queue.Depth, Is.Zero, "a is running");
        queue.Done(Widgets.Key("a"));
        Assert.That(await TakeAsync(), Is.EqualTo("a"));
    }

    [Test]
    public void AddAfter_SeveralWishes_TheEarliestCounts()
    {
        queue.AddAfter(Widgets.Key("a"), TimeSpan.FromSeconds(30));
        queue.AddAfter(Widgets.Key("a"), TimeSpan.FromSeconds(10));
        queue.AddAfter(Widgets.Key("a"), TimeSpan.FromSeconds(20));

        time.Advance(TimeSpan.FromSeconds(9));
        Assert.That(queue.Depth, Is.Zero);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(queue.Depth, Is.EqualTo(1));
        Assert.That(queue.Delayed, Is.Zero);
    }

    [Test]
    public async Task Take_KeyWithALaterWish_FulfilsTheWishToo()
    {
        queue.AddAfter(Widgets.Key("a"), TimeSpan.FromSeconds(10));
        queue.Add(Widgets.Key("a"));
        await TakeAsync();
        queue.Done(Widgets.Key("a"));

        time.Advance(TimeSpan.FromMinutes(1));

        Assert.That(queue.Depth, Is.Zero);
    }

    [Test]
    public async Task AddAfter_WishMadeDuringTheRun_IsKept()
    {
        queue.Add(Widgets.Key("a"));
        await TakeAsync();
        queue.AddAfter(Widgets.Key("a"), TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(queue.Depth, Is.Zero, "still running");

        queue.Done(Widgets.Key("a"));

        Assert.That(await TakeAsync(), Is.EqualTo("a"));
    }

    [Test]
    public async Task AddBackedOff_KeyThatAlwaysFails_IsNeverDropped()
    {
        queue.Add(Widgets.Key("a"));
        var waits = new List<double>();
        for (var run = 0; run < 200; run++)
        {
            Assert.That(await TakeAsync(), Is.EqualTo("a"), $"run {run}");
            var wait = queue.AddBackedOff(Widgets.Key("a"), TimeSpan.Zero);
            waits.Add(wait.TotalSeconds);
            queue.Done(Widgets.Key("a"));
            time.Advance(wait);
        }
        Assert.That(waits[..4], Is.EqualTo(new[] { 1.0, 2.0, 4.0, 8.0 }));
        Assert.That(waits[^1], Is.EqualTo(200.0), "300 s less what jitter may add");
    }

    [Test]
    public void Forget_AfterFailures_StartsTheBackOffAnew()
    {
        queue.AddBackedOff(Widgets.Key("a"), TimeSpan.Zero);
        queue.AddBackedOff(Widgets.Key("a"), TimeSpan.Zero);
        queue.Forget(Widgets.Key("a"));

        Assert.That(queue.AddBackedOff(Widgets.Key("a"), TimeSpan.Zero), Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void AddBackedOff_WorldAskedForMore_WaitsThatLong() =>
        Assert.That(queue.AddBackedOff(Widgets.Key("a"), TimeSpan.FromSeconds(42)), Is.EqualTo(TimeSpan.FromSeconds(42)));

    [Test]
    public async Task Take_ChangesAndResyncs_ChangesComeFirst()
    {
        queue.Add(Widgets.Key("r1"), QueuePriority.Resync);
        queue.Add(Widgets.Key("r2"), QueuePriority.Resync);
        queue.Add(Widgets.Key("c"));
        queue.Add(Widgets.Key("r2"));

        Assert.That(new[] { await TakeAsync(), await TakeAsync(), await TakeAsync() }, Is.EqualTo(new[] { "c", "r2", "r1" }));
        Assert.That(queue.Depth, Is.Zero);
    }

    [Test]
    public async Task ShutDown_WaitersAndRunningKeys_AreReleasedAndDrained()
    {
        queue.Add(Widgets.Key("a"));
        await TakeAsync();
        var waiters = new[] { queue.TakeAsync(CancellationToken.None).AsTask(), queue.TakeAsync(CancellationToken.None).AsTask() };
        queue.ShutDown();
        queue.Add(Widgets.Key("b"));

        Assert.That(await Task.WhenAll(waiters), Is.All.Null);
        var drained = queue.DrainAsync(CancellationToken.None);
        Assert.That(drained.IsCompleted, Is.False);
        queue.Done(Widgets.Key("a"));
        await drained;
    }

    [Test]
    public void Heap_KeyRescheduledForEver_DoesNotGrow()
    {
        var heap = new DelayHeap();
        for (var n = 0; n < 10_000; n++)
        {
            heap.Wish(Widgets.Key("a"), 1_000_000 + n);
            heap.Fulfil(Widgets.Key("a"));
        }
        heap.Wish(Widgets.Key("a"), 5);

        Assert.That((heap.Count, heap.Earliest, heap.Entries <= 200), Is.EqualTo((1, (long?)5, true)));
    }

    /// <summary>Against a model of what each key is owed, whatever the order of calls.</summary>
    [Test]
    public async Task AnyInterleaving_NoKeyRunsTwiceAtOnce_NothingIsLost_NothingComesEarly([Range(1, 200)] int seed)
    {
        var random = new Random(seed);
        var keys = Enumerable.Range(0, 4).Select(n => Widgets.Key($"k{n}")).ToArray();
        var running = new HashSet<ObjectKey>();
        var owed = new Dictionary<ObjectKey, DateTimeOffset>(); // the time from which a run is owed
        void Owe(ObjectKey key, TimeSpan wait)
        {
            var due = time.GetUtcNow() + wait;
            if (!owed.TryGetValue(key, out var earlier) || due < earlier) owed[key] = due;
        }
        async Task RunOneAsync()
        {
            if (queue.Depth == 0) return;
            var key = (await queue.TakeAsync(CancellationToken.None))!.Value;
            Assert.That(running.Add(key), Is.True, $"{key} runs twice at once");
            Assert.That(owed.Remove(key, out var due), Is.True, $"{key} ran for nothing");
            Assert.That(due, Is.LessThanOrEqualTo(time.GetUtcNow()), $"{key} came early");
        }
        for (var step = 0; step < 300; step++)
        {
            var key = keys[random.Next(keys.Length)];
            switch (random.Next(7))
            {
                case 0:
                    queue.Add(key, (QueuePriority)random.Next(2));
                    Owe(key, TimeSpan.Zero);
                    break;
                case 1:
                    var wait = TimeSpan.FromMilliseconds(random.Next(1, 20_000));
                    queue.AddAfter(key, wait);
                    Owe(key, wait);
                    break;
                case 2:
                    Owe(key, queue.AddBackedOff(key, TimeSpan.Zero));
                    break;
                case 3:
                    time.Advance(TimeSpan.FromMilliseconds(random.Next(0, 5_000)));
                    break;
                case 4 when running.Count > 0:
                    var done = running.ElementAt(random.Next(running.Count));
                    running.Remove(done);
                    queue.Done(done);
                    break;
                default:
                    await RunOneAsync();
                    break;
            }
        }
        foreach (var key in running) queue.Done(key);
        running.Clear();
        time.Advance(TimeSpan.FromHours(1));
        while (queue.Depth > 0) await RunOneAsync();

        Assert.That(owed, Is.Empty);
    }

    private async Task<string?> TakeAsync()
    {
        var taking = queue.TakeAsync(CancellationToken.None);
        Assert.That(taking.IsCompleted, Is.True, "a key is ready");
        return (await taking)?.Name;
    }
}
