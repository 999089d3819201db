using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Providers.Shared;

/// <summary>Measures every try of every call (<see cref="CallMeter"/>).</summary>
public sealed class MeteredDriver : IMachineDriver
{
    public const string MeterName = "kontena.provider";

    private readonly IMachineDriver inner;
    private readonly CallMeter meter;

    public MeteredDriver(IMachineDriver inner, string provider, TimeProvider time)
    {
        this.inner = inner;
        meter = new CallMeter(provider, time);
        Firewalls = inner.Firewalls is { } firewalls ? new MeteredFirewalls(firewalls, meter) : null;
    }

    public DriverPromises Promises => inner.Promises;

    public IFirewallDriver? Firewalls { get; }

    public Task<ResolvedOffering> ResolveAsync(ProviderSettings settings, Offering offering, Core.Api.OperatingSystem operatingSystem, int spread, CancellationToken ct) =>
        meter.MeasureAsync("resolve", () => inner.ResolveAsync(settings, offering, operatingSystem, spread, ct));

    public Task<Machine> CreateAsync(MachineRequest request, CancellationToken ct) => meter.MeasureAsync("create", () => inner.CreateAsync(request, ct));

    public Task<Lookup> FindAsync(MachineQuery query, CancellationToken ct) => meter.MeasureAsync("find", () => inner.FindAsync(query, ct));

    public Task<MachineListing> ListAsync(string installation, CancellationToken ct) => meter.MeasureAsync("list", () => inner.ListAsync(installation, ct));

    public Task<Machine?> ClaimAsync(string providerId, MachineMarks from, MachineMarks to, CancellationToken ct) =>
        meter.MeasureAsync("claim", () => inner.ClaimAsync(providerId, from, to, ct));

    public Task DeleteAsync(string providerId, string installation, CancellationToken ct) =>
        meter.MeasureAsync("delete", () => inner.DeleteAsync(providerId, installation, ct));
}
