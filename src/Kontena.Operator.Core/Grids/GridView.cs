using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Grids;

/// <summary>What pools and nodes see of their grid: the Grid object, and the last word of the Master.</summary>
public sealed record GridView
{
    /// <summary>The Grid's name in the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>The grid's name at the Master; equal to <see cref="Name"/> where the Grid does not say.</summary>
    public required string GridName { get; init; }

    /// <summary>False where there is no such Grid.</summary>
    public bool Exists { get; init; } = true;

    /// <summary>Why no node may be registered now: no Grid, claimed by another, Master too old, not protected yet …; null where one may.</summary>
    public Freeze? Holds { get; init; }

    /// <summary>True where waiting will not end <see cref="Holds"/>.</summary>
    public bool HoldNeedsHuman { get; init; }

    /// <summary>Why the Master did not answer the last time; null where it did, or was not asked yet.</summary>
    public MasterTrouble? Trouble { get; init; }

    /// <summary>The last complete listing; null before the first since the operator started.</summary>
    public MasterListing? Last { get; init; }

    /// <summary>The grid as last read; null before.</summary>
    public MasterGrid? Grid { get; init; }

    /// <summary>E.g. 1.5.4; null before the Master was asked.</summary>
    public string? MasterVersion { get; init; }

    /// <summary>Where machines reach the Master.</summary>
    public string AgentUrl { get; init; } = "";

    /// <summary>Positive where the Master's clock is ahead of ours; null where not measured.</summary>
    public TimeSpan? ClockAhead { get; init; }

    /// <summary>Last known health of initial members and of nodes that joined a moment ago, by name.</summary>
    public IReadOnlyDictionary<string, NodeHealth> Health { get; init; } = new Dictionary<string, NodeHealth>();

    /// <summary>Who may take an initial member away now.</summary>
    public GridSlot? Slot { get; init; }
}

/// <summary>The Master did not answer as it should.</summary>
/// <param name="Reason">Condition reason.</param>
/// <param name="Since">When it began.</param>
public sealed record MasterTrouble(MasterFault Fault, string Reason, string Message, DateTimeOffset Since, bool NeedsHuman);
