using Microsoft.Data.Sqlite;

namespace Kontena.Standalone.Storage;

/// <summary>The SQLite file: how it is opened, and its tables.</summary>
internal static class Database
{
    private const string Tables = """
        CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT OR IGNORE INTO meta VALUES ('version', 0), ('compacted', 0);
        CREATE TABLE IF NOT EXISTS objects (
          resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
          uid TEXT NOT NULL, version INTEGER NOT NULL, written INTEGER NOT NULL, json BLOB NOT NULL,
          PRIMARY KEY (resource, namespace, name));
        CREATE UNIQUE INDEX IF NOT EXISTS objects_uid ON objects (uid);
        CREATE TABLE IF NOT EXISTS owners (
          owner TEXT NOT NULL, resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
          PRIMARY KEY (owner, resource, namespace, name)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS owners_object ON owners (resource, namespace, name);
        CREATE TABLE IF NOT EXISTS changes (
          version INTEGER PRIMARY KEY, kind INTEGER NOT NULL,
          resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL, json BLOB NOT NULL, previous BLOB);
        CREATE INDEX IF NOT EXISTS changes_object ON changes (resource, namespace, name, version);
        PRAGMA user_version = 1;
        """;

    /// <summary>Opens the one connection that writes, making the file and its tables where they are missing.</summary>
    public static SqliteConnection OpenWriter(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        // FULL: in WAL mode the default of many builds (NORMAL) may lose acknowledged commits on power loss (sqlite.org/pragma.html#pragma_synchronous).
        var connection = Open(path, SqliteOpenMode.ReadWriteCreate, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        var layout = Convert.ToInt64(Scalar(connection, "PRAGMA user_version"), System.Globalization.CultureInfo.InvariantCulture);
        if (layout > 1)
        {
            connection.Dispose();
            throw new InvalidDataException($"{path} was written by a newer version (layout {layout}, this program knows 1).");
        }
        Execute(connection, Tables);
        return connection;
    }

    public static SqliteConnection OpenReader(string path) => Open(path, SqliteOpenMode.ReadWrite, "PRAGMA query_only = ON;");

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode, string pragmas)
    {
        // No pooling by the provider: connections are kept here, so that Dispose really closes the file.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        Execute(connection, pragmas);
        return connection;
    }
}

/// <summary>
/// A read transaction: every statement in it sees the same state. In plain SQL, because the provider's transaction objects
/// would have to be set on each prepared command.
/// </summary>
internal readonly struct ReadScope : IDisposable
{
    private readonly SqliteConnection connection;

    public ReadScope(SqliteConnection connection)
    {
        this.connection = connection;
        Database.Execute(connection, "BEGIN");
    }

    public void Dispose() => Database.Execute(connection, "COMMIT");
}
