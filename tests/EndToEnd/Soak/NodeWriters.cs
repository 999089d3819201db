using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Operator.Resources;

namespace Kontena.EndToEnd.Soak;

/// <summary>Writers that create, change and delete nodes at a bounded rate, whatever becomes of the API server; the number of nodes stays about the same.</summary>
internal sealed class NodeWriters : IAsyncDisposable
{
    private const int Workers = 4;
    private const int FillWorkers = 16;

    private readonly KubeClient api;
    private readonly string ns;
    private readonly SoakOptions options;
    private readonly ConcurrentQueue<int> free = [];
    private readonly ConcurrentDictionary<int, byte> living = [];
    private readonly SemaphoreSlim running = new(Workers, Workers);
    private readonly CancellationTokenSource stop = new();
    private Task[] workers = [];
    private long done;
    private long refused;

    public NodeWriters(KubeClient api, string ns, SoakOptions options)
    {
        (this.api, this.ns, this.options) = (api, ns, options);
        for (var ordinal = 0; ordinal < options.Nodes + options.Nodes / 50; ordinal++) free.Enqueue(ordinal);
    }

    /// <summary>Writes that were answered.</summary>
    public long Done => Interlocked.Read(ref done);

    /// <summary>Writes that failed.</summary>
    public long Refused => Interlocked.Read(ref refused);

    /// <summary>Makes all nodes, each with a status.</summary>
    public Task FillAsync(CancellationToken ct) => Parallel.ForEachAsync(Enumerable.Range(0, options.Nodes), new ParallelOptions { MaxDegreeOfParallelism = FillWorkers, CancellationToken = ct }, async (_, token) =>
    {
        if (free.TryDequeue(out var ordinal)) await CreateAsync(ordinal, token);
    });

    public void Start() => workers = [.. Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(new Random(options.Seed + worker))))];

    /// <summary>Returns when no write is under way; none begins before <see cref="Resume"/>.</summary>
    public async Task PauseAsync(CancellationToken ct)
    {
        for (var worker = 0; worker < Workers; worker++) await running.WaitAsync(ct);
    }

    public void Resume() => running.Release(Workers);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(workers);
        running.Dispose();
        stop.Dispose();
    }

    private async Task WorkAsync(Random random)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds((double)Workers / options.WritesPerSecond));
        try
        {
            while (await pace.WaitForNextTickAsync(stop.Token))
            {
                await running.WaitAsync(stop.Token);
                try
                {
                    await WriteAsync(random, stop.Token);
                    Interlocked.Increment(ref done);
                }
                catch (KubeFault)
                {
                    // The server is away, or another worker was faster. Whatever was carried out, the list says.
                    Interlocked.Increment(ref refused);
                }
                finally
                {
                    running.Release();
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Over.
        }
    }

    private Task WriteAsync(Random random, CancellationToken ct)
    {
        var chance = random.NextDouble();
        // Few ordinals are free: a name is soon given to another object again, maybe while the watch is down.
        if (chance < 0.2 && free.Count > options.Nodes / 100 && free.TryDequeue(out var ordinal)) return CreateAsync(ordinal, ct);
        if (Any(random) is not { } any) return Task.CompletedTask;
        var key = new ObjectKey(ns, SoakNodes.NameOf(any));
        return chance switch
        {
            < 0.4 when free.Count < options.Nodes * 3 / 100 => DeleteAsync(any, key, ct),
            < 0.8 => ChangeAsync(any, key, SoakNodes.Status(Done), WriteOptions.Status, ct),
            _ => ChangeAsync(any, key, Labelled(random), WriteOptions.Default, ct),
        };
    }

    private async Task ChangeAsync(int ordinal, ObjectKey key, JsonObject change, WriteOptions write, CancellationToken ct)
    {
        try
        {
            await api.PatchAsync(KontenaKinds.KontenaNodes, key, Patch.Merge(change), write, ct);
        }
        catch (KubeFault fault) when (fault.Reason == FaultReason.NotFound)
        {
            // Its create was not answered, and not carried out either.
            if (living.TryRemove(ordinal, out _)) free.Enqueue(ordinal);
            throw;
        }
    }

    private async Task CreateAsync(int ordinal, CancellationToken ct)
    {
        // Before the answer: one that is lost may have been carried out, and then the ordinal is in use.
        living[ordinal] = 0;
        KontenaNode created;
        try
        {
            created = await api.CreateAsync(KontenaKinds.KontenaNodes, SoakNodes.New(ns, ordinal), WriteOptions.Default, ct);
        }
        catch (KubeFault fault) when (!fault.OutcomeUnknown && fault.Reason != FaultReason.AlreadyExists)
        {
            if (living.TryRemove(ordinal, out _)) free.Enqueue(ordinal);
            throw;
        }
        await api.PatchAsync(KontenaKinds.KontenaNodes, created.Metadata.Key, Patch.Merge(SoakNodes.Status(Done)), WriteOptions.Status, ct);
    }

    private async Task DeleteAsync(int ordinal, ObjectKey key, CancellationToken ct)
    {
        if (!living.TryRemove(ordinal, out _)) return;
        free.Enqueue(ordinal);
        await api.DeleteAsync(KontenaKinds.KontenaNodes, key, new DeleteQuery(), ct);
    }

    private int? Any(Random random)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var ordinal = random.Next(options.Nodes + options.Nodes / 50);
            if (living.ContainsKey(ordinal)) return ordinal;
        }
        return null;
    }

    private static JsonObject Labelled(Random random) => new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["shade"] = $"s{random.Next(100, 1000)}" } } };
}
