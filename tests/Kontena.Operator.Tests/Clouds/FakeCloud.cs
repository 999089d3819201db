using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using OperatingSystem = Kontena.Operator.Core.Api.OperatingSystem;

namespace Kontena.Operator.Tests.Clouds;

/// <summary>
/// A provider in memory, in the manner of EC2: idempotency tokens (or none), fresh machines that are not shown at once, boots and terminations
/// that take their time, terminated machines that are listed for a while and then forgotten. All by the given clock, nothing by chance.
/// </summary>
internal sealed class FakeCloud(TimeProvider time) : IMachineDriver
{
    private readonly Lock gate = new();
    private readonly List<Entry> entries = [];
    private readonly Dictionary<string, string> requests = [];
    private readonly List<string> deleted = [];
    private readonly List<string> violations = [];
    private int made;
    private int listings;

    public DriverPromises Promises { get; init; } = new(KeyedCreate: true, TimeSpan.FromMinutes(5), 16384);

    /// <summary>Null: it has none.</summary>
    public FakeFirewalls? Firewalls { get; set; }

    IFirewallDriver? IMachineDriver.Firewalls => Firewalls;

    /// <summary>How long a fresh machine boots.</summary>
    public TimeSpan BootsFor { get; init; }

    /// <summary>How long from the wish to end a machine to its end.</summary>
    public TimeSpan EndsIn { get; init; }

    /// <summary>How long an ended machine is still shown; null: for ever.</summary>
    public TimeSpan? ShowsEndedFor { get; init; }

    /// <summary>How long machines that are made from now on are not shown; to the creator's own call they are.</summary>
    public TimeSpan HiddenFor { get; set; }

    /// <summary>More living machines than this are refused; null: no limit.</summary>
    public int? Quota { get; set; }

    /// <summary>Types without room.</summary>
    public ISet<string> Exhausted { get; } = new SortedSet<string>(StringComparer.Ordinal);

    /// <summary>Listings fail with this while set.</summary>
    public DriverException? ListFault { get; set; }

    /// <summary>Listings take until it is over.</summary>
    public Task ListHold { get; set; } = Task.CompletedTask;

    /// <summary>What a look by id finds instead of the machine.</summary>
    public Func<Machine, Lookup>? Finds { get; set; }

    /// <summary>Told of each machine that is made, before its creator is.</summary>
    public Action<Machine>? Made { get; set; }

    public int Listings => Volatile.Read(ref listings);

    /// <summary>Ids whose end was asked for by call, in order, each time.</summary>
    public IReadOnlyList<string> Deleted
    {
        get { lock (gate) return [.. deleted]; }
    }

    /// <summary>What no caller may ever do: a repeated request that differs, an end asked for a foreign machine.</summary>
    public IReadOnlyList<string> Violations
    {
        get { lock (gate) return [.. violations]; }
    }

    /// <summary>Everything that there is, shown or not.</summary>
    public IReadOnlyList<Machine> Machines
    {
        get { lock (gate) return [.. Now().Select(e => e.Machine)]; }
        set
        {
            lock (gate)
            {
                entries.Clear();
                entries.AddRange(value.Select(m => new Entry { Machine = m }));
            }
        }
    }

    public IEnumerable<Machine> Living => Machines.Where(m => m.IsAlive);

    public void Add(Machine machine)
    {
        lock (gate) entries.Add(new Entry { Machine = machine });
    }

    /// <summary>By hand, past the operator.</summary>
    public void Change(string providerId, MachineState state)
    {
        lock (gate)
            foreach (var entry in Now().Where(e => e.Machine.ProviderId == providerId))
                entry.Become(state, time.GetUtcNow(), BootsFor);
    }

    /// <summary>It ends, and nothing of it is ever shown again.</summary>
    public void Vanish(string providerId)
    {
        lock (gate) entries.RemoveAll(e => e.Machine.ProviderId == providerId);
    }

    public Task<ResolvedOffering> ResolveAsync(ProviderSettings settings, Offering offering, OperatingSystem operatingSystem, int spread, CancellationToken ct) =>
        Task.FromResult(new ResolvedOffering("image-1", new Dictionary<string, string> { ["spread"] = $"{spread % 3}" }, Network: Firewalls is null ? "" : FakeFirewalls.Vpc));

    public Task<Machine> CreateAsync(MachineRequest request, CancellationToken ct)
    {
        lock (gate) return Task.FromResult(Create(request));
    }

    public Task<Lookup> FindAsync(MachineQuery query, CancellationToken ct)
    {
        lock (gate)
        {
            List<Machine> found = query switch
            {
                MachineQuery.ById byId => [.. Shown().Where(m => m.ProviderId == byId.ProviderId)],
                MachineQuery.ByAttempt byAttempt => [.. Shown().Where(m => m.Marks == byAttempt.Marks && (m.Token is null || m.Token == byAttempt.Token))],
                _ => throw new ArgumentOutOfRangeException(nameof(query), query, "unknown query"),
            };
            if (found.Count == 0) return Task.FromResult<Lookup>(new Lookup.ConfirmedAbsent());
            return Task.FromResult(Finds?.Invoke(found[0]) ?? new Lookup.Found(found));
        }
    }

    public async Task<MachineListing> ListAsync(string installation, CancellationToken ct)
    {
        Interlocked.Increment(ref listings);
        if (ListFault is { } fault) throw fault;
        await ListHold.WaitAsync(ct);
        lock (gate) return new MachineListing(time.GetUtcNow(), [.. Shown()]);
    }

