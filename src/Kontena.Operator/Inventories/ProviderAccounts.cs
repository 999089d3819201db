using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Credentials;
using Kontena.Operator.Providers;
using Kontena.Operator.Providers.Shared;

namespace Kontena.Operator.Inventories;

/// <summary>Opens the driver that a provider block and its credentials call for.</summary>
/// <param name="open"><see cref="Drivers.OpenAsync"/> but in tests.</param>
internal sealed class ProviderAccounts(CredentialSecrets secrets, Func<ProviderSettings, ProviderCredentials, ValueTask<MachineAccount>> open)
{
    /// <exception cref="DriverException">The credentials are missing, unreadable or of no use.</exception>
    public async Task<ProviderAccount> OpenAsync(string ns, ProviderSettings settings, CancellationToken ct)
    {
        var credentials = await secrets.GetAsync(ns, settings.CredentialsSecret, ct);
        var account = await open(settings, credentials);
        return new ProviderAccount(account.Driver, account.Inventory, credentials.Identity) { Firewalls = account.Firewalls };
    }
}

/// <param name="Credentials">Identity of the credentials in use, without any secret.</param>
internal sealed record ProviderAccount(IMachineDriver Driver, Inventory Inventory, string Credentials)
{
    /// <summary>The listing of firewalls that everybody with these credentials shares; null where the provider has none, or nobody shares the account.</summary>
    public FirewallInventory? Firewalls { get; init; }
}
