using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Providers.Shared;

/// <summary>
/// What there is in one account and scope, listed once for everybody who asks. A listing runs for all who wait for it, so one
/// caller who gives up does not take it from the others; it has no timers: nobody asks, nothing is listed.
/// </summary>
public abstract class SharedListing<TListing> : IAsyncDisposable where TListing : class
{
    private readonly TimeProvider time;
    private readonly CancellationTokenSource closing = new();
    private readonly Lock gate = new();
    private Flight? running;
    private TListing? last;

    private protected SharedListing(TimeProvider time) => this.time = time;

    /// <summary>The newest listing that succeeded, however old; null before the first. Look at when it was begun before trusting it.</summary>
    public TListing? Last
    {
        get { lock (gate) return last; }
    }

    /// <summary>How long ago <see cref="Last"/> was begun; null before the first.</summary>
    public TimeSpan? Age => Last is { } listing ? time.GetUtcNow() - BegunAt(listing) : null;

    /// <summary>A listing no older than <paramref name="maxAge"/>.</summary>
    /// <exception cref="DriverException">The listing failed. An older one is never passed off as new.</exception>
    public Task<TListing> GetAsync(TimeSpan maxAge, CancellationToken ct) => GetAsync(time.GetUtcNow() - maxAge, ct);

    /// <summary>
    /// A listing that was begun at <paramref name="notBefore"/> or later: the newest one that is known, one that is on its way,
    /// or a new one.
    /// </summary>
    /// <exception cref="DriverException">The listing failed. An older one is never passed off as new.</exception>
    public async Task<TListing> GetAsync(DateTimeOffset notBefore, CancellationToken ct)
    {
        while (true)
        {
            var flight = KnownOrRunning(notBefore, out var known);
            if (known is not null) return known;
            // The system's clock may have stepped back since notBefore was read: what starts now is late enough all the same.
            if (flight.BegunAt >= notBefore || flight.StartedHere) return await flight.Task.WaitAsync(ct);
            // An older one is on its way; how it ends is not our answer. Two at a time would double the calls.
            await Task.WhenAny(flight.Task).WaitAsync(ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task? flight;
        lock (gate) flight = running?.Task;
        await closing.CancelAsync();
        if (flight is not null) await Task.WhenAny(flight);
        closing.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes a listing: complete, or a fault.</summary>
    private protected abstract Task<TListing> ListAsync(CancellationToken ct);

    private protected abstract DateTimeOffset BegunAt(TListing listing);

    private (DateTimeOffset BegunAt, bool StartedHere, Task<TListing> Task) KnownOrRunning(DateTimeOffset notBefore, out TListing? known)
    {
        lock (gate)
        {
            known = last is not null && BegunAt(last) >= notBefore ? last : null;
            if (known is not null) return default;
            if (running is { } flight) return (flight.BegunAt, false, flight.Task);
            ObjectDisposedException.ThrowIf(closing.IsCancellationRequested, this);
            running = new Flight(time.GetUtcNow(), new TaskCompletionSource<TListing>(TaskCreationOptions.RunContinuationsAsynchronously));
            var started = (running.BegunAt, true, running.Task);
            _ = FlyAsync(running);
            return started;
        }
    }

    /// <summary>Never faults itself: its outcome is the flight's, and <see cref="DisposeAsync"/> waits for that.</summary>
    private async Task FlyAsync(Flight flight)
    {
        // Off the caller's thread: it holds the lock.
        await Task.Yield();
        try
        {
            var listing = await ListAsync(closing.Token);
            lock (gate)
            {
                last = listing;
                running = null;
            }
            flight.Completion.SetResult(listing);
        }
        // Whatever it was belongs to those who wait, bugs too: a flight that never ended would block them for ever.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            lock (gate) running = null;
            flight.Completion.SetException(e);
            // Nobody may be waiting any more; then nobody needs the exception either.
            _ = flight.Task.Exception;
        }
    }

    private sealed record Flight(DateTimeOffset BegunAt, TaskCompletionSource<TListing> Completion)
    {
        public Task<TListing> Task => Completion.Task;
    }
}
