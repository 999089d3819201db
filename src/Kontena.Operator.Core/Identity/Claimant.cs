namespace Kontena.Operator.Core.Identity;

/// <summary>Who claims an id: a node of ours, or an entry at a Master that no node of ours stands for.</summary>
/// <param name="Grid">Namespace and name of the Grid object by whose Master it is known.</param>
/// <param name="Name">Its name at the Master.</param>
public sealed record Claimant(string Grid, string Name)
{
    /// <summary>UID of the KontenaNode; null where the claimant is no node of ours.</summary>
    public string? NodeUid { get; init; }

    /// <summary>Namespace and name of the KontenaNode.</summary>
    public string? Node { get; init; }

    /// <summary>UID of its pool.</summary>
    public string? PoolUid { get; init; }

    public bool IsOurs => NodeUid is not null;

    /// <summary>Tells claimants apart, over all grids and Masters.</summary>
    public string Key => NodeUid ?? $"{Grid} {Name}";

    /// <summary>For people.</summary>
    public string Text => Node is null ? $"{Name} (grid {Grid}; no node of this operator)" : Node;
}
