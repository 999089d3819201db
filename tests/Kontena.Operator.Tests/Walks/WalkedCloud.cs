using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Tests.Clouds;
using OperatingSystem = Kontena.Operator.Core.Api.OperatingSystem;

namespace Kontena.Operator.Tests.Walks;

/// <summary>The cloud as one operator reaches it with one set of credentials.</summary>
internal sealed class WalkedCloud(FakeCloud cloud, Realm realm, TimeProvider time, Crossing crossing, Conduct conduct, Keys keys) : IMachineDriver
{
    /// <summary>A machine type that no request will ever be granted.</summary>
    public const string ImpossibleType = "bad.type";

    private bool IsElsewhere => keys == Keys.OfAnotherAccount;

    public IFirewallDriver? Firewalls { get; } = cloud.Firewalls is { } firewalls ? new WalkedFirewalls(firewalls, time, crossing, keys) : null;

    public DriverPromises Promises => cloud.Promises;

    public Task<ResolvedOffering> ResolveAsync(ProviderSettings settings, Offering offering, OperatingSystem operatingSystem, int spread, CancellationToken ct) =>
        CallAsync("resolve", $"{offering.Type} in {offering.Zone}", () => cloud.ResolveAsync(settings, offering, operatingSystem, spread, CancellationToken.None));

    public Task<Machine> CreateAsync(MachineRequest request, CancellationToken ct)
    {
        conduct.CreatesMachine(request);
        if (IsElsewhere) return CallAsync<Machine>("create", request.ToString(), () => throw new DriverException(DriverFault.NotAllowed, "nothing may be made in this account"));
        return CallAsync("create", request.ToString(), () => request.Attempt.Type == ImpossibleType
            ? throw new DriverException(DriverFault.BadSettings, $"there is no type {ImpossibleType}")
            : Make(request));
    }

    private Task<Machine> Make(MachineRequest request)
    {
        realm.Tells(request);
        return cloud.CreateAsync(request, CancellationToken.None);
    }

    public async Task<Lookup> FindAsync(MachineQuery query, CancellationToken ct)
    {
        try
        {
            return await CallAsync("find", query is MachineQuery.ById byId ? byId.ProviderId : "by attempt", () => IsElsewhere ? Task.FromResult<Lookup>(new Lookup.ConfirmedAbsent()) : cloud.FindAsync(query, CancellationToken.None));
        }
        catch (DriverException fault)
        {
            return new Lookup.Unknown(fault.Fault, fault.Message);
        }
    }

    public Task<MachineListing> ListAsync(string installation, CancellationToken ct) =>
        CallAsync("list", "machines", () => IsElsewhere ? Task.FromResult(new MachineListing(time.GetUtcNow(), [])) : cloud.ListAsync(installation, CancellationToken.None));

    public Task<Machine?> ClaimAsync(string providerId, MachineMarks from, MachineMarks to, CancellationToken ct) =>
        CallAsync("claim", providerId, () => IsElsewhere ? Task.FromResult<Machine?>(null) : cloud.ClaimAsync(providerId, from, to, CancellationToken.None));

    public Task DeleteAsync(string providerId, string installation, CancellationToken ct)
    {
        conduct.EndsMachine(providerId);
        return CallAsync("delete", providerId, () =>
        {
            if (!IsElsewhere) cloud.DeleteAsync(providerId, installation, CancellationToken.None).GetAwaiter().GetResult();
            return Task.FromResult(true);
        });
    }

    /// <summary>The cloud in memory answers on the spot.</summary>
    private Task<T> CallAsync<T>(string operation, string what, Func<Task<T>> call) =>
        crossing.CallAsync(new CallSite(Side.Cloud, operation, what), () => keys != Keys.Refused
            ? call().GetAwaiter().GetResult()
            : throw new DriverException(DriverFault.NotAllowed, "the credentials are wrong"));
}
