using Microsoft.Data.Sqlite;

namespace Kontena.Standalone.Storage;

/// <summary>What a list reads: one page, at one version of the whole store.</summary>
internal sealed record ListPage(long Version, IReadOnlyList<StoredObject> Items, bool More, long? Remaining);

/// <summary>What a list asks for. <paramref name="Namespace"/> null means all; <paramref name="At"/> null means now.</summary>
internal sealed record ListQuery(string Resource, string? Namespace = null, long? At = null, ObjectKey? After = null, int? Limit = null)
{
    /// <summary>Null takes every object; otherwise what is left is not counted (as in Kubernetes).</summary>
    public Func<StoredObject, bool>? Filter { get; init; }

    /// <summary>The page ends, without a count of what is left, once it holds so many bytes.</summary>
    public long? Bytes { get; init; }
}

/// <summary>One reading connection with its statements. Not thread-safe: rented from the store for one piece of work.</summary>
internal sealed class StoreReader : IDisposable
{
    // The state at version @3 = what has not been written since, and for the rest the value before the first later write.
    private const string StateAt = """
        SELECT namespace, name, version, json FROM objects WHERE resource = @0 AND version <= @3
        UNION ALL
        SELECT namespace, name, @3, previous FROM changes c WHERE resource = @0 AND version > @3 AND previous IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM changes e WHERE e.resource = c.resource AND e.namespace = c.namespace AND e.name = c.name
                          AND e.version > @3 AND e.version < c.version)
        """;
    private const string Range = "(@4 IS NULL OR namespace = @4) AND (namespace, name) > (@1, @2)";

    private readonly SqliteConnection connection;
    private readonly Statement meta;
    private readonly Statement get;
    private readonly Statement byUid;
    private readonly Statement dependents;
    private readonly Statement changes;
    private readonly Statement now;
    private readonly Statement nowInNamespace;
    private readonly Statement at;
    private readonly Statement writtenBefore;

    public StoreReader(SqliteConnection connection)
    {
        this.connection = connection;
        meta = new(connection, "SELECT value FROM meta WHERE name = @0", 1);
        get = new(connection, "SELECT version, json FROM objects WHERE resource = @0 AND namespace = @1 AND name = @2", 3);
        byUid = new(connection, "SELECT resource, namespace, name FROM objects WHERE uid = @0", 1);
        dependents = new(connection, "SELECT resource, namespace, name FROM owners WHERE owner = @0", 1);
        changes = new(connection, "SELECT version, kind, resource, namespace, name, json, previous FROM changes WHERE version > @0 ORDER BY version LIMIT @1", 2);
        now = new(connection, "SELECT namespace, name, version, json FROM objects WHERE resource = @0 AND (namespace, name) > (@1, @2) ORDER BY namespace, name", 3);
        nowInNamespace = new(connection, "SELECT namespace, name, version, json FROM objects WHERE resource = @0 AND namespace = @1 AND name > @2 ORDER BY name", 3);
        at = new(connection, $"SELECT namespace, name, version, json FROM ({StateAt}) WHERE {Range} ORDER BY namespace, name", 5);
        writtenBefore = new(connection, "SELECT resource, namespace, name FROM objects WHERE resource = @0 AND written < @1", 2);
    }

    public long Version => meta.Number("version");

    /// <summary>The newest version whose change is no longer in the log.</summary>
    public long Compacted => meta.Number("compacted");

