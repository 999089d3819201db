using System.Diagnostics;
using System.Globalization;

namespace Kontena.Operator.Tests.Walks;

/// <summary>
/// Promises 1 to 4 under random walks: users who act, a cloud and an API server that misbehave, operators that die, all in virtual time over the
/// operator's own wiring. A failing walk replays from its seed alone and is printed as short as it can be made. KONTENA_WALKS: how many;
/// KONTENA_WALKS_FROM: the first seed.
/// </summary>
public sealed class WalksTests
{
    private const int Groups = 8;

    /// <summary>What some three minutes of one core allow; KONTENA_WALKS widens it.</summary>
    private const int Walks = 2000;

    /// <summary>One failing walk is told; the others need not look for more of the same.</summary>
    private static volatile bool failed;

    [Test]
    public void Walk_AnySeed_KeepsThePromisesAndComesToRest([Range(0, Groups - 1)] int group)
    {
        var total = Number("KONTENA_WALKS") ?? Walks;
        var first = Number("KONTENA_WALKS_FROM") ?? 0;
        List<Statistics> all = [];
        var time = Stopwatch.StartNew();
        for (var seed = first + group; seed < first + total && !failed; seed += Groups)
        {
            var outcome = Walk.Of(Script.Of(seed));
            all.Add(outcome.Statistics);
            if (outcome.Violation is null) continue;
            failed = true;
            Assert.Fail(FailedWalk.Tell(Script.Of(seed), outcome.Violation));
        }
        TestContext.Out.WriteLine($"{all.Count} walks in {time.Elapsed.TotalSeconds:0} s: {Statistics.Sum(all)}");
    }

    /// <summary>The stories tell every call, fault and reconcile with its time: a difference in what is done would show.</summary>
    [Test]
    public void Walk_SameSeed_IsTheSameWalk([Values(1, 2, 3, 5, 8, 13, 26)] int seed)
    {
        var first = Walk.Of(Script.Of(seed), tell: true);
        var second = Walk.Of(Script.Of(seed), tell: true);
        var untold = Walk.Of(Script.Of(seed));

        Assert.That(second.Story, Is.EqualTo(first.Story));
        Assert.That(untold.Statistics, Is.EqualTo(first.Statistics), "and it is the same where nobody listens");
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
