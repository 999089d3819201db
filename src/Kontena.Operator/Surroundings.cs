using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Grids;
using Kontena.Operator.Providers;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator;

/// <summary>What a running operator draws on besides the Kubernetes API: all that a run must be given to be the same run twice.</summary>
internal sealed record Surroundings(TimeProvider Time, ILoggerFactory Logs)
{
    /// <summary>Uniform in [0, 1): jitter of waits.</summary>
    public Func<double> Chance { get; init; } = Random.Shared.NextDouble;

    /// <summary>For tokens and ids that nobody may guess.</summary>
    public Func<int, byte[]> RandomBytes { get; init; } = System.Security.Cryptography.RandomNumberGenerator.GetBytes;

    /// <summary>Times the lease. Its timestamps must go on while the process stands still.</summary>
    public TimeProvider LeaseClock { get; init; } = BootClock.Instance;

    /// <summary>Makes the bare driver of an account, below pace, fence and meter.</summary>
    public Func<ProviderSettings, ProviderCredentials, DriverEnvironment, IMachineDriver> OpenDriver { get; init; } = ProviderCatalog.Open;

    /// <summary>Makes the bare client of a Master, below the fence.</summary>
    public Func<MasterEndpoint, TimeProvider, IKontenaMaster> OpenMaster { get; init; } = KontenaMaster.Open;

    /// <summary>Where set, accounts come from here instead: without pace, fence and meter, whose waits leave the thread.</summary>
    public Func<ProviderSettings, ProviderCredentials, ValueTask<MachineAccount>>? OpenAccount { get; init; }
}
