using Kontena.Standalone.Storage;
using Kontena.Standalone.Tests.Support;

namespace Kontena.Standalone.Tests.Crash;

/// <summary>What a killed process cannot show, because the kernel keeps what was not synced: the promises for a loss of power.</summary>
public sealed class DurabilityTests
{
    [Test]
    public void Writer_EveryConnection_SyncsEachCommit()
    {
        var folder = Directory.CreateTempSubdirectory("kontena-durable-").FullName;
        try
        {
            using var connection = Database.OpenWriter(Path.Combine(folder, "objects.db"));
            Assert.That(Database.Scalar(connection, "PRAGMA synchronous"), Is.EqualTo(2), "FULL");
            Assert.That(Database.Scalar(connection, "PRAGMA journal_mode"), Is.EqualTo("wal"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// Power fails while the log is written: its end is missing, or is rubbish. Every commit before that point is there, whole,
    /// and none after it.
    /// </summary>
    [Test]
    public async Task Open_LogCutOrSpoiledAnywhere_HoldsAPrefixOfTheCommits([Values(true, false)] bool cut)
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 0; i < 40; i++) await server.CreateWidgetAsync($"w{i}");
        var (database, log) = (await CopyAsync(server, "objects.db"), await CopyAsync(server, "objects.db-wal"));
        var newest = long.Parse((await server.GetAsync(Widgets.Path)).Version, System.Globalization.CultureInfo.InvariantCulture);
        var random = new Random(7);
        var points = Enumerable.Range(0, 40).Select(_ => random.Next(log.Length)).Order().ToList();
        var versions = points.Select(at => VersionAfter(database, cut ? log[..at] : Spoiled(log, at))).ToList();
        Assert.That(versions, Is.Ordered, "what is lost is the end");
        Assert.That(versions[^1], Is.LessThanOrEqualTo(newest).And.GreaterThan(versions[0]));
        Assert.That(VersionAfter(database, log), Is.EqualTo(newest));
    }

    private static long VersionAfter(byte[] database, byte[] log)
    {
        var folder = Directory.CreateTempSubdirectory("kontena-torn-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "objects.db"), database);
            File.WriteAllBytes(Path.Combine(folder, "objects.db-wal"), log);
            return DatabaseCopy.Check(Path.Combine(folder, "objects.db"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Spoiled(byte[] log, int at)
    {
        byte[] result = [.. log];
        result[at] ^= 0x55;
        return result;
    }

    private static Task<byte[]> CopyAsync(TestServer server, string file) => File.ReadAllBytesAsync(Path.Combine(server.Folder, file));
}
