using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Grids;
using Kontena.Operator.Resources;
using Kontena.Operator.Tests.Clouds;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Tests.Grids;

/// <summary>The whole operator over an API, a cloud and Masters in memory, on a clock that a wait moves.</summary>
internal sealed class GridScene : IAsyncDisposable
{
    public const string Namespace = "prod";

    private CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<string> logs = [];
    private Wiring? wiring;
    private Task running = Task.CompletedTask;

    public GridScene()
    {
        Api = new MemoryApi(Time) { CollectsGarbage = true };
        Cloud = new FakeCloud(Time);
        Master = new FakeMaster(Time);
        OpenMaster = (_, _) => Master;
    }

    public ManualTime Time { get; } = new();

    public MemoryApi Api { get; }

    public FakeCloud Cloud { get; }

    public FakeMaster Master { get; }

    public Func<MasterEndpoint, TimeProvider, IKontenaMaster> OpenMaster { get; set; }

    public GridHub Hub => wiring!.GridHub;

    public string Logs => string.Join('\n', logs);

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    public async Task StartAsync()
    {
        var system = await Api.CreateAsync(CoreKinds.Namespace, new Kubernetes.Resources.Core.Namespace { ApiVersion = "v1", Kind = "Namespace", Metadata = new ObjectMeta { Name = "kube-system" } }, WriteOptions.Default, Ct);
        await Api.CreateAsync(CoreKinds.ConfigMap, new ConfigMap
        {
            ApiVersion = "v1",
            Kind = "ConfigMap",
            Metadata = new ObjectMeta { Namespace = "kube-system", Name = "kontena-installation" },
            Data = new Dictionary<string, string> { ["id"] = "inst-1", ["kubeSystemUID"] = system.Metadata.Uid! },
        }, WriteOptions.Default, Ct);
        await RunAsync();
    }

    /// <summary>Another operator takes over, which has seen nothing yet.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        stop = new CancellationTokenSource();
        await RunAsync();
    }

    private async Task RunAsync()
    {
        var surroundings = new Surroundings(Time, new Recorder(logs)) { Chance = () => 0, OpenDriver = (_, _, _) => Cloud, OpenMaster = OpenMaster };
        wiring = await Wiring.OfAsync(Api, new OperatorSettings { LeaderElection = false, Identity = "scene" }, surroundings, Ct);
        running = wiring.RunAsync(stop.Token);
    }

    private async Task StopAsync()
    {
        await stop.CancelAsync();
        await running;
        if (wiring is not null) await wiring.DisposeAsync();
        stop.Dispose();
    }

    public Task<Grid> CreateGridAsync(string name = "prod", Func<GridSpec, GridSpec>? change = null, string secret = "master")
    {
        var spec = new GridSpec { Master = new MasterSpec { Url = "https://master.example.com", TokenRef = new TokenRef { Name = secret } } };
        return Api.CreateAsync(KontenaKinds.Grids, new Grid { ApiVersion = KontenaKinds.Grids.ApiVersion, Kind = KontenaKinds.Grids.Kind, Metadata = new ObjectMeta { Namespace = Namespace, Name = name }, Spec = change?.Invoke(spec) ?? spec }, WriteOptions.Default, Ct);
    }

    public Task<Secret> CreateSecretAsync(string name = "master") => Api.CreateAsync(CoreKinds.Secret, new Secret
    {
        ApiVersion = "v1",
        Kind = "Secret",
        Metadata = new ObjectMeta { Namespace = Namespace, Name = name },
        Data = new Dictionary<string, byte[]> { ["token"] = Encoding.UTF8.GetBytes(MasterStand.AccessToken + "\n") },
    }, WriteOptions.Default, Ct);

    /// <summary>A node of the Grid that somebody else keeps, so that its end is the test's to say.</summary>
    public Task<KontenaNode> CreateNodeAsync(string name, string grid = "prod") => Api.CreateAsync(KontenaKinds.KontenaNodes, new KontenaNode
    {
        ApiVersion = KontenaKinds.KontenaNodes.ApiVersion,
        Kind = KontenaKinds.KontenaNodes.Kind,
        Metadata = new ObjectMeta { Namespace = Namespace, Name = name, Finalizers = ["example.org/kept"] },
        Spec = Controllers.Samples.NodeSpec(Controllers.Samples.Aws(secret: null)) with { PoolName = "gone", GridRef = new GridRef { Name = grid } },
    }, WriteOptions.Default, Ct);

    public async Task RemoveNodeAsync(string name)
    {
        var key = new ObjectKey(Namespace, name);
        await Api.DeleteAsync(KontenaKinds.KontenaNodes, key, new DeleteQuery(), Ct);
        await Api.PatchAsync(KontenaKinds.KontenaNodes, key, Patch.Merge(new() { ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["finalizers"] = null } }), WriteOptions.Default, Ct);
    }

    public Task<Grid?> DeleteGridAsync(string name = "prod") => Api.DeleteAsync(KontenaKinds.Grids, new ObjectKey(Namespace, name), new DeleteQuery(), Ct);

    public Grid? Grid(string name = "prod") => Api.Peek(KontenaKinds.Grids, new ObjectKey(Namespace, name));

    public Condition? Condition(string type, string name = "prod") => Grid(name)?.Status?.Conditions.FirstOrDefault(c => c.Type == type);

    public bool IsHeld(string secret = "master") => Api.Peek(CoreKinds.Secret, new ObjectKey(Namespace, secret))?.Metadata.Finalizers?.Contains(ApiGroup.GridInUseFinalizer) == true;

    public GridView View(string name = "prod") => Hub.View(Namespace, name);

    public Task ReadyAsync(string name = "prod") => UntilAsync(() => Condition(GridConditions.Ready, name) is { IsTrue: true }, $"Grid {name} is ready");

    public Task StalledAsync(string reason, string name = "prod") => UntilAsync(() => Condition(GridConditions.Stalled, name)?.Reason == reason, $"Grid {name} is stalled for {reason}");

    /// <summary>Lets half a second of the scene pass at each look, a minute at most on any machine.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var looks = 0;
        await Eventually.HoldsAsync(() =>
        {
            if (running.IsCompleted) Assert.Fail($"the operator ended: {running.Exception?.GetBaseException()}");
            if (looks++ > 0 && !condition()) Time.Advance(TimeSpan.FromSeconds(0.5));
            return Task.FromResult(condition());
        }, $"{what}. {JsonSerializer.Serialize(Grid()?.Status, JsonSerializerOptions.Web)}", Eventually.Patience, Ct);
    }

    /// <summary>Lets this much time of the scene pass, with pauses for what follows from it.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        var end = Time.GetUtcNow() + time;
        await Eventually.HoldsAsync(() =>
        {
            Time.Advance(TimeSpan.FromSeconds(5));
            return Task.FromResult(Time.GetUtcNow() >= end);
        }, "time passes", Eventually.Patience, Ct);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private sealed class Recorder(ConcurrentQueue<string> lines) : ILoggerFactory, ILogger
    {
        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

        public void Dispose()
        {
            // Nothing is open.
        }
    }
}
