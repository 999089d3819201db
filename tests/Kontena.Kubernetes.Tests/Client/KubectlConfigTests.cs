using System.ComponentModel;
using System.Diagnostics;
using Kontena.Kubernetes.Client.Config;

namespace Kontena.Kubernetes.Tests.Client;

/// <summary>Configurations that kubectl itself writes, each used for a call.</summary>
public sealed class KubectlConfigTests
{
    private readonly TestFolder folder = new();
    private readonly TestCertificates certificates = new();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task Load_TokenAndEmbeddedAuthority_Works()
    {
        await using var server = await FakeApiServer.StartAsync(certificates.Server(), c => c.JsonAsync(Widgets.Json()));
        await SetClusterAsync(server, "--embed-certs=true");
        await KubectlAsync("config", "set-credentials", "u", "--token=kubectl-token");

        await GetAsync();

        Assert.That(File.ReadAllText(folder["config"]), Does.Contain("certificate-authority-data"));
        Assert.That(Ours(server).Single().Header("Authorization"), Is.EqualTo("Bearer kubectl-token"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Load_ClientCertificate_Works(bool embedded)
    {
        await using var server = await FakeApiServer.StartAsync(certificates.Server(), c => c.JsonAsync(Widgets.Json()), askForCertificate: true);
        var (certificate, key) = certificates.Client("kubectl");
        await SetClusterAsync(server);
        await KubectlAsync("config", "set-credentials", "u", $"--embed-certs={(embedded ? "true" : "false")}",
            $"--client-certificate={folder.Write("tls.crt", certificate)}", $"--client-key={folder.Write("tls.key", key)}");

        await GetAsync();

        // kubectl writes paths relative to the file where it can.
        Assert.That(File.ReadAllText(folder["config"]), Does.Contain(embedded ? "client-key-data:" : "client-key: tls.key"));
        Assert.That(Ours(server).Single().ClientCertificate, Is.EqualTo("CN=kubectl"));
    }

    [Test]
    public async Task Load_ExecPlugin_Works()
    {
        await using var server = await FakeApiServer.StartAsync(certificates.Server(), c => c.JsonAsync(Widgets.Json()));
        await SetClusterAsync(server);
        // In a folder of its own: kubectl writes paths relative to the file, and a bare name would be looked up in PATH.
        var plugin = folder.Script("bin/plugin", """printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s-%s"} }' "$1" "$WHO" """);
        await KubectlAsync("config", "set-credentials", "u", "--exec-api-version=client.authentication.k8s.io/v1", $"--exec-command={plugin}", "--exec-arg=a", "--exec-env=WHO=me",
            "--exec-interactive-mode=Never");

        await GetAsync();

        Assert.That(Ours(server).Single().Header("Authorization"), Is.EqualTo("Bearer a-me"));
    }

    [Test]
    public async Task Load_TlsServerName_Works()
    {
        await using var server = await FakeApiServer.StartAsync(certificates.Server("kube.example"), c => c.JsonAsync(Widgets.Json()));
        await SetClusterAsync(server, "--tls-server-name=kube.example");
        await KubectlAsync("config", "set-credentials", "u");

        await GetAsync();

        Assert.That(Ours(server), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Load_BasicAuthentication_IsRefused()
    {
        await using var server = await FakeApiServer.StartAsync(certificates.Server(), c => c.JsonAsync(Widgets.Json()));
        await SetClusterAsync(server);
        await KubectlAsync("config", "set-credentials", "u", "--username=me", "--password=canary");

        var fault = Assert.ThrowsAsync<KubeConfigFault>(GetAsync)!;

        Assert.That(fault.Message, Does.StartWith($"{folder["config"]}: users[name=u].user.username: basic authentication was removed"));
        Assert.That(fault.ToString(), Does.Not.Contain("canary"));
    }

    // The kubectl of Google's SDK asks for /version before each command.
    private static List<Seen> Ours(FakeApiServer server) => [.. server.Requests.Where(r => r.Target.StartsWith("/apis/", StringComparison.Ordinal))];

    private async Task SetClusterAsync(FakeApiServer server, params string[] more)
    {
        var authority = folder.Write("ca.crt", certificates.AuthorityPem);
        await KubectlAsync(["config", "set-cluster", "c", $"--server={server.Url.ToString().TrimEnd('/')}", $"--certificate-authority={authority}", .. more]);
        await KubectlAsync("config", "set-context", "x", "--cluster=c", "--user=u");
        await KubectlAsync("config", "use-context", "x");
    }

    private async Task GetAsync()
    {
        using var api = Widgets.Client(KubeConfig.Load(new KubeConfigSources { ExplicitFile = folder["config"] }).Resolve());
        await api.GetAsync(Widgets.Kind, Widgets.Web, CancellationToken.None);
    }

    private async Task KubectlAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", ["--kubeconfig", folder["config"], .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = folder.Path;
        try
        {
            using var process = Process.Start(start)!; // never null without UseShellExecute
            var complaint = process.StandardError.ReadToEndAsync();
            await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            if ((await complaint).Contains("unknown flag", StringComparison.Ordinal)) Assert.Ignore($"This kubectl is too old: {await complaint}");
            Assert.That(process.ExitCode, Is.Zero, await complaint);
        }
        catch (Win32Exception)
        {
            Assert.Ignore("kubectl is not on this machine.");
        }
    }
}
