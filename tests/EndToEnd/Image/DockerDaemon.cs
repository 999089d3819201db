using System.Diagnostics;
using Kontena.TestKit;
using Kontena.TestKit.Engines;
using Kontena.TestKit.Kubectl;

namespace Kontena.EndToEnd.Image;

/// <summary>
/// A dockerd of this test's own: images, sockets and containers in a folder, in mount and process namespaces that end with it, whatever becomes of
/// this process. It is told to make no bridge, no firewall rule and no route, so the machine's network stays as it is; containers have none, or the machine's.
/// </summary>
internal sealed class DockerDaemon : IAsyncDisposable
{
    private static readonly TimeSpan startTime = Eventually.Patience;
    private static readonly TimeSpan commandTime = TimeSpan.FromMinutes(8);

    private readonly string docker;
    private readonly string cgroup = $"kontena-image-{Environment.ProcessId}";
    private readonly LeashedProcess process;

    private DockerDaemon(string docker, string folder)
    {
        (this.docker, Folder) = (docker, folder);
        // Where dockerd of Debian 12 keeps the key that names it: not this machine's own.
        File.WriteAllText(Path.Combine(folder, "daemon.json"), $$"""{"deprecated-key-path": "{{folder}}/key.json"}""");
        process = LeashedProcess.Start(folder, ImageTools.PathOf("unshare"),
        [
            "--mount", "--pid", "--fork", "--kill-child", "/bin/sh", "-c", """mount -t proc proc /proc && exec "$@" """, "dockerd", ImageTools.PathOf("dockerd"),
            "--data-root", $"{folder}/data", "--exec-root", $"{folder}/exec", "--pidfile", $"{folder}/dockerd.pid", "--host", Socket, "--config-file", $"{folder}/daemon.json",
            "--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false",
            "--exec-opt", "native.cgroupdriver=cgroupfs", "--cgroup-parent", cgroup,
        ]);
    }

    public string Folder { get; }

    /// <summary>What every command of the client begins with.</summary>
    public IReadOnlyList<string> Client => [docker, "--host", Socket];

    private string Socket => $"unix://{Folder}/docker.sock";

    /// <summary>The calling test is skipped, with the reason, where this machine cannot run one, or only one that would copy whole images.</summary>
    public static async Task<DockerDaemon> StartAsync(CancellationToken ct)
    {
        var daemon = new DockerDaemon(ImageTools.RequireDocker(), Directory.CreateTempSubdirectory("kontena-docker-").FullName);
        try
        {
            await Eventually.HoldsAsync(async () =>
            {
                if (daemon.process.HasExited) GiveUp(daemon.RecentLog);
                return (await daemon.RunAsync(["info"], ct)).ExitCode == 0;
            }, "dockerd answers", startTime, ct);
            var driver = (await daemon.RunAsync(["info", "--format", "{{.Driver}}"], ct)).Succeeded().Output.Trim();
            if (driver == "vfs") Assert.Ignore($"dockerd can only copy whole images in {daemon.Folder} (storage driver vfs).");
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    /// <summary>One command of the client, to its end.</summary>
    public Task<CommandResult> RunAsync(IReadOnlyList<string> arguments, CancellationToken ct) => RunAsync(Client[0], [.. Client.Skip(1), .. arguments], ct);

    /// <summary>A shell command with the client as <c>$DOCKER</c>.</summary>
    public Task<CommandResult> ShellAsync(string script, IReadOnlyList<string> arguments, CancellationToken ct) =>
        RunAsync(ImageTools.PathOf("bash"), ["-c", "set -euo pipefail; DOCKER=(" + string.Join(' ', Client) + "); " + script, "bash", .. arguments], ct);

    public string RecentLog => process.RecentLog(lines: 30);

    public async ValueTask DisposeAsync()
    {
        // The first process of its namespace dies, so all that it started does, and their mounts are gone with the last.
        await process.DisposeAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(TryRemoveCgroups()), $"the control groups {cgroup} are empty", startTime, CancellationToken.None);
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Root in a container may lack what namespaces and mounts need: that is the machine's doing. Anything else is a failure.</summary>
    private static void GiveUp(string log)
    {
        if (log.Contains("operation not permitted", StringComparison.OrdinalIgnoreCase) || log.Contains("permission denied", StringComparison.OrdinalIgnoreCase))
            Assert.Ignore($"This machine does not let dockerd run.\n{log}");
        throw new InvalidOperationException($"dockerd ended.\n{log}");
    }

    private static async Task<CommandResult> RunAsync(string command, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOCKER_BUILDKIT"] = "1";
        foreach (var name in new[] { "DOCKER_HOST", "DOCKER_CONTEXT" }) start.Environment.Remove(name);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command} did not start.");
        using var deadline = new CancellationTokenSource(commandTime, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(both.Token), process.StandardError.ReadToEndAsync(both.Token));
            await process.WaitForExitAsync(both.Token);
            return new CommandResult($"{Path.GetFileName(command)} {string.Join(' ', arguments)}", process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <returns>False while one of them still has a process.</returns>
    private bool TryRemoveCgroups()
    {
        try
        {
            foreach (var top in Directory.GetDirectories("/sys/fs/cgroup", cgroup, SearchOption.AllDirectories))
            {
                // A control group is removed alone, its files with it: from the innermost outwards.
                foreach (var inner in Directory.GetDirectories(top, "*", SearchOption.AllDirectories).OrderByDescending(d => d.Length)) RemoveCgroup(inner);
                RemoveCgroup(top);
            }
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void RemoveCgroup(string folder)
    {
        using var rmdir = Process.Start("/bin/rmdir", [folder]);
        rmdir.WaitForExit();
        if (rmdir.ExitCode != 0 && Directory.Exists(folder)) throw new IOException(folder);
    }
}
