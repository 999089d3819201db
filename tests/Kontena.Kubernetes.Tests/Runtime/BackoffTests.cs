using Kontena.Kubernetes.Runtime;

namespace Kontena.Kubernetes.Tests.Runtime;

public sealed class BackoffTests
{
    [Test]
    public void After_FirstFailures_Doubles()
    {
        var seconds = Enumerable.Range(1, 5).Select(n => Backoff.Reconcile.After(n, 0).TotalSeconds);

        Assert.That(seconds, Is.EqualTo(new[] { 1.0, 2.0, 4.0, 8.0, 16.0 }));
    }

    [Test]
    public void After_AnyFailureAndAnyChance_StaysWithinBounds([Values(1, 2, 6, 7, 9, 40, 41, 100000)] int failures, [Values(0.0, 0.3, 0.999999)] double random)
    {
        Assert.That(Backoff.Watch.After(failures, random), Is.InRange(TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(30)));
    }

    [Test]
    public void After_AtTheCeiling_StillDependsOnChance()
    {
        Assert.That(Backoff.Watch.After(50, 0), Is.Not.EqualTo(Backoff.Watch.After(50, 0.9)));
    }
}
