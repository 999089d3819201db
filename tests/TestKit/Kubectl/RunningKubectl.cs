using System.Diagnostics;
using System.Text;

namespace Kontena.TestKit.Kubectl;

/// <summary>A running kubectl whose output is read as it comes. Disposing kills what still runs.</summary>
public sealed class RunningKubectl : IDisposable
{
    private static readonly TimeSpan lineDeadline = Eventually.Patience;
    private readonly string commandLine;
    private readonly Process process;
    private readonly StringBuilder error = new();

    internal RunningKubectl(string commandLine, Process process)
    {
        this.commandLine = commandLine;
        this.process = process;
        process.ErrorDataReceived += (_, line) => { lock (error) error.AppendLine(line.Data); };
        process.BeginErrorReadLine();
        process.StandardInput.Close();
    }

    /// <summary>The next line of output, or null at its end; <see cref="TimeoutException"/> when nothing comes for <see cref="Eventually.Patience"/>.</summary>
    public async Task<string?> ReadLineAsync(CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(lineDeadline, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            return await process.StandardOutput.ReadLineAsync(both.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            lock (error) throw new TimeoutException($"{commandLine}: no line within {lineDeadline}. It said on stderr: {error}");
        }
    }

    /// <summary>What it has said on stderr until now; with <c>-v=6</c> that is each of its requests.</summary>
    public string ErrorSoFar
    {
        get { lock (error) return error.ToString(); }
    }

    /// <summary>The exit code of a command that ends by itself; call it after the last line was read.</summary>
    public async Task<int> ExitCodeAsync(CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(lineDeadline, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        await process.WaitForExitAsync(both.Token);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }
}
