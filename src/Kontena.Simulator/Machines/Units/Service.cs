using Kontena.Simulator.Machines.Docker;
using Kontena.Simulator.Machines.Os;

namespace Kontena.Simulator.Machines.Units;

internal enum ServiceState
{
    Inactive,
    Active,
    /// <summary>Waits for its RestartSec.</summary>
    Restarting,
    Failed,
}

/// <summary>One service within one boot: its commands in their order, and what systemd does when it ends (<c>systemd.service(5)</c>).</summary>
internal sealed class Service(string name, Systemd systemd, Programs programs, Disk disk, Journal journal, Waits waits)
{
    private readonly Queue<DateTimeOffset> starts = new();
    private IContainer? main;
    private ITimer? restart;
    private int run;

    public ServiceState State { get; private set; }

    public Unit? Unit { get; private set; }

    /// <summary>Starts it unless it runs. True where it is up, or was up and ended well (oneshot).</summary>
    public bool Start(Unit unit)
    {
        if (State == ServiceState.Active) return true;
        restart?.Dispose();
        Unit = unit;
        if (!systemd.StartNeeds(unit)) return Fail($"Dependency failed for {name}.", again: false);
        if (unit.Paths.FirstOrDefault(Unmet) is not null)
        {
            journal.Say("systemd", $"Condition check resulted in {name} being skipped.");
            return true;
        }
        if (TooOften(unit)) return Fail($"{name}: Start request repeated too quickly.", again: false);
        if (unit.Type != "oneshot" && unit.Commands("ExecStart").Count > 1)
            return Fail($"{name}: Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services. Refusing.", again: false);
        return Execute(unit);
    }

    public void Stop()
    {
        restart?.Dispose();
        run++;
        if (State == ServiceState.Active)
        {
            if (Unit is { } unit && Environment(unit) is { } environment)
                foreach (var command in unit.Commands("ExecStop")) programs.Run(command.Expand(environment), environment, Ignore);
            main?.Stop();
            journal.Say("systemd", $"Stopped {name}.");
        }
        main = null;
        State = ServiceState.Inactive;
    }

    public void Dispose()
    {
        run++;
        restart?.Dispose();
    }

    private bool Execute(Unit unit)
    {
        var mine = ++run;
        if (Environment(unit) is not { } environment) return Fail($"{name}: Failed to load environment files: No such file or directory", again: true);
        foreach (var command in unit.Commands("ExecStartPre"))
            if (!Succeeds(command, environment)) return Fail($"{name}: Control process exited, ExecStartPre={command}", again: true);
        main = null;
        foreach (var command in unit.Commands("ExecStart"))
        {
            var outcome = programs.Run(command.Expand(environment), environment, code => Exited(mine, code));
            if (outcome.Code != 0 && !command.MayFail) return Ended(outcome.Code);
            main = outcome.Running ?? main;
        }
        if (Programs.IsDaemon(name) && !programs.StartDaemon(name, unit, environment)) return Fail($"{name}: Main process exited, status=1/FAILURE", again: true);
        State = ServiceState.Active;
        if (unit.Type != "oneshot") journal.Say("systemd", $"Started {name}.");
        foreach (var command in unit.Commands("ExecStartPost"))
            if (!Succeeds(command, environment)) return Fail($"{name}: Control process exited, ExecStartPost={command}", again: true);
        return main is not null || programs.Stays(name, unit) || Ended(0);
    }

    private bool Succeeds(CommandLine command, IReadOnlyDictionary<string, string> environment) =>
        programs.Run(command.Expand(environment), environment, Ignore).Code == 0 || command.MayFail;

    private static void Ignore(int code)
    {
    }

    /// <summary>The main process ended by itself. Whoever is not of the present run says nothing any more.</summary>
    private void Exited(int of, int code)
    {
        if (of != run) return;
        main = null;
        Ended(code);
    }

    private bool Ended(int code)
    {
        var unit = Unit ?? throw new InvalidOperationException($"{name} ended before it was loaded.");
        if (code == 0 && (unit.Type == "oneshot" || unit.RemainAfterExit))
        {
            State = unit.RemainAfterExit ? ServiceState.Active : ServiceState.Inactive;
            journal.Say("systemd", $"Finished {name}.");
            return true;
        }
        if (code != 0) return Fail($"{name}: Main process exited, code=exited, status={code}", again: true);
        journal.Say("systemd", $"{name}: Deactivated successfully.");
        State = ServiceState.Inactive;
        if (unit.Restart is "always" or "on-success") Again(unit);
        return true;
    }

    private bool Fail(string why, bool again)
    {
        journal.Say("systemd", why);
        State = ServiceState.Failed;
        if (again && Unit is { Restart: "always" or "on-failure" or "on-abnormal" } unit && !(unit.Type == "oneshot" && unit.Restart == "always")) Again(unit);
        return false;
    }

    private void Again(Unit unit)
    {
        State = ServiceState.Restarting;
        var mine = run;
        restart = waits.After(unit.RestartSec, () => systemd.Enter(() =>
        {
            if (mine != run || State != ServiceState.Restarting) return;
            journal.Say("systemd", $"{name}: Scheduled restart job.");
            State = ServiceState.Inactive;
            systemd.Start(name);
        }));
    }

    private bool TooOften(Unit unit)
    {
        var now = waits.Time.GetUtcNow();
        while (starts.TryPeek(out var first) && now - first > waits.Length(unit.StartLimitSeconds)) starts.Dequeue();
        if (unit.StartLimitSeconds > 0 && unit.StartLimitBurst > 0 && starts.Count >= unit.StartLimitBurst) return true;
        starts.Enqueue(now);
        return false;
    }

    private bool Unmet(string condition)
    {
        var not = condition.StartsWith('!');
        return disk.Exists(condition.TrimStart('!', '|')) == not;
    }

    /// <summary>What its processes get: Environment=, then the files, which win. Null where a file is missing that must be there.</summary>
    private Dictionary<string, string>? Environment(Unit unit)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin" };
        foreach (var (key, value) in unit.Environment) environment[key] = value;
        foreach (var file in unit.EnvironmentFiles)
        {
            if (disk.Text(file.TrimStart('-')) is { } text)
                foreach (var (key, value) in EnvironmentText.Parse(text)) environment[key] = value;
            else if (!file.StartsWith('-')) return null;
        }
        return environment;
    }
}
