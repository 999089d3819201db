using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Providers.Shared;

/// <summary>
/// Asked last before every call that changes something: a Lease cannot stop a request that a deposed leader is about to send.
/// </summary>
/// <param name="mayWrite">True while this process surely is the leader. Must be quick and must not throw.</param>
public sealed class WriteFence(Func<bool> mayWrite)
{
    /// <summary>The <see cref="DriverException.Code"/> of a refusal.</summary>
    public const string Code = "NotTheLeader";

    public static WriteFence Open { get; } = new(() => true);

    /// <exception cref="DriverException">Unavailable, and surely not sent.</exception>
    public void Check(string what)
    {
        if (!mayWrite())
            throw new DriverException(DriverFault.Unavailable, $"{what} was not sent: this process is not the leader any more.") { Code = Code };
    }
}
