using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Kontena.Standalone.Json;

namespace Kontena.Standalone.Tests.Support;

/// <summary>The real kubectl from the PATH, with a kubeconfig and a discovery cache of its own, away from any ~/.kube.</summary>
internal sealed class KubectlRunner(TestServer server)
{
    private static readonly Lazy<string?> Missing = new(FindMissing);

    /// <summary>Skips the calling test where there is no kubectl, or one older than 1.30.</summary>
    public static void Require()
    {
        if (Missing.Value is { } reason) Assert.Ignore(reason);
    }

    public async Task<Run> RunAsync(string arguments, string? stdin = null, params (string Name, string Value)[] environment)
    {
        using var process = Start(arguments, environment);
        if (stdin is not null) await process.StandardInput.WriteAsync(stdin);
        process.StandardInput.Close();
        return await FinishAsync(process, arguments);
    }

    /// <summary>Runs and expects success; returns what it printed.</summary>
    public async Task<string> OkAsync(string arguments, string? stdin = null, params (string Name, string Value)[] environment)
    {
        var run = await RunAsync(arguments, stdin, environment);
        Assert.That(run.ExitCode, Is.Zero, $"kubectl {arguments}: {run.Error}{run.Output}");
        return run.Output;
    }

    public Process Start(string arguments, params (string Name, string Value)[] environment)
    {
        // A list rather than one line: JSON in an argument keeps its quotes. No argument here has a blank in it.
        IEnumerable<string> list = ["--kubeconfig", server.Server.KubeconfigPath, "--cache-dir", $"{server.Folder}/cache", .. arguments.Split(' ')];
        var info = new ProcessStartInfo("kubectl", list)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["HOME"] = server.Folder;
        foreach (var (name, value) in environment) info.Environment[name] = value;
        return Process.Start(info)!;
    }

    public static async Task<Run> FinishAsync(Process process, string arguments)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return new Run(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"kubectl {arguments} did not end within a minute");
        }
    }

    private static string? FindMissing()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("kubectl", "version --client -o json") { RedirectStandardOutput = true })!;
            var version = JsonText.ParseObject(Encoding.UTF8.GetBytes(process.StandardOutput.ReadToEnd()))["clientVersion"]?["gitVersion"].Text() ?? "v0.0";
            process.WaitForExit();
            return int.Parse(version.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture) < 30 ? $"kubectl {version} is older than 1.30" : null;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or JsonException)
        {
            return $"kubectl is not on this machine: {e.Message}";
        }
    }
}

internal sealed record Run(int ExitCode, string Output, string Error);
