using System.Globalization;
using System.Text.Json.Nodes;
using Kontena.Standalone.Json;
using Kontena.Standalone.Tests.Support;

namespace Kontena.Standalone.Tests.Crash;

/// <summary>
/// Lives of one server on one data folder, each ended by SIGKILL at a random moment under sixteen writers; what every next life
/// holds is compared with what was acknowledged. (A killed process proves nothing of power loss: the kernel keeps what was
/// written and not synced. That is what <see cref="DurabilityTests"/> are for.)
/// </summary>
internal sealed class CrashRun(string folder, string crdFile, int seed) : IAsyncDisposable
{
    private const int Writers = 16;

    // Every so many lives the third watcher looks in again: it reads hundreds of changes from the log, not from memory.
    private const int LivesOfSleep = 5;

    private readonly Random random = new(seed);
    private readonly VersionLedger ledger = new();
    private readonly List<CrashWriter> writers = [];
    private readonly List<Follower> followers = [];
    private Task<ServerProcess>? next;
    private Task integrity = Task.CompletedTask;
    private int lives;

    public int Kills { get; private set; }

    public int KillsWhileStarting { get; private set; }

    public string Summary => string.Create(CultureInfo.InvariantCulture,
        $"seed {seed}: {Kills} kills ({KillsWhileStarting} of them while starting), {writers.Sum(w => w.AcknowledgedWrites)} acknowledged writes, "
        + $"{writers.Sum(w => w.UnknownWrites)} unknown, {followers.Sum(f => f.Events.Count)} watch events over {followers.Sum(f => f.Resumptions)} watches, "
        + $"newest resourceVersion {ledger.Newest}");

    public async Task KillOnceAsync()
    {
        using var server = await TakeNextAsync();
        // A server that dies while it recovers from its predecessor's death must leave no less.
        if (Kills > 0 && random.Next(10) == 0)
        {
            server.BeginStart();
            next = LoadAsync();
            await KillMoment.PauseAsync(random.Next(0, 400));
            server.Kill();
            KillsWhileStarting++;
        }
        else
        {
            await LiveAsync(server);
        }
        Kills++;
        await CheckFilesAsync();
    }

    /// <summary>One more life, in which every watcher reads to the end; then the whole history is compared.</summary>
    public async Task FinishAsync()
    {
        using var server = await TakeNextAsync();
        using var client = server.Client(await server.StartAsync());
        await SettleAsync(client);
        var end = await CreateAsync(client, "end");
        foreach (var follower in followers) await follower.RunAsync(client, end);
        await integrity;
        new History(ledger, writers, followers).Check();
        server.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        if (next is not null) (await next).Dispose();
    }

    private async Task LiveAsync(ServerProcess server)
    {
        var address = await server.StartAsync();
        using var client = server.Client(address);
        using var watching = server.Client(address);
        if (lives == 0) await BeginAsync(client);
        else await SettleAsync(client);
        var awake = followers.Where((_, i) => i < 2 || lives % LivesOfSleep == 0).ToList();
        var moment = NextMoment(server);
        Task[] work = [.. writers.Select(w => w.RunAsync(client, moment)), .. awake.Select(f => f.RunAsync(watching, long.MaxValue, moment))];
        next = LoadAsync();
        await moment.StrikeAsync();
        await Task.WhenAll(work);
        lives++;
    }

    private async Task BeginAsync(HttpClient client)
    {
        var start = await CreateAsync(client, CrashWriter.Shared);
        for (var i = 0; i < Writers; i++) writers.Add(new CrashWriter(i, random.Next(), ledger));
        for (var i = 0; i < 3; i++) followers.Add(new Follower(start, ledger));
    }

    /// <summary>Reads all there is, checks that it is of one piece, and lets each writer judge its own.</summary>
    private async Task SettleAsync(HttpClient client)
    {
        var newest = ledger.Newest;
        var list = JsonText.ParseObject(await client.GetByteArrayAsync(new Uri(Widgets.Path, UriKind.Relative)));
        var items = list["items"]!.AsArray().Select(i => i!.AsObject()).ToDictionary(i => i.Name());
        var version = VersionLedger.VersionOf(list);
        if (version < newest) throw new AssertionException($"The list is at version {version}, but {newest} was seen before the kill.");
        foreach (var item in items.Values)
            if (ledger.Saw(item) is var own && own > version) throw new AssertionException($"The list is at version {version} and holds version {own}.");
        ledger.SawVersion(version);
        foreach (var writer in writers) writer.Settle(items);
        var strangers = items.Keys.Except(writers.SelectMany(w => w.Widgets).Select(w => w.Name)).Except([CrashWriter.Shared, "end"]).ToList();
        if (strangers.Count > 0) throw new AssertionException($"Nobody wrote {string.Join(", ", strangers)}.");
        SettleShared(items[CrashWriter.Shared]);
    }

    private void SettleShared(JsonObject shared)
    {
        foreach (var writer in writers)
        {
            var found = int.Parse((shared["metadata"]!["labels"] as JsonObject).Text(writer.SharedLabel) ?? "0", CultureInfo.InvariantCulture);
            var least = writer.SharedDone.Count == 0 ? 0 : writer.SharedDone.Max();
            if (found != least && !(found > least && writer.SharedUnknown.Contains(found)))
                throw new AssertionException($"{writer.SharedLabel} was acknowledged {least} on the shared object, which now has {found}.");
        }
    }

    private async Task<long> CreateAsync(HttpClient client, string name)
    {
        using var content = new StringContent(Widgets.Text(name, "\"replicas\": 0"), System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri(Widgets.Path, UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        return ledger.Saw(JsonText.ParseObject(await response.Content.ReadAsByteArrayAsync()));
    }

    /// <summary>What the kill left on the disk. The database is checked on a copy: opening it would repair what the next server is to find.</summary>
    private async Task CheckFilesAsync()
    {
        PrivateModes.Check(folder);
        await integrity;
        var copy = Directory.CreateTempSubdirectory("kontena-crash-copy-").FullName;
        foreach (var file in Directory.GetFiles(folder, "objects.db*").Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        var newest = ledger.Newest;
        integrity = Task.Run(() => DatabaseCopy.CheckAndRemove(copy, newest));
    }

    private async Task<ServerProcess> TakeNextAsync()
    {
        var loaded = await (next ?? LoadAsync());
        next = null;
        return loaded;
    }

    private Task<ServerProcess> LoadAsync() => ServerProcess.LoadAsync(folder, crdFile);

    private KillMoment NextMoment(ServerProcess server) => random.Next(4) switch
    {
        0 => new KillMoment(server, Told.Acknowledgement, random.Next(1, 60)),
        1 => new KillMoment(server, Told.Event, random.Next(1, 120)),
        _ => new KillMoment(server, null, random.Next(20, 400)),
    };
}
