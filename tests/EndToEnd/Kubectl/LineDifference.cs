namespace Kontena.EndToEnd.Kubectl;

/// <summary>What two texts do not share, by the longest common subsequence of their lines.</summary>
public sealed record LineDifference(IReadOnlyList<string> OnlyFirst, IReadOnlyList<string> OnlySecond)
{
    public static LineDifference Between(string first, string second)
    {
        var (a, b) = (first.Split('\n'), second.Split('\n'));
        var longest = Lengths(a, b);
        var (onlyA, onlyB) = (new List<string>(), new List<string>());
        var (i, j) = (0, 0);
        while (i < a.Length || j < b.Length)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j]) (i, j) = (i + 1, j + 1);
            else if (j == b.Length || (i < a.Length && longest[i + 1, j] >= longest[i, j + 1])) onlyA.Add(a[i++]);
            else onlyB.Add(b[j++]);
        }
        return new LineDifference(onlyA, onlyB);
    }

    public override string ToString() => string.Join('\n', OnlyFirst.Select(l => "- " + l).Concat(OnlySecond.Select(l => "+ " + l)));

    /// <summary>At [i, j]: how many lines the rests from line i and from line j have in common.</summary>
    private static int[,] Lengths(string[] a, string[] b)
    {
        var lengths = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
            for (var j = b.Length - 1; j >= 0; j--)
                lengths[i, j] = a[i] == b[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
        return lengths;
    }
}
