namespace Kontena.Simulator.Ec2.Query;

/// <summary>Filter values: <c>*</c> is any text, <c>?</c> one character, a backslash takes the next one literally. Case counts.</summary>
internal static class Wildcard
{
    public static bool Matches(string pattern, string value)
    {
        int p = 0, v = 0, star = -1, resume = 0;
        while (v < value.Length)
        {
            if (p < pattern.Length && pattern[p] == '*') (star, resume) = (p++, v);
            else if (OneMatches(pattern, p, value[v], out var width)) (p, v) = (p + width, v + 1);
            else if (star >= 0) (p, v) = (star + 1, ++resume);
            else return false;
        }
        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }

    private static bool OneMatches(string pattern, int at, char value, out int width)
    {
        width = 1;
        if (at >= pattern.Length) return false;
        if (pattern[at] == '\\' && at + 1 < pattern.Length)
        {
            width = 2;
            return pattern[at + 1] == value;
        }
        return pattern[at] == '?' || pattern[at] == value;
    }
}
