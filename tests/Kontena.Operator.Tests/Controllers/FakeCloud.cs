using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using OperatingSystem = Kontena.Operator.Core.Api.OperatingSystem;

namespace Kontena.Operator.Tests.Controllers;

/// <summary>A provider that lists what a test says, or fails as it says.</summary>
internal sealed class FakeCloud(TimeProvider time) : IMachineDriver
{
    private int listings;

    public IReadOnlyList<Machine> Machines { get; set; } = [];

    public DriverException? Fault { get; set; }

    public int Listings => Volatile.Read(ref listings);

    public DriverPromises Promises { get; } = new(KeyedCreate: true, TimeSpan.FromMinutes(5), 16384);

    public Task<MachineListing> ListAsync(string installation, CancellationToken ct)
    {
        Interlocked.Increment(ref listings);
        return Fault is { } fault ? throw fault : Task.FromResult(new MachineListing(time.GetUtcNow(), Machines));
    }

    public Task<ResolvedOffering> ResolveAsync(ProviderSettings settings, Offering offering, OperatingSystem operatingSystem, int spread, CancellationToken ct) => throw new NotSupportedException();

    public Task<Machine> CreateAsync(MachineRequest request, CancellationToken ct) => throw new NotSupportedException();

    public Task<Lookup> FindAsync(MachineQuery query, CancellationToken ct) => throw new NotSupportedException();

    public Task DeleteAsync(string providerId, string installation, CancellationToken ct) => throw new NotSupportedException();
}
