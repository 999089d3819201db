using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using NUnit.Framework;

namespace Kontena.TestKit.Kubectl;

/// <summary>
/// The kubectl on PATH. Tests need 1.30 or newer: older ones ask for OpenAPI v2 as protobuf before they apply anything,
/// and 1.20 (Debian 12's) does not know <c>wait --for=jsonpath</c>.
/// </summary>
public static class KubectlBinary
{
    private static readonly Version oldest = new(1, 30);
    private static readonly Lazy<(string? Path, string Reason)> found = new(Find);

    /// <summary>The path of a kubectl that is new enough; the calling test is skipped, with the reason, where there is none.</summary>
    public static string Require()
    {
        if (found.Value.Path is null) Assert.Ignore(found.Value.Reason);
        return found.Value.Path!;
    }

    private static (string? Path, string Reason) Find()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "kubectl")).FirstOrDefault(File.Exists);
        if (path is null) return (null, $"kubectl is not on PATH; install {oldest} or newer.");
        var version = ClientVersion(path);
        return version >= oldest
            ? (path, "")
            : (null, $"kubectl on PATH ({path}) is {version?.ToString() ?? "of unknown version"}; these tests need {oldest} or newer.");
    }

    private static Version? ClientVersion(string path)
    {
        using var process = Process.Start(new ProcessStartInfo(path, ["version", "--client", "-o", "json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) return null;
        var git = JsonNode.Parse(output)?["clientVersion"]?["gitVersion"]?.GetValue<string>() ?? "";
        var numbers = git.TrimStart('v').Split('.', '-', '+');
        return numbers.Length >= 2 && int.TryParse(numbers[0], CultureInfo.InvariantCulture, out var major)
            && int.TryParse(numbers[1], CultureInfo.InvariantCulture, out var minor) ? new Version(major, minor) : null;
    }
}
