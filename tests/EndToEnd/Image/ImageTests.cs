using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Kontena.EndToEnd.Manifests;
using Kontena.EndToEnd.Secrets;
using Kontena.Operator;
using Kontena.TestKit;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Image;

/// <summary>The Dockerfile, really built, and the container, really run: as the Deployment restricts it, against a real API server.</summary>
[Platform("Linux")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ImageTests
{
    private const string Name = "kontena-operator:test";
    private const string Container = "operator";
    private const string Revision = "0123456789abcdef0123456789abcdef01234567";
    private const long MostBytesOnTheBase = 30_000_000;

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    // One test: the build takes a minute, and nothing that is looked at afterwards changes what the next would see.
    [Test]
    public async Task Dockerfile_BuiltAndRunRestricted_ServesAPool()
    {
        ImageTools.RequireDocker();
        if (RuntimeInformation.OSArchitecture != Architecture.X64) Assert.Ignore("The packages for a ReadyToRun build are fetched for x64 only.");
        var cluster = await SharedInstall.GetAsync();
        await using var daemon = await DockerDaemon.StartAsync(Ct);
        await StandInImages.ImportAsync(daemon, Ct);

        await BuildAsync(daemon);

        await AssertImageAsync(daemon);
        await cluster.CreateNamespaceAsync("from-image", Ct);
        await using var running = await InstalledOperator.StartAsync(cluster, Kustomizations.Base, (arguments, kubeconfig) => Run(daemon, arguments, ClusterAccess.Read(kubeconfig)), Ct);
        await running.ReadyAsync(Ct);
        await AssertContainerAsync(daemon);
        await running.ServePoolAsync("from-image", "web", Ct);
        await running.DeletePoolAsync("from-image", "web", Ct);
        Assert.That(await running.StopAsync(Ct), Is.Zero, string.Join('\n', running.Lines.TakeLast(20)));
        Assert.That(running.Lines, Has.None.Contains("Read-only file system").And.None.Contains("Forbidden"));
    }

    private static async Task BuildAsync(DockerDaemon daemon)
    {
        string[] bases = ["--build-arg", $"SDK_IMAGE={StandInImages.Sdk}", "--build-arg", $"RUNTIME_IMAGE={StandInImages.Runtime}", "--build-arg", $"REVISION={Revision}"];
        var built = await daemon.RunAsync(["build", "--progress=plain", "--network=none", "--tag", Name, .. bases, RepositoryFolders.Root], Ct);
        Assert.That(built.ExitCode, Is.Zero, $"{built.Output}{built.Error}");
    }

    private static async Task AssertImageAsync(DockerDaemon daemon)
    {
        var image = JsonNode.Parse((await daemon.RunAsync(["image", "inspect", Name], Ct)).Succeeded().Output)![0]!;
        var basis = JsonNode.Parse((await daemon.RunAsync(["image", "inspect", StandInImages.Runtime], Ct)).Succeeded().Output)![0]!;
        var config = image["Config"]!.AsObject();
        var added = image["Size"]!.GetValue<long>() - basis["Size"]!.GetValue<long>();
        var version = typeof(Wiring).Assembly.GetName().Version!.ToString(3);

        Assert.Multiple(() =>
        {
            Assert.That(config["User"]!.ToString(), Is.EqualTo("1654"));
            Assert.That(config["Entrypoint"].Strings(), Is.EqualTo(new[] { "/app/Kontena.Operator" }));
            Assert.That(config["Cmd"].Strings(), Is.EqualTo(new[] { "run", "--listen=:8080" }));
            Assert.That(config["ExposedPorts"]!.AsObject().Select(p => p.Key), Is.EqualTo(new[] { "8080/tcp" }));
            Assert.That(config["Healthcheck"], Is.Null);
            Assert.That(config["Labels"].Texts(), Does.ContainKey("org.opencontainers.image.title").WithValue("Kontena Operator"));
            Assert.That(config["Labels"].Texts(), Does.ContainKey("org.opencontainers.image.version").WithValue(version));
            Assert.That(config["Labels"].Texts(), Does.ContainKey("org.opencontainers.image.revision").WithValue(Revision));
            Assert.That(config["Labels"].Texts(), Does.ContainKey("org.opencontainers.image.licenses").WithValue("Apache-2.0"));
            Assert.That(added, Is.InRange(1, MostBytesOnTheBase));
        });
    }

    /// <summary>As the Deployment has it: no privilege, nothing to write to, the account's files where a kubelet mounts them.</summary>
    private static OperatorProcess Run(DockerDaemon daemon, IReadOnlyList<string> arguments, ClusterAccess access)
    {
        var account = Directory.CreateDirectory(Path.Combine(daemon.Folder, "account")).FullName;
        File.WriteAllText(Path.Combine(account, "token"), access.Token);
        File.WriteAllText(Path.Combine(account, "ca.crt"), access.CertificateAuthority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(account, "namespace"), "kontena-system");
        foreach (var file in Directory.GetFiles(account)) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.SetUnixFileMode(account, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        string[] restrictions = ["--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--memory=512m"];
        string[] surroundings =
        [
            // Loopback is where the API server and the simulated cloud are.
            "--network=host", "--env", $"KUBERNETES_SERVICE_HOST={access.Server.Host}", "--env", $"KUBERNETES_SERVICE_PORT={access.Server.Port}",
            "--volume", $"{account}:/var/run/secrets/kubernetes.io/serviceaccount:ro",
        ];
        return OperatorProcess.StartBy(daemon.Client[0], [.. daemon.Client.Skip(1), "run", "--name", Container, .. restrictions, .. surroundings, Name, .. arguments]);
    }

    private static async Task AssertContainerAsync(DockerDaemon daemon)
    {
        var processes = (await daemon.RunAsync(["top", Container, "-eo", "uid,pid,args"], Ct)).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).ToList();
        Assert.That(processes.Select(p => p.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]), Is.EqualTo(new[] { "1654" }));
        Assert.That(processes.Single(), Does.Contain("/app/Kontena.Operator run --namespace=kontena-system"));
    }
}
