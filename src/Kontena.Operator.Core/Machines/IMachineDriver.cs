using Kontena.Operator.Core.Api.Providers;

namespace Kontena.Operator.Core.Machines;

/// <summary>
/// A provider, seen by the operator: one instance for an account and an inventory scope. Every method may be repeated, none
/// waits for a machine, all throw <see cref="DriverException"/>. Nothing that lacks the installation's marks is ever changed.
/// </summary>
public interface IMachineDriver
{
    /// <summary>What this provider promises about its create call.</summary>
    DriverPromises Promises { get; }

    /// <summary>Looks up what an attempt must fix before it is written down (image, subnet …). Reads only.</summary>
    /// <param name="spread">The node's ordinal: where the offering leaves the zone open, consecutive numbers get different zones.</param>
    Task<ResolvedOffering> ResolveAsync(ProviderSettings settings, Offering offering, Api.OperatingSystem operatingSystem, int spread, CancellationToken ct);

    /// <summary>
    /// Makes the machine of an attempt, or finds the one that the same request made before: the answer is the same machine.
    /// A fault with <see cref="DriverException.OutcomeUnknown"/> may have made it.
    /// </summary>
    Task<Machine> CreateAsync(MachineRequest request, CancellationToken ct);

    /// <summary>Asks the provider itself, past every cache. Faults come back as <see cref="Lookup.Unknown"/>.</summary>
    Task<Lookup> FindAsync(MachineQuery query, CancellationToken ct);

    /// <summary>Every machine with this installation's mark in the scope, those just terminated included where the provider lists them.</summary>
    Task<MachineListing> ListAsync(string installation, CancellationToken ct);

    /// <summary>Asks for termination. Success means asked, or gone already; that it is gone is for <see cref="FindAsync"/> to say.</summary>
    /// <param name="installation">Refused (BadSettings) where the machine does not carry this installation's mark.</param>
    Task DeleteAsync(string providerId, string installation, CancellationToken ct);
}

/// <summary>What the create protocol may rely on.</summary>
/// <param name="KeyedCreate">The provider refuses to make a second machine for one token.</param>
/// <param name="MaxCommitDelay">After a send without an answer: how long until a machine that it made is visible or never will be.</param>
/// <param name="UserDataLimit">Largest user-data in bytes.</param>
public sealed record DriverPromises(bool KeyedCreate, TimeSpan MaxCommitDelay, int UserDataLimit);
