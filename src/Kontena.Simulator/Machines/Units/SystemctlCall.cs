using Kontena.Simulator.Machines.Os;

namespace Kontena.Simulator.Machines.Units;

/// <summary><c>systemctl</c> with its words.</summary>
internal static class SystemctlCall
{
    public static Outcome Run(Systemd systemd, Disk disk, IReadOnlyList<string> words)
    {
        var verb = words.FirstOrDefault(w => !w.StartsWith('-')) ?? "";
        var now = words.Contains("--now");
        var units = words.SkipWhile(w => w != verb).Skip(1).Where(w => !w.StartsWith('-')).Select(FullName).ToList();
        return verb switch
        {
            "daemon-reload" or "daemon-reexec" => Done(systemd.Reload),
            "enable" or "reenable" => Each(units, unit => Do(() =>
            {
                // systemctl enable reloads the manager's configuration by itself (systemctl(1)).
                systemd.Reload();
                return systemd.Enable(unit);
            }) && (!now || systemd.Start(unit))),
            "start" or "reload-or-start" => Each(units, systemd.Start),
            "restart" or "reload-or-restart" => Each(units, systemd.Restart),
            "try-restart" or "condrestart" or "try-reload-or-restart" => Each(units, unit => systemd.StateOf(unit) != ServiceState.Active || systemd.Restart(unit)),
            "stop" => Each(units, unit => Do(() => systemd.Stop(unit))),
            "disable" => Each(units, unit => Do(() => disk.EnabledUnits.Remove(unit)) && (!now || Do(() => systemd.Stop(unit)))),
            "mask" => Each(units, unit => Do(() => disk.MaskedUnits.Add(unit)) && (!now || Do(() => systemd.Stop(unit)))),
            "unmask" => Each(units, unit => Do(() => disk.MaskedUnits.Remove(unit))),
            "is-active" => new(units.All(unit => systemd.StateOf(unit) == ServiceState.Active) ? 0 : 3),
            _ => Outcome.Done,
        };
    }

    private static string FullName(string unit) => unit.Contains('.', StringComparison.Ordinal) ? unit : unit + ".service";

    private static Outcome Each(List<string> units, Func<string, bool> act) => new(units.Aggregate(true, (ok, unit) => act(unit) && ok) ? 0 : 1);

    private static bool Do(Func<bool> act) => act();

    private static bool Do(Action act)
    {
        act();
        return true;
    }

    private static Outcome Done(Action act)
    {
        act();
        return Outcome.Done;
    }
}
