namespace Kontena.Operator.Core.Machines;

/// <summary>The answer to "is there a machine for this?". An error is not an absence: only <see cref="ConfirmedAbsent"/> may lead to forgetting.</summary>
public abstract record Lookup
{
    private Lookup() { }

    /// <param name="Machines">All that fit, oldest first; more than one means twins.</param>
    public sealed record Found(IReadOnlyList<Machine> Machines) : Lookup;

    /// <summary>The provider was asked, answered completely, and knows of none. One answer alone is not proof where the provider is eventually consistent.</summary>
    public sealed record ConfirmedAbsent : Lookup;

    /// <summary>Nobody knows: the call failed, or the answer was cut short.</summary>
    public sealed record Unknown(DriverFault Fault, string Message) : Lookup;
}
