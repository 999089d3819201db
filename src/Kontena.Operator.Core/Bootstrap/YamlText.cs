using System.Globalization;
using System.Text;

namespace Kontena.Operator.Core.Bootstrap;

/// <summary>Writes texts as YAML such that any reader gets the same text back; the result is ASCII.</summary>
internal static class YamlText
{
    /// <summary>In double quotes, with escapes that YAML 1.1 and 1.2 share.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        foreach (var rune in text.EnumerateRunes())
            _ = rune.Value switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append(@"\\"),
                '\n' => quoted.Append("\\n"),
                >= ' ' and <= '~' => quoted.Append((char)rune.Value),
                // A pair of \u escapes is two broken characters to PyYAML: beyond the first plane there is \U only.
                <= 0xffff => quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            };
        return quoted.Append('"').ToString();
    }

    /// <summary>As a block where its lines can stand as they are, for the people who read it; else quoted.</summary>
    /// <param name="indent">Column of the block's lines.</param>
    public static string Block(string text, int indent)
    {
        var plain = text.Length > 1 && text[0] is not (' ' or '\n') && text[^1] == '\n' && text[^2] != '\n' && text.All(c => c is '\n' or (>= ' ' and <= '~'));
        if (!plain) return Quoted(text);
        var block = new StringBuilder("|\n");
        foreach (var line in text[..^1].Split('\n'))
            block.Append(' ', line.Length == 0 ? 0 : indent).Append(line).Append('\n');
        return block.ToString(0, block.Length - 1);
    }

    /// <summary>A list on one line, e.g. a command and its arguments.</summary>
    public static string Flow(params IEnumerable<string> items) => $"[{string.Join(", ", items.Select(Quoted))}]";
}
