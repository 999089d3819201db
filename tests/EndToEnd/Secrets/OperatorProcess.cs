using System.Collections.Concurrent;
using System.Diagnostics;
using Kontena.TestKit;

namespace Kontena.EndToEnd.Secrets;

/// <summary>The program as a user starts it, with everything that it prints. Ends with its owner.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    private static readonly TimeSpan patience = Eventually.Patience;

    // No group or world may rely on the user's umask to be kept out.
    private const string Generously = """umask 000; exec "$0" "$@" """;

    private readonly ConcurrentQueue<string> lines = [];
    private readonly Process process;

    private OperatorProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public IReadOnlyList<string> Lines => [.. lines];

    public static OperatorProcess Start(params string[] arguments) => StartBy(Path.Combine(AppContext.BaseDirectory, "Kontena.Operator"), arguments);

    /// <summary>By a command that passes on what it prints, its exit code, and SIGTERM to it: <c>docker run</c>.</summary>
    public static OperatorProcess StartBy(string command, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Generously, command, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new OperatorProcess(Process.Start(start) ?? throw new InvalidOperationException("The operator did not start."));
    }

    /// <summary>The rest of the first line that begins so.</summary>
    public async Task<string> LineAsync(string beginning, CancellationToken ct)
    {
        string? found = null;
        await TestKit.Eventually.HoldsAsync(() =>
        {
            if (process.HasExited) throw new InvalidOperationException($"It ended with {process.ExitCode}:\n{string.Join('\n', Lines)}");
            found = lines.FirstOrDefault(l => l.StartsWith(beginning, StringComparison.Ordinal))?[beginning.Length..];
            return Task.FromResult(found is not null);
        }, $"it prints '{beginning}…'", patience, ct);
        return found!;
    }

    /// <summary>As SIGTERM ends it.</summary>
    public async Task<int> TerminateAsync(CancellationToken ct)
    {
        using (var kill = Process.Start("/bin/kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync(ct);
        await process.WaitForExitAsync(ct).WaitAsync(patience, TimeProvider.System, ct);
        return process.ExitCode;
    }

    /// <summary>Its code once it has ended by itself.</summary>
    public async Task<int> ExitAsync(TimeSpan within, CancellationToken ct)
    {
        await process.WaitForExitAsync(ct).WaitAsync(within, TimeProvider.System, ct);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
