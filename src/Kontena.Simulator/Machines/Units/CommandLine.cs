using System.Text;

namespace Kontena.Simulator.Machines.Units;

/// <summary>A command of a unit: its prefixes, and its words before variables are put in (<c>systemd.service(5)</c>, "Command lines").</summary>
/// <param name="MayFail"><c>-</c>: a failure counts as success.</param>
/// <param name="Expands">False with <c>:</c>, which leaves variables alone.</param>
internal sealed record CommandLine(IReadOnlyList<string> Words, bool MayFail, bool Expands)
{
    /// <summary>Arguments may hold a token.</summary>
    public override string ToString() => Words[0];

    /// <summary>Null where the line is empty or its quotes are not closed.</summary>
    public static CommandLine? Parse(string text, Func<string, string?> specifiers)
    {
        if (QuotedWords.Split(text) is not { Count: > 0 } words || words.Select(specifiers).ToList() is not { } resolved || resolved.Contains(null)) return null;
        var program = resolved[0] ?? "";
        var prefixes = program.TakeWhile(c => c is '-' or '@' or ':' or '+' or '!').Count();
        var marks = program[..prefixes];
        return prefixes == program.Length ? null
            : new([program[prefixes..], .. resolved.Skip(1).OfType<string>()], marks.Contains('-', StringComparison.Ordinal), !marks.Contains(':', StringComparison.Ordinal));
    }

    /// <summary>The words with variables put in; the program's own name is never expanded.</summary>
    public IReadOnlyList<string> Expand(IReadOnlyDictionary<string, string> environment) =>
        Expands ? [Words[0], .. Words.Skip(1).SelectMany(word => Expand(word, environment))] : Words;

    /// <summary><c>$NAME</c> as a word of its own is split at white space, into nothing where it is unset; <c>${NAME}</c> stays within its word; <c>$$</c> is a dollar.</summary>
    private static IEnumerable<string> Expand(string word, IReadOnlyDictionary<string, string> environment)
    {
        if (word is ['$', not ('{' or '$'), ..])
            return environment.TryGetValue(word[1..], out var value) ? QuotedWords.Split(value) ?? [] : [];
        var text = new StringBuilder();
        for (var i = 0; i < word.Length; i++)
        {
            var end = word[i] == '$' && i + 1 < word.Length && word[i + 1] == '{' ? word.IndexOf('}', i) : -1;
            if (end > 0)
            {
                text.Append(environment.GetValueOrDefault(word[(i + 2)..end], ""));
                i = end;
            }
            else if (word[i] == '$' && i + 1 < word.Length && word[i + 1] == '$')
            {
                text.Append('$');
                i++;
            }
            else text.Append(word[i]);
        }
        return [text.ToString()];
    }
}
