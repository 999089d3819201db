using Kontena.Operator.Core.Api.Providers;

namespace Kontena.Operator.Inventories;

/// <summary>Which machines are listed together: one provider, one scope, one set of credentials, however often those are rotated.</summary>
/// <param name="SecretNamespace">Empty, as the name, for the operator's own surroundings.</param>
internal sealed record AccountKey(string Provider, string Scope, string SecretNamespace, string SecretName)
{
    public static AccountKey Of(string ns, ProviderSettings settings) =>
        settings.CredentialsSecret is { } secret
            ? new AccountKey(settings.Provider, settings.InventoryScope, ns, secret)
            : new AccountKey(settings.Provider, settings.InventoryScope, "", "");
}
