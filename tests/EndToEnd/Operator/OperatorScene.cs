using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator;
using Kontena.Simulator;
using Kontena.Simulator.Ec2;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.EndToEnd.Operator;

/// <summary>
/// The whole operator on stage: a namespace of its own on a real API server, a simulated EC2 of its own, with a Kontena Master where it is asked
/// for, and one operator process at a time, which can be stopped, killed and started again.
/// </summary>
internal sealed class OperatorScene : IAsyncDisposable
{
    private static int scenes;

    private readonly SceneOptions options;
    private readonly KubeClient client;
    private readonly TimeProvider time;
    private readonly List<SimulatorServer> clouds = [];
    private readonly List<OperatorRun> others = [];
    private readonly List<WatchedApi> apis = [];
    private readonly string folder = Directory.CreateTempSubdirectory("kontena-operator-").FullName;
    private KubeClient operators = null!;

    private OperatorScene(SceneOptions options, KubeClient client, string ns, CancellationToken ct)
    {
        (this.options, this.client, Namespace, Ct) = (options, client, ns, ct);
        time = options.Speed == 1 ? TimeProvider.System : new FastTime(options.Speed);
        Objects = new SceneObjects(client, ns, Home, ct);
        Waits = new SceneWaits(this);
        Grids = new SceneGrids(this, client);
    }

    /// <summary>The API as the user has it, who may do everything.</summary>
    public IKubeApi Api => client;

    /// <summary>The API as an operator has it.</summary>
    public IKubeApi OperatorsApi => operators;

    /// <summary>The operator's clock.</summary>
    public TimeProvider Time => time;

    public string Namespace { get; }

    /// <summary>The operator's own namespace.</summary>
    public string Home => options.Install == SceneInstall.Namespaced ? Namespace : $"{Namespace}-operator";

    /// <summary>The user's, who may do everything.</summary>
    public required string KubeconfigPath { get; init; }

    public string OperatorsKubeconfigPath { get; private set; } = null!;

    public CancellationToken Ct { get; }

    public SceneObjects Objects { get; }

    public SceneWaits Waits { get; }

    /// <summary>The Kontena Master and what belongs to it; of use only where the options ask for a Master.</summary>
    public SceneGrids Grids { get; }

    /// <summary>Security groups of the first cloud, and the flows that they let pass.</summary>
    public SceneFirewalls Firewalls { get; private set; } = null!;

    public bool HasMaster => options.Master is not null;

    public LogCapture Logs { get; } = new();

    public SimulatorServer Cloud => clouds[0];

    public Ec2Cloud Ec2 => Cloud.Ec2;

    public OperatorRun Operator { get; private set; } = null!;

    /// <summary>All machines that were ever made through the API, living or not.</summary>
    public IEnumerable<InstanceSnapshot> Machines => clouds.SelectMany(c => c.Ec2.Instances).Where(i => i.ThroughApi);

    public IReadOnlyList<InstanceSnapshot> Living => [.. Machines.Where(m => m.Living)];

    /// <summary>
    /// What RBAC refused to any operator so far: nothing, where the manifests grant what the operator does. A server of the scene's own is restarted
    /// under it, and refuses everybody until it has read its roles: that does not count.
    /// </summary>
    public IEnumerable<string> Forbidden => options.Kubeconfig is null ? apis.SelectMany(a => a.Forbidden) : [];

