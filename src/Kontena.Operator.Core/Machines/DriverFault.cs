namespace Kontena.Operator.Core.Machines;

/// <summary>Why a provider's call failed, as far as we act differently on it. Each driver has one table from its provider's codes to these.</summary>
public enum DriverFault
{
    /// <summary>Too many calls for now. Nothing was done.</summary>
    Throttled,

    /// <summary>No room for this machine type in this zone. Nothing was made; another offering may do.</summary>
    NoCapacity,

    /// <summary>The account's limit is reached. Nothing was made; waits for a human or for machines to go.</summary>
    QuotaReached,

    /// <summary>Credentials missing, wrong or without the right. Waits for a human.</summary>
    NotAllowed,

    /// <summary>The request can never succeed as it is (unknown image, zone, key pair, type). Waits for the settings to change.</summary>
    BadSettings,

    /// <summary>5xx, time-out, connection lost: a create may have been carried out. Try the very same call again.</summary>
    Unavailable,

    /// <summary>The token was used with other parameters. Means "look up", never "count up".</summary>
    TokenMismatch,

    /// <summary>The token's machine exists no more: it was made and is already terminated.</summary>
    TokenSpent,

    /// <summary>Something else still uses it (a firewall of a machine that has not quite ended). Nothing was done; try again.</summary>
    InUse,
}
