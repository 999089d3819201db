using System.Globalization;

namespace Kontena.Operator.Core.Ports;

/// <summary>Ports from one to another, both included.</summary>
public readonly record struct PortRange(int From, int To)
{
    /// <summary>Every port.</summary>
    public static readonly PortRange All = new(0, 65535);

    public static PortRange Of(int port) => new(port, port);

    /// <summary>Reads <c>80</c> or <c>8000-8100</c>; false where it is neither, where a port is not 1 to 65535, or where the range ends before it begins.</summary>
    public static bool TryParse(string text, out PortRange range)
    {
        var (first, last) = text.IndexOf('-', StringComparison.Ordinal) is var dash && dash < 0 ? (text, text) : (text[..dash], text[(dash + 1)..]);
        range = default;
        if (!IsPort(first, out var from) || !IsPort(last, out var to) || from > to) return false;
        range = new PortRange(from, to);
        return true;
    }

    public bool Covers(PortRange other) => From <= other.From && other.To <= To;

    public override string ToString() => From == To
        ? From.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{From}-{To}");

    private static bool IsPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;
}
