using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Kontena.Standalone.Storage;

/// <summary>
/// The one connection that writes. All writes that wait when it becomes free form a group: each runs alone, in the order of
/// arrival and behind its own savepoint, and one commit (the sync to disk is what a write costs) makes the whole group last.
/// </summary>
internal sealed class StoreWriter : IAsyncDisposable
{
    // Compaction in steps: a delete of this many rows now and then, rather than one row with every write.
    private const int CompactionStep = 500;

    // Bounds how long the first of a group waits for the last, and how much a watcher gets at once.
    private const int GroupSize = 64;

    private readonly TimeProvider time;
    private readonly int retainedChanges;
    private readonly SqliteConnection connection;
    private readonly WriteStatements statements;
    private readonly Channel<PendingWrite> waiting = Channel.CreateUnbounded<PendingWrite>(new UnboundedChannelOptions { SingleReader = true });
    private Task loop = Task.CompletedTask;
    private long version;
    private long compacted;
    private volatile bool failed;

    public StoreWriter(string path, int retainedChanges, TimeProvider time)
    {
        (this.retainedChanges, this.time) = (retainedChanges, time);
        connection = Database.OpenWriter(path);
        statements = new WriteStatements(connection);
    }

    /// <inheritdoc cref="ObjectStore.Committed"/>
    public Action<IReadOnlyList<Change>> Committed { get; set; } = _ => { };

    /// <inheritdoc cref="ObjectStore.Healthy"/>
    public bool Healthy => !failed;

    /// <summary>Begins to serve; the versions are those that the file holds.</summary>
    public void Start(long storedVersion, long storedCompacted)
    {
        (version, compacted) = (storedVersion, storedCompacted);
        loop = Task.Run(RunAsync);
    }

    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public async Task<T> WriteAsync<T>(Func<StoreTransaction, T> work, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var write = new PendingWrite<T>(work);
        ObjectDisposedException.ThrowIf(!waiting.Writer.TryWrite(write), this);
        using var cancelling = ct.UnsafeRegister(_ => write.Cancel(ct), null);
        return await write.Outcome;
    }

    /// <summary>Carries out what waits, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await loop;
        statements.Dispose();
        await connection.DisposeAsync();
    }

    private async Task RunAsync()
    {
        var group = new List<PendingWrite>();
        while (await waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (group.Count < GroupSize && waiting.Reader.TryRead(out var write))
            {
                if (write.TryBegin()) group.Add(write);
            }
            Carry(group);
            group.Clear();
        }
    }

    private void Carry(List<PendingWrite> group)
    {
        try
        {
            if (failed) throw new IOException("An earlier commit failed in an unknown state; restart the server.");
            Commit(group);
        }
        catch (Exception e)
        {
            // Nobody's own fault, so everybody's: a caller who is never told would wait for ever.
            foreach (var write in group) write.Fail(e);
            return;
        }
        foreach (var write in group) write.Complete();
    }

    private void Commit(List<PendingWrite> group)
    {
        if (group.Count == 0) return;
        statements.Begin.Run();
        var changes = new List<Change>();
        var ran = false;
        try
        {
            foreach (var write in group) changes.AddRange(RunOne(write, version + changes.Count));
            ran = true;
        }
        finally
        {
            // Left open, a transaction would fail every later BEGIN.
            if ((!ran || changes.Count == 0) && InTransaction) statements.Rollback.Run();
        }
        if (changes.Count == 0) return;
        compacted = Finish(version + changes.Count);
        version += changes.Count;
        Committed(changes);
    }

    private bool InTransaction => SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0;

    /// <summary>What one write changed; nothing when it failed.</summary>
    private IReadOnlyList<Change> RunOne(PendingWrite write, long startVersion)
    {
        statements.Savepoint.Run();
        var transaction = new StoreTransaction(statements, startVersion, time.GetUtcNow().ToUnixTimeSeconds());
        var done = write.Run(transaction);
        // After some errors (a full disk) SQLite has rolled back by itself, and the neighbours' changes with it.
        if (!InTransaction) throw new IOException("The database gave up the transaction; nothing of it was written.");
        if (!done) statements.RollbackToSavepoint.Run();
        statements.Release.Run();
        return done ? transaction.Changes : [];
    }

    /// <summary>Records the new version, shortens the log where it is due, commits. Returns the version up to which the log is gone.</summary>
    private long Finish(long newVersion)
    {
        try
        {
            statements.SetMeta.Run("version", newVersion);
            var compactTo = newVersion - retainedChanges;
            if (compactTo - compacted < Math.Min(CompactionStep, retainedChanges)) compactTo = compacted;
            if (compactTo > compacted)
            {
                statements.Compact.Run(compactTo);
                statements.SetMeta.Run("compacted", compactTo);
            }
            statements.Commit.Run();
            return compactTo;
        }
        catch (SqliteException)
        {
            failed = true;
            throw;
        }
    }
}
