namespace Kontena.Operator.Commands.Live;

/// <summary>What the live view shows at one moment. Order is the caller's: the view keeps it.</summary>
public sealed record LiveModel
{
    public IReadOnlyList<LiveGrid> Grids { get; init; } = [];

    public IReadOnlyList<LivePool> Pools { get; init; } = [];

    public IReadOnlyList<LiveNode> Nodes { get; init; } = [];

    /// <summary>Newest last; a handful is enough. Each is printed once where output is plain.</summary>
    public IReadOnlyList<LiveHappening> Happenings { get; init; } = [];
}

/// <summary>The three outcomes of kstatus, by which Flux, Argo and <c>kubectl wait</c> judge.</summary>
public enum LiveProgress
{
    /// <summary>As declared.</summary>
    Current,

    /// <summary>On its way.</summary>
    InProgress,

    /// <summary>Waiting will not help.</summary>
    Stalled,
}

/// <param name="Name">Unique in the model.</param>
/// <param name="Version">Of its Master; empty before it answered.</param>
/// <param name="Initial">Healthy initial members of all, e.g. 3/3; empty before they are known.</param>
/// <param name="Reason">The reason of the Ready condition.</param>
/// <param name="Message">Its message; shown while the grid is not <see cref="LiveProgress.Current"/>.</param>
public sealed record LiveGrid(string Name, string Version, int Nodes, int Online, string Initial, LiveProgress Progress, string Reason, string Message);

/// <param name="Name">Unique in the model.</param>
/// <param name="Desired">Nodes asked for.</param>
/// <param name="Nodes">Nodes that exist, those being removed included.</param>
/// <param name="Reason">The reason of the Ready condition.</param>
/// <param name="Message">The message of the Ready condition; shown while the pool is not <see cref="LiveProgress.Current"/>.</param>
public sealed record LivePool(string Name, string Provider, int Desired, int Nodes, int Ready, LiveProgress Progress, string Reason, string Message);

/// <param name="State">The reason of the Ready condition.</param>
/// <param name="Created">Age is counted from here.</param>
/// <param name="Address">Empty while there is none.</param>
public sealed record LiveNode(string Name, string Zone, string Type, LiveProgress Progress, string State, DateTimeOffset Created, string Address);

/// <param name="About">The pool or node.</param>
/// <param name="Message">A sentence.</param>
public sealed record LiveHappening(DateTimeOffset Time, string About, string Message);
