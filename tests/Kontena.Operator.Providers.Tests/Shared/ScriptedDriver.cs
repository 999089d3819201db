using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Providers.Tests.Shared;

/// <summary>A driver whose next answers are written down; the last one repeats.</summary>
internal sealed class ScriptedDriver : IMachineDriver
{
    private readonly Queue<Func<CancellationToken, Task<object>>> answers = new();
    private Func<CancellationToken, Task<object>> last = _ => throw new InvalidOperationException("nothing scripted");

    public int Calls { get; private set; }

    public DriverPromises Promises { get; init; } = new(KeyedCreate: true, TimeSpan.FromMinutes(1), 1024);

    public bool HasFirewalls { get; set; } = true;

    /// <summary>They take their answers from the same list.</summary>
    public IFirewallDriver? Firewalls => HasFirewalls ? new ScriptedFirewalls(AnswerAsync) : null;

    public static Machine Machine { get; } = new() { ProviderId = "x:///1", State = MachineState.Running };

    public static DriverException Fault(DriverFault fault, bool unknown = false, TimeSpan? retryAfter = null, string? code = null) =>
        new(fault, $"scripted {fault}") { OutcomeUnknown = unknown, RetryAfter = retryAfter, Code = code };

    public ScriptedDriver Then(object answer) => Then(_ => answer is Exception e ? throw e : Task.FromResult(answer));

    public ScriptedDriver Then(Func<CancellationToken, Task<object>> answer)
    {
        answers.Enqueue(answer);
        return this;
    }

    public ScriptedDriver ThenHang() => Then(async ct =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        return new object();
    });

    public async Task<ResolvedOffering> ResolveAsync(ProviderSettings settings, Offering offering, Core.Api.OperatingSystem operatingSystem, int spread, CancellationToken ct) =>
        (ResolvedOffering)await AnswerAsync(ct);

    public async Task<Machine> CreateAsync(MachineRequest request, CancellationToken ct) => (Machine)await AnswerAsync(ct);

    public async Task<Lookup> FindAsync(MachineQuery query, CancellationToken ct) => (Lookup)await AnswerAsync(ct);

    public async Task<MachineListing> ListAsync(string installation, CancellationToken ct) => (MachineListing)await AnswerAsync(ct);

    public async Task<Machine?> ClaimAsync(string providerId, MachineMarks from, MachineMarks to, CancellationToken ct) => (Machine)await AnswerAsync(ct);

    public Task DeleteAsync(string providerId, string installation, CancellationToken ct) => AnswerAsync(ct);

    private async Task<object> AnswerAsync(CancellationToken ct)
    {
        Calls++;
        if (answers.TryDequeue(out var next)) last = next;
        return await last(ct);
    }
}
