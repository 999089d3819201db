using Kontena.Operator.Providers.Shared;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Providers;

/// <summary>What every driver is given.</summary>
/// <param name="Time">The clock of deadlines, caches and back-off.</param>
/// <param name="Installation">Random id of this operator's installation: the mark that machines are listed by.</param>
public sealed record DriverEnvironment(TimeProvider Time, ILoggerFactory Logs, string Installation)
{
    /// <summary>Asked last before every mutating call. Open where there is no leader election.</summary>
    public WriteFence Fence { get; init; } = WriteFence.Open;

    /// <summary>Null: as each provider's limits ask (<see cref="ProviderCatalog.PaceOf"/>).</summary>
    public ResilienceOptions? Resilience { get; init; }

    /// <summary>Multiple of that pace: below 1 where the account is shared with others, above where the provider raised its limits.</summary>
    public double Pace { get; init; } = 1;

    /// <summary>How long one call to a provider may take, from signing to the last byte.</summary>
    public TimeSpan CallDeadline { get; init; } = TimeSpan.FromSeconds(30);
}
