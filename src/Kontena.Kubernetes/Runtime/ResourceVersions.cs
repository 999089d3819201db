namespace Kontena.Kubernetes.Runtime;

/// <summary>
/// Order of resourceVersions. KEP-5504 lets clients compare two of one resource type as decimal numbers of any length;
/// anything else (an aggregated API server may do as it likes) is not comparable, and nobody may wait for it.
/// </summary>
public static class ResourceVersions
{
    /// <returns>Below 0 where <paramref name="left"/> is older, 0 where equal, null where the two cannot be compared.</returns>
    public static int? Compare(string? left, string? right)
    {
        if (!IsNumber(left) || !IsNumber(right)) return null;
        return left!.Length != right!.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right);
    }

    private static bool IsNumber(string? version) =>
        !string.IsNullOrEmpty(version) && version[0] is >= '1' and <= '9' && version.All(char.IsAsciiDigit);
}
