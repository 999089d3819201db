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

    /// <summary>The same in a script with a grid; told which nodes there are.</summary>
    public Func<GridStage, IReadOnlyCollection<KontenaNode>, Task> AtTheCrashInGrid { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Once the next operator runs, in a script with a grid; can wait for what happens.</summary>
    public Func<GridStage, Func<Func<bool>, string, Task>, Task> AfterTheCrash { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Reasons of a node's Ready on which the user deletes it, as its message says.</summary>
    public IReadOnlySet<string> ReasonsToDelete { get; init; } = new HashSet<string>();

    /// <summary>How late the answers of the Master's lists come, in real time.</summary>
    public TimeSpan ListsLate { get; init; }

    /// <summary>Agents lose their Master on the way, so what the Master says of members' health proves nothing.</summary>
    public bool CutsAgents { get; init; }

    /// <summary>Calls are refused by chance: how often one is made again hangs on who else called meanwhile.</summary>
    public bool RefusesByChance { get; init; }

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
