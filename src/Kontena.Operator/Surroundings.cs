using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator;

/// <summary>What a running operator draws on besides the Kubernetes API: all that a run must be given to be the same run twice.</summary>
internal sealed record Surroundings(TimeProvider Time, ILoggerFactory Logs)
{
    /// <summary>Uniform in [0, 1): jitter of waits.</summary>
    public Func<double> Chance { get; init; } = Random.Shared.NextDouble;

    /// <summary>Null: the drivers of <see cref="ProviderCatalog"/>, with their decorators.</summary>
    public Func<ProviderSettings, ProviderCredentials, ValueTask<MachineAccount>>? OpenAccount { get; init; }
}
