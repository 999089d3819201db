using System.Text;
using System.Text.RegularExpressions;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Tests.Walks;

/// <summary>
/// A Kontena Master with one grid, in memory: numbers, tokens and refusals as kontena server/app/models/grid.rb and app/mutations/host_nodes have
/// them. The agents of running machines are where their user-data sends them; they, and services that move, are looked at whenever somebody asks.
/// </summary>
internal sealed partial class Realm(World world)
{
    public const string GridName = "prod";
    public const string GridToken = "the-token-of-the-grid";

    /// <summary>How long a drained node keeps its services, where others can take them.</summary>
    private static readonly TimeSpan MovesIn = TimeSpan.FromSeconds(5);

    private readonly List<Entry> entries = [];
    private readonly Dictionary<MachineMarks, string> told = [];

    public int InitialSize { get; init; } = 3;

    /// <summary>As it is by now, by number.</summary>
    public IReadOnlyList<Entry> Entries => Now();

    public IEnumerable<Entry> Ours => Now().Where(e => !e.IsForeign);

    /// <summary>A machine is about to be made with this user-data.</summary>
    public void Tells(MachineRequest request)
    {
        if (TokenPattern().Match(Encoding.UTF8.GetString(request.UserData.Span)) is { Success: true } match) told[request.Marks] = match.Groups[1].Value;
    }

    public Entry Create(string name, string token, IReadOnlyList<string> labels)
    {
        if (Now().Exists(e => e.Name == name)) throw new MasterException(MasterFault.Refused, "the name is taken") { Field = "name" };
        var entry = Add(name, token, labels, isForeign: false);
        world.GridWitness.Registered(entry);
        return entry;
    }

    public Entry AddForeign(string name, IReadOnlyList<string> labels) => Add(name, $"token-of-{name}", labels, isForeign: true);

    public Entry? Find(string name) => Now().Find(e => e.Name == name);

    public bool Delete(string name)
    {
        if (Find(name) is not { } entry) return false;
        world.GridWitness.Removes(entry);
        entries.Remove(entry);
        return true;
    }

    public void RemoveByHand(Entry entry) => entries.Remove(entry);

    public bool Drain(string name)
    {
        if (Find(name) is not { } entry) return false;
        world.GridWitness.Touches(entry, "drains");
        entry.DrainedAt ??= world.Time.GetUtcNow();
        return true;
    }

    public bool SetLabels(string name, IReadOnlyList<string> labels)
    {
        if (Find(name) is not { } entry) return false;
        world.GridWitness.Touches(entry, "labels");
        entry.Labels = labels;
        return true;
    }

    /// <summary>One service a node, which moves off a drained one where another node takes it.</summary>
    public int ContainersOf(Entry entry) =>
        entry.IsConnected && !(entry.DrainedAt + MovesIn <= world.Time.GetUtcNow() && Now().Exists(e => e != entry && e is { IsConnected: true, DrainedAt: null })) ? 1 : 0;

    /// <summary>An etcd that lost its majority for good is not the operator's to mend: here it works wherever an agent is connected.</summary>
    public static NodeHealth HealthOf(Entry entry) => entry.IsConnected ? new NodeHealth(true, null) : new NodeHealth(null, "Websocket is not connected");

    public MasterNode Shown(Entry entry) => new()
    {
        Name = entry.Name,
        NodeId = entry.NodeId,
        Status = entry.NodeId is null ? MasterNodeStatus.Created : !entry.IsConnected ? MasterNodeStatus.Offline : entry.DrainedAt is not null ? MasterNodeStatus.Drain : MasterNodeStatus.Online,
        Connected = entry.IsConnected,
        HasToken = true,
        Draining = entry.DrainedAt is not null,
        Labels = entry.Labels,
        Number = entry.Number,
        InitialMember = entry.Number <= InitialSize,
        CreatedAt = entry.CreatedAt,
        ConnectedAt = entry.ConnectedAt,
        DisconnectedAt = entry.DisconnectedAt,
    };

    private Entry Add(string name, string token, IReadOnlyList<string> labels, bool isForeign)
    {
        var number = Enumerable.Range(1, 254).First(n => entries.TrueForAll(e => e.Number != n));
        var entry = new Entry(name, token, number, isForeign, world.Time.GetUtcNow()) { Labels = labels, MadeFor = isForeign ? null : OwnerIn(labels) };
        entries.Add(entry);
        return entry;
    }

    private static string? OwnerIn(IReadOnlyList<string> labels) =>
        labels.FirstOrDefault(l => l.StartsWith(KontenaLabels.Node + "=", StringComparison.Ordinal))?[(KontenaLabels.Node.Length + 1)..];

    private List<Entry> Now()
    {
        var now = world.Time.GetUtcNow();
        var machines = world.Cloud.Machines;
        foreach (var machine in machines.Where(m => m.State == MachineState.Running && m.Marks is not null && told.ContainsKey(m.Marks) && !world.Copies.Contains(m.ProviderId)))
            if (entries.Find(e => e.Token == told[machine.Marks!]) is { IsConnected: false } entry && (entry.NodeId is null || entry.NodeId == machine.ProviderId))
            {
                entry.NodeId = machine.ProviderId;
                entry.ConnectedAt = now;
            }
        foreach (var entry in entries.Where(e => e.IsConnected && machines.All(m => m.ProviderId != e.NodeId || m.State != MachineState.Running)))
            entry.DisconnectedAt = now;
        return [.. entries.OrderBy(e => e.Number)];
    }

    [GeneratedRegex("KONTENA_NODE_TOKEN=\"?([0-9a-f]{64})")]
    private static partial Regex TokenPattern();

    internal sealed class Entry(string name, string token, int number, bool isForeign, DateTimeOffset createdAt)
    {
        public string Name => name;

        public string Token => token;

        /// <summary>UID of the node that it was made for, whatever its labels say by now; null of a stranger's.</summary>
        public string? MadeFor { get; init; }

        public int Number => number;

        /// <summary>Somebody else made it.</summary>
        public bool IsForeign => isForeign;

        public DateTimeOffset CreatedAt => createdAt;

        public IReadOnlyList<string> Labels { get; set; } = [];

        /// <summary>The machine whose agent was let in first; null before.</summary>
        public string? NodeId { get; set; }

        public DateTimeOffset? ConnectedAt { get; set; }

        public DateTimeOffset? DisconnectedAt { get; set; }

        public DateTimeOffset? DrainedAt { get; set; }

        public bool IsConnected => ConnectedAt is { } at && !(DisconnectedAt >= at);

        /// <summary>UID in its mark; null where it has none.</summary>
        public string? Owner => OwnerIn(Labels);
    }
}
