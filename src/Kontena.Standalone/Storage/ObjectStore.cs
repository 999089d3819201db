using System.Collections.Concurrent;

namespace Kontena.Standalone.Storage;

/// <summary>
/// All objects and the log of their changes, in one SQLite file. One write at a time; readers see committed states only.
/// A write is on the disk before <see cref="WriteAsync{T}"/> returns, and its version is committed with it: after a kill no
/// version that anyone has seen is given out again.
/// </summary>
internal sealed class ObjectStore : IAsyncDisposable
{
    private readonly string path;
    private readonly StoreWriter writer;
    private readonly ConcurrentBag<StoreReader> readers = [];
    private volatile bool disposed;

    private ObjectStore(string path, StoreWriter writer) => (this.path, this.writer) = (path, writer);

    /// <summary>Called with every commit's changes, in order, before the writers are told: whoever listens must be quick.</summary>
    public Action<IReadOnlyList<Change>> Committed
    {
        get => writer.Committed;
        set => writer.Committed = value;
    }

    /// <summary>False after a commit whose outcome is unknown: only a restart finds out what the disk holds.</summary>
    public bool Healthy => writer.Healthy;

    public static ObjectStore Open(string path, int retainedChanges, TimeProvider time)
    {
        var store = new ObjectStore(path, new StoreWriter(path, retainedChanges, time));
        var (version, compacted) = store.Read(r => (r.Version, r.Compacted));
        store.writer.Start(version, compacted);
        return store;
    }

    public T Read<T>(Func<StoreReader, T> work)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var reader = readers.TryTake(out var idle) ? idle : new StoreReader(Database.OpenReader(path));
        try
        {
            return work(reader);
        }
        finally
        {
            // Closed when the store went away meanwhile: nobody else would.
            if (disposed) reader.Dispose();
            else readers.Add(reader);
        }
    }

    /// <summary>
    /// Runs <paramref name="work"/> alone and commits what it wrote; nothing is written when it throws. It sees what was written
    /// before it through its transaction only: the commit comes later, for several writes at once.
    /// </summary>
    public Task<T> WriteAsync<T>(Func<StoreTransaction, T> work, CancellationToken ct) => writer.WriteAsync(work, ct);

    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        await writer.DisposeAsync();
        disposed = true;
        while (readers.TryTake(out var reader)) reader.Dispose();
    }
}
