using Kontena.Simulator.Machines.Os;

namespace Kontena.Simulator.Machines.Units;

/// <summary>Finds units on the disk, with their drop-ins, and knows those that the image or a package brings.</summary>
internal sealed class UnitFiles(Disk disk, MachineOs os)
{
    /// <summary>The first that has the file wins (<c>systemd.unit(5)</c>).</summary>
    private static readonly string[] Directories = ["/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

    /// <summary>Units by these endings are always there in the model: nothing in them decides whether an agent runs.</summary>
    private static readonly string[] Assumed = [".target", ".socket", ".mount", ".slice", ".path", ".timer", ".device"];

    /// <summary>The unit as it is on the disk now; null where there is none.</summary>
    public Unit? Load(string name)
    {
        var assignments = new List<Assignment>();
        if (Directories.Select(d => disk.Text($"{d}/{name}")).FirstOrDefault(text => text is not null) is { } content) assignments.AddRange(UnitText.Parse(content));
        else if (!Vendor(name)) return null;
        else if (name == DockerUnit) assignments.AddRange(UnitText.Parse(DockerText));
        foreach (var path in Directories.SelectMany(d => disk.In($"{d}/{name}.d")).Where(p => p.EndsWith(".conf", StringComparison.Ordinal))
            .GroupBy(p => p[(p.LastIndexOf('/') + 1)..], StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.First()))
            assignments.AddRange(UnitText.Parse(disk.Text(path) ?? ""));
        return new(name, assignments, disk.HostName ?? "localhost");
    }

    /// <summary>True for what the image or an installed package brings, whatever is in it.</summary>
    public bool Vendor(string name) => Assumed.Any(end => name.EndsWith(end, StringComparison.Ordinal)) || name switch
    {
        DockerUnit or "containerd.service" => os == MachineOs.Flatcar || disk.Packages.Overlaps(DockerPackages),
        "chrony.service" or "chronyd.service" => disk.Packages.Contains("chrony"),
        "ntp.service" or "ntpd.service" => os == MachineOs.Flatcar || disk.Packages.Overlaps(["ntp", "ntpsec"]),
        "ssh.service" or "sshd.service" or "dbus.service" or "rsyslog.service" or "cron.service" or "update-engine.service" or "locksmithd.service" => true,
        _ => name.StartsWith("systemd-", StringComparison.Ordinal) || name.StartsWith("cloud-", StringComparison.Ordinal) || name.StartsWith("apt-daily", StringComparison.Ordinal),
    };

    /// <summary>As the packages and Flatcar have it: a second ExecStart= in a drop-in needs an empty one before it.</summary>
    private const string DockerText = """
        [Unit]
        Wants=network-online.target containerd.service
        [Service]
        Type=notify
        ExecStart=/usr/bin/dockerd -H fd:// $DOCKER_OPTS
        Restart=always
        RestartSec=2
        [Install]
        WantedBy=multi-user.target
        """;

    public const string DockerUnit = "docker.service";

    public static readonly string[] DockerPackages = ["docker.io", "docker-ce"];

    /// <summary>Units whose start sets the clock right.</summary>
    public static bool SetsTheClock(string name) =>
        name is "systemd-timesyncd.service" or "chrony.service" or "chronyd.service" or "ntp.service" or "ntpd.service";
}
