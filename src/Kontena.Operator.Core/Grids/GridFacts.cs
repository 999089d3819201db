namespace Kontena.Operator.Core.Grids;

/// <summary>What <see cref="GridHolds"/> judges by.</summary>
public sealed record GridFacts
{
    /// <summary>Namespace and name of the Grid.</summary>
    public required string Key { get; init; }

    /// <summary>Name at the Master.</summary>
    public string GridName { get; init; } = "";

    public string Url { get; init; } = "";

    public bool Exists { get; init; } = true;

    /// <summary>True once all Grids were listed: before that, one that is not seen may be there.</summary>
    public bool Known { get; init; } = true;

    public bool Deleting { get; init; }

    /// <summary>The older Grid for the same grid, namespace and name.</summary>
    public string? ClaimedBy { get; init; }

    /// <summary>The Master's grid has another fingerprint than this Grid's status.</summary>
    public bool IsOther { get; init; }

    public bool IsTooOld { get; init; }

    public string? MasterVersion { get; init; }

    /// <summary>A listing was complete since the operator started.</summary>
    public bool Observed { get; init; }

    /// <summary>Our finalizers are on the Grid and on every Secret that it names.</summary>
    public bool Protected { get; init; }

    public MasterTrouble? Trouble { get; init; }

    /// <summary>How many nodes the Master has.</summary>
    public int Nodes { get; init; }
}