    public StoredObject? Get(ObjectKey key)
    {
        using var rows = get.Read(key.Resource, key.Namespace, key.Name);
        return rows.Read() ? new StoredObject(key, rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)) : null;
    }

    public ObjectKey? FindUid(string uid)
    {
        using var rows = byUid.Read(uid);
        return rows.Read() ? Key(rows) : null;
    }

    public IReadOnlyList<ObjectKey> Dependents(string ownerUid) => Keys(dependents, ownerUid);

    public IReadOnlyList<ObjectKey> WrittenBefore(string resource, long unixSeconds) => Keys(writtenBefore, resource, unixSeconds);

    /// <summary>Every object that has an owner or is being deleted: what a garbage collector must look at after a start.</summary>
    public IReadOnlyList<ObjectKey> CollectorCandidates()
    {
        using var statement = new Statement(connection,
            "SELECT DISTINCT resource, namespace, name FROM owners UNION SELECT resource, namespace, name FROM objects WHERE json_extract(json, '$.metadata.deletionTimestamp') IS NOT NULL", 0);
        return Keys(statement);
    }

    /// <summary>The keys in a namespace (<paramref name="resource"/> null), or of a resource everywhere (<paramref name="ns"/> null).</summary>
    public IReadOnlyList<ObjectKey> Contents(string? resource, string? ns)
    {
        using var statement = new Statement(connection,
            "SELECT resource, namespace, name FROM objects WHERE (@0 IS NULL OR resource = @0) AND (@1 IS NULL OR namespace = @1)", 2);
        return Keys(statement, resource, ns);
    }

    /// <summary>The log after a version, oldest first, as far as <paramref name="take"/> reads it; null when part of it has been compacted away.</summary>
    public IReadOnlyList<Change>? ChangesAfter(long version, Func<IEnumerable<Change>, IReadOnlyList<Change>> take)
    {
        using var snapshot = new ReadScope(connection);
        return version < Compacted ? null : take(Rows());

        IEnumerable<Change> Rows()
        {
            using var rows = changes.Read(version, 1024);
            while (rows.Read())
            {
                yield return new Change(rows.GetInt64(0), (ChangeKind)rows.GetInt32(1),
                    new ObjectKey(rows.GetString(2), rows.GetString(3), rows.GetString(4)),
                    rows.GetFieldValue<byte[]>(5), rows.IsDBNull(6) ? null : rows.GetFieldValue<byte[]>(6));
            }
        }
    }

    /// <summary>One page, read within one snapshot; null when <see cref="ListQuery.At"/> is older than the log.</summary>
    public ListPage? List(ListQuery query)
    {
        using var snapshot = new ReadScope(connection);
        var version = Version;
        if (query.At is { } wanted && (wanted < Compacted || wanted > version)) return null;
        var items = new List<StoredObject>();
        var (remaining, size) = (0L, 0L);
        var more = false;
        using (var rows = Rows(query, version))
        {
            while (rows.Read())
            {
                if (items.Count == query.Limit)
                {
                    // Reading on only counts: without a filter the rest need not be decoded, with one the first match decides.
                    more = more || query.Filter is null || query.Filter(Item(rows, query.Resource));
                    if (more && query.Filter is not null) break;
                    remaining++;
                    continue;
                }
                more = size >= query.Bytes;
                if (more) break;
                var item = Item(rows, query.Resource);
                if (!(query.Filter?.Invoke(item) ?? true)) continue;
                items.Add(item);
                size += item.Json.Length;
            }
        }
        return new ListPage(query.At ?? version, items, more, more && query.Filter is null && query.Bytes is null ? remaining : null);
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[meta, get, byUid, dependents, changes, now, nowInNamespace, at, writtenBefore]) statement.Dispose();
        connection.Dispose();
    }

    private SqliteDataReader Rows(ListQuery query, long version)
    {
        var after = query.After ?? new ObjectKey(query.Resource, "", "");
        if (query.At is { } past && past < version) return at.Read(query.Resource, after.Namespace, after.Name, past, query.Namespace);
        return query.Namespace is null
            ? now.Read(query.Resource, after.Namespace, after.Name)
            : nowInNamespace.Read(query.Resource, query.Namespace, after.Name);
    }

    private static StoredObject Item(SqliteDataReader rows, string resource) =>
        new(new ObjectKey(resource, rows.GetString(0), rows.GetString(1)), rows.GetInt64(2), rows.GetFieldValue<byte[]>(3));

    private static List<ObjectKey> Keys(Statement statement, params ReadOnlySpan<object?> values)
    {
        var keys = new List<ObjectKey>();
        using var rows = statement.Read(values);
        while (rows.Read()) keys.Add(Key(rows));
        return keys;
    }

    private static ObjectKey Key(SqliteDataReader rows) => new(rows.GetString(0), rows.GetString(1), rows.GetString(2));
}
