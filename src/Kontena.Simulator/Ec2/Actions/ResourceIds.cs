using Kontena.Simulator.Ec2.Query;

namespace Kontena.Simulator.Ec2.Actions;

/// <summary>The form of ids: a prefix, a hyphen, and 8 or 17 hexadecimal digits.</summary>
internal static class ResourceIds
{
    /// <param name="error">The error family, for example <c>InvalidInstanceID</c>.</param>
    public static void Check(string id, string prefix, string error)
    {
        var digits = id.StartsWith(prefix + "-", StringComparison.Ordinal) ? id[(prefix.Length + 1)..] : "";
        if (digits.Length is not (8 or 17) || !digits.All(char.IsAsciiHexDigitLower)) throw Refusal.Malformed(error, id, prefix);
    }

    /// <summary>Every id well-formed and known, or the whole call fails; a repeated id counts once.</summary>
    public static IReadOnlyList<T> Resolve<T>(
        IReadOnlyList<string> ids, string prefix, string error, Func<string, T?> find, Func<IReadOnlyList<string>, ApiException> notFound)
        where T : class
    {
        foreach (var id in ids) Check(id, prefix, error);
        var distinct = ids.Distinct(StringComparer.Ordinal).ToList();
        var missing = distinct.Where(id => find(id) is null).ToList();
        return missing.Count > 0 ? throw notFound(missing) : [.. distinct.Select(find).OfType<T>()];
    }
}
