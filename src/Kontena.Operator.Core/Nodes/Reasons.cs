using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Nodes;

/// <summary>The condition reason of each fault.</summary>
public static class Reasons
{
    public static string Of(DriverFault fault) => fault switch
    {
        DriverFault.Throttled => "ProviderThrottles",
        DriverFault.NoCapacity => "NoCapacity",
        DriverFault.QuotaReached => "QuotaReached",
        DriverFault.NotAllowed => "CredentialsRefused",
        DriverFault.BadSettings => "BadSettings",
        DriverFault.Unavailable => "ProviderUnavailable",
        DriverFault.TokenMismatch => "TokenMismatch",
        DriverFault.InUse => "InUse",
        DriverFault.TokenSpent => "MachineEnded",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "unknown fault"),
    };
}
