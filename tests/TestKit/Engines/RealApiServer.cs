using System.Text.Json.Nodes;
using NUnit.Framework;

namespace Kontena.TestKit.Engines;

/// <summary>
/// A real kube-apiserver with its etcd on loopback, RBAC on. Where the newer CRD server is there too, CRDs and custom
/// resources are served by it. The processes end with <see cref="ApiEngine.DisposeAsync"/>, and when this process dies.
/// </summary>
public sealed class RealApiServer : ApiEngine
{
    private static readonly TimeSpan startTime = Eventually.Patience;
    private readonly ApiServerBinaries binaries;
    private readonly ServerCredentials files;
    private readonly string folder;
    private readonly ServerGroup processes;
    private readonly int[] ports = LoopbackPorts.Take(5);
    private readonly HashSet<EngineFeature> features = [EngineFeature.ForgottenPast, EngineFeature.ServerSideApply];
    private CrdAggregation? aggregation;

    private readonly IReadOnlyList<string> more;

    private RealApiServer(ApiServerBinaries binaries, IReadOnlyList<string> more)
    {
        (this.binaries, this.more) = (binaries, more);
        folder = Directory.CreateTempSubdirectory("kontena-apiserver-").FullName;
        processes = new ServerGroup(folder);
        files = ServerCredentials.Create(folder);
        Address = new Uri($"https://127.0.0.1:{ports[0]}");
        files.WriteKubeconfigs(Address);
        File.WriteAllText(files["audit-policy.yaml"], AuditTrail.Policy);
        var modern = binaries.CrdServer is not null || binaries.Version >= new Version(1, 25);
        if (modern) features.UnionWith([EngineFeature.CelRules, EngineFeature.StrictFields]);
        if (binaries.Version >= new Version(1, 24)) features.Add(EngineFeature.OpenApiV3);
    }

    public override string Name => "Real";

    public override Uri Address { get; }

    public override string KubeconfigPath => files["kubeconfig"];

    /// <summary>A kubeconfig of a user in no group that has rights; RBAC can give it some.</summary>
    public string UnprivilegedKubeconfigPath => files["kubeconfig.developer"];

    public override IReadOnlySet<EngineFeature> Features => features;

    /// <summary>Of every server behind <see cref="Address"/>, itself first: each serves <c>/metrics</c> of its own.</summary>
    public IReadOnlyList<Uri> Addresses => binaries.CrdServer is null ? [Address] : [Address, new Uri($"https://127.0.0.1:{ports[3]}")];

    /// <summary>Of all its processes that have begun to answer.</summary>
    public IReadOnlyList<int> Pids => processes.Pids;

    /// <summary>Every request of a ServiceAccount.</summary>
    public AuditTrail Audit => new(files["audit.log"]);

    /// <summary>Keeps the logs when stopped; set when a test failed.</summary>
    public bool KeepLogs { get; set; }

    /// <summary>
    /// Starts a server of this test's own. The calling test is skipped, with the reason, where the machine has no kube-apiserver.
    /// Most tests share one: <see cref="SharedApiServer"/>.
    /// </summary>
    public static Task<RealApiServer> StartAsync(CancellationToken ct) => StartAsync(ApiServerBinaries.Require(), [], ct);

    /// <summary>As <see cref="StartAsync(CancellationToken)"/>, but kube-apiserver serves CRDs itself, so that its own admission plugins see custom resources.</summary>
    /// <param name="arguments">More of them, such as <c>--enable-admission-plugins</c>.</param>
    public static Task<RealApiServer> StartAloneAsync(IReadOnlyList<string> arguments, CancellationToken ct) =>
        StartAsync(ApiServerBinaries.Require() with { CrdServer = null }, arguments, ct);

    /// <summary>Applies the definitions and returns when each of their served versions answers. Installing the same twice is fine.</summary>
    public async Task InstallCrdsAsync(IEnumerable<JsonObject> definitions, CancellationToken ct)
    {
        foreach (var definition in definitions)
        {
            var path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + definition["metadata"]!["name"]!.GetValue<string>();
            (await Http.SendAsync(
                HttpMethod.Patch, path + "?fieldManager=tests&force=true", definition, "application/apply-patch+yaml", ct)).Succeeded();
            await Eventually.HoldsAsync(
                async () => CrdAggregation.IsTrue(await Http.GetAsync(path, ct), "Established"), $"{path} established", startTime, ct);
            if (aggregation is not null) await RegisterAsync(definition["spec"]!, aggregation, ct);
        }
    }

