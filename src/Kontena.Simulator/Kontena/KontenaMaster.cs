using Kontena.Simulator.Calls;
using Kontena.Simulator.Faults;
using Kontena.Simulator.Kontena.Database;
using Microsoft.Extensions.Logging;

namespace Kontena.Simulator.Kontena;

/// <summary>The simulated Kontena Master as a test sees it: what is there, what happened, and a hand to make things happen.</summary>
public sealed class KontenaMaster : IAsyncDisposable
{
    private readonly MasterDatabase database;
    private readonly MasterClock clock;
    private readonly ILoggerFactory loggers;
    private readonly SemaphoreSlim switching = new(1, 1);
    private MasterServer? server;
    private Uri? url;

    private KontenaMaster(MasterOptions options, TimeProvider time, FaultBook faults, ILoggerFactory loggers)
    {
        (Options, Faults, this.loggers) = (options, faults, loggers);
        clock = new MasterClock(time);
        database = new MasterDatabase(options, MasterVersion.Parse(options.Version), clock);
    }

    public MasterOptions Options { get; }

    /// <summary>What is to go wrong; the same book as the control endpoint's. The cloud is <c>kontena</c>, an action for example <c>POST /v1/grids/:grid/nodes</c>.</summary>
    public FaultBook Faults { get; }

    /// <summary>Every call of REST, and every agent's connection. No body is in it.</summary>
    public CallLedger Calls { get; } = new();

    /// <summary>http://127.0.0.1:PORT/ of REST and, with ws, of agents; https and wss where there is a certificate. It stays the same when the Master is stopped and started.</summary>
    public Uri Url => url ?? throw new InvalidOperationException("The Master was never started.");

    public bool Running => server is not null;

    /// <summary>What <see cref="MasterOptions.Version"/> said, or the latest <see cref="UpgradeAsync"/>.</summary>
    public string Version => database.Version.Text;

    /// <summary>How far the Master's clock is ahead of the simulation's. It shows in the header Date and in which agents are refused for their clocks.</summary>
    public TimeSpan ClockSkew
    {
        get => clock.Skew;
        set => clock.Skew = value;
    }

    /// <summary>Every node there is and, before these, the 10,000 latest of those removed.</summary>
    public IReadOnlyList<NodeSnapshot> Nodes =>
        database.Look(_ => database.History.Removed.Concat(database.Nodes_NeedsLock.OrderBy(n => n.Key).Select(n => n.Snapshot())).ToList());

    /// <summary>Agents that were refused, oldest first.</summary>
    public IReadOnlyList<RejectedAgent> Rejected => database.Look(_ => database.History.Rejected.ToList());

    /// <summary>Agents that were let in and closed by the Master later, oldest first; the latest 10,000.</summary>
    public IReadOnlyList<ClosedAgent> Closed => database.Look(_ => database.History.Closed.ToList());

    /// <summary>How the initial members were at every change, oldest first.</summary>
    public IReadOnlyList<QuorumSample> Quorum => database.Look(_ => database.History.Quorum.ToList());

    /// <summary>The containers of every service instance, or where it waits for a node; not those that were moved away.</summary>
    public IReadOnlyList<ServiceContainer> Containers => database.Look(_ => database.Grids_NeedsLock.SelectMany(g => g.Instances).Select(i =>
        new ServiceContainer(i.Grid.Name, i.Container?.Node.Name, i.Service, i.Number, i.Stateful, i.Container?.Running == true)).ToList());

    internal static async Task<KontenaMaster> StartAsync(
        MasterOptions options, TimeProvider time, FaultBook faults, ILoggerFactory loggers, CancellationToken ct)
    {
        var master = new KontenaMaster(options, time, faults, loggers);
        await master.StartAsync(ct);
        return master;
    }

    /// <summary>Listens again on the same port, with all that it knew. Does nothing where it runs.</summary>
    /// <exception cref="IOException">Somebody took the port.</exception>
    public async Task StartAsync(CancellationToken ct)
    {
        await switching.WaitAsync(ct);
        try
        {
            if (server is not null) return;
            server = await MasterServer.StartAsync(url?.Port ?? Options.Port, Options, database, clock, Faults, Calls, loggers, ct);
            url = server.Address;
        }
        finally
        {
            switching.Release();
        }
    }

