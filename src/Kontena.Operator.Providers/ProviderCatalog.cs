using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Aws;
using Kontena.Operator.Providers.Shared;

namespace Kontena.Operator.Providers;

/// <summary>Every provider, one line each; a second one where its calls must be paced.</summary>
public static class ProviderCatalog
{
    /// <summary>A driver for the account and the inventory scope of the settings. Makes no call.</summary>
    /// <exception cref="DriverException">NotAllowed: the credentials lack a key.</exception>
    public static IMachineDriver Open(ProviderSettings settings, ProviderCredentials credentials, DriverEnvironment environment) => settings switch
    {
        AwsSettings aws => AwsDriver.Open(aws, credentials, environment),
        _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Provider, "no driver for this provider"),
    };

    /// <summary>How fast the provider may be called, by its own published limits.</summary>
    public static ResilienceOptions PaceOf(ProviderSettings settings) => settings switch
    {
        AwsSettings => AwsPace.Options,
        _ => new ResilienceOptions(),
    };
}
