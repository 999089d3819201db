using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kontena.Simulator.Ec2.Query;

/// <summary>One page of a listing in a fixed order. The token says where to go on, and for which question.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextToken)
{
    private const int Most = 1000;

    /// <summary>
    /// Takes the page that the parameters ask for. A listing without MaxResults is cut at 1000 too: a client that does not follow
    /// NextToken must be found out here.
    /// </summary>
    /// <param name="order">A number that never changes for an item and rises along the listing.</param>
    public static Page<T> Take(IEnumerable<T> items, Func<T, long> order, QueryParameters parameters)
    {
        var most = parameters.Integer("MaxResults");
        if (most < 5)
            throw Refusal.InvalidValue(most.Value.ToString(CultureInfo.InvariantCulture), "maxResults", "Expecting a value greater than 5.");
        if (most > Most)
            throw Refusal.InvalidValue(most.Value.ToString(CultureInfo.InvariantCulture), "maxResults", "Expecting a value less than 1000.");
        var after = parameters.Text("NextToken") is { } token ? ReadToken(token, parameters) : -1;
        var page = items.Where(item => order(item) > after).Take((most ?? Most) + 1).ToList();
        if (page.Count <= (most ?? Most)) return new(page, null);
        page.RemoveAt(page.Count - 1);
        return new(page, Token(order(page[^1]), parameters));
    }

    private static string Token(long after, QueryParameters parameters) => Convert.ToBase64String(
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{after}/{Question(parameters)}")));

    private static long ReadToken(string token, QueryParameters parameters)
    {
        Span<byte> bytes = stackalloc byte[128];
        if (token.Length > 128 || !Convert.TryFromBase64String(token, bytes, out var length)) throw Invalid(token);
        var parts = Encoding.ASCII.GetString(bytes[..length]).Split('/');
        if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var after)) throw Invalid(token);
        // A token belongs to its filters; with others it would silently leave things out.
        return parts[1] == Question(parameters) ? after : throw Invalid(token);
    }

    private static ApiException Invalid(string token) => new(400, "InvalidNextToken", $"The token '{token}' is invalid");

    private static string Question(QueryParameters parameters)
    {
        var asked = parameters.All.Where(p => p.Key is not ("NextToken" or "MaxResults" or "DryRun")).OrderBy(p => p.Key, StringComparer.Ordinal);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', asked.Select(p => $"{p.Key}={p.Value}"))));
        return Convert.ToHexStringLower(hash.AsSpan(0, 8));
    }
}
