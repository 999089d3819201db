using System.Diagnostics;
using System.Text.Json;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Client.Config;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Resources;
using Kontena.TestKit;
using Kontena.TestKit.Net;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.EndToEnd.Soak;

/// <summary>
/// Our informer, over a line that breaks, of nodes that are written all the time. After each trouble the writers pause, and what the store holds must be
/// what a fresh, uncached list over another line says, to the last field; and what the subscribers were told must add up to it.
/// </summary>
internal sealed class InformerSoak : IAsyncDisposable
{
    private const string Namespace = "soak";
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(120);

    /// <summary>Many troubles a minute are this test's doing, not the server's: a watch that held at all proves it healthy here.</summary>
    private static readonly InformerOptions watching = new() { Namespace = Namespace, HealthyAfter = TimeSpan.FromSeconds(0.1), Backoff = new Backoff(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(5)) };

    private readonly ISoakServer server;
    private readonly SoakOptions options;
    private readonly Action<string> tell;
    private readonly CuttableProxy proxy;
    private readonly KubeClient direct;
    private readonly KubeClient cuttable;
    private readonly Informer<KontenaNode> informer;
    private readonly ChangeAudit audit = new();
    private readonly NodeWriters writers;
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;

    /// <param name="tell">Hears the story as it goes.</param>
    public InformerSoak(ISoakServer server, SoakOptions options, Action<string> tell)
    {
        (this.server, this.options, this.tell) = (server, options, tell);
        proxy = new CuttableProxy(server.Port);
        var access = KubeConfig.Read(server.KubeconfigPath).Resolve();
        direct = Client(access);
        cuttable = Client(access with { Server = new UriBuilder(access.Server) { Port = proxy.Port }.Uri });
        Calls = new CountedApi(cuttable);
        informer = new Informer<KontenaNode>(Calls, KontenaKinds.KontenaNodes, new Store<KontenaNode>(), watching, TimeProvider.System, Random.Shared.NextDouble, NullLogger.Instance);
        informer.Store.Subscribe(audit.Take);
        writers = new NodeWriters(direct, Namespace, options);
    }

    public CountedApi Calls { get; }

    /// <summary>One line for each trouble that was survived.</summary>
    public List<string> Story { get; } = [];

    public List<MemoryReading> Memory { get; } = [];

    public int Survived { get; private set; }

    public async Task RunAsync(CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        await direct.CreateAsync(CoreKinds.Namespace, new Namespace { ApiVersion = "v1", Kind = "Namespace", Metadata = new ObjectMeta { Name = Namespace } }, WriteOptions.Default, ct);
        await writers.FillAsync(ct);
        Tell($"{options.Nodes} nodes made in {watch.Elapsed.TotalSeconds:F1} s");
        running = informer.RunAsync(stop.Token);
        await informer.WaitForSyncAsync(ct);
        writers.Start();
        foreach (var trouble in Troubles()) await SurviveAsync(trouble, ct);
        Tell($"{watch.Elapsed.TotalSeconds:F0} s; {writers.Done} writes and {writers.Refused} refused; told: {audit.Added} added, {audit.Updated} updated, {audit.Removed} removed; "
            + $"{Calls.Lists} lists in {Calls.Pages} pages, {Calls.Watches} watches; {proxy.Received / 1048576.0:F1} MiB received, {proxy.Sent / 1048576.0:F2} MiB sent");
    }

    public async ValueTask DisposeAsync()
    {
        await writers.DisposeAsync();
        await stop.CancelAsync();
        await running;
        await proxy.DisposeAsync();
        cuttable.Dispose();
        direct.Dispose();
        stop.Dispose();
    }

    private static KubeClient Client(KubeAccess access) => new(access, new KubeClientOptions(), TimeProvider.System, NullLogger<KubeClient>.Instance);

    /// <summary>Restarts and silences spread evenly among the cuts.</summary>
    private IEnumerable<Trouble> Troubles()
    {
        for (var cut = 1; cut <= options.Cuts; cut++)
        {
            yield return Trouble.Cut;
            if (Falls(cut, options.Silences)) yield return Trouble.Silence;
            if (Falls(cut, options.Restarts)) yield return Trouble.Restart;
        }

        bool Falls(int cut, int times) => times > 0 && cut * (times + 1) / (options.Cuts + 1) != (cut - 1) * (times + 1) / (options.Cuts + 1);
    }

    private async Task SurviveAsync(Trouble trouble, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        var watches = Calls.Watches;
        await WritesAsync(options.WritesBetween, ct);
        switch (trouble)
        {
            case Trouble.Cut:
                proxy.Cut();
                break;
            case Trouble.Silence:
                proxy.Silence();
                break;
            case Trouble.Restart:
                await server.RestartAsync(ct);
                proxy.Target = server.Port;
                break;
            default:
                throw new InvalidOperationException($"No such trouble: {trouble}");
        }
        await WritesAsync(options.WritesBetween, ct);
        await writers.PauseAsync(ct);
        await Eventually.HoldsAsync(() => Task.FromResult(Calls.Watches > watches), $"another watch after {trouble}", patience, ct);
        var recovered = watch.Elapsed;
        await CompareAsync(ct);
        if (options.ReadsMemory) Memory.Add(MemoryReading.Take());
        Tell($"{++Survived,3} {trouble,-8} {informer.Store.Count} nodes equal after {watch.Elapsed.TotalSeconds,5:F1} s (watching again after {recovered.TotalSeconds:F1}) {Memory.LastOrDefault()}");
        writers.Resume();
    }

    private async Task WritesAsync(int count, CancellationToken ct)
    {
        var end = writers.Done + count;
        await Eventually.HoldsAsync(() => Task.FromResult(writers.Done >= end), $"{count} writes", patience, ct);
    }

    private async Task CompareAsync(CancellationToken ct)
    {
        var list = (await direct.ListAllAsync(KontenaKinds.KontenaNodes, new ListQuery(Namespace), ct)).Items;
        var expected = list.Select(n => (n.Metadata.Key, Uid: n.Metadata.Uid!, Version: n.Metadata.ResourceVersion!)).ToHashSet();
        var held = new HashSet<(ObjectKey, string, string)>();
        try
        {
            await Eventually.HoldsAsync(() =>
            {
                held = [.. informer.Store.All.Select(n => (n.Metadata.Key, n.Metadata.Uid!, n.Metadata.ResourceVersion!))];
                return Task.FromResult(held.SetEquals(expected));
            }, "the store is what a fresh list says", patience, ct);
        }
        catch (TimeoutException)
        {
            throw new AssertionException($"Only in the list: {Some(expected.Except(held))}\nonly in the store: {Some(held.Except(expected))}\n{string.Join('\n', Story)}");
        }
        foreach (var node in list) Assert.That(Text(informer.Store.Find(node.Metadata.Key)!), Is.EqualTo(Text(node)));
        Assert.That(audit.Contradictions, Is.Empty);
        Assert.That(audit.Known.ToHashSet().SetEquals(expected), "what the subscribers were told adds up to the list");
    }

    private static string Some(IEnumerable<(ObjectKey, string, string)> nodes) => string.Join(", ", nodes.Take(5));

    private static string Text(KontenaNode node) => JsonSerializer.Serialize(node, KontenaKinds.KontenaNodes.Json);

    private void Tell(string line)
    {
        Story.Add(line);
        tell(line);
    }
}
