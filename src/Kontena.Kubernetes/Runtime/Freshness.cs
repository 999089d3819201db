namespace Kontena.Kubernetes.Runtime;

/// <summary>A store against what we ourselves wrote.</summary>
public enum Freshness
{
    /// <summary>Every write of ours that can be compared is in the store.</summary>
    CaughtUp,

    /// <summary>A write of ours is missing; the watch will bring it in a moment.</summary>
    Behind,

    /// <summary>Missing for so long that the versions may have been rewound: only an uncached list can tell.</summary>
    Overdue,
}