    /// <summary>Goes down as a killed Master does: connections are cut, the port refuses, and nodes stay marked as connected until the watchdog of a later life.</summary>
    public async Task StopAsync()
    {
        await switching.WaitAsync(CancellationToken.None);
        try
        {
            if (server is null) return;
            await server.DisposeAsync();
            server = null;
        }
        finally
        {
            switching.Release();
        }
    }

    /// <summary>Goes down, and comes back as another version: agents of another minor version are refused from then on.</summary>
    /// <exception cref="FormatException">Not MAJOR.MINOR.PATCH; nothing has happened.</exception>
    public async Task UpgradeAsync(string version, CancellationToken ct)
    {
        var next = MasterVersion.Parse(version);
        await StopAsync();
        database.Version = next;
        await StartAsync(ct);
    }

    /// <summary>The node of that name that is there now; null where none is.</summary>
    public NodeSnapshot? Find(string grid, string name) => database.Look(_ => database.FindGrid(grid)?.Named(name)?.Snapshot());

    /// <summary>How many nodes with the label were ever there at one time: 1 is what "one node for one machine" allows. Labels count as they are now.</summary>
    public int MostAtOnce(string label)
    {
        var marked = Nodes.Where(n => n.Labels.Contains(label)).ToList();
        return marked.Count == 0 ? 0 : marked.Max(born => marked.Count(n => n.ThereAt(born.RegisteredAt)));
    }

    /// <summary>
    /// How often an agent was evicted by another with the same node id (4041) since then, on the simulation's clock. Where agents were connected over a keepalive and this is 0, no two of
    /// them share an id.
    /// </summary>
    /// <param name="nodeId">Null: any.</param>
    public int Evictions(DateTimeOffset since, string? nodeId = null) =>
        database.Look(_ => database.History.Closed.Count(c => c.Code == 4041 && c.At >= since && (nodeId is null || c.NodeId == nodeId)));

    public void AddGrid(GridOptions grid) => database.Look(_ => database.AddGrid(grid));

    /// <summary>The grid token. Secret: it is in no log, no snapshot and no answer of the control endpoint.</summary>
    public string GridToken(string grid) => database.Look(_ => Grid(grid).Token);

    /// <summary>The node token; null where the node has none. Secret, as the grid token.</summary>
    public string? NodeToken(string grid, string node) => database.Look(_ => Node(grid, node).Token);

    /// <summary>Adds a node that no call of ours made.</summary>
    /// <exception cref="ArgumentException">There is no such grid, or its name or engine id is taken, or the grid is full.</exception>
    public NodeSnapshot AddForeign(ForeignNode foreign)
    {
        ArgumentNullException.ThrowIfNull(foreign);
        try
        {
            return database.Look(_ =>
            {
                var node = database.AddNode(Grid(foreign.Grid), foreign.Name, NodeOrigin.Foreign, foreign.NodeId);
                (node.Token, node.Labels) = (foreign.Token, foreign.Labels);
                return node.Snapshot();
            });
        }
        catch (DatabaseFailure failure)
        {
            throw new ArgumentException(failure.Message, nameof(foreign), failure);
        }
    }

    /// <summary>Removes a node as a person at another console would.</summary>
    public void RemoveBehindTheBack(string grid, string node) => database.Look(_ =>
    {
        database.RemoveNode(Node(grid, node));
        return true;
    });

    /// <summary>Runs an instance of a service on a node. Its <see cref="ServiceContainer.Node"/> changes when the node drains or goes.</summary>
    /// <param name="service"><c>stack/service</c>.</param>
    /// <param name="stateful">It is stopped by a drain, and does not move.</param>
    public void PlaceContainer(string grid, string node, string service, int instanceNumber = 1, bool stateful = false) => database.Look(_ =>
    {
        var host = Node(grid, node);
        var instance = new ServiceInstance(host.Grid, service, instanceNumber, stateful);
        host.Grid.Instances.Add(instance);
        return database.Scheduler.Place(instance, host);
    });

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        switching.Dispose();
    }

    private Grid Grid(string name) => database.FindGrid(name) ?? throw new ArgumentException($"There is no grid {name}.", nameof(name));

    private HostNode Node(string grid, string name) =>
        Grid(grid).Named(name) ?? throw new ArgumentException($"Grid {grid} has no node {name}.", nameof(name));
}
