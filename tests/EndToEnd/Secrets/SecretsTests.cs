using System.Net;
using System.Net.Sockets;
using Kontena.Simulator;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Faults;
using Kontena.Simulator.Kontena;
using Kontena.Simulator.Machines;
using Kontena.TestKit;
using Kontena.TestKit.Engines;
using Kontena.TestKit.Kubectl;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.EndToEnd.Secrets;

/// <summary>The program itself, logging all that it can, through success and through everything that makes it complain: it gives no secret away.</summary>
[Platform("Linux")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SecretsTests
{
    private const string Grid = "demo";

    private static readonly TimeSpan patience = Eventually.Patience;

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [TestCase("Text")]
    [TestCase("Json")]
    public async Task Standalone_AtTrace_SaysNoSecret_KeepsItsFilesToItself(string format)
    {
        await using var cloud = await SimulatorServer.StartAsync(new SimulatorOptions { Ec2 = Brisk, Master = Master, Machines = new MachineOptions { Second = TimeSpan.FromSeconds(0.1) } }, NullLoggerFactory.Instance, Ct);
        var folder = Directory.CreateTempSubdirectory("kontena-secrets-").FullName;
        var said = new List<string>();
        try
        {
            var port = FreePort();
            // Twice: a start on data that is there already reads other things than the first one.
            for (var run = 1; run <= 2; run++)
            {
                await using var process = OperatorProcess.Start("standalone", "--data", Path.Combine(folder, "data"), "--port", "0", "--listen", $"127.0.0.1:{port}", "--log-level", "Trace", "--log-format", format);
                var kubeconfig = await process.LineAsync("export KUBECONFIG=", Ct);
                var access = ClusterAccess.Read(kubeconfig);
                Canary.Register("the embedded server's token", access.Token);
                using var kubectl = KubectlClient.Require(kubeconfig, "default");
                if (run == 1) await TroubleAsync(kubectl, cloud);
                using (var stranger = new ApiHttp(access with { Token = Canary.Of("token") }))
                    Assert.That((await stranger.GetAsync("/api/v1/secrets", Ct)).Code, Is.EqualTo(401));
                await SettledAsync(kubectl);
                foreach (var node in cloud.Master.Nodes) Canary.Register("a node token", cloud.Master.NodeToken(Grid, node.Name)!);
                said.AddRange(await AskAsync(kubectl, port));
                Assert.That(await process.TerminateAsync(Ct), Is.Zero, string.Join('\n', process.Lines.TakeLast(20)));
                said.AddRange(process.Lines);
            }
            Assert.That(said, Has.Some.Contains("AuthFailure").And.Some.Contains("16384").And.Some.Contains("TokenRefused").And.Some.Contains("kontena_"), "it did complain, and was asked");
            foreach (var line in said) Assert.That(Canary.In(line), Is.Empty);
            AssertOwnFilesOnly(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Ec2Options Brisk => new() { BootTime = TimeSpan.FromSeconds(0.2), ShutdownTime = TimeSpan.FromSeconds(0.2), Throttling = false };

    private static MasterOptions Master => new()
    {
        Grids = [new GridOptions { Name = Grid, Token = Canary.Of("grid-token") }],
        AccessTokens = [new AccessToken("operator", Canary.Of("master-token"), MasterRole.GridAdmin, [Grid])],
    };

    /// <summary>Good and bad credentials at cloud and Master, user-data that is right, too long and in another key, calls refused and cut off, a stranger at the API server.</summary>
    private static async Task TroubleAsync(KubectlClient kubectl, SimulatorServer cloud)
    {
        cloud.Ec2.Faults.Add(new Fault { Kind = FaultKind.ServerError, Action = "RunInstances", Count = 1 });
        cloud.Ec2.Faults.Add(new Fault { Kind = FaultKind.LostAnswer, Action = "RunInstances", Count = 1 });
        cloud.Ec2.Faults.Add(new Fault { Kind = FaultKind.HalfPage, Action = "DescribeInstances", Count = 1 });
        cloud.Ec2.Faults.Add(new Fault { Cloud = "kontena", Kind = FaultKind.LostAnswer, Action = "POST /v1/grids/:grid/nodes", Count = 1 });
        cloud.Ec2.Faults.Add(new Fault { Cloud = "kontena", Kind = FaultKind.HalfPage, Action = "GET /v1/grids/:grid/nodes", Count = 1 });
        cloud.Ec2.Faults.Add(new Fault { Cloud = "kontena", Kind = FaultKind.ServerError, Action = "GET /v1/nodes/:grid/:node/health", Count = 1 });
        string[] documents =
        [
            SecretOf("good", ("accessKeyID", Ec2Options.DemoAccessKeyId), ("secretAccessKey", Ec2Options.DemoSecretAccessKey)),
            SecretOf("wrong", ("accessKeyID", Ec2Options.DemoAccessKeyId), ("secretAccessKey", Canary.Of("secret-key")), ("sessionToken", Canary.Of("session-token"))),
            SecretOf("half", ("secretAccessKey", Canary.Of("secret-key"))),
            SecretOf("boot", ("userData", $"#cloud-config\n# {Canary.Of("user-data")}\n")),
            SecretOf("long", ("userData", $"#cloud-config\n# {Canary.Of("user-data")}\n#{new string('x', 20_000)}")),
            SecretOf("astray", ("user-data", Canary.Of("user-data"))),
            PoolOf("web", cloud, "good", "boot"), PoolOf("refused", cloud, "wrong", "boot"), PoolOf("lacking", cloud, "half", "boot"),
            PoolOf("too-long", cloud, "good", "long"), PoolOf("astray", cloud, "good", "astray"),
            SecretOf("master", ("token", Canary.Of("master-token"))), SecretOf("stranger", ("token", Canary.Of("no-such-token"))),
            GridOf(Grid, cloud, "master"), GridOf("elsewhere", cloud, "stranger"), PoolOf("joined", cloud, "good", "boot", Grid),
        ];
        var applied = await kubectl.RunAsync(["apply", "-f", "-"], string.Join("\n---\n", documents), null, Ct);
        Assert.That(applied.ExitCode, Is.Zero, applied.Error);
    }

    private static async Task SettledAsync(KubectlClient kubectl)
    {
        foreach (var ready in new[] { "nodepool/web", "nodepool/joined", $"grid/{Grid}" }) await WaitAsync(kubectl, ready, "Ready");
        foreach (var stalled in new[] { "nodepool/refused", "nodepool/lacking", "nodepool/too-long", "nodepool/astray", "grid/elsewhere" }) await WaitAsync(kubectl, stalled, "Stalled");
    }

    private static async Task WaitAsync(KubectlClient kubectl, string resource, string condition)
    {
        var waited = await kubectl.RunAsync(["wait", resource, $"--for=condition={condition}", $"--timeout={patience.TotalSeconds}s"], null, null, Ct);
        Assert.That(waited.ExitCode, Is.Zero, $"{waited.Error}{(await kubectl.RunAsync(["get", "kg,np,kn", "-o", "wide"], null, null, Ct)).Output}");
    }

    /// <summary>All that the operator tells by other ways than its log; Secrets themselves left out.</summary>
    private static async Task<IReadOnlyList<string>> AskAsync(KubectlClient kubectl, int port)
    {
        var objects = await kubectl.RunAsync(["get", "grids,nodepools,kontenanodes,events,configmaps,leases", "-A", "-o", "yaml"], null, null, Ct);
        var described = await kubectl.RunAsync(["describe", "grids,nodepools,kontenanodes,secrets"], null, null, Ct);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        return [objects.Output, described.Output, await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Ct), await http.GetStringAsync(new Uri("/readyz?verbose", UriKind.Relative), Ct)];
    }

    /// <summary>Secrets lie in the database as they are: nobody else may open a file of it, however generous the umask is.</summary>
    private static void AssertOwnFilesOnly(string folder)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var data = Path.Combine(folder, "data");
        Assert.That(File.GetUnixFileMode(data) & ~Owner, Is.EqualTo(UnixFileMode.None), data);
        var files = Directory.GetFiles(data, "*", SearchOption.AllDirectories);
        Assert.That(files, Has.Some.EndsWith(".db").And.Some.Contains("kubeconfig"));
        foreach (var file in files) Assert.That(File.GetUnixFileMode(file) & ~Owner, Is.EqualTo(UnixFileMode.None), file);
        Assert.That(files.Where(f => f.Contains(".db", StringComparison.Ordinal)).SelectMany(f => Canary.In(File.ReadAllText(f))), Is.Not.Empty, "this is where they are, so the search finds them");
    }

    private static string SecretOf(string name, params (string Key, string Value)[] data) =>
        $"apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}}}\ndata: {{{string.Join(", ", data.Select(d => $"{d.Key}: {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(d.Value))}"))}}}";

    private static string GridOf(string name, SimulatorServer cloud, string secret) => $$"""
        apiVersion: kontena.io/v1alpha1
        kind: Grid
        metadata: {name: {{name}} }
        spec:
          master: {url: "{{cloud.MasterUrl}}", tokenRef: {name: {{secret}} } }
        """;

    private static string PoolOf(string name, SimulatorServer cloud, string credentials, string userData, string? grid = null) => $$"""
        apiVersion: kontena.io/v1alpha1
        kind: NodePool
        metadata: {name: {{name}} }
        spec:
          replicas: 1
          {{(grid is null ? "" : $"gridRef: {{name: {grid}}}")}}
          provider:
            aws: {region: eu-west-1, instanceTypes: [t3.small], endpoint: "{{cloud.Address}}", credentialsRef: {name: {{credentials}} } }
          template:
            userData: {secretRef: {name: {{userData}}, key: userData} }
        """;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
