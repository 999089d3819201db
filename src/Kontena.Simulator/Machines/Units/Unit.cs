using System.Globalization;

namespace Kontena.Simulator.Machines.Units;

/// <summary>A unit as systemd loaded it: its file and drop-ins as one.</summary>
internal sealed class Unit(string name, IReadOnlyList<Assignment> assignments, string hostName)
{
    public string Name => name;

    /// <summary>A unit of the image has no text here, and is a daemon.</summary>
    public string Type => Last("Service", "Type") ?? (Commands("ExecStart").Count == 0 && assignments.Any(a => a.Section == "Service") ? "oneshot" : "simple");

    public string Restart => Last("Service", "Restart") ?? "no";

    /// <summary>In seconds; systemd's own default is a tenth of one.</summary>
    public double RestartSec => Seconds(Last("Service", "RestartSec")) ?? 0.1;

    public bool RemainAfterExit => Last("Service", "RemainAfterExit") is "yes" or "true" or "1" or "on";

    /// <summary>Starts within <see cref="StartLimitSeconds"/> before systemd gives up.</summary>
    public int StartLimitBurst => int.TryParse(Last("Unit", "StartLimitBurst") ?? Last("Service", "StartLimitBurst"), NumberStyles.None, CultureInfo.InvariantCulture, out var burst) ? burst : 5;

    public double StartLimitSeconds =>
        Seconds(Last("Unit", "StartLimitIntervalSec") ?? Last("Unit", "StartLimitInterval") ?? Last("Service", "StartLimitInterval")) ?? 10;

    public IReadOnlyList<string> Needs => [.. Names("Requires"), .. Names("BindsTo"), .. Names("Requisite")];

    public IReadOnlyList<string> Wants => Names("Wants");

    /// <summary>What starts before it, where both start.</summary>
    public IReadOnlyList<string> After => Names("After");

    public IReadOnlyList<string> Before => Names("Before");

    public IReadOnlyList<string> RequiredBy => Names("Install", "RequiredBy");

    public IReadOnlyList<string> WantedBy => [.. Names("Install", "WantedBy"), .. Names("Install", "RequiredBy")];

    /// <summary><c>ConditionPathExists=</c> and its kin, a leading <c>!</c> still on them.</summary>
    public IReadOnlyList<string> Paths => [.. List("Unit", "ConditionPathExists"), .. List("Unit", "AssertPathExists")];

    /// <summary>Paths of <c>EnvironmentFile=</c>, a leading <c>-</c> still on them.</summary>
    public IReadOnlyList<string> EnvironmentFiles => [.. List("Service", "EnvironmentFile").Select(Resolve).OfType<string>()];

    public IEnumerable<KeyValuePair<string, string>> Environment =>
        from line in List("Service", "Environment")
        from word in QuotedWords.Split(line) ?? []
        let resolved = Resolve(word)
        where resolved is not null
        let at = resolved.IndexOf('=', StringComparison.Ordinal)
        where at > 0 && EnvironmentText.IsName(resolved[..at])
        select new KeyValuePair<string, string>(resolved[..at], resolved[(at + 1)..]);

    public override string ToString() => name;

    public IReadOnlyList<CommandLine> Commands(string key) => [.. List("Service", key).Select(text => CommandLine.Parse(text, Resolve)).OfType<CommandLine>()];

    private string? Resolve(string text) => Specifiers.Resolve(text, name, hostName);

    private IReadOnlyList<string> Names(string key) => Names("Unit", key);

    private IReadOnlyList<string> Names(string section, string key) => [.. List(section, key).SelectMany(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))];

    private string? Last(string section, string key) => assignments.LastOrDefault(a => a.Section == section && a.Key == key)?.Value is { Length: > 0 } value ? value : null;

    /// <summary>Every assignment in order; an empty one forgets those before it.</summary>
    private List<string> List(string section, string key)
    {
        var values = new List<string>();
        foreach (var each in assignments.Where(a => a.Section == section && a.Key == key))
            if (each.Value.Length == 0) values.Clear();
            else values.Add(each.Value);
        return values;
    }

    /// <summary>"5", "5s", "2min", "500ms", "1min 30s"; "infinity" and what cannot be read are null.</summary>
    private static double? Seconds(string? text)
    {
        if (text is null) return null;
        double total = 0;
        foreach (var part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var number = new string([.. part.TakeWhile(c => char.IsAsciiDigit(c) || c == '.')]);
            double? unit = part[number.Length..] switch { "" or "s" or "sec" => 1, "ms" or "msec" => 0.001, "m" or "min" => 60, "h" or "hr" => 3600, _ => null };
            if (unit is null || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return null;
            total += value * unit.Value;
        }
        return total;
    }
}
