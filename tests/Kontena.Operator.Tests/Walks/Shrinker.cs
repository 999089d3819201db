namespace Kontena.Operator.Tests.Walks;

/// <summary>
/// Takes out of a failing script what it fails without (delta debugging: large pieces first, then single steps, until no single step can go).
/// A shorter script may fail in another way than the one that it was made from; it is a failure all the same, and easier to read.
/// </summary>
internal sealed class Shrinker(Func<Script, bool> fails)
{
    /// <summary>A walk takes tens of milliseconds: a search that goes on for longer is worth less than an answer.</summary>
    private const int MostTries = 1500;

    private int tries;

    public Script Shrink(Script failing)
    {
        var steps = failing.Steps.ToList();
        for (var size = Math.Max(1, steps.Count / 2); ; size = Math.Max(1, size / 2))
        {
            var before = steps.Count;
            steps = WithoutPieces(failing, steps, size);
            if (tries >= MostTries || (size == 1 && steps.Count == before)) return failing with { Steps = steps };
        }
    }

    private List<Step> WithoutPieces(Script script, List<Step> steps, int size)
    {
        // From the end: what comes after the failure goes first, in a few tries.
        for (var at = Math.Max(0, steps.Count - size); at >= 0 && tries < MostTries; at -= size)
        {
            List<Step> shorter = [.. steps[..at], .. steps[Math.Min(steps.Count, at + size)..]];
            tries++;
            if (fails(script with { Steps = shorter })) steps = shorter;
            if (at > 0 && at < size) at = size;
        }
        return steps;
    }
}
