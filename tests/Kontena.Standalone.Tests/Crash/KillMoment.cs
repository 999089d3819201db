namespace Kontena.Standalone.Tests.Crash;

/// <summary>What a client is told by the server.</summary>
internal enum Told
{
    Acknowledgement,
    Event,
}

/// <summary>
/// When a life ends: some time after its first acknowledged write, or in the very moment in which a client is told something. The
/// latter meets a server that tells before it has written.
/// </summary>
internal sealed class KillMoment(ServerProcess server, Told? at, int count)
{
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource struck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int left = count; // of what is told, or milliseconds

    /// <summary>Called by a writer or a watcher before it does anything else with what it was told.</summary>
    public void Hear(Told what)
    {
        if (what == at && Interlocked.Decrement(ref left) == 0) Strike();
        if (what == Told.Acknowledgement) first.TrySetResult();
    }

    /// <summary>Ends the wait: there is nothing to go on for.</summary>
    public void Fail(Exception e)
    {
        first.TrySetException(e);
        struck.TrySetException(e);
    }

    public async Task StrikeAsync()
    {
        if (at is null)
        {
            // A fresh process answers its first writes slowly; a kill before the first would prove little.
            await first.Task.WaitAsync(ServerProcess.Patience, TimeProvider.System);
            await PauseAsync(left);
            Strike();
        }
        await struck.Task.WaitAsync(ServerProcess.Patience, TimeProvider.System);
    }

    // The moment of a kill is a point of real time: there is nothing to wait for.
    public static Task PauseAsync(int milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, CancellationToken.None);

    private void Strike()
    {
        server.Kill();
        struck.TrySetResult();
    }
}
