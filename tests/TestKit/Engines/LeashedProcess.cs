using System.Diagnostics;
using System.Globalization;

namespace Kontena.TestKit.Engines;

/// <summary>
/// A server process that cannot outlive this one. A shell holds the leash: it runs the server and waits for the end of its
/// own standard input, which the kernel closes when this process is gone, by SIGKILL too. (PR_SET_PDEATHSIG would not do: it
/// follows the *thread* that forked, and .NET's pool threads come and go.)
/// </summary>
public sealed class LeashedProcess : IAsyncDisposable
{
    private const string Leash = """
        exec 3<&0 </dev/null
        log=$1; shift
        "$@" >>"$log" 2>&1 3<&- & server=$!
        echo "$server" >"$log.pid"
        exec 2>/dev/null
        { cat <&3 >/dev/null; kill -9 "$server"; } & reader=$!
        exec 3<&-
        wait "$server"; code=$?
        kill "$reader"
        exit "$code"
        """;

    private readonly string logPath;
    private readonly Process shell;

    private LeashedProcess(string name, string logPath, Process shell)
    {
        Name = name;
        this.logPath = logPath;
        this.shell = shell;
    }

    public string Name { get; }

    public bool HasExited => shell.HasExited;

    /// <summary>Of the server itself, not of its leash; there once the server answers.</summary>
    public int Pid => int.Parse(File.ReadAllText(logPath + ".pid"), CultureInfo.InvariantCulture);

    public static LeashedProcess Start(string folder, string binary, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var name = Path.GetFileName(binary);
        var log = Path.Combine(folder, name + ".log");
        var start = new ProcessStartInfo("/bin/sh", ["-c", Leash, name, log, binary, .. arguments])
        {
            RedirectStandardInput = true,
            WorkingDirectory = folder,
        };
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>()) start.Environment[variable] = value;
        return new LeashedProcess(name, log, Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start."));
    }

    /// <summary>For the leash's own test: the pipe is held by the returned process, so that a test can kill "the test process".</summary>
    public static Process StartHeldByAnother(string folder, string binary, IEnumerable<string> arguments)
    {
        // exec: the killed process must be the very one that holds the write end. The leash goes to the background with it as its input.
        const string Holder = """leash=$1; shift; exec 4> >(exec /bin/sh -c "$leash" "$@"); exec sleep 600""";
        return Process.Start(new ProcessStartInfo(
            "/bin/bash", ["-c", Holder, "holder", Leash, Path.GetFileName(binary), Path.Combine(folder, "held.log"), binary, .. arguments])
        {
            WorkingDirectory = folder,
        }) ?? throw new InvalidOperationException("The holder did not start.");
    }

    /// <returns>The server's exit code once it ended; 128 and the signal's number where one killed it.</returns>
    public async Task<int> ExitAsync(CancellationToken ct)
    {
        await shell.WaitForExitAsync(ct);
        return shell.ExitCode;
    }

    /// <summary>The end of the server's own log.</summary>
    public string RecentLog(int lines) => File.Exists(logPath)
        ? $"--- {Name} ({logPath})\n" + string.Join('\n', File.ReadLines(logPath).TakeLast(lines))
        : $"--- {Name}: no log";

    public async ValueTask DisposeAsync()
    {
        shell.StandardInput.Close();
        await shell.WaitForExitAsync();
        shell.Dispose();
    }
}
