namespace Kontena.Simulator.Kontena.Database;

/// <summary>All that the Master keeps, behind one lock; nothing in it waits. It outlives a stop of the Master, as the real one's MongoDB does.</summary>
internal sealed class MasterDatabase
{
    private readonly Lock gate = new();
    private readonly MasterClock clock;
    private readonly Agenda agenda = new();
    private readonly Tokens tokens;
    private readonly SortedDictionary<string, Grid> grids = new(StringComparer.Ordinal);
    private long keys;

    public MasterDatabase(MasterOptions options, MasterVersion version, MasterClock clock)
    {
        (this.clock, Version) = (clock, version);
        tokens = new Tokens(options.Seed);
        History = new Chronicle(clock);
        Scheduler = new Scheduler(clock, agenda, tokens, options.InstanceMoves);
        Connections = new NodeConnections(this, clock);
        foreach (var grid in options.Grids) AddGrid(grid);
        var first = clock.Simulated + options.Watchdog;
        agenda.At(first, () => Watch(first, options.Watchdog));
    }

    /// <summary>Of the Master that runs on it; changes only while none does.</summary>
    public MasterVersion Version { get; set; }

    public Chronicle History { get; }

    public Scheduler Scheduler { get; }

    public NodeConnections Connections { get; }

    public IEnumerable<Grid> Grids_NeedsLock => grids.Values;

    public IEnumerable<HostNode> Nodes_NeedsLock => grids.Values.SelectMany(g => g.Nodes);

    /// <summary>Runs something on what is there now, by the Master's clock. The only way in.</summary>
    public T Look<T>(Func<DateTimeOffset, T> look)
    {
        lock (gate)
        {
            agenda.RunUntil(clock.Simulated);
            return look(clock.GetUtcNow());
        }
    }

    public Grid? FindGrid(string name) => grids.GetValueOrDefault(name);

    public Grid AddGrid(GridOptions options)
    {
        var grid = new Grid(options.Name, options.InitialSize, options.Token ?? tokens.Next())
        {
            Subnet = options.Subnet,
            Supernet = options.Supernet,
            TrustedSubnets = options.TrustedSubnets,
        };
        if (!grids.TryAdd(grid.Name, grid)) throw new ArgumentException($"There is a grid {grid.Name} already.", nameof(options));
        History.Sample(grid);
        return grid;
    }

    public void RemoveGrid(Grid grid) => grids.Remove(grid.Name);

    public string NewToken() => tokens.Next();

    /// <summary>Adds a node under the lowest free number. Names, tokens and node ids are unique where the real database's indexes say so.</summary>
    /// <exception cref="DatabaseFailure">The grid is full, or the name or node id is taken: the real Master fails with a 500, and says why in its log only.</exception>
    public HostNode AddNode(Grid grid, string? name, NodeOrigin origin, string? nodeId = null, bool renameOnClash = false)
    {
        var number = grid.FreeNumber() ?? throw new DatabaseFailure($"Node numbers not available. Grid {grid.Name} is full?");
        if (nodeId is not null && Nodes_NeedsLock.Any(n => n.NodeId == nodeId)) throw new DatabaseFailure("E11000 duplicate key error: node_id");
        if (name is not null && grid.Named(name) is not null)
        {
            if (renameOnClash) name = $"{name}-{number}";
            if (grid.Named(name) is not null) throw new DatabaseFailure("E11000 duplicate key error: grid_id_1_name_1");
        }
        var now = clock.GetUtcNow();
        var node = new HostNode(++keys, grid, number, origin) { Name = name, NodeId = nodeId, CreatedAt = now, UpdatedAt = now };
        grid.Nodes.Add(node);
        node.Tell(NodeEventKind.Registered, clock.Simulated);
        History.Sample(grid);
        return node;
    }

    public void RemoveNode(HostNode node)
    {
        node.Grid.Nodes.Remove(node);
        node.Tell(NodeEventKind.Removed, clock.Simulated);
        History.Remember(node);
        Scheduler.Remove(node);
        History.Sample(node.Grid);
    }

    public void SetDraining(HostNode node, bool draining)
    {
        if (node.Draining == draining) return;
        node.Draining = draining;
        node.Tell(draining ? NodeEventKind.Drained : NodeEventKind.Activated, clock.Simulated);
        if (draining) Scheduler.Drain(node);
        else Scheduler.Activate(node);
    }

    /// <summary>Every minute: who says that it is connected and was not seen for a minute, is not (kontena server/app/jobs/node_cleanup_job.rb).</summary>
    private void Watch(DateTimeOffset due, TimeSpan every)
    {
        foreach (var node in Nodes_NeedsLock.Where(n => n.Connected && n.LastSeenAt < due + clock.Skew - every).ToList())
            Connections.GiveUp(node, "not seen by the watchdog");
        agenda.At(due + every, () => Watch(due + every, every));
    }
}
