using Kontena.Kubernetes.Client;

namespace Kontena.TestKit.MemoryApi;

/// <summary>What goes wrong with which calls. Rules are tried in the order they were added; each counts down to nothing.</summary>
internal sealed class InjectedFaults
{
    private readonly Lock gate = new();
    private readonly List<Rule> rules = [];
    private readonly List<(Func<ApiCall, bool> When, HeldCalls Gate)> holds = [];

    public void Add(Func<ApiCall, bool> when, Func<KubeFault> fault, bool afterDoing, int times)
    {
        lock (gate) rules.Add(new Rule(when, fault, afterDoing, times));
    }

    public HeldCalls Hold(Func<ApiCall, bool> when)
    {
        var held = new HeldCalls();
        lock (gate) holds.Add((when, held));
        return held;
    }

    public Task PassHoldAsync(ApiCall call, CancellationToken ct)
    {
        HeldCalls? held;
        lock (gate) held = holds.Find(hold => !hold.Gate.IsReleased && hold.When(call)).Gate;
        return held?.WaitAsync(ct) ?? Task.CompletedTask;
    }

    public void ThrowDue(ApiCall call, bool afterDoing)
    {
        lock (gate)
        {
            var due = rules.Find(rule => rule.AfterDoing == afterDoing && rule.Left > 0 && rule.When(call));
            if (due is null) return;
            due.Left--;
            throw due.Fault();
        }
    }

    private sealed class Rule(Func<ApiCall, bool> when, Func<KubeFault> fault, bool afterDoing, int left)
    {
        public Func<ApiCall, bool> When => when;

        public Func<KubeFault> Fault => fault;

        public bool AfterDoing => afterDoing;

        public int Left { get; set; } = left;
    }
}

/// <summary>Calls that hang before they are carried out, until released.</summary>
public sealed class HeldCalls
{
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int waiting;

    /// <summary>How many calls have arrived and hang.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    public bool IsReleased => released.Task.IsCompleted;

    public void Release() => released.TrySetResult();

    internal async Task WaitAsync(CancellationToken ct)
    {
        Interlocked.Increment(ref waiting);
        await released.Task.WaitAsync(ct);
    }
}
