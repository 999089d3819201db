using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using ApiFault = Kontena.TestKit.MemoryApi.Fault;

namespace Kontena.Operator.Tests.Walks;

/// <summary>
/// Where every call of an operator crosses into the world, before it is carried out and before its answer is heard: here it is refused, held
/// up, loses its answer, or outlives its sender.
/// </summary>
internal sealed class Crossing(World world, TimeProvider time)
{
    /// <summary>A call that is held longer is given up, as the clients do.</summary>
    private static readonly TimeSpan TimeOut = TimeSpan.FromSeconds(30);

    private readonly List<HeldCall> held = [];

    public IReadOnlyList<HeldCall> Held => held;

    public async Task<T> CallAsync<T>(CallSite call, Func<T> effect)
    {
        world.Statistics.Calls++;
        if (world.TakeTrouble(call, afterEffect: false) is { } refusal)
        {
            world.Story?.Add($"      {call}: {refusal.Message}");
            if (world.LastTrouble == TroubleKind.HeldBack) world.Wire.Send(call, () => effect());
            throw refusal;
        }
        if (world.TakeHold(call, beforeEffect: true)) await HoldAsync(call, () => effect());
        var answer = effect();
        if (call.IsWrite || world.TellsReads) world.Story?.Add($"      {call}");
        if (world.TakeTrouble(call, afterEffect: true) is { } lost)
        {
            world.Story?.Add($"      {call}: done, the answer is lost");
            throw lost;
        }
        if (world.TakeHold(call, beforeEffect: false)) await HoldAsync(call, null);
        return answer;
    }

    public void LetGo(HeldCall call)
    {
        if (!held.Remove(call)) return;
        world.Story?.Add($"      {call.Site} goes on");
        call.Timer?.Dispose();
        call.Gate.SetResult();
    }

    /// <summary>The operator is dead. What had left it arrives, or does not.</summary>
    public void Die(int chance)
    {
        foreach (var call in held) Outlive(call, chance++);
        held.Clear();
    }

    /// <summary>Another operator leads: whatever this one has sent arrives all the same, in the other's time.</summary>
    public void Depose()
    {
        foreach (var call in held) Outlive(call, 0);
        held.Clear();
    }

    private Task HoldAsync(CallSite site, Action? effect)
    {
        var call = new HeldCall(site, effect);
        world.Story?.Add($"      {site} hangs {(effect is null ? "after" : "before")} it is done");
        held.Add(call);
        world.Statistics.Held++;
        call.Timer = time.CreateTimer(_ => GiveUp(call), null, TimeOut, Timeout.InfiniteTimeSpan);
        return call.Gate.Task;
    }

    private void GiveUp(HeldCall call)
    {
        if (!held.Remove(call)) return;
        Outlive(call, held.Count);
        world.Story?.Add($"      {call.Site} is given up");
        call.Gate.SetException(call.Site.Side switch
        {
            Side.Api => ApiFault.AnswerLost(),
            Side.Master => new MasterException(MasterFault.Unreachable, "no answer within 30 s") { OutcomeUnknown = call.Site.IsWrite },
            _ => new DriverException(DriverFault.Unavailable, "no answer within 30 s") { OutcomeUnknown = call.Site.IsWrite },
        });
    }

    private void Outlive(HeldCall call, int chance)
    {
        if (call is { Effect: { } effect, Site.IsWrite: true } && chance % 2 == 0) world.Wire.Send(call.Site, effect);
    }
}

/// <param name="Effect">What it is about to do; null where that is done and only the answer is on its way.</param>
internal sealed record HeldCall(CallSite Site, Action? Effect)
{
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ITimer? Timer { get; set; }
}
