namespace Kontena.Operator.Core.Grids;

/// <summary>Condition reasons that say why no node may be registered in a grid, and why its Master does not answer.</summary>
public static class GridReasons
{
    public const string GridMissing = "GridMissing";

    public const string GridDeleted = "GridDeleted";

    /// <summary>An older Grid object stands for the same grid.</summary>
    public const string GridClaimed = "GridClaimed";

    /// <summary>What answers is another grid than before, under the same name.</summary>
    public const string OtherGrid = "OtherGrid";

    public const string GridMissingAtMaster = "GridMissingAtMaster";

    public const string MasterTooOld = "MasterTooOld";

    /// <summary>The finalizers that keep the Grid and its Secrets for the nodes' end are not all in place.</summary>
    public const string NotProtected = "NotProtected";

    /// <summary>The Master has not been asked since the operator started.</summary>
    public const string Observing = "Observing";

    public const string GridFull = "GridFull";

    /// <summary>Too few initial members for etcd to take writes.</summary>
    public const string QuorumLost = "QuorumLost";

    public const string TokenMissing = "TokenMissing";

    public const string CaMissing = "CaMissing";

    public const string SecretUnreadable = "SecretUnreadable";

    public static string Of(MasterFault fault) => fault switch
    {
        MasterFault.Unreachable => "MasterUnreachable",
        MasterFault.Untrusted => "MasterUntrusted",
        MasterFault.BadToken => "TokenRefused",
        MasterFault.NotAllowed => "NotAllowed",
        MasterFault.NotFound => GridMissingAtMaster,
        MasterFault.Refused => "MasterRefuses",
        MasterFault.Throttled => "MasterThrottles",
        MasterFault.Unavailable => "MasterUnavailable",
        MasterFault.NotAMaster => "NotAMaster",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "unknown fault"),
    };
}
