using Kontena.EndToEnd.Operator;

namespace Kontena.EndToEnd.Restore;

/// <summary>
/// One server for several drills at once, each in a namespace of its own: it is copied when all have come to their copy, and put back when all
/// want it, since a control plane takes seconds to stop and start.
/// </summary>
internal sealed class SharedRewind(RewindableServer server, int drills)
{
    private readonly Gathering copy = new(drills);
    private readonly Gathering rewind = new(drills);

    private RewindableServer Server => server;

    /// <summary>For one drill. Disposed when it is over, whichever way: the others wait for it no longer.</summary>
    public RewindableServer Seat() => new Place(this);

    private sealed class Place(SharedRewind shared) : RewindableServer
    {
        private bool hasCopied;
        private bool hasRewound;

        public override SceneEngine Engine => shared.Server.Engine;

        public override string KubeconfigPath => shared.Server.KubeconfigPath;

        public override Task CopyAsync(CancellationToken ct)
        {
            hasCopied = true;
            return shared.copy.ComeAsync(() => shared.Server.CopyAsync(ct));
        }

        public override Task RewindAsync(CancellationToken ct)
        {
            hasRewound = true;
            return shared.rewind.ComeAsync(() => shared.Server.RewindAsync(ct));
        }

        public override ValueTask DisposeAsync()
        {
            if (!hasCopied) shared.copy.Leave();
            if (!hasRewound) shared.rewind.Leave();
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Whoever comes, or leaves, last sets off what all wait for.</summary>
    private sealed class Gathering(int expected)
    {
        private readonly Lock gate = new();
        private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int missing = expected;
        private Task? acting;

        public async Task ComeAsync(Func<Task> act)
        {
            Leave();
            await all.Task;
            lock (gate) acting ??= act();
            await acting;
        }

        public void Leave()
        {
            lock (gate)
                if (--missing == 0)
                    all.TrySetResult();
        }
    }
}
