using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Core.Tests.Nodes;

/// <summary>
/// One grid at a Kontena Master as a value: numbers, tokens and refusals as kontena server/app/models/grid.rb and app/mutations/host_nodes have
/// them; answers that get lost, and calls that are carried out after they were given up.
/// </summary>
internal sealed class MasterModel(int initialSize, Random random)
{
    private readonly List<(DateTimeOffset At, Action Call)> late = [];

    public List<Entry> Entries { get; } = [];

    public int InitialSize => initialSize;

    /// <summary>Chance out of 100 that a call goes wrong in some way.</summary>
    public int Trouble { get; set; }

    public IEnumerable<Entry> Members => Entries.Where(e => e.Number <= initialSize);

    /// <summary>Carries out what was held back.</summary>
    public void Tick(DateTimeOffset now)
    {
        foreach (var call in late.Where(c => c.At <= now).ToList())
        {
            late.Remove(call);
            try
            {
                call.Call();
            }
            catch (MasterException)
            {
                // Nobody waits for the answer of a call that was given up.
            }
        }
    }

    public void Create(string name, string token, IReadOnlyList<string> labels, DateTimeOffset now) => Write(() =>
    {
        if (Entries.Any(e => e.Name == name)) throw new MasterException(MasterFault.Refused, "name is taken") { Field = "name" };
        Entries.Add(new Entry { Name = name, Token = token, Labels = labels, Number = Enumerable.Range(1, 254).Except(Entries.Select(e => e.Number)).First(), CreatedAt = now });
    }, now);

    public void Delete(string name, DateTimeOffset now) => Write(() => Entries.RemoveAll(e => e.Name == name), now);

    public void Drain(string name, DateTimeOffset now) => Write(() => Entries.Where(e => e.Name == name).ToList().ForEach(e => e.Draining = true), now);

    public string? Token(string name) => Read(() => Entries.Find(e => e.Name == name)?.Token);

    public bool Has(string name) => Read(() => Entries.Exists(e => e.Name == name));

    public MasterNode? Find(string name) => Read(() => Entries.Find(e => e.Name == name)?.Shown(initialSize));

    public int Containers(string name) => Read(() => Entries.Find(e => e.Name == name) is { Connected: true } ? random.Next(3) : 0);

    /// <returns>Null where there is no such node.</returns>
    public NodeHealth? Health(string name) => Read(() => Entries.Find(e => e.Name == name) is { } entry ? HealthOf(entry) : null);

    /// <returns>Null where the Master did not answer.</returns>
    public MasterListing? List(DateTimeOffset begunAt) =>
        random.Next(100) < Trouble ? null : new MasterListing(begunAt, [.. Entries.OrderBy(e => e.Name, StringComparer.Ordinal).Select(e => e.Shown(initialSize))]);

    /// <summary>Of every entry, as a poll may have asked for it.</summary>
    public IReadOnlyDictionary<string, NodeHealth> AllHealth() => Entries.ToDictionary(e => e.Name, HealthOf, StringComparer.Ordinal);

    /// <returns>Why the agent is refused; null where it is let in.</returns>
    public string? Connect(string token, string machine, DateTimeOffset now)
    {
        if (Entries.Find(e => e.Token == token) is not { } entry) return "4002";
        if (entry.Machine is { } other && other != machine) return "4003";
        if (!entry.Connected) entry.ConnectedAt = now;
        (entry.Machine, entry.Connected) = (machine, true);
        return null;
    }

    public void Disconnect(Func<string, bool> gone)
    {
        foreach (var entry in Entries.Where(e => e.Machine is { } machine && gone(machine))) entry.Connected = false;
    }

    private NodeHealth HealthOf(Entry entry) => entry.Connected
        ? new NodeHealth(Members.Count(m => m.Connected) >= QuorumRule.Majority(initialSize), null)
        : new NodeHealth(null, "Websocket is not connected");

    private T Read<T>(Func<T> answer) =>
        random.Next(100) < Trouble ? throw new MasterException(MasterFault.Unavailable, "503") : answer();

    private void Write(Action call, DateTimeOffset now)
    {
        if (random.Next(100) >= Trouble)
        {
            call();
            return;
        }
        switch (random.Next(5))
        {
            case 0:
                throw new MasterException(MasterFault.Throttled, "429");
            case 1:
                throw new MasterException(MasterFault.Unavailable, "refused");
            case 2: // carried out, the answer is lost
                Quietly(call);
                throw new MasterException(MasterFault.Unreachable, "connection lost") { OutcomeUnknown = true };
            default: // carried out later, or never
                if (random.Next(3) > 0) late.Add((now + TimeSpan.FromSeconds(random.Next(15)), call));
                throw new MasterException(MasterFault.Unreachable, "timed out") { OutcomeUnknown = true };
        }
    }

    private static void Quietly(Action call)
    {
        try
        {
            call();
        }
        catch (MasterException)
        {
            // The answer that is lost.
        }
    }

    internal sealed class Entry
    {
        public required string Name { get; init; }

        public required string Token { get; init; }

        public required IReadOnlyList<string> Labels { get; init; }

        public required int Number { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }

        /// <summary>The machine whose agent was let in first; null before.</summary>
        public string? Machine { get; set; }

        public bool Connected { get; set; }

        public DateTimeOffset? ConnectedAt { get; set; }

        public bool Draining { get; set; }

        public MasterNode Shown(int initialSize) => new()
        {
            Name = Name,
            NodeId = Machine,
            Status = Machine is null ? MasterNodeStatus.Created : !Connected ? MasterNodeStatus.Offline : Draining ? MasterNodeStatus.Drain : MasterNodeStatus.Online,
            Connected = Connected,
            HasToken = true,
            Draining = Draining,
            Labels = Labels,
            Number = Number,
            InitialMember = Number <= initialSize,
            CreatedAt = CreatedAt,
            ConnectedAt = ConnectedAt,
        };
    }
}
