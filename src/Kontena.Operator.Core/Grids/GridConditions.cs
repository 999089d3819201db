namespace Kontena.Operator.Core.Grids;

/// <summary>The condition types of a Grid.</summary>
public static class GridConditions
{
    /// <summary>The Master answers, and pools may join their machines to the grid.</summary>
    public const string Ready = "Ready";

    /// <summary>The last call to the Master went well.</summary>
    public const string MasterReachable = "MasterReachable";

    /// <summary>Enough initial members (etcd) are connected for the grid to be changed; Unknown while it is still being built up.</summary>
    public const string QuorumHealthy = "QuorumHealthy";

    /// <summary>The Master's clock differs so little from ours that it takes the agents of machines whose clock is as ours.</summary>
    public const string ClockInSync = "ClockInSync";

    /// <summary>Only while it holds: the Master has no number left for another node.</summary>
    public const string GridFull = "GridFull";

    /// <summary>Only while the operator is still at it (kstatus: InProgress).</summary>
    public const string Reconciling = "Reconciling";

    /// <summary>Only while a human is needed (kstatus: Failed).</summary>
    public const string Stalled = "Stalled";
}
