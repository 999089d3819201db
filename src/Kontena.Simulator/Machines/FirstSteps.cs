using System.Text;
using Kontena.Simulator.Machines.Os;
using Kontena.Simulator.Machines.UserData;

namespace Kontena.Simulator.Machines;

/// <summary>What the operating system does with the user-data, in its order, at one boot.</summary>
internal sealed class FirstSteps(Hardware hardware, Disk disk, Boot boot)
{
    private static readonly Dictionary<string, string> NoEnvironment = [];

    /// <summary>False where the machine does not come up: Ignition stops in the initramfs at what it cannot read.</summary>
    public bool Run()
    {
        if (hardware.Os != MachineOs.Flatcar) CloudInit();
        else if (!Flatcar()) return false;
        disk.FirstBootDone = true;
        return true;
    }

    private bool Flatcar()
    {
        var data = hardware.UserData ?? [];
        if (data.Length == 0 || IsCloudConfig(data))
        {
            boot.Systemd.Boot();
            if (data.Length > 0) CoreosCloudInit(data);
            return true;
        }
        if (!disk.FirstBootDone && !Ignite(data)) return false;
        boot.Systemd.Boot();
        return true;
    }

    /// <summary>Ignition leaves these to coreos-cloudinit. Gzip it does not know: such user-data is broken to it (coreos/ignition#398, #1096).</summary>
    private static bool IsCloudConfig(byte[] data) => data.AsSpan().StartsWith("#cloud-config"u8) || data.AsSpan().StartsWith("#!"u8);

    private bool Ignite(byte[] data)
    {
        Ignition config;
        try
        {
            if (UserDataParts.IsGzip(data)) throw new UserDataException("the user-data is gzip, which Ignition does not unpack");
            config = Ignition.Read(data);
        }
        catch (UserDataException e)
        {
            boot.Journal.Say("ignition", $"failed to fetch config: {e.Message}");
            boot.Journal.Say("ignition", "Ignition failed: the system stays in the emergency shell of the initramfs");
            return false;
        }
        foreach (var file in config.Files) disk.Write(file.Path, file.Bytes, file.Mode);
        foreach (var unit in config.Units) Declare(unit);
        if (disk.Text("/etc/hostname") is { } name) disk.HostName = name.Trim();
        foreach (var unit in config.Units.Where(u => u.Enabled == true)) boot.Systemd.Enable(unit.Name);
        foreach (var unit in config.Units.Where(u => u.Enabled == false)) disk.EnabledUnits.Remove(unit.Name);
        boot.Journal.Say("ignition", $"wrote {config.Files.Count} files and {config.Units.Count} units");
        return true;
    }

    private void Declare(DeclaredUnit unit)
    {
        if (unit.Content is { Length: > 0 } content) disk.Write($"/etc/systemd/system/{unit.Name}", Encoding.UTF8.GetBytes(content), 0x1a4);
        foreach (var dropIn in unit.DropIns) disk.Write($"/etc/systemd/system/{unit.Name}.d/{dropIn.Name}", Encoding.UTF8.GetBytes(dropIn.Content), 0x1a4);
        if (unit.Masked) disk.MaskedUnits.Add(unit.Name);
    }

    /// <summary>Flatcar's own reader of cloud-configs; it runs at every boot, and knows write_files, hostname and coreos.units of what is here.</summary>
    private void CoreosCloudInit(byte[] data)
    {
        var config = Read(data, "coreos-cloudinit");
        if (config.HostName is { } name) disk.HostName = name;
        Write(config.Files);
        foreach (var unit in config.Units) Declare(unit);
        boot.Systemd.Reload();
        foreach (var unit in config.Units.Where(u => u.Enabled == true)) boot.Systemd.Enable(unit.Name);
        foreach (var unit in config.Units.Where(u => u.Start)) boot.Systemd.Start(unit.Name);
    }

    /// <summary>cloud-init's stages: bootcmd, files and name before the services; packages and runcmd once for an instance, at the end.</summary>
    private void CloudInit()
    {
        var config = hardware.UserData is { Length: > 0 } data ? Read(data, "cloud-init") : new CloudConfig();
        foreach (var command in config.BootCommands) Execute(command);
        if (!disk.FirstBootDone)
        {
            Write(config.Files.Where(f => !f.Deferred));
            if (config.HostName is { } name) disk.HostName = name;
        }
        boot.Systemd.Boot();
        if (disk.FirstBootDone) return;
        if (config.TimeSync) boot.Programs.Install(hardware.Os == MachineOs.Ubuntu ? ["chrony"] : ["systemd-timesyncd"]);
        if (config.Packages.Count > 0) boot.Programs.Install(config.Packages);
        Write(config.Files.Where(f => f.Deferred));
        foreach (var script in config.Scripts) boot.Programs.Shell(script, NoEnvironment, static _ => { });
        foreach (var command in config.RunCommands) Execute(command);
        boot.Journal.Say("cloud-init", "finished");
    }

    private CloudConfig Read(byte[] data, string reader)
    {
        void Say(string text) => boot.Journal.Say(reader, text);
        try
        {
            return CloudConfig.Merge(UserDataParts.Split(data), Say);
        }
        catch (UserDataException e)
        {
            Say($"the user-data is ignored: {e.Message}");
            return new();
        }
    }

    private void Write(IEnumerable<WrittenFile> files)
    {
        foreach (var file in files) disk.Write(file.Path, file.Content, file.Mode, file.Append);
    }

    private void Execute(Command command)
    {
        var outcome = command.ShellLine is { } line ? boot.Programs.Shell(line, NoEnvironment, static _ => { }) : boot.Programs.Run(command.Words, NoEnvironment, static _ => { });
        if (outcome.Code != 0) boot.Journal.Say("cloud-init", $"{command} failed with {outcome.Code}");
    }
}