    /// <summary>
    /// Starts the garbage collector, the namespace controller and the one that joins ClusterRoles by their labels; a machine without kube-controller-manager goes without
    /// (<see cref="EngineFeature.GarbageCollection"/> stays off). Call it after the CRDs are installed: it looks for new kinds only every 30 s.
    /// </summary>
    public void StartGarbageCollector()
    {
        if (binaries.ControllerManager is null) return;
        processes.Launch(binaries.ControllerManager, ServerProcesses.ControllerManager(binaries.Version, files, ports[4], "garbagecollector,namespace,clusterrole-aggregation"));
        features.Add(EngineFeature.GarbageCollection);
    }

    /// <summary>Starts Kubernetes' own ReplicaSet controller alone, its client's rate limit lifted, to be compared with.</summary>
    public void StartReplicaSetController()
    {
        if (binaries.ControllerManager is null) Assert.Ignore("No kube-controller-manager on this machine.");
        processes.Launch(binaries.ControllerManager!, [.. ServerProcesses.ControllerManager(binaries.Version, files, ports[4], "replicaset"), .. ServerProcesses.Unpaced]);
    }

    /// <summary>
    /// Kills every server and starts it again at its address with the same keys: what clients see of a control plane's upgrade. Returns when all
    /// that was served is served again. With <paramref name="onData"/> etcd is stopped as well, and its data folder handed over meanwhile, to
    /// be copied or to be replaced by an earlier copy (the CRDs and their registrations are part of it).
    /// </summary>
    public async Task RestartAsync(Func<string, Task>? onData, CancellationToken ct)
    {
        var stopped = await processes.StopFromAsync(onData is null ? 1 : 0);
        if (onData is not null) await onData(Path.Combine(folder, ServerProcesses.EtcdFolder));
        foreach (var (binary, arguments) in stopped)
        {
            processes.Launch(binary, arguments);
            if (binary == binaries.ApiServer) await ReadyAsync(Http, ct);
            if (binary == binaries.CrdServer) await CrdServerReadyAsync(ct);
        }
    }

    public override Task RestartAsync(CancellationToken ct) => RestartAsync(onData: null, ct);

    public override string RecentLogs() => processes.RecentLogs(lines: 15);

    protected override async ValueTask StopAsync()
    {
        await processes.DisposeAsync();
        if (!KeepLogs) Directory.Delete(folder, recursive: true);
    }

    private static async Task<RealApiServer> StartAsync(ApiServerBinaries binaries, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var server = new RealApiServer(binaries, arguments);
            try
            {
                await server.StartProcessesAsync(ct);
                return server;
            }
            // A port may have been taken between its choice and its use, by another test process.
            catch (EarlyExitException) when (attempt < 3)
            {
                await server.DisposeAsync();
            }
            catch
            {
                server.KeepLogs = true;
                await server.DisposeAsync();
                throw;
            }
        }
    }

    private static async Task RegisterAsync(JsonNode spec, CrdAggregation aggregation, CancellationToken ct)
    {
        foreach (var version in spec["versions"]!.AsArray().Where(v => v!["served"]!.GetValue<bool>()))
            await aggregation.RegisterAsync(
                spec["group"]!.GetValue<string>(), version!["name"]!.GetValue<string>(), spec["names"]!["plural"]!.GetValue<string>(), ct);
    }

    private async Task StartProcessesAsync(CancellationToken ct)
    {
        processes.Launch(binaries.Etcd, ServerProcesses.Etcd(ports[1], ports[2]));
        processes.Launch(binaries.ApiServer, [.. ServerProcesses.ApiServer(binaries.Version, files, ports[0], ports[1]), .. more]);
        await ReadyAsync(Http, ct);
        // Too old are then not only the versions that a watch asks for (see EngineFeature.ForgottenPast).
        await EtcdHistory.ForgetAsync(ports[1], ct);
        if (binaries.CrdServer is null) return;
        processes.Launch(binaries.CrdServer, ServerProcesses.CrdServer(files, ports[3], ports[1]));
        aggregation = new CrdAggregation(Http, files.CaPem, ports[3]);
        await CrdServerReadyAsync(ct);
        await aggregation.TakeOverCrdsAsync(ct);
    }

    private async Task CrdServerReadyAsync(CancellationToken ct)
    {
        using var crdServer = new ApiHttp(ClusterAccess.Read(KubeconfigPath) with { Server = new Uri($"https://127.0.0.1:{ports[3]}") });
        await ReadyAsync(crdServer, ct);
        await aggregation!.AllServedAsync(ct);
    }

    private Task ReadyAsync(ApiHttp server, CancellationToken ct) => Eventually.HoldsAsync(
        async () =>
        {
            if (processes.Ended is { } ended) throw new EarlyExitException(ended.Name, RecentLogs());
            try
            {
                return (await server.GetAsync("/readyz", ct)).Code == 200;
            }
            catch (HttpRequestException)
            {
                return false; // not listening yet
            }
        },
        $"the API server at {Address} ready; logs are in {folder}", startTime, ct);

    private sealed class EarlyExitException(string name, string logs) : Exception($"{name} ended while starting.\n{logs}");
}
