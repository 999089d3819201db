using System.Text;

namespace Kontena.Simulator.Ec2.Query;

/// <summary>application/x-www-form-urlencoded, read strictly: a key twice is refused rather than guessed about.</summary>
internal static class QueryForm
{
    public static IReadOnlyDictionary<string, string> Read(ReadOnlySpan<byte> body)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in Encoding.UTF8.GetString(body).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            if (!form.TryAdd(Decode(parts[0]), parts.Length == 2 ? Decode(parts[1]) : ""))
                throw new ApiException(400, "MalformedQueryString", $"The parameter {Decode(parts[0])} appears more than once");
        }
        return form;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