    public Task<Machine?> ClaimAsync(string providerId, MachineMarks from, MachineMarks to, CancellationToken ct)
    {
        lock (gate)
        {
            // To who changes it, a machine is there before it is shown.
            var entry = Now().Find(e => e.Machine.ProviderId == providerId);
            if (entry is { Machine: { IsAlive: true, Marks: { } marks } } && marks with { Installation = from.Installation } == from)
                entry.Machine = entry.Machine with { Marks = to };
            return Task.FromResult(entry?.Machine);
        }
    }

    public Task DeleteAsync(string providerId, string installation, CancellationToken ct)
    {
        lock (gate)
        {
            deleted.Add(providerId);
            foreach (var entry in Now().Where(e => e.Machine.ProviderId == providerId && e.Machine.IsAlive))
            {
                if (entry.Machine.Marks?.Installation != installation)
                {
                    violations.Add($"the end of the foreign machine {providerId} was asked for");
                    throw new DriverException(DriverFault.BadSettings, $"{providerId} is not marked by {installation}");
                }
                entry.Become(EndsIn > TimeSpan.Zero ? MachineState.Terminating : MachineState.Terminated, time.GetUtcNow(), EndsIn);
            }
        }
        return Task.CompletedTask;
    }

    /// <summary>Firewalls besides those that it has.</summary>
    public void Attach(string providerId, string installation, IReadOnlyList<string> firewalls)
    {
        lock (gate)
            foreach (var entry in Now().Where(e => e.Machine.ProviderId == providerId))
            {
                if (entry.Machine.Marks?.Installation != installation) throw new DriverException(DriverFault.BadSettings, $"{providerId} is not marked by {installation}");
                entry.Machine = entry.Machine with { Firewalls = [.. entry.Machine.Firewalls.Union(firewalls)] };
            }
    }

    private Machine Create(MachineRequest request)
    {
        var token = request.Attempt.Token;
        if (Promises.KeyedCreate && Now().FirstOrDefault(e => e.Machine.Token == token) is { } known) return Again(request, known.Machine);
        if (requests.ContainsKey(token) && Promises.KeyedCreate) throw new DriverException(DriverFault.TokenSpent, "the machine of this token is gone");
        if (Exhausted.Contains(request.Attempt.Type)) throw new DriverException(DriverFault.NoCapacity, $"no room for {request.Attempt.Type}");
        if (Quota <= Now().Count(e => e.Machine.IsAlive)) throw new DriverException(DriverFault.QuotaReached, "the account's limit is reached");
        requests[token] = Text(request);
        var machine = new Machine
        {
            ProviderId = $"fake:///m-{++made:d4}",
            State = BootsFor > TimeSpan.Zero ? MachineState.Pending : MachineState.Running,
            Marks = request.Marks,
            Token = Promises.KeyedCreate ? token : null,
            Zone = request.Attempt.Zone,
            Type = request.Attempt.Type,
            Addresses = [$"10.0.{made / 250}.{made % 250}"],
            CreatedAt = time.GetUtcNow(),
            Network = Firewalls is null ? "" : FakeFirewalls.Vpc,
            Firewalls = request.Attempt.Firewalls ?? [],
        };
        entries.Add(new Entry { Machine = machine, ShownFrom = time.GetUtcNow() + HiddenFor, ChangesAt = time.GetUtcNow() + BootsFor });
        Made?.Invoke(machine);
        return machine;
    }

    private Machine Again(MachineRequest request, Machine known)
    {
        if (requests.TryGetValue(request.Attempt.Token, out var first) && first != Text(request))
        {
            violations.Add($"the create call of {known.ProviderId} was repeated with other parameters");
            throw new DriverException(DriverFault.TokenMismatch, "the token was used with other parameters");
        }
        return known.IsAlive ? known : throw new DriverException(DriverFault.TokenSpent, $"{known.ProviderId} is terminated");
    }

    private static string Text(MachineRequest request) =>
        $"{request.Name} {request.Marks} {request.Attempt with { Resolved = null }} {string.Join(',', request.Attempt.Resolved ?? new Dictionary<string, string>())} {request.Settings.InventoryScope} {Convert.ToBase64String(request.UserData.Span)}";

    private IEnumerable<Machine> Shown() => Now().Where(e => e.ShownFrom <= time.GetUtcNow()).Select(e => e.Machine);

    /// <summary>As it is by now.</summary>
    private List<Entry> Now()
    {
        var now = time.GetUtcNow();
        foreach (var entry in entries.Where(e => e.ChangesAt <= now)) entry.Arrive();
        entries.RemoveAll(e => e.EndedAt + ShowsEndedFor <= now);
        return entries;
    }

    private sealed class Entry
    {
        public required Machine Machine { get; set; }

        public DateTimeOffset ShownFrom { get; init; }

        /// <summary>When it gets from a state of passage to the next.</summary>
        public DateTimeOffset? ChangesAt { get; set; }

        public DateTimeOffset? EndedAt { get; private set; }

        public void Become(MachineState state, DateTimeOffset now, TimeSpan passage)
        {
            // A machine that is on its way to its end, or ended, cannot be brought back; an end asked for twice comes no later.
            if (Machine.State is MachineState.Terminated || (Machine.State is MachineState.Terminating && state is not MachineState.Terminated)) return;
            Machine = Machine with { State = state };
            ChangesAt = state is MachineState.Terminating or MachineState.Pending ? now + passage : null;
            if (state == MachineState.Terminated) EndedAt = now;
        }

        public void Arrive()
        {
            if (Machine.State == MachineState.Terminating) EndedAt = ChangesAt;
            var arrived = Machine.State switch
            {
                MachineState.Pending => MachineState.Running,
                MachineState.Terminating => MachineState.Terminated,
                _ => Machine.State,
            };
            ChangesAt = null;
            Machine = Machine with { State = arrived };
        }
    }
}
