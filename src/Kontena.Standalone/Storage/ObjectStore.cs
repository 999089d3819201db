using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Kontena.Standalone.Storage;

/// <summary>
/// All objects and the log of their changes, in one SQLite file. One writer at a time; readers see committed states only.
/// A write is on the disk before <see cref="WriteAsync{T}"/> returns, and its version is committed with it: after a kill no
/// version that anyone has seen is given out again.
/// </summary>
internal sealed class ObjectStore : IAsyncDisposable
{
    // Compaction in steps: a delete of this many rows now and then, rather than one row with every write.
    private const int CompactionStep = 500;

    private readonly string path;
    private readonly TimeProvider time;
    private readonly int retainedChanges;
    private readonly SqliteConnection writer;
    private readonly WriteStatements statements;
    private readonly SemaphoreSlim gate = new(1);
    private readonly ConcurrentBag<StoreReader> readers = [];
    private long version;
    private long compacted;
    private bool failed;
    private bool disposed;

    private ObjectStore(string path, int retainedChanges, TimeProvider time)
    {
        this.path = path;
        this.time = time;
        this.retainedChanges = retainedChanges;
        writer = Database.OpenWriter(path);
        statements = new WriteStatements(writer);
    }

    /// <summary>Called with every commit's changes, in order, before the writer is told: whoever listens must be quick.</summary>
    public Action<IReadOnlyList<Change>> Committed { get; set; } = _ => { };

    /// <summary>False after a commit whose outcome is unknown: only a restart finds out what the disk holds.</summary>
    public bool Healthy => !failed;

    public static ObjectStore Open(string path, int retainedChanges, TimeProvider time)
    {
        var store = new ObjectStore(path, retainedChanges, time);
        (store.version, store.compacted) = store.Read(r => (r.Version, r.Compacted));
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

    /// <summary>Runs <paramref name="work"/> alone and commits what it wrote; nothing is written when it throws.</summary>
    public async Task<T> WriteAsync<T>(Func<StoreTransaction, T> work, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (failed) throw new IOException("An earlier commit failed in an unknown state; restart the server.");
            return Write_NeedsGate(work);
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await gate.WaitAsync(CancellationToken.None);
        try
        {
            if (disposed) return;
            disposed = true;
            while (readers.TryTake(out var reader)) reader.Dispose();
            statements.Dispose();
            await writer.DisposeAsync();
        }
        finally
        {
            gate.Release();
        }
    }

    private T Write_NeedsGate<T>(Func<StoreTransaction, T> work)
    {
        Database.Execute(writer, "BEGIN IMMEDIATE");
        var transaction = new StoreTransaction(statements, version, time.GetUtcNow().ToUnixTimeSeconds());
        var result = Run(work, transaction);
        if (transaction.Changes.Count == 0) return result;
        var compactTo = Finish(transaction);
        (version, compacted) = (transaction.Version, compactTo);
        Committed(transaction.Changes);
        return result;
    }

    private T Run<T>(Func<StoreTransaction, T> work, StoreTransaction transaction)
    {
        var written = false;
        try
        {
            var result = work(transaction);
            written = transaction.Changes.Count > 0;
            return result;
        }
        finally
        {
            // After some errors (a full disk) SQLite has rolled back by itself; then there is nothing to roll back.
            if (!written && SQLitePCL.raw.sqlite3_get_autocommit(writer.Handle) == 0) Database.Execute(writer, "ROLLBACK");
        }
    }

    /// <summary>Records the new version, shortens the log where it is due, commits. Returns the version up to which the log is gone.</summary>
    private long Finish(StoreTransaction transaction)
    {
        try
        {
            statements.SetMeta.Run("version", transaction.Version);
            var compactTo = transaction.Version - retainedChanges;
            if (compactTo - compacted < Math.Min(CompactionStep, retainedChanges)) compactTo = compacted;
            if (compactTo > compacted)
            {
                statements.Compact.Run(compactTo);
                statements.SetMeta.Run("compacted", compactTo);
            }
            Database.Execute(writer, "COMMIT");
            return compactTo;
        }
        catch (SqliteException)
        {
            failed = true;
            throw;
        }
    }
}
