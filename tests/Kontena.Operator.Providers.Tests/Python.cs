using System.ComponentModel;
using System.Diagnostics;

namespace Kontena.Operator.Providers.Tests;

/// <summary>Runs Python where the machine has it; the calling test is skipped, saying so, where not.</summary>
internal static class Python
{
    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("python3") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("python3 did not start");
        }
        catch (Win32Exception e)
        {
            Assert.Ignore($"python3 is not on this machine: {e.Message}");
            throw;
        }
    }

    /// <summary>What the script wrote.</summary>
    public static async Task<string> RunAsync(string script, string input, CancellationToken ct)
    {
        using var process = Start("-c", script);
        await process.StandardInput.WriteAsync(input.AsMemory(), ct);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(ct);
        var output = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"python3 failed: {await errors}");
    }
}
