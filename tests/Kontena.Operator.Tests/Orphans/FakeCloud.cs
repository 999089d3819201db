using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using OperatingSystem = Kontena.Operator.Core.Api.OperatingSystem;

namespace Kontena.Operator.Tests.Orphans;

/// <summary>A provider as a list of machines. It creates nothing: the sweep never asks for that.</summary>
internal sealed class FakeCloud(TimeProvider time) : IMachineDriver
{
    private readonly Lock gate = new();
    private readonly List<Machine> machines = [];
    private readonly List<string> deleted = [];

    public DriverPromises Promises { get; } = new(KeyedCreate: true, TimeSpan.FromMinutes(5), 16384);

    /// <summary>Listings fail while set.</summary>
    public bool ListsFail { get; set; }

    /// <summary>What the look before a deletion finds instead of the machine.</summary>
    public Func<Machine, Lookup>? Finds { get; set; }

    public IReadOnlyList<string> Deleted
    {
        get { lock (gate) return [.. deleted]; }
    }

    public void Add(Machine machine)
    {
        lock (gate) machines.Add(machine);
    }

    public Task<MachineListing> ListAsync(string installation, CancellationToken ct)
    {
        if (ListsFail) throw new DriverException(DriverFault.Unavailable, "503");
        lock (gate) return Task.FromResult(new MachineListing(time.GetUtcNow(), [.. machines]));
    }

    public Task<Lookup> FindAsync(MachineQuery query, CancellationToken ct)
    {
        lock (gate)
        {
            var machine = machines.FirstOrDefault(m => m.ProviderId == ((MachineQuery.ById)query).ProviderId);
            if (machine is null) return Task.FromResult<Lookup>(new Lookup.ConfirmedAbsent());
            return Task.FromResult(Finds?.Invoke(machine) ?? new Lookup.Found([machine]));
        }
    }

    public Task DeleteAsync(string providerId, string installation, CancellationToken ct)
    {
        lock (gate)
        {
            deleted.Add(providerId);
            var at = machines.FindIndex(m => m.ProviderId == providerId);
            machines[at] = machines[at] with { State = MachineState.Terminated };
        }
        return Task.CompletedTask;
    }

    public Task<ResolvedOffering> ResolveAsync(ProviderSettings settings, Offering offering, OperatingSystem operatingSystem, int spread, CancellationToken ct) => throw new NotSupportedException();

    public Task<Machine> CreateAsync(MachineRequest request, CancellationToken ct) => throw new NotSupportedException();
}
