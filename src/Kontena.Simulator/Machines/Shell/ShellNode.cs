namespace Kontena.Simulator.Machines.Shell;

/// <summary>A piece of a script. Words are kept as they were written, quotes and all: they are expanded when they run.</summary>
internal abstract record ShellNode
{
    private ShellNode()
    {
    }

    public sealed record Simple(IReadOnlyList<string> Words, IReadOnlyList<Redirect> Redirects) : ShellNode;

    public sealed record Pipeline(IReadOnlyList<ShellNode> Stages, bool Negated) : ShellNode;

    /// <param name="And">True for <c>&amp;&amp;</c>, false for <c>||</c>.</param>
    public sealed record Either(ShellNode First, bool And, ShellNode Then) : ShellNode;

    public sealed record Sequence(IReadOnlyList<ShellNode> Steps) : ShellNode;

    public sealed record If(IReadOnlyList<(ShellNode Condition, ShellNode Body)> Branches, ShellNode? Else) : ShellNode;

    public sealed record While(ShellNode Condition, ShellNode Body, bool Until) : ShellNode;

    public sealed record For(string Name, IReadOnlyList<string> Words, ShellNode Body) : ShellNode;

    /// <summary>A script may hold a token.</summary>
    public sealed override string ToString() => GetType().Name;
}

/// <param name="Descriptor">1 or 2; 0 for an input.</param>
/// <param name="Target">A path as written, or <c>&amp;1</c> and <c>&amp;2</c>.</param>
internal sealed record Redirect(int Descriptor, string Target, bool Append);

/// <summary>A script cannot be run. The message quotes nothing of it.</summary>
/// <param name="broken">True where a real shell would refuse it as well; false where the model does not know something that a shell would.</param>
internal sealed class ShellException(string message, bool broken = false) : Exception(message)
{
    public bool Broken => broken;
}
