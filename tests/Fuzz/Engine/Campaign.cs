using System.Diagnostics;

namespace Kontena.Fuzz.Engine;

/// <summary>Feeds a target with new inputs until its time is over. Input <c>i</c> of a seed is the same each time, while the corpus is.</summary>
internal sealed class Campaign(FuzzTarget target, int seed)
{
    private readonly Corpus corpus = new(target.Name);
    private readonly LastInput last = new(target.Name);

    public int Cases { get; private set; }

    /// <exception cref="AssertionException">An input failed; it lies in the corpus now.</exception>
    public async Task RunAsync(TimeSpan atMost)
    {
        Adopt();
        var inputs = corpus.Inputs;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < atMost && Cases < FuzzSettings.MostCases; Cases++)
        {
            var input = target.Next(new Random(unchecked((seed * 1_000_003) + Cases)), inputs);
            last.Write(input);
            if (await Trial.RunAsync(target, input) is { } finding) await FailAsync(input, finding);
        }
        last.Clear();
    }

    private async Task FailAsync(byte[] input, Finding finding)
    {
        last.Clear();
        var small = await ShrinkAsync(input, finding);
        var file = corpus.Keep(small, finding.Why, $"{seed}-{Cases}");
        throw new AssertionException($"{target.Name}, seed {seed}, case {Cases} ({file}): {finding.Detail}");
    }

    /// <summary>Leaves out what the same failure does not need. What eats time or memory is kept as it is.</summary>
    private async Task<byte[]> ShrinkAsync(byte[] input, Finding finding)
    {
        var watch = Stopwatch.StartNew();
        for (var size = Math.Max(1, input.Length / 2); finding.Why is not ("hangs" or "eats memory"); size /= 2)
        {
            for (var at = 0; at < input.Length && watch.Elapsed < TimeSpan.FromSeconds(10);)
            {
                byte[] smaller = [.. input[..at], .. input[Math.Min(input.Length, at + size)..]];
                if ((await Trial.RunAsync(target, smaller))?.Why == finding.Why) input = smaller;
                else at += size;
            }
            if (size <= 1) break;
        }
        return input;
    }

    private void Adopt()
    {
        if (last.Left() is { } fatal)
            throw new AssertionException($"{target.Name}: the process died on an input, which is now {corpus.Keep(fatal, "process died", $"{fatal.Length}")}");
    }
}
