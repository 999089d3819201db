using System.Buffers;
using Kontena.Simulator.Machines.Docker;
using Kontena.Simulator.Machines.Units;

namespace Kontena.Simulator.Machines.Os;

/// <summary>
/// What commands do on a machine. There is no shell: a few programs are known, others that the image would have are named in the journal (without
/// their arguments, which may be secret) and taken as done, and what is not on the disk fails.
/// </summary>
internal sealed class Programs(Disk disk, MachineOs os, Journal journal, DockerDaemon docker, Action syncClock)
{
    private static readonly string[] SystemFolders = ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/lib", "/lib", "/usr/libexec"];

    /// <summary>Characters by which a line needs a real shell.</summary>
    private static readonly SearchValues<char> ShellWork = SearchValues.Create("|<>`$(){}*?&\\#![");

    public Systemd? Systemd { get; set; }

    private bool HasDocker => os == MachineOs.Flatcar || disk.Packages.Overlaps(UnitFiles.DockerPackages);

    /// <param name="exited">Called with the exit code of the container that the command waits for.</param>
    public Outcome Run(IReadOnlyList<string> words, IReadOnlyDictionary<string, string> environment, Action<int> exited)
    {
        var program = Find(words[0]);
        var rest = words.Skip(1).ToList();
        return program switch
        {
            null => Missing(words[0]),
            "docker" => docker.Client(rest, environment, exited),
            "systemctl" => SystemctlCall.Run(Needed, disk, rest),
            "hostnamectl" when rest is ["set-hostname" or "hostname", var name, ..] => Named(name),
            "hostname" when rest is [var name] && !name.StartsWith('-') => Named(name),
            "timedatectl" when rest is ["set-ntp", "true" or "yes" or "1"] => new(Needed.Start("systemd-timesyncd.service") ? 0 : 1),
            "apt-get" or "apt" when rest.Contains("install") => Install([.. rest.SkipWhile(w => w != "install").Skip(1).Where(w => !w.StartsWith('-'))]),
            "sh" or "bash" or "dash" when rest is ["-c" or "-ec" or "-ceu" or "-euc", var line, ..] => Shell(line, environment, exited),
            "false" => new(1),
            // Their unit's start does the work.
            "dockerd" => Outcome.Done,
            _ => Noted(program),
        };
    }

    /// <summary>A line for the shell: simple commands one after another are run, anything else is noted.</summary>
    public Outcome Shell(string line, IReadOnlyDictionary<string, string> environment, Action<int> exited)
    {
        var outcome = Outcome.Done;
        foreach (var command in line.Split((string[])["&&", ";", "\n"], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (command.AsSpan().ContainsAny(ShellWork) || QuotedWords.Split(command) is not { Count: > 0 } words) return Noted("a shell line");
            outcome = Run(words[0] == "exec" ? [.. words.Skip(1)] : words, environment, exited);
            if (outcome.Code != 0 && line.Contains("&&", StringComparison.Ordinal)) return outcome;
        }
        return outcome;
    }

    /// <summary>Installs packages; on Ubuntu and Debian what has a service is enabled and started by its installation.</summary>
    public Outcome Install(IReadOnlyList<string> packages)
    {
        if (os == MachineOs.Flatcar) return Missing("apt-get");
        foreach (var package in packages.Select(p => p.Split('=')[0]))
        {
            if (package.Length == 0 || !package.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '+' or '-' or '.'))
            {
                journal.Say("apt", $"Unable to locate package {package}: nothing is installed");
                return new(100);
            }
            disk.Packages.Add(package);
            journal.Say("apt", $"installed {package}");
        }
        Needed.Reload();
        foreach (var unit in packages.SelectMany(ServicesOf)) _ = Needed.Enable(unit) && Needed.Start(unit);
        return Outcome.Done;
    }

    public static bool IsDaemon(string unit) => unit == UnitFiles.DockerUnit || UnitFiles.SetsTheClock(unit);

    public bool StartDaemon(string unit, Unit loaded, IReadOnlyDictionary<string, string> environment)
    {
        if (unit == UnitFiles.DockerUnit) return docker.Start([.. loaded.Commands("ExecStart").SelectMany(c => c.Expand(environment))]);
        syncClock();
        return true;
    }

    public void StopDaemon(string unit)
    {
        if (unit == UnitFiles.DockerUnit) docker.Stop();
    }

    /// <summary>Whether a service stays up although the model runs nothing of it: daemons that the image brings, and services whose program is only noted.</summary>
    public bool Stays(string name, Unit unit) =>
        unit.Type != "oneshot" && (IsDaemon(name) || unit.Commands("ExecStart").All(c => Find(c.Words[0]) is not ("docker" or "systemctl" or "true" or "sh" or "bash")));

    private Systemd Needed => Systemd ?? throw new InvalidOperationException("A machine's programs run only after its systemd started.");

    /// <summary>The program's name; null where the disk has none. Files of the image's own folders are taken to be there.</summary>
    private string? Find(string program)
    {
        var slash = program.LastIndexOf('/');
        var name = program[(slash + 1)..];
        var system = slash < 0 || SystemFolders.Any(folder => program.StartsWith(folder + "/", StringComparison.Ordinal));
        if (system && name is "docker" or "dockerd") return HasDocker ? name : null;
        if (system) return name;
        return disk.Find(program) is { } file && (file.Mode & 0x49) != 0 ? name : null;
    }

    private Outcome Missing(string program)
    {
        journal.Say("systemd", disk.Find(program) is null ? $"Failed to locate executable {program}: No such file or directory" : $"Failed to execute {program}: Permission denied");
        return Outcome.NothingToExecute;
    }

    private Outcome Noted(string program)
    {
        journal.Say("machine", $"{program} is taken as done");
        return Outcome.Done;
    }

    private Outcome Named(string name)
    {
        disk.HostName = name;
        return Outcome.Done;
    }

    private static IEnumerable<string> ServicesOf(string package) => package switch
    {
        "docker.io" or "docker-ce" => ["docker.service"],
        "chrony" => ["chrony.service"],
        "ntp" or "ntpsec" => ["ntp.service"],
        "systemd-timesyncd" => ["systemd-timesyncd.service"],
        _ => [],
    };
}
