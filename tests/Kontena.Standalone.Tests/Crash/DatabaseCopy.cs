using System.Globalization;
using Kontena.Standalone.Storage;

namespace Kontena.Standalone.Tests.Crash;

/// <summary>Checks the files that a kill left: SQLite's own check, and that version, log and objects belong together.</summary>
internal static class DatabaseCopy
{
    public static void CheckAndRemove(string folder, long newestSeen)
    {
        try
        {
            var version = Check(Path.Combine(folder, "objects.db"));
            if (version < newestSeen) throw new AssertionException($"The database is at version {version}, but {newestSeen} was seen.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <returns>The version that the database is at.</returns>
    public static long Check(string path)
    {
        using var connection = Database.OpenWriter(path);
        var verdict = (string?)Database.Scalar(connection, "PRAGMA integrity_check");
        if (verdict != "ok") throw new AssertionException($"PRAGMA integrity_check: {verdict}");
        var version = Number("SELECT value FROM meta WHERE name = 'version'");
        var logged = Number("SELECT coalesce(max(version), 0) FROM changes");
        var stored = Number("SELECT coalesce(max(version), 0) FROM objects");
        var compacted = Number("SELECT value FROM meta WHERE name = 'compacted'");
        if (logged != version || stored > version || Number($"SELECT count(*) FROM changes") != version - compacted)
            throw new AssertionException($"The database is at version {version}, compacted to {compacted}, its log ends at {logged}, its newest object is {stored}.");
        return version;

        long Number(string sql) => Convert.ToInt64(Database.Scalar(connection, sql), CultureInfo.InvariantCulture);
    }
}
