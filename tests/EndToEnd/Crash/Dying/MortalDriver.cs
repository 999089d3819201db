using Kontena.EndToEnd.Crash.Recording;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using OperatingSystem = Kontena.Operator.Core.Api.OperatingSystem;

namespace Kontena.EndToEnd.Crash.Dying;

/// <summary>The bare driver as one mortal process reaches it: below pace, fence and repeats, so that every try is a call of its own.</summary>
/// <param name="beforeEnd">Awaited with the machine's provider id right before a machine is ended.</param>
internal sealed class MortalDriver(IMachineDriver inner, MortalProcess process, Func<string, Task> beforeEnd) : IMachineDriver, IDisposable
{
    private readonly MortalFirewalls? firewalls = inner.Firewalls is { } open ? new MortalFirewalls(open, process) : null;

    public DriverPromises Promises => inner.Promises;

    public IFirewallDriver? Firewalls => firewalls;

    public Task<ResolvedOffering> ResolveAsync(ProviderSettings settings, Offering offering, OperatingSystem operatingSystem, int spread, CancellationToken ct) =>
        CallAsync(CallName.DriverResolve(offering), token => inner.ResolveAsync(settings, offering, operatingSystem, spread, token), ct);

    public Task<Machine> CreateAsync(MachineRequest request, CancellationToken ct) =>
        CallAsync(CallName.DriverCreate(request), token => inner.CreateAsync(request, token), ct);

    public Task<Lookup> FindAsync(MachineQuery query, CancellationToken ct) =>
        CallAsync(CallName.DriverFind(query), token => inner.FindAsync(query, token), ct);

    public Task<MachineListing> ListAsync(string installation, CancellationToken ct) =>
        CallAsync(CallName.DriverList(), token => inner.ListAsync(installation, token), ct);

    public Task<Machine?> ClaimAsync(string providerId, MachineMarks from, MachineMarks to, CancellationToken ct) =>
        CallAsync(CallName.DriverClaim(), token => inner.ClaimAsync(providerId, from, to, token), ct);

    public Task DeleteAsync(string providerId, string installation, CancellationToken ct) =>
        CallAsync(CallName.DriverDelete(), async token =>
        {
            await beforeEnd(providerId);
            await inner.DeleteAsync(providerId, installation, token);
            return true;
        }, ct);

    public void Dispose() => (inner as IDisposable)?.Dispose();

    private Task<T> CallAsync<T>(CallName call, Func<CancellationToken, Task<T>> make, CancellationToken ct) =>
        process.CallAsync(call, make, LastWords, ct);

    internal static DriverException LastWords(bool mayBeDone) => new(DriverFault.Unavailable, "This process is no more.") { OutcomeUnknown = mayBeDone };
}
