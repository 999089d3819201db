namespace Kontena.Simulator.Faults;

/// <summary>What goes wrong. Each kind is a thing that a real cloud, or the network before it, has been seen to do.</summary>
public enum FaultKind
{
    /// <summary>The request is refused for its rate (EC2: 503 RequestLimitExceeded, Kontena: 429). Nothing is carried out.</summary>
    Throttle,

    /// <summary>A launch finds no room in the zone (EC2: 500 InsufficientInstanceCapacity). Honours zone and type.</summary>
    Capacity,

    /// <summary>A launch is over the account's quota (EC2: 400 VcpuLimitExceeded, or the code that is named).</summary>
    Quota,

    /// <summary>500 InternalError, or the code that is named (Kontena: 500, or 503 with code Unavailable). Nothing is carried out.</summary>
    ServerError,

    /// <summary>The request waits for the fault's delay and is then carried out as always.</summary>
    Slow,

    /// <summary>The request IS carried out; the connection is cut before one byte of the answer.</summary>
    LostAnswer,

    /// <summary>The connection is cut before anything is done.</summary>
    Cut,

    /// <summary>200, but the document ends in the middle.</summary>
    HalfPage,

    /// <summary>The credentials are refused although they are right (EC2: 401 AuthFailure, Kontena: 403 invalid_token).</summary>
    AuthFailure,

    /// <summary>The credentials are known and not allowed to do this (EC2: 403 UnauthorizedOperation, Kontena: 403 Access denied).</summary>
    Unauthorized,

    /// <summary>No answer until the caller gives up or the simulator stops. Nothing is carried out.</summary>
    Hang,
}
