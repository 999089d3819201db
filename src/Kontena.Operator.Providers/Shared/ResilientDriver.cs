using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Providers.Shared;

/// <summary>
/// The one place where a call is repeated: reads, deletes, claims, changes of firewalls and keyed creates, on Throttled and Unavailable alone. A create
/// without a key is sent once: repeating it could make a second machine. Each family of calls has its own pace and breaker.
/// </summary>
public sealed class ResilientDriver : IMachineDriver
{
    /// <summary>The <see cref="DriverException.Code"/> of a call that the breaker did not let through: it says nothing that the failures before did not.</summary>
    public const string SuspendedCode = "Suspended";

    private readonly IMachineDriver inner;
    private readonly CallFamily reads;
    private readonly CallFamily creates;
    private readonly CallFamily deletes;
    private readonly CallFamily claims;

    /// <param name="scope">Names account and scope in messages, e.g. "aws eu-west-1".</param>
    public ResilientDriver(IMachineDriver inner, string scope, ResilienceOptions options, TimeProvider time, ILogger<ResilientDriver> log)
    {
        this.inner = inner;
        var creating = inner.Promises.KeyedCreate ? options.Creates : options.Creates with { Repeats = 0 };
        reads = new CallFamily($"reads at {scope}", options.Reads, CallRisk.Nothing, time, log);
        creates = new CallFamily($"creates at {scope}", creating, CallRisk.Changes, time, log);
        deletes = new CallFamily($"deletes at {scope}", options.Deletes, CallRisk.Changes, time, log);
        claims = new CallFamily($"claims at {scope}", options.Deletes, CallRisk.Changes, time, log);
        var firewalls = new CallFamily($"changes of firewalls at {scope}", options.Firewalls, CallRisk.Changes, time, log);
        Firewalls = inner.Firewalls is { } driver ? new ResilientFirewalls(driver, reads, firewalls) : null;
    }

    public DriverPromises Promises => inner.Promises;

    public IFirewallDriver? Firewalls { get; }

    public Task<ResolvedOffering> ResolveAsync(ProviderSettings settings, Offering offering, Core.Api.OperatingSystem operatingSystem, int spread, CancellationToken ct) =>
        reads.RunAsync($"Resolving {offering.Type} in zone '{offering.Zone}'", t => inner.ResolveAsync(settings, offering, operatingSystem, spread, t), ct);

    public Task<Machine> CreateAsync(MachineRequest request, CancellationToken ct) =>
        creates.RunAsync($"Creating {request}", t => inner.CreateAsync(request, t), ct);

    /// <summary>A lookup that failed in passing is asked again; what remains unknown is an answer, not an exception.</summary>
    public async Task<Lookup> FindAsync(MachineQuery query, CancellationToken ct)
    {
        try
        {
            return await reads.RunAsync($"Looking up {Name(query)}", async t => Passing(await inner.FindAsync(query, t)), ct);
        }
        catch (DriverException e)
        {
            return new Lookup.Unknown(e.Fault, e.Message);
        }
    }

    public Task<MachineListing> ListAsync(string installation, CancellationToken ct) =>
        reads.RunAsync("Listing machines", t => inner.ListAsync(installation, t), ct);

    public Task<Machine?> ClaimAsync(string providerId, MachineMarks from, MachineMarks to, CancellationToken ct) =>
        claims.RunAsync($"Claiming {providerId}", t => inner.ClaimAsync(providerId, from, to, t), ct);

    public Task DeleteAsync(string providerId, string installation, CancellationToken ct) =>
        deletes.RunAsync($"Deleting {providerId}", async t =>
        {
            await inner.DeleteAsync(providerId, installation, t);
            return true;
        }, ct);

    private static Lookup Passing(Lookup answer) =>
        answer is Lookup.Unknown unknown ? throw new DriverException(unknown.Fault, unknown.Message) : answer;

    private static string Name(MachineQuery query) => query switch
    {
        MachineQuery.ById byId => byId.ProviderId,
        MachineQuery.ByAttempt byAttempt => $"attempt {byAttempt.Marks.Attempt} of node {byAttempt.Marks.NodeUid}",
        _ => throw new ArgumentOutOfRangeException(nameof(query), query, "unknown query"),
    };
}
