using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Aws;

namespace Kontena.Operator.Providers;

/// <summary>Every provider, one line each.</summary>
public static class ProviderCatalog
{
    /// <summary>A driver for the account and the inventory scope of the settings. Makes no call.</summary>
    /// <exception cref="DriverException">NotAllowed: the credentials lack a key.</exception>
    public static IMachineDriver Open(ProviderSettings settings, ProviderCredentials credentials, DriverEnvironment environment) => settings switch
    {
        AwsSettings aws => AwsDriver.Open(aws, credentials, environment),
        _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Provider, "no driver for this provider"),
    };
}
