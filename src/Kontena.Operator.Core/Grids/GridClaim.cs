using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Grids;

/// <summary>
/// Which grid at which Master a Grid object stands for. Of several that stand for one, the oldest has it: two would both take initial members
/// away, each thinking it was the only one to.
/// </summary>
public sealed record GridClaim
{
    /// <param name="ns">Namespace of the object.</param>
    /// <param name="name">Its name.</param>
    /// <param name="fingerprint">As last seen; null before. The same grid by another URL has the same one.</param>
    public GridClaim(string ns, string name, string uid, DateTimeOffset createdAt, GridSpec spec, string? fingerprint)
    {
        (Namespace, Name, Uid, CreatedAt) = (ns, name, uid, createdAt);
        Keys = fingerprint is null ? [AddressOf(spec, name)] : [AddressOf(spec, name), $"grid {fingerprint}"];
    }

    public string Namespace { get; }

    public string Name { get; }

    public string Uid { get; }

    public DateTimeOffset CreatedAt { get; }

    /// <summary>What no two Grids may share, in a form to be compared: Master and grid name, and the fingerprint.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>The older of those that share a key with this one; null where this one has the grid.</summary>
    public GridClaim? HeldBy(IEnumerable<GridClaim> others) => others
        .Where(o => o.Uid != Uid && o.IsOlderThan(this) && o.Keys.Any(k => Keys.Contains(k, StringComparer.Ordinal)))
        .OrderBy(o => o.CreatedAt).ThenBy(o => o.Uid, StringComparer.Ordinal)
        .FirstOrDefault();

    private bool IsOlderThan(GridClaim other) =>
        CreatedAt != other.CreatedAt ? CreatedAt < other.CreatedAt : string.CompareOrdinal(Uid, other.Uid) < 0;

    /// <summary>Scheme and host in lower case and the port written out, as Uri has them, and no slash at the end.</summary>
    private static string AddressOf(GridSpec spec, string name) =>
        $"{(Uri.TryCreate(spec.Master.Url, UriKind.Absolute, out var url) ? $"{url.Host}:{url.Port}{url.AbsolutePath.TrimEnd('/')}" : spec.Master.Url)} {spec.Name ?? name}";
}
