using System.Globalization;
using System.Text;

namespace Kontena.Simulator.Machines.Units;

/// <summary>Splits at white space as systemd does (<c>systemd.syntax(7)</c>, "Quoting"): quotes around a part or the whole of a word, C-style escapes.</summary>
internal static class QuotedWords
{
    /// <summary>The words; null where a quote is not closed, which makes systemd ignore the line.</summary>
    public static IReadOnlyList<string>? Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (inWord, quote) = (false, '\0');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && i + 1 < text.Length)
            {
                i = Escape(text, i + 1, word);
                inWord = true;
            }
            else if (quote != '\0')
            {
                if (c == quote) quote = '\0';
                else word.Append(c);
            }
            else if (c is '"' or '\'') (quote, inWord) = (c, true);
            else if (char.IsWhiteSpace(c))
            {
                if (inWord) words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }
        if (inWord) words.Add(word.ToString());
        return quote == '\0' ? words : null;
    }

    /// <summary>Adds what the escape at <paramref name="at"/> stands for; the index of its last character.</summary>
    private static int Escape(string text, int at, StringBuilder word)
    {
        switch (text[at])
        {
            case 'n': word.Append('\n'); return at;
            case 't': word.Append('\t'); return at;
            case 's': word.Append(' '); return at;
            case '\\' or '"' or '\'' or ' ': word.Append(text[at]); return at;
            case 'x' when at + 2 < text.Length && int.TryParse(text.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code):
                word.Append((char)code);
                return at + 2;
            default:
                word.Append('\\').Append(text[at]);
                return at;
        }
    }
}
