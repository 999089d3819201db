using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Kontena.Kubernetes.Client.Config;

namespace Kontena.Kubernetes.Client.Auth;

/// <summary>One run of a credential plugin: bounded in time and in output, without a terminal, killed with all it started.</summary>
internal static class PluginProcess
{
    private const int MaxOutput = 1024 * 1024;
    private const int MaxComplaint = 4096;

    /// <summary>Long enough for a plugin that asks a cloud twice, short enough that a hung one is noticed.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>What the plugin printed.</summary>
    /// <exception cref="KubeFault">It could not be started, failed, or took too long.</exception>
    public static async Task<byte[]> RunAsync(ExecSettings settings, string request, TimeProvider time, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(Limit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        using var process = Start(settings, request);
        try
        {
            process.StandardInput.Close();
            var output = ReadAsync(process.StandardOutput.BaseStream, MaxOutput, limit.Token);
            var complaint = ReadAsync(process.StandardError.BaseStream, MaxComplaint, limit.Token);
            await Task.WhenAll(output, complaint, process.WaitForExitAsync(limit.Token));
            if (process.ExitCode == 0) return await output;
            var words = PluginComplaint.Excerpt(Encoding.UTF8.GetString(await complaint), settings.Env.Values);
            throw new KubeFault(FaultReason.Unauthorized, $"The credential plugin {settings.Command} ended with exit code {process.ExitCode}: {words}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new KubeFault(FaultReason.Unreachable, $"The credential plugin {settings.Command} did not end within {Limit.TotalSeconds} s");
        }
        finally
        {
            await StopAsync(process);
        }
    }

    private static Process Start(ExecSettings settings, string request)
    {
        var start = new ProcessStartInfo(settings.Command, settings.Args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings.Env) start.Environment[name] = value;
        start.Environment["KUBERNETES_EXEC_INFO"] = request;
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("Process.Start reused a process without UseShellExecute.");
        }
        catch (Win32Exception e)
        {
            var hint = string.IsNullOrWhiteSpace(settings.InstallHint) ? "" : $". {PluginComplaint.Bound(settings.InstallHint.Trim())}";
            throw new KubeFault(FaultReason.Unauthorized, $"The credential plugin {settings.Command} could not be started (error {e.NativeErrorCode}){hint}");
        }
    }

    // What is past the bound is read and dropped: a full pipe would stop the plugin.
    private static async Task<byte[]> ReadAsync(Stream stream, int max, CancellationToken ct)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[8192];
        while (await stream.ReadAsync(buffer, ct) is var read and > 0)
            kept.Write(buffer, 0, Math.Min(read, max - (int)kept.Length));
        return kept.ToArray();
    }

    private static async Task StopAsync(Process process)
    {
        if (process.HasExited) return;
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended between the question and the kill.
        }
        // Ends by itself: the process is dead, only its exit has to be collected.
        await process.WaitForExitAsync(CancellationToken.None);
    }
}
