using System.Diagnostics;
using System.Globalization;

namespace Kontena.EndToEnd.Image;

/// <summary>The programs that building and running an image takes.</summary>
internal static class ImageTools
{
    private static readonly string[] others = ["containerd", "runc", "unshare", "bash", "tar", "ldd", "ldconfig"];

    private static readonly Lazy<(string? Docker, string Reason)> found = new(Find);

    /// <summary>The path of a docker client that builds with BuildKit; the calling test is skipped, with the reason, where this machine cannot.</summary>
    public static string RequireDocker()
    {
        if (found.Value.Docker is null) Assert.Ignore(found.Value.Reason);
        return found.Value.Docker!;
    }

    public static string PathOf(string command) => Candidates(command).First();

    private static (string? Docker, string Reason) Find()
    {
        if (!Environment.IsPrivilegedProcess) return (null, "Building an image here needs root: a dockerd of the test's own is started.");
        if (Candidates("dockerd").FirstOrDefault() is null) return (null, "There is no dockerd on this machine (Debian: apt-get install docker.io).");
        if (others.FirstOrDefault(c => !Candidates(c).Any()) is { } missing) return (null, $"There is no {missing} on this machine, which building an image here needs.");
        return Candidates("docker").FirstOrDefault(HasBuildKit) is { } docker ? (docker, "") : (null, "No docker client on this machine builds with BuildKit (from version 23 on it needs the plugin buildx).");
    }

    private static IEnumerable<string> Candidates(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(["/usr/sbin", "/sbin"])
            .Select(folder => Path.Combine(folder, command)).Where(File.Exists).Distinct(StringComparer.Ordinal);

    /// <summary>Until 22 it was part of the client.</summary>
    private static bool HasBuildKit(string docker)
    {
        var version = Output(docker, "version", "--format", "{{.Client.Version}}").Split('.')[0];
        return int.TryParse(version, CultureInfo.InvariantCulture, out var major) && (major < 23 || Output(docker, "buildx", "version").Length > 0);
    }

    /// <summary>Empty where it fails without a word. (Without a daemon docker tells its own version and fails.)</summary>
    private static string Output(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Trim();
    }
}
