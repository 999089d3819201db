using System.Globalization;
using Kontena.Simulator.Machines.Os;

namespace Kontena.Simulator.Machines.Shell;

/// <summary>The conditions of <c>test</c> and <c>[ ]</c>.</summary>
internal static class ShellTest
{
    public static bool Holds(IReadOnlyList<string> words, Disk disk) => words.Count switch
    {
        0 => false,
        1 => words[0].Length > 0,
        _ when words[0] == "!" => !Holds([.. words.Skip(1)], disk),
        2 => Unary(words[0], words[1], disk),
        3 => Binary(words[0], words[1], words[2]),
        _ => throw new ShellException("a test that is not simulated"),
    };

    private static bool Unary(string op, string value, Disk disk) => op switch
    {
        "-n" => value.Length > 0,
        "-z" => value.Length == 0,
        "-e" or "-d" => disk.Exists(value),
        "-f" or "-r" or "-w" => disk.Find(value) is not null,
        "-s" => disk.Find(value)?.Content.Length > 0,
        "-x" => disk.Find(value) is { } file && (file.Mode & 0x49) != 0,
        _ => throw new ShellException("a test that is not simulated"),
    };

    private static bool Binary(string left, string op, string right)
    {
        static long Number(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new ShellException("a test of no number");
        return op switch
        {
            "=" or "==" => left == right,
            "!=" => left != right,
            "-eq" => Number(left) == Number(right),
            "-ne" => Number(left) != Number(right),
            "-lt" => Number(left) < Number(right),
            "-le" => Number(left) <= Number(right),
            "-gt" => Number(left) > Number(right),
            "-ge" => Number(left) >= Number(right),
            _ => throw new ShellException("a test that is not simulated"),
        };
    }
}
