using System.Text.Json.Nodes;
using Kontena.EndToEnd.Engines;
using Kontena.EndToEnd.Kubectl.Interactions;
using Kontena.EndToEnd.Operator;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Resources;
using Kontena.TestKit;
using Kontena.TestKit.Engines;
using Kontena.TestKit.Kubectl;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.EndToEnd.Kubectl;

/// <summary>
/// One restart of a server of its own, with its data and at its address, under clients that are watching. It happens before the tests; each
/// of them looks at one client.
/// </summary>
[TestFixtureSource(typeof(EndToEndEngines), nameof(EndToEndEngines.All))]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public sealed class ServerRestartTests(EngineKind kind)
{
    private const string Pools = "/apis/kontena.io/v1alpha1/namespaces/default/nodepools";
    private static readonly TimeSpan patience = Eventually.Patience;
    private readonly CancellationTokenSource stopping = new();
    private ApiEngine engine = null!; // made before the tests
    private KubectlClient kubectl = null!;
    private KubeClient client = null!;
    private RunningKubectl get = null!;
    private RunningKubectl wait = null!;
    private Informer<NodePool> informer = null!;
    private Task informing = Task.CompletedTask;

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [OneTimeSetUp]
    public async Task RestartUnderWatchers()
    {
        kubectl = await StartAsync();
        await SendAsync(HttpMethod.Post, Pools, Documents.PoolJson("web"));
        await SendAsync(HttpMethod.Post, Pools, Documents.PoolJson("old"));
        client = SceneEngines.Client(engine.KubeconfigPath);
        informer = new Informer<NodePool>(
            client, KontenaKinds.NodePools, new Store<NodePool>(), InformerOptions.Default, TimeProvider.System, () => 0, NullLogger.Instance);
        informing = informer.RunAsync(stopping.Token);
        await informer.WaitForSyncAsync(Ct);
        get = kubectl.Start(["get", "np", "-w", "-v=6"]);
        wait = kubectl.Start(["wait", "np/web", "--for=jsonpath={.status.readyReplicas}=2", "--timeout=90s", "-v=6"]);
        foreach (var running in new[] { get, wait })
            await Eventually.HoldsAsync(() => Task.FromResult(IsWatching(running)), "the command watches", patience, Ct);

        await engine.RestartAsync(Ct);

        await SendAsync(HttpMethod.Patch, Pools + "/web/status", Documents.Status("True", "AllReady", readyReplicas: 2), Documents.MergePatch);
        await SendAsync(HttpMethod.Post, Pools, Documents.PoolJson("new"));
        await SendAsync(HttpMethod.Delete, Pools + "/old", null);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await stopping.CancelAsync();
        await informing;
        get?.Dispose();
        wait?.Dispose();
        client?.Dispose();
        kubectl?.Dispose();
        stopping.Dispose();
        if (engine is not null) await engine.DisposeAsync();
    }

    [Test]
    public async Task GetWatch_EndsWithoutAFault()
    {
        while (await get.ReadLineAsync(Ct) is not null) { }
        Assert.That(await get.ExitCodeAsync(Ct), Is.Zero, get.ErrorSoFar);
    }

    [Test]
    public async Task Wait_GoesOnAndEndsWell()
    {
        Assert.That(await wait.ReadLineAsync(Ct), Is.EqualTo("nodepool.kontena.io/web condition met"), wait.ErrorSoFar);
        Assert.That(await wait.ExitCodeAsync(Ct), Is.Zero);
    }

    [Test]
    public async Task Informer_GoesOnAndEqualsAFreshList()
    {
        await Eventually.HoldsAsync(async () => Shown(informer.Store.All).SequenceEqual(await ListedAsync()), "the informer has all that is there", patience, Ct);
        Assert.That(Shown(informer.Store.All).Select(p => p.Split(' ')[0]), Is.EqualTo(new[] { "new", "web" }));
    }

    private static bool IsWatching(RunningKubectl running) => running.ErrorSoFar.Split('\n').Any(l => l.Contains("watch=true", StringComparison.Ordinal) && l.Contains("200 OK", StringComparison.Ordinal));

    private static IEnumerable<string> Shown(IEnumerable<NodePool> pools) =>
        pools.Select(p => $"{p.Metadata.Name} {p.Metadata.Uid} {p.Metadata.ResourceVersion}").Order(StringComparer.Ordinal);

    private async Task<IEnumerable<string>> ListedAsync() => Shown((await client.ListAsync(KontenaKinds.NodePools, new ListQuery(), Ct)).Items);

    private async Task<KubectlClient> StartAsync()
    {
        if (kind == EngineKind.Real)
        {
            var real = await RealApiServer.StartAsync(Ct);
            engine = real;
            await real.InstallCrdsAsync(NodePoolCrds.Read(), Ct);
        }
        else
        {
            engine = await EmbeddedApiServer.StartAsync(Ct);
        }
        return KubectlClient.Require(engine.KubeconfigPath, "default");
    }

    private async Task SendAsync(HttpMethod method, string path, string? body, string contentType = "application/json") =>
        (await engine.Http.SendAsync(method, path, body is null ? null : JsonNode.Parse(body), contentType, Ct)).Succeeded();
}
