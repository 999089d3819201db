using System.Globalization;
using System.Text;

namespace Kontena.Simulator.Machines.Shell;

/// <summary>Expands words: variables with defaults, command and arithmetic substitution, quotes, and the splitting of what stands outside quotes.</summary>
/// <param name="run">Runs a script and gives its output.</param>
internal sealed class ShellWords(Dictionary<string, string> variables, Func<string, string> run)
{
    /// <summary><c>set -u</c></summary>
    public bool Strict { get; set; }

    public IEnumerable<string> Fields(string word)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var present = false;
        foreach (var (text, quoted) in Pieces(word))
        {
            if (quoted)
            {
                field.Append(text);
                present = true;
                continue;
            }
            foreach (var c in text)
            {
                if (c is not (' ' or '\t' or '\n'))
                {
                    field.Append(c);
                    present = true;
                }
                else if (present)
                {
                    fields.Add(field.ToString());
                    field.Clear();
                    present = false;
                }
            }
        }
        if (present) fields.Add(field.ToString());
        return fields;
    }

    /// <summary>As in an assignment: expanded, and in one piece.</summary>
    public string Text(string word) => string.Concat(Pieces(word).Select(p => p.Text));

    private IEnumerable<(string Text, bool Quoted)> Pieces(string word)
    {
        var at = 0;
        while (at < word.Length)
        {
            switch (word[at])
            {
                case '\'':
                    var close = word.IndexOf('\'', at + 1);
                    yield return (word[(at + 1)..close], true);
                    at = close + 1;
                    break;
                case '"':
                    var inside = new StringBuilder();
                    at = DoubleQuoted(word, at + 1, inside);
                    yield return (inside.ToString(), true);
                    break;
                case '\\':
                    yield return (word[(at + 1)..Math.Min(at + 2, word.Length)], true);
                    at += 2;
                    break;
                case '$':
                    yield return (Substitute(word, ref at), false);
                    break;
                default:
                    yield return (word[at].ToString(), true);
                    at++;
                    break;
            }
        }
    }

    private int DoubleQuoted(string word, int at, StringBuilder inside)
    {
        while (word[at] != '"')
        {
            if (word[at] == '\\' && word[at + 1] is '"' or '\\' or '$' or '`')
            {
                inside.Append(word[at + 1]);
                at += 2;
            }
            else if (word[at] == '$') inside.Append(Substitute(word, ref at));
            else inside.Append(word[at++]);
        }
        return at + 1;
    }

    /// <summary>What the dollar at <paramref name="at"/> stands for; moves behind it.</summary>
    private string Substitute(string word, ref int at)
    {
        var next = at + 1 < word.Length ? word[at + 1] : ' ';
        if (next == '(')
        {
            var end = ShellLexer.Closing(word, at + 1);
            var inner = word[(at + 2)..(end - 1)];
            at = end;
            return inner is ['(', .., ')'] ? Arithmetic(inner[1..^1]) : run(inner).TrimEnd('\n');
        }
        if (next == '{')
        {
            var end = word.IndexOf('}', at);
            var inner = word[(at + 2)..end];
            at = end + 1;
            return Braced(inner);
        }
        var length = 0;
        while (at + 1 + length < word.Length && (char.IsAsciiLetterOrDigit(word[at + 1 + length]) || word[at + 1 + length] == '_')) length++;
        if (length == 0 && next is '?' or '@' or '*' or '#' or '!' or '$') length = 1;
        var name = word[(at + 1)..(at + 1 + length)];
        at += 1 + length;
        return length == 0 ? "$" : Value(name);
    }

    /// <summary><c>${NAME}</c>, and <c>${NAME:-word}</c>, whose word may be a substitution up to its first closing brace.</summary>
    private string Braced(string inner)
    {
        var colon = inner.IndexOf(":-", StringComparison.Ordinal);
        if (colon > 0) return variables.GetValueOrDefault(inner[..colon]) is { Length: > 0 } value ? value : Text(inner[(colon + 2)..]);
        return inner.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? Value(inner) : throw new ShellException("an expansion that is not simulated");
    }

    private string Value(string name) => variables.TryGetValue(name, out var value) ? value
        : !Strict || name is "@" or "*" ? "" : throw new ShellException($"{name} is used and was never set", broken: true);

    /// <summary>A number or name, or two of them with an operator between.</summary>
    private string Arithmetic(string expression)
    {
        var parts = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        long Number(string part) => long.TryParse(part.TrimStart('$'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : long.TryParse(Value(part.TrimStart('$')), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) ? number : 0;
        return (parts switch
        {
            [var one] => Number(one),
            [var left, "+", var right] => Number(left) + Number(right),
            [var left, "-", var right] => Number(left) - Number(right),
            [var left, "*", var right] => Number(left) * Number(right),
            _ => throw new ShellException("arithmetic that is not simulated"),
        }).ToString(CultureInfo.InvariantCulture);
    }
}
