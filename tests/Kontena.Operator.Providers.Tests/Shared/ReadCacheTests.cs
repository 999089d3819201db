using Kontena.Operator.Providers.Shared;
using Kontena.TestKit;

namespace Kontena.Operator.Providers.Tests.Shared;

public sealed class ReadCacheTests
{
    private readonly ManualTime time = new();
    private int reads;

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task Get_WithinAndAfterItsTime_ReadsOnceThenAgain()
    {
        var cache = new ReadCache<string, int>(TimeSpan.FromMinutes(5), time);
        Assert.That(await cache.GetAsync("a", ReadAsync, Ct), Is.EqualTo(1));
        time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.That(await cache.GetAsync("a", ReadAsync, Ct), Is.EqualTo(1));
        time.Advance(TimeSpan.FromTicks(1));
        Assert.That(await cache.GetAsync("a", ReadAsync, Ct), Is.EqualTo(2));
    }

    [Test]
    public async Task Get_Failed_IsNotKept()
    {
        var cache = new ReadCache<string, int>(TimeSpan.FromMinutes(5), time);
        Assert.ThrowsAsync<InvalidOperationException>(() => cache.GetAsync("a", _ => throw new InvalidOperationException(), Ct));
        Assert.That(await cache.GetAsync("a", ReadAsync, Ct), Is.EqualTo(1));
    }

    private Task<int> ReadAsync(CancellationToken ct) => Task.FromResult(++reads);
}
