using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Core.Nodes;

/// <summary>The condition reason of each fault of the Master.</summary>
public static class MasterReasons
{
    public static string Of(MasterFault fault) => fault switch
    {
        MasterFault.Unreachable => "MasterUnreachable",
        MasterFault.Untrusted => "MasterUntrusted",
        MasterFault.BadToken => "MasterTokenRefused",
        MasterFault.NotAllowed => "MasterNotAllowed",
        MasterFault.NotFound => "GridMissingAtMaster",
        MasterFault.Refused => "MasterRefused",
        MasterFault.Throttled => "MasterThrottles",
        MasterFault.Unavailable => "MasterUnavailable",
        MasterFault.NotAMaster => "NotAMaster",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "unknown fault"),
    };
}
