using Kontena.EndToEnd.Operator;

namespace Kontena.EndToEnd.Crash.Staging;

/// <summary>What else goes on while the operator dies.</summary>
internal sealed record Variant(string Name)
{
    /// <summary>How many seconds of the operator pass in one.</summary>
    public double Speed { get; init; } = 10;

    public Func<SceneOptions, SceneOptions> Options { get; init; } = options => options;

    /// <summary>Before the first operator starts.</summary>
    public Action<OperatorScene> Prepare { get; init; } = _ => { };

    /// <summary>Between the end of one operator and the start of the next.</summary>
    public Func<OperatorScene, Task> AtTheCrash { get; init; } = _ => Task.CompletedTask;

    /// <summary>How old the next operator's cache is, on its own clock.</summary>
    public TimeSpan CacheAge { get; init; }

    /// <summary>The pool is deleted at the crash, whatever was asked for before.</summary>
    public bool DeletesAtTheCrash { get; init; }

    /// <summary>Null: the operator is killed. Otherwise it only stands still.</summary>
    public Return? ComesBack { get; init; }

    public override string ToString() => Name;
}

/// <summary>When an operator that stood still goes on.</summary>
internal enum Return
{
    /// <summary>The next one has brought about what was asked for.</summary>
    WhenSettled,

    /// <summary>The pool and all of its nodes are gone.</summary>
    AfterDeletion,
}
