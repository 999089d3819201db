namespace Kontena.Operator.Core.Grids;

/// <summary>Why a call to the Master failed.</summary>
public enum MasterFault
{
    /// <summary>No connection, no answer in time, or the Master broke off.</summary>
    Unreachable,

    /// <summary>Its certificate is not of the authority that the Grid names.</summary>
    Untrusted,

    /// <summary>403 <c>invalid_token</c>: unknown or expired.</summary>
    BadToken,

    /// <summary>403: the token's owner may not do this.</summary>
    NotAllowed,

    /// <summary>404: there is no such grid, node or path.</summary>
    NotFound,

    /// <summary>422: a field is refused; <see cref="MasterException.Field"/> says which.</summary>
    Refused,

    /// <summary>429.</summary>
    Throttled,

    /// <summary>5xx.</summary>
    Unavailable,

    /// <summary>Something answered that is no Kontena Master, or not in a form that this version understands.</summary>
    NotAMaster,
}
