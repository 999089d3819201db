using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Api;

public sealed partial record PortSpec : IHasRules
{
    // Rules are evaluated on texts too that the pattern refuses, and would add that they found no number.
    private const string IsPort = $"!({HasNumbers}) || (self.port.split('-').all(n, int(n) >= 1 && int(n) <= 65535) && {First} <= {Last})";

    private const string NotOfTheOverlay = $"!({HasNumbers}) || {First} > 6784 || {Last} < 6783";

    private const string HasNumbers = "self.port.matches('" + Patterns.PortOrRange + "')";

    private const string First = "int(self.port.split('-')[0])";

    private const string Last = "int(self.port.substring(self.port.lastIndexOf('-') + 1))";

    private const string NoPort = "a port is 1 to 65535, and a range begins with the lower one, e.g. 8000-8100";

    // Whoever reaches them speaks to the overlay's routers. A network is never a source for them, not even a private one.
    private const string OverlayPort = "6783 and 6784 are the overlay network's own, which the operator opens among members of the grid and to nobody else: leave them out";

    public IEnumerable<FieldError> BrokenRules(object? old)
    {
        if (Port is { } port && Numbers(port) is { } numbers)
        {
            if (!PortRange.TryParse(port, out _)) yield return new(".port", FieldErrorKind.Invalid, NoPort, FieldErrorSource.Rule);
            if (numbers.From <= 6784 && numbers.To >= 6783) yield return new(".port", FieldErrorKind.Forbidden, OverlayPort, FieldErrorSource.Rule);
        }
        foreach (var error in SourceRules.Broken(Sources)) yield return error;
    }

    /// <summary>True where the port, or the range, has <paramref name="port"/> in it.</summary>
    internal bool Covers(PortProtocol protocol, int port) =>
        (Protocol ?? PortProtocol.TCP) == protocol && Port is not null && Numbers(Port) is { } numbers && numbers.From <= port && port <= numbers.To;

    /// <summary>As they are written, though a port be too high or a range begin after its end; null where the schema refuses the text.</summary>
    private static PortRange? Numbers(string port)
    {
        var parts = port.Split('-');
        return parts.Length <= 2 && parts.All(p => p.Length is >= 1 and <= 5 && p.All(char.IsAsciiDigit))
            ? new PortRange(Number(parts[0]), Number(parts[^1]))
            : null;
    }

    private static int Number(string digits) => digits.Aggregate(0, (number, digit) => number * 10 + digit - '0');
}

public sealed partial record SourcesSpec : IHasRules
{
    public IEnumerable<FieldError> BrokenRules(object? old) => SourceRules.Broken(Sources);
}
