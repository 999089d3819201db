namespace Kontena.Simulator.Machines.Shell;

/// <summary>The grammar: lists, pipelines, if, while, until, for, groups. Anything else is a <see cref="ShellException"/>.</summary>
internal sealed class ShellParser
{
    private static readonly HashSet<string> Ends = new(StringComparer.Ordinal) { "then", "else", "elif", "fi", "do", "done", "}", "\0)" };
    private readonly List<string> tokens;
    private int at;

    private ShellParser(List<string> tokens) => this.tokens = tokens;

    public static ShellNode Parse(string script)
    {
        var parser = new ShellParser(ShellLexer.Cut(script));
        var node = parser.List();
        return parser.at == parser.tokens.Count ? node : throw new ShellException("an unexpected word", broken: true);
    }

    private string? Peek => at < tokens.Count ? tokens[at] : null;

    private ShellNode.Sequence List()
    {
        var steps = new List<ShellNode>();
        while (true)
        {
            while (Peek is "\0\n" or "\0;") at++;
            if (Peek is null || Ends.Contains(Peek)) return new(steps);
            steps.Add(AndOr());
            if (Peek is not null and not ("\0\n" or "\0;") && !Ends.Contains(Peek)) throw new ShellException("an operator that is not simulated");
        }
    }

    private ShellNode AndOr()
    {
        var node = Pipeline();
        while (Peek is "\0&&" or "\0||")
        {
            var and = tokens[at++] == "\0&&";
            while (Peek == "\0\n") at++;
            node = new ShellNode.Either(node, and, Pipeline());
        }
        return node;
    }

    private ShellNode Pipeline()
    {
        var negated = Take("!");
        var stages = new List<ShellNode> { Command() };
        while (Take("\0|"))
        {
            while (Peek == "\0\n") at++;
            stages.Add(Command());
        }
        return stages.Count == 1 && !negated ? stages[0] : new ShellNode.Pipeline(stages, negated);
    }

    private ShellNode Command() => Peek switch
    {
        "if" => If(),
        "while" or "until" => While(),
        "for" => For(),
        "{" => Group(),
        "\0(" => throw new ShellException("a subshell"),
        "case" or "function" => throw new ShellException("case or functions"),
        null => throw new ShellException("a missing command", broken: true),
        { } word when Ends.Contains(word) => throw new ShellException("an unexpected word", broken: true),
        _ => Simple(),
    };

    private ShellNode.Sequence Group()
    {
        Need("{");
        var body = List();
        Need("}");
        return body;
    }

    private ShellNode.If If()
    {
        var branches = new List<(ShellNode, ShellNode)>();
        Need("if");
        do
        {
            var condition = List();
            Need("then");
            branches.Add((condition, List()));
        }
        while (Take("elif"));
        ShellNode? otherwise = Take("else") ? List() : null;
        Need("fi");
        return new(branches, otherwise);
    }

    private ShellNode.While While()
    {
        var until = tokens[at++] == "until";
        var condition = List();
        Need("do");
        var body = List();
        Need("done");
        return new(condition, body, until);
    }

    private ShellNode.For For()
    {
        Need("for");
        var name = Peek ?? "";
        at++;
        Need("in");
        var words = new List<string>();
        while (Peek is { } word && word[0] != '\0') words.Add(tokens[at++]);
        while (Peek is "\0\n" or "\0;") at++;
        Need("do");
        var body = List();
        Need("done");
        return new(name, words, body);
    }

    private ShellNode.Simple Simple()
    {
        var (words, redirects) = (new List<string>(), new List<Redirect>());
        while (Peek is { } token)
        {
            if (token[0] != '\0') words.Add(tokens[at++]);
            else if (token[^1] is '>' or '<') redirects.Add(Redirection(tokens[at++][1..]));
            else break;
        }
        return words.Count + redirects.Count > 0 ? new(words, redirects) : throw new ShellException("a missing command", broken: true);
    }

    private Redirect Redirection(string op)
    {
        if (op.Contains("<<", StringComparison.Ordinal)) throw new ShellException("a here-document");
        var descriptor = char.IsAsciiDigit(op[0]) ? op[0] - '0' : op[0] == '<' ? 0 : 1;
        // >&2 arrives as the operators > and & and the word 2.
        if (Take("\0&")) return new(descriptor, "&" + Word(), false);
        return new(descriptor, Word(), op.EndsWith(">>", StringComparison.Ordinal));
    }

    private string Word() => Peek is { } word && word[0] != '\0' ? tokens[at++] : throw new ShellException("a redirection to nothing", broken: true);

    private bool Take(string token)
    {
        if (Peek != token) return false;
        at++;
        return true;
    }

    private void Need(string token)
    {
        if (!Take(token)) throw new ShellException($"a missing {token.TrimStart('\0')}", broken: true);
    }
}
