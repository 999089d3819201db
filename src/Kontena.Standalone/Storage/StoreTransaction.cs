using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Kontena.Standalone.Storage;

/// <summary>Reads and writes within the one transaction. Each write takes the next version of the whole store.</summary>
internal sealed class StoreTransaction(WriteStatements statements, long startVersion, long unixSeconds)
{
    private readonly List<Change> changes = [];

    public IReadOnlyList<Change> Changes => changes;

    public long Version => startVersion + changes.Count;

    public JsonObject? Get(ObjectKey key) => Stored(key) is { } json ? JsonText.ParseObject(json) : null;

    public bool OwnerExists(string uid, string dependentNamespace)
    {
        using var rows = statements.NamespaceOfUid.Read(uid);
        // An owner lives in the dependent's namespace or in none: elsewhere it counts as absent (kubernetes.io, owners and dependents).
        return rows.Read() && rows.GetString(0) is var ns && (ns.Length == 0 || ns == dependentNamespace);
    }

    /// <summary>Stores the object, new or changed, and sets its resourceVersion.</summary>
    public void Put(ObjectKey key, JsonObject obj)
    {
        var previous = Stored(key);
        var version = Version + 1;
        obj.Metadata()["resourceVersion"] = Text(version);
        var json = JsonText.Serialize(obj);
        if (previous is null) statements.Insert.Run(key.Resource, key.Namespace, key.Name, obj.Uid(), version, unixSeconds, json);
        else statements.Update.Run(key.Resource, key.Namespace, key.Name, version, unixSeconds, json);
        ReplaceOwners(key, obj);
        Append(new Change(version, previous is null ? ChangeKind.Added : ChangeKind.Modified, key, json, previous));
    }

    /// <summary>Removes the object. <paramref name="last"/> is its final state, which the watchers get under the deletion's version.</summary>
    public void Delete(ObjectKey key, JsonObject last)
    {
        var previous = Stored(key) ?? throw new InvalidOperationException($"{key} is not stored.");
        var version = Version + 1;
        last.Metadata()["resourceVersion"] = Text(version);
        statements.Delete.Run(key.Resource, key.Namespace, key.Name);
        statements.ForgetOwners.Run(key.Resource, key.Namespace, key.Name);
        Append(new Change(version, ChangeKind.Deleted, key, JsonText.Serialize(last), previous));
    }

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

    private byte[]? Stored(ObjectKey key)
    {
        using SqliteDataReader rows = statements.Get.Read(key.Resource, key.Namespace, key.Name);
        return rows.Read() ? rows.GetFieldValue<byte[]>(0) : null;
    }

    private void ReplaceOwners(ObjectKey key, JsonObject obj)
    {
        statements.ForgetOwners.Run(key.Resource, key.Namespace, key.Name);
        foreach (var uid in obj.OwnerReferences().Select(o => o.Text("uid")).OfType<string>().Distinct())
            statements.InsertOwner.Run(uid, key.Resource, key.Namespace, key.Name);
    }

    private void Append(Change change)
    {
        statements.InsertChange.Run(change.Version, (int)change.Kind, change.Key.Resource, change.Key.Namespace, change.Key.Name,
            change.Json, change.Previous);
        changes.Add(change);
    }
}

/// <summary>The prepared statements of the writing connection.</summary>
internal sealed class WriteStatements(SqliteConnection connection) : IDisposable
{
    public Statement Begin { get; } = new(connection, "BEGIN IMMEDIATE", 0);

    public Statement Savepoint { get; } = new(connection, "SAVEPOINT one", 0);

    public Statement RollbackToSavepoint { get; } = new(connection, "ROLLBACK TO one", 0);

    public Statement Release { get; } = new(connection, "RELEASE one", 0);

    public Statement Rollback { get; } = new(connection, "ROLLBACK", 0);

    public Statement Commit { get; } = new(connection, "COMMIT", 0);

    public Statement Get { get; } = new(connection, "SELECT json FROM objects WHERE resource = @0 AND namespace = @1 AND name = @2", 3);

    public Statement NamespaceOfUid { get; } = new(connection, "SELECT namespace FROM objects WHERE uid = @0", 1);

    public Statement Insert { get; } = new(connection, "INSERT INTO objects VALUES (@0, @1, @2, @3, @4, @5, @6)", 7);

    public Statement Update { get; } = new(connection,
        "UPDATE objects SET version = @3, written = @4, json = @5 WHERE resource = @0 AND namespace = @1 AND name = @2", 6);

    public Statement Delete { get; } = new(connection, "DELETE FROM objects WHERE resource = @0 AND namespace = @1 AND name = @2", 3);

    public Statement InsertOwner { get; } = new(connection, "INSERT INTO owners VALUES (@0, @1, @2, @3)", 4);

    public Statement ForgetOwners { get; } = new(connection, "DELETE FROM owners WHERE resource = @0 AND namespace = @1 AND name = @2", 3);

    public Statement InsertChange { get; } = new(connection, "INSERT INTO changes VALUES (@0, @1, @2, @3, @4, @5, @6)", 7);

    public Statement SetMeta { get; } = new(connection, "UPDATE meta SET value = @1 WHERE name = @0", 2);

    public Statement Compact { get; } = new(connection, "DELETE FROM changes WHERE version <= @0", 1);

    public void Dispose()
    {
        Statement[] all =
        [
            Begin, Savepoint, RollbackToSavepoint, Release, Rollback, Commit,
            Get, NamespaceOfUid, Insert, Update, Delete, InsertOwner, ForgetOwners, InsertChange, SetMeta, Compact,
        ];
        foreach (var statement in all) statement.Dispose();
    }
}
