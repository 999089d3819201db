using System.Diagnostics;
using Kontena.Simulator.Ec2;

namespace Kontena.Simulator.Tests.Ec2;

/// <summary>Runs a script of this folder with the machine's python3; the test is skipped, saying so, where a module is not importable.</summary>
internal static class Python
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    public static async Task<string> RunAsync(string module, string script, params string[] arguments)
    {
        if (await StartAsync(["-c", $"import {module}"]) is not { ExitCode: 0 })
            Assert.Ignore($"python3 with {module} is not on this machine.");
        var (exit, output, errors) = await StartAsync([Path.Combine(AppContext.BaseDirectory, "Ec2", script), .. arguments]);
        Assert.That(exit, Is.Zero, $"{script} {string.Join(' ', arguments)}\n{output}\n{errors}");
        return output;
    }

    private static async Task<(int ExitCode, string Output, string Errors)> StartAsync(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        // boto3 must look at nothing of the machine's user: no profile, no instance metadata, no proxy before loopback.
        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        start.Environment["AWS_CONFIG_FILE"] = start.Environment["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";
        // Not as arguments, which every user of the machine can read.
        (start.Environment["AWS_ACCESS_KEY_ID"], start.Environment["AWS_SECRET_ACCESS_KEY"]) = (Ec2Options.DemoAccessKeyId, Ec2Options.DemoSecretAccessKey);
        start.Environment["NO_PROXY"] = "127.0.0.1";
        Process python;
        try
        {
            python = Process.Start(start) ?? throw new InvalidOperationException("python3 did not start.");
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (127, "", missing.Message);
        }
        using (python)
        {
            using var deadline = new CancellationTokenSource(Within, TimeProvider.System);
            var output = python.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = python.StandardError.ReadToEndAsync(deadline.Token);
            try
            {
                await python.WaitForExitAsync(deadline.Token);
                return (python.ExitCode, await output, await errors);
            }
            catch (OperationCanceledException)
            {
                python.Kill(entireProcessTree: true);
                throw new TimeoutException($"python3 {string.Join(' ', arguments)} did not end within {Within}.");
            }
        }
    }
}
