using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Tests.Nodes;

/// <summary>A cloud as a value: keyed or keyless creates, answers that get lost, calls that are carried out late, fresh machines that are not shown yet.</summary>
internal sealed class CloudModel(bool keyed, Random random)
{
    public static readonly DriverPromises Keyed = new(KeyedCreate: true, TimeSpan.FromSeconds(60), 16384);
    public static readonly DriverPromises Keyless = new(KeyedCreate: false, TimeSpan.FromSeconds(60), 65536);

    private readonly List<(DateTimeOffset At, MachineMarks Marks, string Token)> late = [];
    private readonly List<Entry> entries = [];

    public DriverPromises Promises => keyed ? Keyed : Keyless;

    /// <summary>Chance out of 100 that a call goes wrong in some way.</summary>
    public int Trouble { get; set; }

    public IEnumerable<Machine> Alive => entries.Where(e => e.Machine.IsAlive).Select(e => e.Machine);

    /// <summary>Carries out what was held back: at most the promised delay after its send.</summary>
    public void Tick(DateTimeOffset now)
    {
        foreach (var call in late.Where(c => c.At <= now).ToList())
        {
            late.Remove(call);
            try
            {
                Make(call.Marks, call.Token, now);
            }
            catch (DriverException)
            {
                // Nobody waits for the answer of a call that was given up: the key keeps it from making a second machine.
            }
        }
        foreach (var entry in entries.Where(e => e.Machine.State == MachineState.Terminating && random.Next(2) == 0))
            entry.Machine = entry.Machine with { State = MachineState.Terminated };
    }

    public Machine Create(MachineMarks marks, string token, DateTimeOffset now)
    {
        if (random.Next(100) < Trouble)
        {
            switch (random.Next(5))
            {
                case 0:
                    throw new DriverException(DriverFault.NoCapacity, "no capacity");
                case 1:
                    throw new DriverException(DriverFault.Throttled, "throttled");
                case 2: // carried out, the answer is lost
                    Make(marks, token, now);
                    throw new DriverException(DriverFault.Unavailable, "connection lost") { OutcomeUnknown = true };
                case 3: // carried out later, or never
                    if (random.Next(2) == 0) late.Add((now + TimeSpan.FromSeconds(random.Next(60)), marks, token));
                    throw new DriverException(DriverFault.Unavailable, "timed out") { OutcomeUnknown = true };
                default:
                    throw new DriverException(DriverFault.Unavailable, "refused") { OutcomeUnknown = false };
            }
        }
        return Make(marks, token, now);
    }

    public Lookup Find(MachineQuery query, DateTimeOffset now)
    {
        if (random.Next(100) < Trouble) return new Lookup.Unknown(DriverFault.Unavailable, "503");
        var found = query switch
        {
            MachineQuery.ById byId => Shown(now).Where(m => m.ProviderId == byId.ProviderId),
            MachineQuery.ByAttempt byAttempt => Shown(now).Where(m => m.Marks == byAttempt.Marks),
            _ => throw new ArgumentOutOfRangeException(nameof(query)),
        };
        var machines = found.ToList();
        return machines.Count == 0 ? new Lookup.ConfirmedAbsent() : new Lookup.Found(machines);
    }

    public void Terminate(string id)
    {
        if (random.Next(100) < Trouble) throw new DriverException(DriverFault.Unavailable, "503") { OutcomeUnknown = true };
        foreach (var entry in entries.Where(e => e.Machine.ProviderId == id && e.Machine.IsAlive))
            entry.Machine = entry.Machine with { State = MachineState.Terminating };
    }

    public MachineListing? List(DateTimeOffset now) =>
        random.Next(100) < Trouble ? null : new MachineListing(now, [.. Shown(now)]);

    private IEnumerable<Machine> Shown(DateTimeOffset now) => entries.Where(e => e.VisibleAt <= now).Select(e => e.Machine);

    private Machine Make(MachineMarks marks, string token, DateTimeOffset now)
    {
        if (keyed && entries.FirstOrDefault(e => e.Machine.Token == token) is { } known)
            return known.Machine.IsAlive ? known.Machine : throw new DriverException(DriverFault.TokenSpent, "terminated");
        var machine = new Machine
        {
            ProviderId = $"model:///{entries.Count}",
            State = MachineState.Running,
            Marks = marks,
            Token = keyed ? token : null,
            CreatedAt = now,
        };
        entries.Add(new Entry { Machine = machine, VisibleAt = now + TimeSpan.FromSeconds(random.Next(100) < Trouble ? random.Next(20) : 0) });
        return machine;
    }

    private sealed class Entry
    {
        public required Machine Machine { get; set; }

        public required DateTimeOffset VisibleAt { get; init; }
    }
}
