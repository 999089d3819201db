using System.Diagnostics;

namespace Kontena.TestKit.Kubectl;

/// <summary>
/// kubectl for one test against one server: explicit kubeconfig, own home and own discovery cache (kubectl caches discovery
/// by host and port, and another server may have had the port before). Every command is bounded by <see cref="CommandDeadline"/>.
/// </summary>
/// <param name="contextNamespace">Null: as the kubeconfig and the objects say. Named, kubectl takes objects of no other namespace.</param>
public sealed class KubectlClient(string binary, string kubeconfigPath, string? contextNamespace) : IDisposable
{
    /// <summary>Longest run of one command: generous, as builders are slow and a hang must still end. One that waits as long as tests do ends by its own time-out, and says why.</summary>
    public static readonly TimeSpan CommandDeadline = Eventually.Patience + TimeSpan.FromMinutes(1);

    /// <summary>Scratch folder of this client: home, caches and the test's own files; deleted with it.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("kontena-kubectl-").FullName;

    /// <summary>A client for the kubectl on PATH; the calling test is skipped, with the reason, where none is new enough.</summary>
    public static KubectlClient Require(string kubeconfigPath, string? contextNamespace) =>
        new(KubectlBinary.Require(), kubeconfigPath, contextNamespace);

    /// <summary>Writes a file into <see cref="Folder"/> and returns its full path.</summary>
    public string WriteFile(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Runs a command to its end; a command past its deadline is killed and throws <see cref="TimeoutException"/>.</summary>
    public async Task<CommandResult> RunAsync(
        IReadOnlyList<string> arguments, string? input, IReadOnlyDictionary<string, string>? environment, CancellationToken ct)
    {
        using var process = StartProcess(arguments, environment);
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = process.StandardError.ReadToEndAsync(ct);
        using var deadline = new CancellationTokenSource(CommandDeadline, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            await WriteInputAsync(process, input, both.Token);
            await process.WaitForExitAsync(both.Token);
            return new CommandResult(CommandLine(arguments), process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{CommandLine(arguments)}: not done after {CommandDeadline}\n{await output}{await error}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Starts a command that goes on (<c>get -w</c>); the caller reads it line by line and disposes it.</summary>
    public RunningKubectl Start(IReadOnlyList<string> arguments) =>
        new(CommandLine(arguments), StartProcess(arguments, environment: null));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string CommandLine(IReadOnlyList<string> arguments) => "kubectl " + string.Join(' ', arguments);

    private static async Task WriteInputAsync(Process process, string? input, CancellationToken ct)
    {
        try
        {
            if (input is not null) await process.StandardInput.WriteAsync(input.AsMemory(), ct);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The command ended before it read its input: its exit code and its words say why.
        }
    }

    private Process StartProcess(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(binary)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        string[] own = ["--kubeconfig", kubeconfigPath, "--cache-dir", Path.Combine(Folder, "cache")];
        foreach (var option in contextNamespace is null ? own : [.. own, "--namespace", contextNamespace]) start.ArgumentList.Add(option);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["HOME"] = Folder;
        start.Environment["NO_PROXY"] = "127.0.0.1";
        foreach (var name in new[] { "KUBECONFIG", "KUBE_EDITOR", "EDITOR" }) start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{binary} did not start.");
    }
}