    /// <summary>Namespaces and cloud; no operator yet.</summary>
    public static async Task<OperatorScene> OpenAsync(SceneOptions options, CancellationToken ct)
    {
        var kubeconfig = options.Kubeconfig ?? await SceneEngines.KubeconfigAsync(options.Engine);
        var client = SceneEngines.Client(kubeconfig);
        var name = $"scene-{Environment.ProcessId}-{Interlocked.Increment(ref scenes)}";
        var scene = new OperatorScene(options, client, name, ct) { KubeconfigPath = kubeconfig };
        foreach (var ns in new[] { name, scene.Home }.Distinct())
            await client.CreateAsync(CoreKinds.Namespace, new Namespace { ApiVersion = "v1", Kind = "Namespace", Metadata = new ObjectMeta { Name = ns } }, WriteOptions.Default, ct);
        scene.OperatorsKubeconfigPath = await SceneEngines.OperatorsKubeconfigAsync(options, kubeconfig, scene.Home, scene.folder, ct);
        scene.operators = SceneEngines.Client(scene.OperatorsKubeconfigPath);
        await scene.AddCloudAsync();
        scene.Firewalls = new SceneFirewalls(scene);
        return scene;
    }

    /// <summary>Another EC2, with its own machines and its own troubles. The first one has the Master.</summary>
    public async Task<SimulatorServer> AddCloudAsync()
    {
        var simulation = new SimulatorOptions { Ec2 = options.Ec2 };
        // Who judges clocks must have the operator's.
        if (options.Master is { } master && clouds.Count == 0)
            simulation = simulation with { Master = master, Machines = options.Machines, Time = time, SignersTime = TimeProvider.System };
        var cloud = await SimulatorServer.StartAsync(simulation, NullLoggerFactory.Instance, Ct);
        clouds.Add(cloud);
        return cloud;
    }

    /// <summary>At the same address another account answers, which knows none of the machines.</summary>
    public async Task ReplaceCloudAsync()
    {
        var old = clouds[0];
        await old.DisposeAsync();
        clouds[0] = await SimulatorServer.StartAsync(new SimulatorOptions { Ec2 = options.Ec2, Port = old.Address.Port }, NullLoggerFactory.Instance, Ct);
        Firewalls = new SceneFirewalls(this);
    }

    public Task StartOperatorAsync() => StartOperatorAsync(new WatchedApi(operators));

    public async Task StartOperatorAsync(WatchedApi api)
    {
        apis.Add(api);
        Operator = await OperatorRun.StartAsync(api, Settings(), Around(), Ct);
    }

    /// <summary>Another process beside the scene's operator.</summary>
    public async Task<OperatorRun> StartAnotherAsync()
    {
        var api = new WatchedApi(operators);
        apis.Add(api);
        var another = await OperatorRun.StartAsync(api, Settings(), Around(), Ct);
        others.Add(another);
        return another;
    }

    /// <summary>An API where something happens between what the operator has read and what it writes.</summary>
    public WatchedApi MeddledApi(Func<string, Task>? before = null, Predicate<string>? losesAnswerOf = null) => new(operators) { Before = before, LosesAnswerOf = losesAnswerOf };

    /// <summary>An operator that is cut off at its nth write. (At any chosen call: <c>Crash</c>.)</summary>
    public WatchedApi DoomedApi(int write, bool after) => new(operators) { DiesAtWrite = write, DiesAfterIt = after };

    /// <summary>An API whose writes are refused or unanswered now and then.</summary>
    public WatchedApi UnreliableApi(double rate, int seed)
    {
        var random = new Random(seed);
        return new WatchedApi(operators) { FaultRate = rate, Chance = () => { lock (random) return random.NextDouble(); } };
    }

    public async Task RestartOperatorAsync()
    {
        await Operator.StopAsync();
        await StartOperatorAsync();
    }

    public async Task StopAllAsync()
    {
        if (Operator is not null) await Operator.DisposeAsync();
        foreach (var other in others) await other.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAllAsync();
        foreach (var cloud in clouds) await cloud.DisposeAsync();
        operators?.Dispose();
        client.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    public OperatorSettings Settings() => new()
    {
        OwnNamespace = Home,
        WatchNamespace = Namespace,
        LeaderElection = options.LeaderElection,
        NodeWorkers = 8,
        PoolWorkers = 2,
        Pace = options.Pace,
        Resilience = options.Resilience,
    };

    private Surroundings Around() => new(time, Logs) { RandomBytes = SceneGrids.RandomBytes };
}
