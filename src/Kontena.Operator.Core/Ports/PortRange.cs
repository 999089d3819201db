using System.Globalization;

namespace Kontena.Operator.Core.Ports;

/// <summary>Ports from one to another, both included.</summary>
public readonly record struct PortRange(int From, int To)
{
    /// <summary>Every port.</summary>
    public static readonly PortRange All = new(0, 65535);

    public static PortRange Of(int port) => new(port, port);

    public bool Covers(PortRange other) => From <= other.From && other.To <= To;

    public override string ToString() => From == To
        ? From.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{From}-{To}");
}
