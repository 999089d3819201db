using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Ports;

/// <summary>
/// A provider's firewalls: an extra that a driver may have (<see cref="IMachineDriver.Firewalls"/>). Every method may be repeated, all throw
/// <see cref="DriverException"/>. Firewalls without the owner's marks are never changed, nor rules that lack our mark.
/// </summary>
public interface IFirewallDriver
{
    FirewallPromises Promises { get; }

    /// <summary>The networks that machines of these settings may be placed in, in order. Reads only; what came out is remembered for a few minutes.</summary>
    /// <exception cref="DriverException">BadSettings: a subnet that does not exist, no default network.</exception>
    Task<IReadOnlyList<string>> NetworksAsync(ProviderSettings settings, CancellationToken ct);

    /// <summary>Every firewall with this installation's mark in the scope, with its rules.</summary>
    Task<FirewallListing> ListAsync(string installation, CancellationToken ct);

    /// <summary>Firewalls by id, whosever they are; those that do not exist are left out.</summary>
    Task<FirewallListing> ReadAsync(IReadOnlyList<string> ids, CancellationToken ct);

    /// <summary>
    /// Makes the firewall, marks in the call itself, or finds the one of that name that carries the same marks. A fault with
    /// <see cref="DriverException.OutcomeUnknown"/> may have made it.
    /// </summary>
    /// <exception cref="DriverException">BadSettings: another's firewall has the name.</exception>
    Task<Firewall> EnsureAsync(FirewallRequest request, CancellationToken ct);

    /// <summary>Opens these ways in, with our mark. One that is open already, by whoever, is success and stays whose it was.</summary>
    /// <param name="owner">Refused (BadSettings) where the firewall does not carry these marks.</param>
    /// <exception cref="DriverException">QuotaReached: too many rules. Nothing of the call was opened, unless others changed the firewall meanwhile.</exception>
    Task OpenAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct);

    /// <summary>Closes ways in that carry our mark; one that is closed already is success. Rules without our mark stay.</summary>
    Task CloseAsync(string id, FirewallMarks owner, IReadOnlyList<PortRule> rules, CancellationToken ct);

    /// <summary>Attaches firewalls to a machine besides those that it has. Success where they are attached already.</summary>
    /// <param name="installation">Refused (BadSettings) where the machine does not carry this installation's mark.</param>
    Task AttachAsync(string providerId, string installation, IReadOnlyList<string> ids, CancellationToken ct);

    /// <summary>Success where it is gone already.</summary>
    /// <exception cref="DriverException">InUse: a machine, or another's rule, still refers to it. BadSettings: it does not carry these marks.</exception>
    Task DeleteAsync(string id, FirewallMarks owner, CancellationToken ct);
}
