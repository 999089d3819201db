namespace Kontena.Operator.Core.Ports;

/// <summary>Names in a sentence: the first few, and how many more.</summary>
internal static class NameList
{
    private const int Shown = 5;

    public static string Of(IEnumerable<string> names)
    {
        var all = names.ToList();
        return string.Join(", ", all.Take(Shown)) + (all.Count > Shown ? $" and {all.Count - Shown} more" : "");
    }
}
