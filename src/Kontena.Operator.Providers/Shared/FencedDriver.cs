using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Providers.Shared;

/// <summary>
/// Lets creates, claims and deletes through only while this process may write. Drivers whose claim or delete reads first ask the same
/// <see cref="WriteFence"/> once more, right before they send.
/// </summary>
public sealed class FencedDriver(IMachineDriver inner, WriteFence fence) : IMachineDriver
{
    public FencedDriver(IMachineDriver inner, Func<bool> mayWrite) : this(inner, new WriteFence(mayWrite)) { }

    public DriverPromises Promises => inner.Promises;

    public IFirewallDriver? Firewalls { get; } = inner.Firewalls is { } firewalls ? new FencedFirewalls(firewalls, fence) : null;

    public Task<ResolvedOffering> ResolveAsync(ProviderSettings settings, Offering offering, Core.Api.OperatingSystem operatingSystem, int spread, CancellationToken ct) =>
        inner.ResolveAsync(settings, offering, operatingSystem, spread, ct);

    public async Task<Machine> CreateAsync(MachineRequest request, CancellationToken ct)
    {
        fence.Check($"The create call of {request}");
        return await inner.CreateAsync(request, ct);
    }

    public Task<Lookup> FindAsync(MachineQuery query, CancellationToken ct) => inner.FindAsync(query, ct);

    public Task<MachineListing> ListAsync(string installation, CancellationToken ct) => inner.ListAsync(installation, ct);

    public async Task<Machine?> ClaimAsync(string providerId, MachineMarks from, MachineMarks to, CancellationToken ct)
    {
        fence.Check($"The claim of {providerId}");
        return await inner.ClaimAsync(providerId, from, to, ct);
    }

    public async Task DeleteAsync(string providerId, string installation, CancellationToken ct)
    {
        fence.Check($"The delete call of {providerId}");
        await inner.DeleteAsync(providerId, installation, ct);
    }
}
