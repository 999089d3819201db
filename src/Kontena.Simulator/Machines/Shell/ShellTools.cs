using System.Globalization;
using System.Text.RegularExpressions;
using Kontena.Simulator.Machines.Os;

namespace Kontena.Simulator.Machines.Shell;

/// <summary>The small tools that scripts are made of, as far as bootstraps use them.</summary>
internal static partial class ShellTools
{
    /// <summary>The exit code; null where the tool is not one of these.</summary>
    public static int? Run(IReadOnlyList<string> words, ShellStreams streams, Disk disk)
    {
        var names = words.Skip(1).Where(w => !w.StartsWith('-')).ToList();
        switch (words[0])
        {
            case ":" or "true" or "sleep" or "mkdir" or "wait" or "umask":
                return 0;
            case "echo":
                streams.Output.AppendJoin(' ', words.Skip(words.Count > 1 && words[1] == "-n" ? 2 : 1)).Append(words.Count > 1 && words[1] == "-n" ? "" : "\n");
                return 0;
            case "printf" when words.Count > 1:
                streams.Output.Append(Format(words[1], words.Skip(2)));
                return 0;
            case "test":
                return ShellTest.Holds([.. words.Skip(1)], disk) ? 0 : 1;
            case "[":
                return words[^1] != "]" ? throw new ShellException("a [ without ]", broken: true) : ShellTest.Holds([.. words.Skip(1).Take(words.Count - 2)], disk) ? 0 : 1;
            case "cat":
                return Cat(names, streams, disk);
            case "rm":
                foreach (var name in names) disk.Remove(name);
                return 0;
            case "mv" or "cp" when names.Count == 2:
                return Move(names[0], names[1], words[0] == "cp", disk);
            case "touch":
                foreach (var name in names.Where(n => disk.Find(n) is null)) disk.Write(name, [], 0x1a4);
                return 0;
            case "chmod" when names.Count > 1:
                foreach (var name in names.Skip(1)) Mode(name, names[0], disk);
                return 0;
            case "head":
                return Head(words, streams);
            case "sed" when words is [_, "-n", var script]:
                return Sed(script, streams);
            case "grep" when words.Count is 2 or 3:
                return Grep(words, streams);
            default:
                return null;
        }
    }

    private static string Format(string format, IEnumerable<string> values)
    {
        var left = new Queue<string>(values);
        var text = Regex.Replace(format.Replace("\\n", "\n", StringComparison.Ordinal), "%[sd]", _ => left.TryDequeue(out var value) ? value : "");
        return text.Replace("%%", "%", StringComparison.Ordinal);
    }

    private static int Cat(List<string> names, ShellStreams streams, Disk disk)
    {
        if (names.Count == 0) streams.Output.Append(streams.Input);
        foreach (var name in names)
        {
            if (disk.Text(name) is not { } text) return 1;
            streams.Output.Append(text);
        }
        return 0;
    }

    private static int Move(string from, string to, bool copy, Disk disk)
    {
        if (disk.Find(from) is not { } file) return 1;
        disk.Write(to, file.Content, file.Mode);
        if (!copy) disk.Remove(from);
        return 0;
    }

    private static void Mode(string name, string mode, Disk disk)
    {
        if (disk.Find(name) is not { } file) return;
        var bits = mode.All(c => c is >= '0' and <= '7') ? Convert.ToInt32(mode, 8) : mode.Contains("+x", StringComparison.Ordinal) ? file.Mode | 0x49 : file.Mode;
        disk.Write(name, file.Content, bits);
    }

    private static int Head(IReadOnlyList<string> words, ShellStreams streams)
    {
        var number = words.Skip(1).Select(w => w.TrimStart('-').TrimStart('n')).LastOrDefault(w => w.Length > 0) ?? "10";
        var count = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 10;
        foreach (var line in Lines(streams.Input).Take(count)) streams.Output.Append(line).Append('\n');
        return 0;
    }

    /// <summary><c>s/this/that/p</c> alone, with basic regular expressions: groups and repetition as there.</summary>
    private static int Sed(string script, ShellStreams streams)
    {
        if (!Substitution().IsMatch(script)) throw new ShellException("a sed script that is not simulated");
        var parts = script.Split(script[1]);
        var pattern = new Regex(Basic(parts[1]), RegexOptions.None, TimeSpan.FromSeconds(1));
        var replacement = Regex.Replace(parts[2].Replace("$", "$$", StringComparison.Ordinal), @"\\(\d)", "$${$1}");
        foreach (var line in Lines(streams.Input).Where(line => pattern.IsMatch(line))) streams.Output.Append(pattern.Replace(line, replacement, 1)).Append('\n');
        return 0;
    }

    private static int Grep(IReadOnlyList<string> words, ShellStreams streams)
    {
        var pattern = new Regex(Basic(words[^1]), RegexOptions.None, TimeSpan.FromSeconds(1));
        var found = Lines(streams.Input).Where(line => pattern.IsMatch(line)).ToList();
        if (words[1] != "-q") foreach (var line in found) streams.Output.Append(line).Append('\n');
        return found.Count > 0 ? 0 : 1;
    }

    private static IEnumerable<string> Lines(string text) => text.Split('\n').SkipLast(text.EndsWith('\n') || text.Length == 0 ? 1 : 0);

    /// <summary>In a basic expression the bare characters <c>( ) { } + ? |</c> mean themselves, and those with a backslash group.</summary>
    private static string Basic(string pattern) => Regex.Replace(pattern, @"\\?[(){}+?|]", m => m.Length == 2 ? m.Value[1..] : "\\" + m.Value);

    [GeneratedRegex(@"^s(?<mark>[/|#,])[^\n]*\k<mark>[^\n]*\k<mark>p$")]
    private static partial Regex Substitution();
}
