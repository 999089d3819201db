using Kontena.Simulator.Machines.Agent;
using Kontena.Simulator.Machines.Docker;
using Kontena.Simulator.Machines.Os;
using Kontena.Simulator.Machines.Units;
using Kontena.Simulator.Overlay;

namespace Kontena.Simulator.Machines;

/// <summary>A machine between power-on and power-off. Everything in it happens within one lock; its agent's connection does not.</summary>
internal sealed class Boot
{
    /// <summary>Ours: the real time depends on how many containers are attached again.</summary>
    private const double RelaunchSeconds = 2;

    private readonly Hardware hardware;
    private readonly Disk disk;
    private readonly Lock gate;
    private WeaveRouter? router;
    private bool ended;

    public Boot(Hardware hardware, Disk disk, Journal journal, Lock gate, Waits waits, Clock clock)
    {
        (this.hardware, this.disk, this.gate, Journal, Waits, Clock) = (hardware, disk, gate, journal, waits, clock);
        Docker = new DockerDaemon(disk, journal, hardware.Traits.Docker, hardware.InstanceId, Launch);
        Programs = new Programs(disk, hardware, journal, Docker, new TimeSync(clock, hardware.TimeSyncBlocked, journal));
        Systemd = new Systemd(disk, new UnitFiles(disk, hardware.Os), journal, waits, Enter) { Programs = Programs };
        Programs.Systemd = Systemd;
    }

    public Journal Journal { get; }

    public Waits Waits { get; }

    public Clock Clock { get; }

    public DockerDaemon Docker { get; }

    public Programs Programs { get; }

    public Systemd Systemd { get; }

    /// <summary>The agent that was started last; null where none was.</summary>
    public AgentProcess? Agent { get; private set; }

    /// <summary>The agent's container as it was started last. Secret: it holds the environment.</summary>
    public ContainerSpec? AgentContainer { get; private set; }

    /// <summary>Power off: nothing of this boot does anything from here on.</summary>
    public void End()
    {
        ended = true;
        Systemd.Dispose();
        Docker.Kill();
    }

    /// <summary>For timers and agents, which come from outside: within the lock, and not after the end.</summary>
    private void Enter(Action act)
    {
        lock (gate)
            if (!ended) act();
    }

    private IContainer Launch(ContainerSpec spec, Action<int> exited) =>
        spec.Repository.EndsWith("/agent", StringComparison.Ordinal) ? LaunchAgent(spec, exited)
        : spec.Repository == WeaveContainer.Repository ? LaunchRouter(spec)
        : new IdleContainer();

    private WeaveRouter LaunchRouter(ContainerSpec spec)
    {
        var facts = WeaveContainer.Facts(spec) with
        {
            InstanceId = hardware.InstanceId,
            Name = PeerName.Of(disk.Text("/etc/machine-id") ?? "", hardware.ProductUuid),
            HostName = HostName,
            KernelEsp = hardware.Traits.KernelEsp,
            PrivateAddress = hardware.PrivateAddress,
            PublicAddress = hardware.OutsideAddress,
        };
        WeaveLog.Launched(Journal, facts);
        // One that takes the place of another: containers are cut off until it is up and they are attached again.
        return router = hardware.Overlay.Up(facts, Journal, router is null ? TimeSpan.Zero : Waits.Length(RelaunchSeconds));
    }

    private AgentProcess LaunchAgent(ContainerSpec spec, Action<int> exited)
    {
        AgentContainer = spec;
        return Agent = AgentProcess.Start(World(spec), code => Enter(() => exited(code)));
    }

    private AgentWorld World(ContainerSpec spec)
    {
        if (!spec.HostNetwork) Journal.Say("docker", "the agent's container has a network of its own: it sees neither the machine's interfaces nor docker0");
        return new()
        {
            Container = spec,
            Docker = new(disk.EngineId ?? "", HostName, Docker.Labels, hardware.Traits.Docker.ToString(), hardware.Os.ToString()),
            Interfaces = spec.HostNetwork ? new Dictionary<string, string> { [hardware.Traits.Interface] = hardware.PrivateAddress } : new() { ["eth0"] = "172.17.0.2" },
            PublicAddress = hardware.OutsideAddress,
            Now = () => Clock.Now,
            Network = hardware.Network,
            ReadFile = path => Mounted(spec, path) is { } mount ? Read(mount.Source) : null,
            WriteFile = (path, bytes) => Mounted(spec, path) is { ReadOnly: false } mount && Write(mount.Source, bytes),
            Options = hardware.Options,
            Waits = Waits,
            Journal = Journal,
            Chance = hardware.Chance,
            Overlay = new WeaveContainer(Docker, Enter, () => router),
        };
    }

    private string HostName => disk.HostName ?? hardware.DefaultHostName;

    private static Mount? Mounted(ContainerSpec spec, string path) => spec.Mounts.FirstOrDefault(m => m.Target == path);

    private byte[]? Read(string path)
    {
        lock (gate) return disk.Find(path)?.Content;
    }

    private bool Write(string path, byte[] bytes)
    {
        lock (gate) disk.Write(path, bytes, disk.Find(path)?.Mode ?? 0x180);
        return true;
    }
}
