using System.Text;

namespace Kontena.Simulator.Machines.Units;

/// <summary>The percent signs of a unit file (<c>systemd.unit(5)</c>, "Specifiers").</summary>
internal static class Specifiers
{
    /// <summary>The text with specifiers resolved; null where one is not known, which makes systemd ignore the assignment.</summary>
    public static string? Resolve(string text, string unit, string hostName)
    {
        if (!text.Contains('%', StringComparison.Ordinal)) return text;
        var resolved = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                resolved.Append(text[i]);
                continue;
            }
            if (++i == text.Length) return null;
            if (Value(text[i], unit, hostName) is not { } value) return null;
            resolved.Append(value);
        }
        return resolved.ToString();
    }

    private static string? Value(char specifier, string unit, string hostName) => specifier switch
    {
        '%' => "%",
        'n' => unit,
        'N' or 'p' => unit[..unit.LastIndexOf('.')],
        'H' => hostName,
        'l' => hostName.Split('.')[0],
        't' => "/run",
        'S' => "/var/lib",
        'T' => "/tmp",
        'E' => "/etc",
        'h' => "/root",
        'u' => "root",
        'U' => "0",
        'i' or 'I' or 'j' or 'J' => "",
        _ => null,
    };
}
