using System.Diagnostics;

namespace Kontena.Operator.Core.Tests.Bootstrap;

/// <summary>A program of the system, e.g. a validator; the calling test is skipped, saying what to install, where it is missing.</summary>
internal sealed class SystemTool(string path)
{
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(2);

    /// <param name="package">Debian's.</param>
    public static SystemTool Require(string name, string package) => new(Find(name) ?? Missing(name, package));

    /// <param name="environment">Set besides what the test has itself.</param>
    public async Task<(int Code, string Output)> RunAsync(IEnumerable<string> arguments, byte[]? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(patience, TimeProvider.System);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.StandardInput.BaseStream.WriteAsync(input ?? [], timeout.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(timeout.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    public async Task<string> RunWellAsync(IEnumerable<string> arguments, byte[]? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var (code, output) = await RunAsync(arguments, input, environment);
        Assert.That(code, Is.Zero, output);
        return output;
    }

    private static string? Find(string name) =>
        name.StartsWith('/') ? (File.Exists(name) ? name : null)
        : $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string Missing(string name, string package)
    {
        Assert.Ignore($"{name} is not on this machine (Debian: apt-get install {package}).");
        throw new UnreachableException();
    }
}
