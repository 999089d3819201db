namespace Kontena.Simulator.Machines.Shell;

/// <summary>Cuts a script into words and operators (POSIX shell, "Token recognition").</summary>
internal static class ShellLexer
{
    private static readonly string[] Operators = ["&&", "||", ";;", ">>", "<<", ";", "|", "&", "(", ")", "<", ">", "\n"];

    /// <summary>Operators are prefixed with a NUL, so that a quoted <c>";"</c> is never one. A redirection's descriptor is part of it: <c>2></c>.</summary>
    public static List<string> Cut(string script)
    {
        var tokens = new List<string>();
        var at = 0;
        while (at < script.Length)
        {
            if (script[at] is ' ' or '\t' or '\r') at++;
            else if (script[at] == '\\' && at + 1 < script.Length && script[at + 1] == '\n') at += 2;
            else if (script[at] == '#') at = End(script, '\n', at);
            else if (Operator(script, at) is { } found)
            {
                tokens.Add('\0' + found);
                at += found.Length;
            }
            else
            {
                var end = WordEnd(script, at);
                tokens.Add(script[at..end].Replace("\\\n", "", StringComparison.Ordinal));
                at = end;
            }
        }
        return tokens;
    }

    /// <summary>The index behind the matching parenthesis of the one at <paramref name="open"/>, quotes respected.</summary>
    public static int Closing(string text, int open)
    {
        var depth = 0;
        for (var at = open; at < text.Length; at++)
        {
            if (text[at] == '\\') at++;
            else if (text[at] is '\'' or '"') at = QuoteEnd(text, at);
            else if (text[at] == '(') depth++;
            else if (text[at] == ')' && --depth == 0) return at + 1;
        }
        throw new ShellException("a parenthesis is not closed", broken: true);
    }

    private static int WordEnd(string text, int at)
    {
        while (at < text.Length && !(text[at] is ' ' or '\t' or '\r') && Operator(text, at) is null)
            at = text[at] switch
            {
                '\\' => Math.Min(at + 2, text.Length),
                '\'' or '"' => QuoteEnd(text, at) + 1,
                '$' when at + 1 < text.Length && text[at + 1] == '(' => Closing(text, at + 1),
                '$' when at + 1 < text.Length && text[at + 1] == '{' => End(text, '}', at) + 1,
                '`' => throw new ShellException("backquotes"),
                _ => at + 1,
            };
        return Math.Min(at, text.Length);
    }

    /// <summary>The index of the quote that ends what begins at <paramref name="at"/>; within double quotes a substitution may have quotes of its own.</summary>
    private static int QuoteEnd(string text, int at)
    {
        var quote = text[at];
        for (var i = at + 1; i < text.Length; i++)
        {
            if (text[i] == quote) return i;
            if (quote != '"') continue;
            if (text[i] == '\\') i++;
            else if (text[i] == '$' && i + 1 < text.Length && text[i + 1] == '(') i = Closing(text, i + 1) - 1;
        }
        throw new ShellException("a quote is not closed", broken: true);
    }

    private static int End(string text, char last, int from) => text.IndexOf(last, from) is >= 0 and var found ? found : text.Length;

    private static string? Operator(string text, int at)
    {
        if (char.IsAsciiDigit(text[at]) && at + 1 < text.Length && text[at + 1] is '>' or '<' && (at == 0 || text[at - 1] is ' ' or '\t' or '\n'))
            return text[at] + (Operator(text, at + 1) ?? "");
        return Array.Find(Operators, each => string.CompareOrdinal(text, at, each, 0, each.Length) == 0);
    }
}
