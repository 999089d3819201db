using System.Diagnostics;
using System.Text.RegularExpressions;
using Kontena.EndToEnd.Operator;
using Kontena.TestKit;
using Kontena.TestKit.Kubectl;

namespace Kontena.EndToEnd.GitOps;

/// <summary>Every command of docs/gitops.md does what the page says.</summary>
public sealed partial class PageTests : OperatorTests
{
    [Test]
    public async Task Commands_OfThePage_EachWorksWhereItIsMeantToBeUsed()
    {
        var scene = await PlayAsync();
        using var kubectl = KubectlClient.Require(scene.KubeconfigPath, scene.Namespace);
        var left = Commands().ToList();
        await scene.Objects.PoolAsync(scene.Cloud, "web", 1);

        Assert.That(await RunAsync("kubectl wait np/web --for=condition=Ready --timeout=10m"), Does.Contain("condition met"));
        Assert.That(await RunAsync("kubectl wait crd/nodepools.kontena.io crd/kontenanodes.kontena.io --for=condition=Established"), Does.Contain("condition met"));
        Assert.That(await RunAsync("kubectl get np,kn"), Does.Contain("nodepool.kontena.io/web").And.Contain("kontenanode.kontena.io/web-0"));
        await scene.Operator.StopAsync();
        await RunAsync("kubectl scale np/web --replicas=5");
        // Ready is True still, of the generation before.
        var wait = await kubectl.RunAsync(["wait", "np/web", "--for=condition=Ready", "--timeout=1s"], null, null, Ct);
        Assert.That((wait.ExitCode, wait.Error), Is.EqualTo((1, "error: timed out waiting for the condition on nodepools/web\n")));
        await scene.StartOperatorAsync();
        await scene.Waits.ReadyAsync("web", 5);
        await scene.Objects.EditSecretAsync(SceneObjects.CredentialsName, "secretAccessKey", Canary.Of("page"));
        Assert.That(await RunAsync("kubectl wait np/web --for=condition=Stalled --timeout=10m"), Does.Contain("condition met"));
        await RunAsync("kubectl annotate kn web-0 kontena.io/abandon=$(kubectl get kn web-0 -o jsonpath='{.metadata.uid}')");
        await scene.Objects.DeletePoolAsync("web");
        await scene.Waits.UntilAsync(async () => await scene.Objects.FindNodeAsync("web-0") is null, "the node that is given up goes, in spite of the credentials");
        await scene.Objects.EditSecretAsync(SceneObjects.CredentialsName, "secretAccessKey", Simulator.Ec2.Ec2Options.DemoSecretAccessKey);
        await RunAsync("kubectl wait np/web --for=delete --timeout=10m");

        Assert.That(scene.Living, Has.Count.EqualTo(1), "what was given up lives on");
        Assert.That(left, Is.Empty, "commands of the page that this test does not know");

        async Task<string> RunAsync(string command)
        {
            Assert.That(left.Remove(command), $"the page has: {command}");
            return await ShellAsync(command, scene, kubectl.Folder);
        }
    }

    /// <summary>In a shell, as a reader runs it; kubectl alone is told where to go.</summary>
    private static async Task<string> ShellAsync(string command, OperatorScene scene, string folder)
    {
        var told = $"kubectl() {{ command '{KubectlBinary.Require()}' --kubeconfig '{scene.KubeconfigPath}' --namespace {scene.Namespace} --cache-dir '{folder}/cache' \"$@\"; }}";
        using var shell = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", $"{told}\n{command}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = new CancellationTokenSource(KubectlClient.CommandDeadline, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, scene.Ct);
        try
        {
            var (output, error) = (shell.StandardOutput.ReadToEndAsync(both.Token), shell.StandardError.ReadToEndAsync(both.Token));
            await shell.WaitForExitAsync(both.Token);
            Assert.That(shell.ExitCode, Is.Zero, $"{command}: {await error}");
            return await output;
        }
        finally
        {
            if (!shell.HasExited) shell.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Lines of blocks, and what stands in backticks with more than a verb.</summary>
    private static IEnumerable<string> Commands()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryFolders.Root, "docs", "gitops.md"));
        return page.Split('\n').Where(l => l.StartsWith("kubectl ", StringComparison.Ordinal)).Concat(Inline().Matches(page).Select(m => m.Groups[1].Value));
    }

    [GeneratedRegex("`(kubectl \\w+ [^`]+)`")]
    private static partial Regex Inline();
}
