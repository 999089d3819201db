using System.Text;
using Kontena.Simulator.Machines.Docker;
using Kontena.Simulator.Machines.Os;
using Kontena.Simulator.Overlay;

namespace Kontena.Simulator.Machines;

/// <summary>The computer behind an instance: what it did with its user-data and what runs on it now, and a hand to trouble it. Safe to use from any thread.</summary>
public sealed class SimulatedMachine
{
    private readonly Lock gate = new();
    private readonly Hardware hardware;
    private readonly Waits waits;
    private readonly Clock clock;
    private readonly Disk disk = new();
    private readonly Journal journal;
    private ITimer? power;
    private Boot? boot;
    private NetworkBlock network;
    private bool powered;
    private bool lost;

    internal SimulatedMachine(Func<Func<NetworkBlock>, Hardware> build, Waits waits)
    {
        hardware = build(() => network);
        this.waits = waits;
        clock = new Clock(waits.Time);
        journal = new Journal(() => clock.Now);
    }

    public string InstanceId => hardware.InstanceId;

    /// <summary>The serial console and journal, over all boots (the latest 2,000 lines).</summary>
    public IReadOnlyList<JournalLine> Journal
    {
        get
        {
            // What its router has seen meanwhile is said now.
            hardware.Overlay.Of(InstanceId);
            return journal.Lines;
        }
    }

    /// <summary>The overlay as this machine's router has it, worked out now.</summary>
    public OverlaySnapshot Overlay => hardware.Overlay.Of(InstanceId);

    /// <summary>It has power and its first steps are done.</summary>
    public bool Running
    {
        get { lock (gate) return boot is not null; }
    }

    /// <summary>Names of the units that are active.</summary>
    public IReadOnlyList<string> Units
    {
        get { lock (gate) return boot?.Systemd.Active ?? []; }
    }

    /// <summary>What the agent's container was started with last in this boot; empty where there was none. Secret: it holds tokens.</summary>
    public IReadOnlyDictionary<string, string> AgentEnvironment
    {
        get { lock (gate) return boot?.AgentContainer?.Environment ?? new Dictionary<string, string>(); }
    }

    public AgentState Agent
    {
        get { lock (gate) return boot?.Agent?.State ?? AgentState.None; }
    }

    /// <summary>The Master accepted the agent and has not closed it.</summary>
    public bool Connected => Agent == AgentState.Connected;

    /// <summary>The id that the agent presents: pinned, or the engine's; null where no agent runs.</summary>
    public string? NodeId
    {
        get { lock (gate) return boot?.Agent?.NodeId; }
    }

    /// <summary>The Docker Engine's ID; null before Docker's first start.</summary>
    public string? EngineId
    {
        get { lock (gate) return disk.EngineId; }
    }

    /// <summary>The name that the operating system has now; null where nothing set it.</summary>
    public string? HostName
    {
        get { lock (gate) return disk.HostName; }
    }

    /// <summary>How far its clock is ahead now. Setting it lasts until the next boot or the next start of a time client.</summary>
    public TimeSpan Skew
    {
        get => clock.Skew;
        set => clock.Skew = value;
    }

    /// <summary>What stands between it and the Master; a connection that is open is cut.</summary>
    public NetworkBlock Network
    {
        get { lock (gate) return network; }
        set
        {
            lock (gate)
            {
                network = value;
                if (value != NetworkBlock.None) boot?.Agent?.Drop();
            }
        }
    }

    /// <summary>Cuts the agent's connection once; it comes back by itself.</summary>
    public void DropConnection()
    {
        lock (gate) boot?.Agent?.Drop();
    }

    /// <summary>Ends the agent's process well, as its own shutdown does; what its unit says happens next.</summary>
    public void ExitAgent()
    {
        lock (gate) boot?.Agent?.Stop();
    }

    /// <summary>Runs a program on the machine, as somebody with a root shell would: <c>systemctl</c>, <c>docker</c> … Its exit code.</summary>
    /// <exception cref="InvalidOperationException">It has no power.</exception>
    public int Execute(params IReadOnlyList<string> words)
    {
        lock (gate)
            return (boot ?? throw new InvalidOperationException($"{InstanceId} does not run.")).Programs.Run(words, new Dictionary<string, string>(), static _ => { }).Code;
    }

    /// <summary>The text of a file on its disk; null where there is none. Secret: bootstrap files hold tokens.</summary>
    public string? ReadFile(string path)
    {
        lock (gate) return disk.Text(path);
    }

    /// <summary>Writes a file as somebody with a root shell would. What reads it at its start reads it at its next.</summary>
    public void WriteFile(string path, string text)
    {
        lock (gate) disk.Write(path, Encoding.UTF8.GetBytes(text), disk.Find(path)?.Mode ?? 0x180);
    }

    /// <summary>Off and on at once, as by <c>RebootInstances</c>.</summary>
    public void Reboot()
    {
        lock (gate)
        {
            if (boot is null) return;
            End_NeedsLock();
            Begin_NeedsLock();
        }
    }

    public override string ToString() => $"machine of {InstanceId}, agent {Agent}";

    internal void On(TimeSpan after, string? publicAddress)
    {
        lock (gate)
        {
            hardware.PublicAddress = publicAddress;
            powered = true;
            power?.Dispose();
            power = waits.Time.CreateTimer(_ => PowerUp(), null, after, Timeout.InfiniteTimeSpan);
        }
    }

    internal void Off(bool forGood)
    {
        lock (gate)
        {
            (powered, lost) = (false, lost || forGood);
            power?.Dispose();
            power = null;
            End_NeedsLock();
        }
    }

    private void PowerUp()
    {
        lock (gate)
            if (boot is null && powered && !lost) Begin_NeedsLock();
    }

    private void Begin_NeedsLock()
    {
        clock.Skew = hardware.Skew;
        journal.Say("kernel", "Linux starts");
        disk.ForgetVolatile();
        disk.Write("/sys/class/dmi/id/product_uuid", Encoding.ASCII.GetBytes(hardware.ProductUuid + "\n"), 0x100);
        if (disk.Find("/etc/machine-id") is null) disk.Write("/etc/machine-id", Encoding.ASCII.GetBytes(hardware.MachineId + "\n"), 0x124);
        if (hardware.Traits.VolatileIdentity) DockerIdentity.Forget(disk);
        if (!disk.FirstBootDone && hardware.Traits.EngineId is { } baked) DockerIdentity.Bake(disk, hardware.Traits.Docker, baked, hardware.Traits.DataRoot);
        boot = new Boot(hardware, disk, journal, gate, waits, clock);
        if (!new FirstSteps(hardware, disk, boot).Run()) End_NeedsLock();
    }

    private void End_NeedsLock()
    {
        boot?.End();
        boot = null;
    }
}
