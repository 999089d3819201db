using Kontena.EndToEnd.Secrets;
using Kontena.Simulator;
using Kontena.Simulator.Ec2;
using Kontena.TestKit;
using Kontena.TestKit.Engines;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.EndToEnd.Manifests;

/// <summary>The program, started as an install's Deployment starts it and with its ServiceAccount's token, beside a simulated EC2.</summary>
internal sealed class InstalledOperator : IAsyncDisposable
{
    private static readonly TimeSpan patience = Eventually.Patience;

    // The cluster-wide operator would serve the pools of the one for a single namespace as well.
    private static readonly SemaphoreSlim oneAtATime = new(1, 1);

    private readonly InstalledCluster cluster;
    private readonly OperatorProcess process;
    private readonly int port;

    private InstalledOperator(InstalledCluster cluster, SimulatorServer cloud, OperatorProcess process, int port) => (this.cluster, Cloud, this.process, this.port) = (cluster, cloud, process, port);

    public SimulatorServer Cloud { get; }

    public IReadOnlyList<string> Lines => process.Lines;

    public static Task<InstalledOperator> StartAsync(InstalledCluster cluster, string kustomization, CancellationToken ct) =>
        StartAsync(cluster, kustomization, (arguments, kubeconfig) => OperatorProcess.Start([.. arguments, "--kubeconfig", kubeconfig]), ct);

    /// <param name="launch">Starts the program with these arguments, and with the account of that kubeconfig.</param>
    public static async Task<InstalledOperator> StartAsync(
        InstalledCluster cluster, string kustomization, Func<IReadOnlyList<string>, string, OperatorProcess> launch, CancellationToken ct)
    {
        await oneAtATime.WaitAsync(ct);
        try
        {
            return await StartAloneAsync(cluster, kustomization, launch, ct);
        }
        catch
        {
            oneAtATime.Release();
            throw;
        }
    }

    public async Task ReadyAsync(CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                return (await http.GetAsync(new Uri("/readyz", UriKind.Relative), ct)).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false; // not listening yet
            }
        }, $"the operator is ready; it says:\n{string.Join('\n', Lines)}", patience, ct);
    }

    /// <summary>Credentials and a pool of one machine; returns when the pool is Ready.</summary>
    public async Task ServePoolAsync(string ns, string name, CancellationToken ct)
    {
        await DeclarePoolAsync(ns, name, ct);
        await KubectlAsync(["wait", "-n", ns, $"nodepool/{name}", "--for=condition=Ready", Timeout], ct);
    }

    public async Task DeclarePoolAsync(string ns, string name, CancellationToken ct)
    {
        var applied = await cluster.Kubectl.RunAsync(["apply", "-f", "-"], Documents(ns, name), null, ct);
        applied.Succeeded();
    }

    /// <summary>Returns when the pool is gone.</summary>
    public Task DeletePoolAsync(string ns, string name, CancellationToken ct) => KubectlAsync(["delete", "-n", ns, $"nodepool/{name}", Timeout], ct);

    /// <summary>How many requests the API server has answered with each code, as the operator's own metrics tell.</summary>
    public async Task<IReadOnlyDictionary<string, double>> AnswersAsync(CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        return (await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), ct)).Split('\n')
            .Where(l => l.StartsWith("kontena_kubernetes_client_requests_total{", StringComparison.Ordinal))
            .GroupBy(l => l.Split("code=\"")[1].Split('"')[0], l => double.Parse(l.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture))
            .ToDictionary(g => g.Key, g => g.Sum(), StringComparer.Ordinal);
    }

    /// <summary>As a kubelet stops a pod.</summary>
    public Task<int> StopAsync(CancellationToken ct) => process.TerminateAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        await Cloud.DisposeAsync();
        oneAtATime.Release();
    }

    private static async Task<InstalledOperator> StartAloneAsync(
        InstalledCluster cluster, string kustomization, Func<IReadOnlyList<string>, string, OperatorProcess> launch, CancellationToken ct)
    {
        var deployment = (await Kustomizations.RenderAsync(kustomization, ct)).Only("Deployment");
        var kubeconfig = await cluster.AccountKubeconfigAsync(deployment.Namespace()!, deployment["spec"]!["template"]!["spec"]!["serviceAccountName"]!.ToString(), ct);
        var port = LoopbackPorts.Take(1)[0];
        var cloud = await SimulatorServer.StartAsync(new SimulatorOptions { Ec2 = new Ec2Options { BootTime = TimeSpan.FromSeconds(0.2), ShutdownTime = TimeSpan.FromSeconds(0.2), Throttling = false } }, NullLoggerFactory.Instance, ct);
        // A pod has an address of its own; here it must be loopback, and a free port.
        var arguments = PodArguments.Of(deployment).Where(a => !a.StartsWith("--listen", StringComparison.Ordinal)).Append($"--listen=127.0.0.1:{port}");
        return new InstalledOperator(cluster, cloud, launch([.. arguments], kubeconfig), port);
    }

    private static string Timeout => $"--timeout={(int)TestKit.Kubectl.KubectlClient.CommandDeadline.TotalSeconds - 5}s";

    private async Task KubectlAsync(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var result = await cluster.Kubectl.RunAsync(arguments, null, null, ct);
        if (result.ExitCode == 0) return;
        var objects = await cluster.Kubectl.RunAsync(["get", "np,kn", "-A", "-o", "wide"], null, null, ct);
        Assert.Fail($"{result.CommandLine}: {result.Error}\n{objects.Output}\n{string.Join('\n', Lines.TakeLast(30))}");
    }

    private string Documents(string ns, string name) => $$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: aws, namespace: {{ns}} }
        stringData: {accessKeyID: {{Ec2Options.DemoAccessKeyId}}, secretAccessKey: {{Ec2Options.DemoSecretAccessKey}} }
        ---
        apiVersion: kontena.io/v1alpha1
        kind: NodePool
        metadata: {name: {{name}}, namespace: {{ns}} }
        spec:
          replicas: 1
          provider:
            aws: {region: eu-west-1, instanceTypes: [t3.small], endpoint: "{{Cloud.Address}}", credentialsRef: {name: aws} }
        """;
}
