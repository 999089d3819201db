using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Kontena.Standalone.Schema;

/// <summary>The formats that an API server checks. An unknown format says nothing, as in Kubernetes.</summary>
internal static partial class Formats
{
    private static readonly FrozenDictionary<string, Func<string, bool>> Texts = new Dictionary<string, Func<string, bool>>
    {
        ["date-time"] = text => DateTimeExpression().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        ["date"] = text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        ["ipv4"] = text => IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork && text.Count(c => c == '.') == 3,
        ["ipv6"] = text => IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6,
        ["cidr"] = IsCidr,
        ["mac"] = text => MacExpression().IsMatch(text),
        ["uuid"] = text => Guid.TryParseExact(text, "D", out _),
        ["uri"] = text => Uri.TryCreate(text, UriKind.Absolute, out _),
        ["hostname"] = text => text.Length <= 253 && HostnameExpression().IsMatch(text),
        ["email"] = text => EmailExpression().IsMatch(text),
        ["byte"] = text => Convert.TryFromBase64String(text, new byte[text.Length], out _),
        ["duration"] = text => DurationExpression().IsMatch(text),
    }.ToFrozenDictionary();

    public static bool Holds(string format, JsonNode value)
    {
        if (value.Text() is { } text) return !Texts.TryGetValue(format, out var check) || check(text);
        return format switch
        {
            "int32" => value.Integer() is null or (>= int.MinValue and <= int.MaxValue),
            "float" => ValueLimits.Number(value) is not { } real || Math.Abs(real) <= float.MaxValue,
            _ => true,
        };
    }

    private static bool IsCidr(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        // Host bits may be set (10.0.0.1/8): Go's ParseCIDR takes them, System.Net.IPNetwork does not.
        return slash > 0 && IPAddress.TryParse(text.AsSpan(0, slash), out var address)
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            && bits <= (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})\z")]
    private static partial Regex DateTimeExpression();

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\z")]
    private static partial Regex HostnameExpression();

    [GeneratedRegex(@"^([0-9A-Fa-f]{2}[:-]){5}([0-9A-Fa-f]{2}[:-]){0,2}[0-9A-Fa-f]{2}\z")]
    private static partial Regex MacExpression();

    [GeneratedRegex(@"^[^@\s]+@[^@\s]+\z")]
    private static partial Regex EmailExpression();

    [GeneratedRegex(@"^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h|d|w))+\z")]
    private static partial Regex DurationExpression();
}
