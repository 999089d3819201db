namespace Kontena.Simulator.Kontena.Database;

/// <summary>What was and is no more, for a judge to look at: removed nodes, refused and closed agents, samples of quorum. Bounded. Call under the database's lock.</summary>
internal sealed class Chronicle(MasterClock clock)
{
    private const int Kept = 10_000;
    private readonly Queue<NodeSnapshot> removed = new();
    private readonly Queue<RejectedAgent> rejected = new();
    private readonly Queue<ClosedAgent> closed = new();
    private readonly Queue<QuorumSample> quorum = new();
    private readonly Dictionary<string, QuorumSample> latest = new(StringComparer.Ordinal);

    public IEnumerable<NodeSnapshot> Removed => removed;

    public IEnumerable<RejectedAgent> Rejected => rejected;

    public IEnumerable<ClosedAgent> Closed => closed;

    public IEnumerable<QuorumSample> Quorum => quorum;

    public void Remember(HostNode gone) => Add(removed, gone.Snapshot());

    public void Reject(string? nodeId, string? nodeName, int code, string reason) =>
        Add(rejected, new RejectedAgent(clock.Simulated, nodeId, nodeName, code, reason));

    public void Close(string grid, string nodeId, string nodeName, int code, string reason) => Add(closed, new ClosedAgent(clock.Simulated, grid, nodeId, nodeName, code, reason));

    /// <summary>Writes a sample where it says something that the last one of that grid did not.</summary>
    public void Sample(Grid grid)
    {
        var members = grid.Nodes.Where(n => n.InitialMember).ToList();
        var healthy = members.Count(n => n is { Connected: true, Updated: true, EtcdHealth: not false });
        var sample = new QuorumSample(clock.Simulated, grid.Name, grid.InitialSize, members.Count, healthy);
        if (latest.GetValueOrDefault(grid.Name) is { } last && last with { At = sample.At } == sample) return;
        latest[grid.Name] = sample;
        Add(quorum, sample);
    }

    private static void Add<T>(Queue<T> queue, T one)
    {
        queue.Enqueue(one);
        if (queue.Count > Kept) queue.Dequeue();
    }
}
