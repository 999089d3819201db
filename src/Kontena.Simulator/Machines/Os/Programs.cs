using Kontena.Simulator.Machines.Docker;
using Kontena.Simulator.Machines.Shell;
using Kontena.Simulator.Machines.Units;

namespace Kontena.Simulator.Machines.Os;

/// <summary>
/// What commands do on a machine. A few programs are known, shell scripts are run by a small model of a shell; other programs that the image would have
/// are named in the journal (without their arguments, which may be secret) and taken as done, and what is not on the disk fails.
/// </summary>
internal sealed class Programs(Disk disk, Hardware hardware, Journal journal, DockerDaemon docker, TimeSync time)
{
    private static readonly string[] SystemFolders = ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/lib", "/lib", "/usr/libexec"];

    public Systemd? Systemd { get; set; }

    private bool HasDocker => hardware.Os == MachineOs.Flatcar || disk.Packages.Overlaps(UnitFiles.DockerPackages);

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
            "sh" or "bash" or "dash" when rest is [var path, ..] && disk.Text(path) is { } script => Shell(script, environment, exited),
            "false" => new(1),
            // Their unit's start does the work.
            "dockerd" => Outcome.Done,
            "ip" when rest is ["xfrm", .. var xfrm] => Xfrm(xfrm),
            "timedatectl" or "ip" or "hostname" when Output(words) is not null => Outcome.Done,
            _ => Script(words[0]) is { } script ? Shell(script, environment, exited) : Noted(program),
        };
    }

    /// <summary>A script, or a line for the shell.</summary>
    public Outcome Shell(string script, IReadOnlyDictionary<string, string> environment, Action<int> exited)
    {
        try
        {
            return ShellRun.Run(script, new ShellStreams(), this, disk, environment, exited);
        }
        catch (ShellException e) when (e.Broken)
        {
            journal.Say("machine", $"a shell script fails: {e.Message}");
            return new(2);
        }
        catch (ShellException e)
        {
            journal.Say("machine", $"a shell script uses {e.Message}: it is taken as done");
            return Outcome.Done;
        }
    }

    /// <summary>Whether the shell would find it.</summary>
    public bool Has(string program) => program switch
    {
        "chronyd" or "chronyc" => disk.Packages.Contains("chrony"),
        "apt-get" or "apt" => hardware.Os != MachineOs.Flatcar,
        _ => Find(program) is not null,
    };

    /// <summary>What a known program prints; null where the model has nothing to say.</summary>
    public string? Output(IReadOnlyList<string> words) => words[0] switch
    {
        "timedatectl" when words.Contains("show") => (words.Contains("--value") ? "" : "NTPSynchronized=") + (time.Synchronized ? "yes\n" : "no\n"),
        "ip" when words.Contains("route") => $"default via 172.31.0.1 dev {hardware.Traits.Interface} proto dhcp src {hardware.PrivateAddress} metric 100\n",
        "hostname" when words.Count == 1 => (disk.HostName ?? hardware.DefaultHostName) + "\n",
        "docker" when words.Count > 1 && words[1] is "info" && docker.Running => disk.EngineId + "\n",
        _ => null,
    };

    /// <summary>Installs packages; on Ubuntu and Debian what has a service is enabled and started by its installation.</summary>
    public Outcome Install(IReadOnlyList<string> packages)
    {
        if (hardware.Os == MachineOs.Flatcar) return Missing("apt-get");
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
        time.Start();
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

    /// <summary>The text of a program that is a shell script.</summary>
    private string? Script(string program) =>
        disk.Text(program) is { } text && text.Split('\n')[0].TrimEnd() is "#!/bin/sh" or "#!/bin/bash" or "#!/usr/bin/env bash" or "#!/usr/bin/env sh" or "#!/bin/sh -eu" or "#!/bin/sh -e" ? disk.Text(program) : null;

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

    /// <summary>Security associations by hand: the kernel takes one of ESP where it can encrypt. None is kept, as nothing here uses one.</summary>
    private Outcome Xfrm(IReadOnlyList<string> words)
    {
        if (words is not ["state", "add", ..] || hardware.Traits.KernelEsp) return Outcome.Done;
        journal.Say("kernel", "RTNETLINK answers: Protocol not supported");
        return new(2);
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
