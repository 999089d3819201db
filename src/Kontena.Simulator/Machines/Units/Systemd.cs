using Kontena.Simulator.Machines.Os;

namespace Kontena.Simulator.Machines.Units;

/// <summary>systemd on one machine within one boot: which units are loaded and how they stand, and what <c>systemctl</c> does to them.</summary>
internal sealed class Systemd(Disk disk, UnitFiles files, Journal journal, Waits waits, Action<Action> enter)
{
    /// <summary>Targets that every boot reaches; a unit that only another one wants never starts by itself.</summary>
    private static readonly HashSet<string> BootTargets = new(StringComparer.Ordinal)
    {
        "multi-user.target", "default.target", "basic.target", "sysinit.target", "network-online.target", "network.target", "sockets.target", "timers.target", "time-sync.target",
        "cloud-init.target", "cloud-config.target", "local-fs.target", "graphical.target",
    };

    private readonly Dictionary<string, Unit> loaded = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Service> services = new(StringComparer.Ordinal);
    private readonly HashSet<string> starting = new(StringComparer.Ordinal);

    /// <summary>Set once, right after construction: programs need systemd and systemd needs programs.</summary>
    public required Programs Programs { get; init; }

    public IReadOnlyList<string> Active => [.. services.Where(s => s.Value.State == ServiceState.Active).Select(s => s.Key).Order(StringComparer.Ordinal)];

    /// <summary>Runs something within the machine's lock, and not at all once the power is off.</summary>
    public void Enter(Action act) => enter(act);

    public ServiceState StateOf(string name) => services.TryGetValue(name, out var service) ? service.State : ServiceState.Inactive;

    /// <summary>Starts what is enabled, as each boot does, in the order of After= and Before=.</summary>
    public void Boot()
    {
        var waiting = disk.EnabledUnits.Order(StringComparer.Ordinal).ToList();
        void Visit(string name)
        {
            if (!waiting.Remove(name)) return;
            foreach (var other in waiting.Where(other => IsAfter(name, other)).ToList()) Visit(other);
            Start(name);
        }
        while (waiting.Count > 0) Visit(waiting[0]);
    }

    private bool IsAfter(string name, string other) => Find(name)?.After.Contains(other) == true || Find(other)?.Before.Contains(name) == true;

    public bool Start(string name)
    {
        if (disk.MaskedUnits.Contains(name))
        {
            journal.Say("systemd", $"Failed to start {name}: Unit {name} is masked.");
            return false;
        }
        if (Find(name) is not { } unit)
        {
            journal.Say("systemd", $"Unit {name} not found.");
            return false;
        }
        if (!name.EndsWith(".service", StringComparison.Ordinal) || !starting.Add(name)) return true;
        try
        {
            if (!services.TryGetValue(name, out var service)) services.Add(name, service = new Service(name, this, Programs, disk, journal, waits));
            return service.Start(unit);
        }
        finally
        {
            starting.Remove(name);
        }
    }

    /// <summary>Starts what the unit needs and wants. False where something that it needs did not start.</summary>
    public bool StartNeeds(Unit unit)
    {
        var pulled = disk.PulledIn.GetValueOrDefault(unit.Name, []);
        foreach (var wanted in unit.Wants.Concat(pulled.Where(p => !p.Value).Select(p => p.Key)).ToList()) Start(wanted);
        return unit.Needs.Concat(pulled.Where(p => p.Value).Select(p => p.Key)).ToList().Aggregate(true, (ok, needed) => Start(needed) && ok);
    }

    public void Stop(string name)
    {
        // What needs it goes first (Requires= and BindsTo=).
        foreach (var (other, service) in services.ToList())
            if (service.State == ServiceState.Active && service.Unit?.Needs.Contains(name) == true) Stop(other);
        if (services.TryGetValue(name, out var stopped)) stopped.Stop();
        Programs.StopDaemon(name);
    }

    public bool Restart(string name)
    {
        var along = services.Where(s => s.Value.State == ServiceState.Active && s.Value.Unit?.Needs.Contains(name) == true).Select(s => s.Key).ToList();
        Stop(name);
        var started = Start(name);
        foreach (var other in along) Start(other);
        return started;
    }

    public bool Enable(string name)
    {
        if (Find(name) is not { } unit)
        {
            journal.Say("systemd", $"Failed to enable unit: Unit file {name} does not exist.");
            return false;
        }
        foreach (var by in unit.WantedBy.Where(by => by.EndsWith(".service", StringComparison.Ordinal)))
        {
            if (!disk.PulledIn.TryGetValue(by, out var pulled)) disk.PulledIn.Add(by, pulled = []);
            pulled[name] = unit.RequiredBy.Contains(by);
        }
        if (files.Vendor(name) || unit.WantedBy.Any(BootTargets.Contains)) disk.EnabledUnits.Add(name);
        else if (unit.WantedBy.Any(by => by.EndsWith(".service", StringComparison.Ordinal))) return true;
        else if (unit.WantedBy.Count == 0) journal.Say("systemd", $"The unit files have no installation config: {name} is not enabled.");
        else journal.Say("systemd", $"{name} is enabled for {string.Join(' ', unit.WantedBy)}, which no boot reaches.");
        return true;
    }

    /// <summary>Files that changed since they were loaded count from now on.</summary>
    public void Reload() => loaded.Clear();

    public void Dispose()
    {
        foreach (var service in services.Values) service.Dispose();
    }

    private Unit? Find(string name)
    {
        if (!loaded.TryGetValue(name, out var unit) && files.Load(name) is { } found) loaded.Add(name, unit = found);
        return unit;
    }
}
