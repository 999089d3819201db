using System.Runtime.Versioning;
using Kontena.EndToEnd.Operator;
using Kontena.TestKit;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.HighAvailability;

/// <summary>
/// One of several operators, as it is delivered, in a process of its own: <c>Kontena.Operator run</c>. It reaches the API server and the cloud
/// through gates of its own, so it is known who sent what.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class Replica : IAsyncDisposable
{
    private static readonly TimeSpan patience = Eventually.Patience;
    private static readonly string binary = Path.Combine(AppContext.BaseDirectory, "Kontena.Operator");

    private readonly string folder;
    private readonly LeashedProcess process;

    private Replica(string folder, LeashedProcess process, Gate api, Gate cloud) => (this.folder, this.process, Api, Cloud) = (folder, process, api, cloud);

    public Gate Api { get; }

    public Gate Cloud { get; }

    public int Pid => process.Pid;

    public bool HasExited => process.HasExited;

    /// <summary>From its start until it led or stood by.</summary>
    public TimeSpan StartTook { get; private set; }

    /// <summary>The test ended it, or means to: nobody need take its place.</summary>
    public bool IsOver { get; set; }

    /// <summary>All that it logged so far.</summary>
    public string Log => process.RecentLog(int.MaxValue);

    public static async Task<Replica> StartAsync(OperatorScene scene, params IEnumerable<string> arguments)
    {
        var folder = Directory.CreateTempSubdirectory("kontena-replica-").FullName;
        var access = ClusterAccess.Read(scene.OperatorsKubeconfigPath);
        var api = await Gate.OpenAsync(access, scene.Ct);
        var cloud = await Gate.OpenAsync(scene.Cloud.Address, authority: null, scene.Ct);
        var kubeconfig = Path.Combine(folder, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, KubeconfigFor(api.Address, access.Token), scene.Ct);
        var process = LeashedProcess.Start(folder, binary,
            ["run", "--kubeconfig", kubeconfig, "--namespace", scene.Namespace, "--watch-namespace", scene.Namespace, "--listen", "127.0.0.1:0", .. arguments],
            new Dictionary<string, string> { ["http_proxy"] = cloud.Address.ToString(), ["no_proxy"] = "" });
        var replica = new Replica(folder, process, api, cloud);
        var began = TimeProvider.System.GetTimestamp();
        await Eventually.HoldsAsync(() => Task.FromResult(replica.Says("leads by lease") || replica.Says("stands by") || replica.HasFailed()), "the replica leads or stands by", patience, scene.Ct);
        replica.StartTook = TimeProvider.System.GetElapsedTime(began);
        return replica;
    }

    public void Send(int signal) => Signal.Send(Pid, signal);

    /// <summary>Stopped by SIGSTOP, and surely so: no thread of it runs any more when this returns.</summary>
    public void Freeze()
    {
        Send(Signal.Stop);
        // The signal is delivered to each thread in its own time.
        if (!SpinWait.SpinUntil(() => Directory.GetDirectories($"/proc/{Pid}/task").All(IsStopped), TimeSpan.FromSeconds(10))) throw new TimeoutException($"Process {Pid} does not stand still.");
    }

    /// <returns>Its exit code; 128 and the signal's number where one killed it.</returns>
    public async Task<int> ExitAsync(CancellationToken ct) => await process.ExitAsync(ct).WaitAsync(patience, TimeProvider.System, ct);

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        await Api.DisposeAsync();
        await Cloud.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private bool Says(string text) => Log.Contains(text, StringComparison.Ordinal);

    private bool HasFailed() => process.HasExited ? throw new InvalidOperationException($"The replica ended:\n{process.RecentLog(30)}") : false;

    private static bool IsStopped(string task) => File.ReadAllText(Path.Combine(task, "stat")).Split(") ")[^1][0] == 'T';

    private static string KubeconfigFor(Uri server, string token) => $$"""
        apiVersion: v1
        kind: Config
        clusters: [{name: gate, cluster: {server: "{{server}}"} }]
        users: [{name: gate, user: {token: "{{token}}"} }]
        contexts: [{name: gate, context: {cluster: gate, user: gate} }]
        current-context: gate
        """;
}
