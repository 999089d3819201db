using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Machines;

/// <summary>
/// A provider, seen by the operator: one instance for an account and an inventory scope. Every method may be repeated, none
/// waits for a machine, all throw <see cref="DriverException"/>. Nothing that lacks the installation's marks is ever changed, but by <see cref="ClaimAsync"/>.
/// </summary>
public interface IMachineDriver
{
    /// <summary>What this provider promises about its create call.</summary>
    DriverPromises Promises { get; }

    /// <summary>The provider's firewalls; null where it has none.</summary>
    IFirewallDriver? Firewalls => null;

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

    /// <summary>
    /// Puts <paramref name="to"/> in the place of a machine's marks where they are those of <paramref name="from"/>, of whichever installation:
    /// the one call that touches a machine which may be another installation's, made only where a human named its former pool. Reads past
    /// every cache before, and after the change: the provider cannot compare and set, so of two that claim at once the marks that are left decide.
    /// </summary>
    /// <returns>The machine as it is now: claimed only if its marks are <paramref name="to"/>. Null where the provider knows of none.</returns>
    Task<Machine?> ClaimAsync(string providerId, MachineMarks from, MachineMarks to, CancellationToken ct);

    /// <summary>Asks for termination. Success means asked, or gone already; that it is gone is for <see cref="FindAsync"/> to say.</summary>
    /// <param name="installation">Refused (BadSettings) where the machine does not carry this installation's mark.</param>
    Task DeleteAsync(string providerId, string installation, CancellationToken ct);
}

/// <summary>What the create protocol may rely on.</summary>
/// <param name="KeyedCreate">The provider refuses to make a second machine for one token.</param>
/// <param name="MaxCommitDelay">After a send without an answer: how long until a machine that it made is visible or never will be.</param>
/// <param name="UserDataLimit">Largest user-data in bytes.</param>
/// <param name="GzipUserData">User-data may be any bytes, so that cloud-init's can be compressed; false where the provider takes text.</param>
public sealed record DriverPromises(bool KeyedCreate, TimeSpan MaxCommitDelay, int UserDataLimit, bool GzipUserData = false);
