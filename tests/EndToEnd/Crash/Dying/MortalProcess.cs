using Kontena.EndToEnd.Crash.Recording;

namespace Kontena.EndToEnd.Crash.Dying;

/// <summary>One operator process as the world sees it: every call to the API server and to the driver goes through here, and ends here once it is dead.</summary>
/// <param name="fate">Null: it lives.</param>
/// <param name="time">Stands still with it.</param>
internal sealed class MortalProcess(Fate? fate, SuspendableTime time)
{
    private readonly TaskCompletionSource struck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource late = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool dead;

    public CallLog Log { get; } = new();

    /// <summary>What the process begins after it was woken.</summary>
    public CallLog AfterWaking { get; } = new();

    public SuspendableTime Time => time;

    /// <summary>Ends when fate struck.</summary>
    public Task Struck => struck.Task;

    public bool IsStruck => struck.Task.IsCompleted;

    public void Die()
    {
        dead = true;
        // Whoever stood still must come to its end.
        woken.TrySetResult();
        time.Resume();
    }

    /// <summary>
    /// Goes on: first the call that it stood still at, which is on its way whatever anybody cancels, and what follows from its answer; the
    /// timers that came due meanwhile fire last, as the worst scheduler would have it.
    /// </summary>
    public async Task WakeAsync(TimeSpan before)
    {
        AfterWaking.Begin();
        woken.TrySetResult();
        await Task.WhenAny(late.Task, Task.Delay(before, TimeProvider.System));
        await Task.Delay(before / 20, TimeProvider.System);
        time.Resume();
    }

    /// <param name="lastWords">The fault that the dead get; told whether the call may have been carried out.</param>
    public async Task<T> CallAsync<T>(CallName call, Func<CancellationToken, Task<T>> make, Func<bool, Exception> lastWords, CancellationToken ct)
    {
        if (dead) throw lastWords(false);
        AfterWaking.Note(call);
        await ArrivalAsync(lastWords);
        var point = Log.Note(call);
        if (fate is null || !fate.Strikes(point)) return await PlainAsync(make, lastWords, ct);
        return fate switch
        {
            Fate.Dies dies => await DieAsync(dies.Moment, make, lastWords, ct),
            Fate.StandsStill stands => await StandStillAsync(stands.Moment, make),
            _ => throw new InvalidOperationException($"Unknown fate {fate}."),
        };
    }

    /// <summary>What arrives while the process stands still is seen once it goes on; what arrives for the dead, never.</summary>
    public async Task ArrivalAsync(Func<bool, Exception> lastWords)
    {
        await WhileStillAsync();
        if (dead) throw lastWords(false);
    }

    private async Task<T> PlainAsync<T>(Func<CancellationToken, Task<T>> make, Func<bool, Exception> lastWords, CancellationToken ct)
    {
        var made = make(ct);
        await Task.WhenAny(made);
        await WhileStillAsync();
        if (dead) throw lastWords(true);
        return await made;
    }

    private async Task<T> DieAsync<T>(Moment moment, Func<CancellationToken, Task<T>> make, Func<bool, Exception> lastWords, CancellationToken ct)
    {
        if (moment == Moment.After) await Task.WhenAny(make(ct));
        Die();
        struck.TrySetResult();
        throw lastWords(moment == Moment.After);
    }

    private async Task<T> StandStillAsync<T>(Moment moment, Func<CancellationToken, Task<T>> make)
    {
        Task<T>? made = null;
        if (moment == Moment.After)
        {
            made = make(CancellationToken.None);
            await Task.WhenAny(made);
        }
        time.Suspend();
        struck.TrySetResult();
        await woken.Task;
        made ??= make(CancellationToken.None);
        await Task.WhenAny(made);
        late.TrySetResult();
        return await made;
    }

    private Task WhileStillAsync() => fate is Fate.StandsStill && IsStruck ? woken.Task : Task.CompletedTask;
}
