namespace Kontena.Operator.Providers.Tests.Contract;

/// <summary>What must never be taken for an absence.</summary>
public enum Breakage
{
    Unauthorized,
    Forbidden,
    Throttled,
    ServerError,
    Hang,
    Cut,
    HalfPage,
}
