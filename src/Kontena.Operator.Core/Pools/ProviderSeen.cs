using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Pools;

/// <summary>How the provider answers for a pool's account and scope.</summary>
public abstract record ProviderSeen
{
    private ProviderSeen() { }

    /// <summary>Not asked yet since the operator started.</summary>
    public sealed record NotYet : ProviderSeen;

    /// <summary>The last listing was complete.</summary>
    public sealed record Answers : ProviderSeen;

    /// <param name="Reason">Condition reason, e.g. <c>CredentialsMissing</c>.</param>
    public sealed record Fails(DriverFault Fault, string Reason, string Message) : ProviderSeen;
}
