using Kontena.Operator.Core.Grids;
using Kontena.Operator.Grids;

namespace Kontena.Operator.Tests.Grids;

/// <summary>One grid in memory: answers at once, or fails as it is told to.</summary>
internal sealed class FakeMaster(TimeProvider time) : IKontenaMaster
{
    private readonly Lock gate = new();
    private readonly List<string> calls = [];

    /// <summary>Every call fails with it while set.</summary>
    public MasterException? Fault { get; set; }

    /// <summary>Writing the subnets fails with it while set.</summary>
    public MasterException? SubnetsFault { get; set; }

    public string Version { get; set; } = MasterStand.Version;

    public TimeSpan Ahead { get; set; }

    public string Token { get; set; } = MasterStand.GridToken;

    public IReadOnlyList<string> Subnets { get; set; } = [];

    public IReadOnlyList<MasterNode> Nodes { get; set; } = [];

    /// <summary>Whether a listing says of which grid it is, as one that is not empty does.</summary>
    public string? FingerprintOfListings => Nodes.Count == 0 ? null : MasterDocuments.Fingerprint(Token);

    public Dictionary<string, NodeHealth> Health { get; } = [];

    public IReadOnlyList<string> Calls
    {
        get { lock (gate) return [.. calls]; }
    }

    public int Count(string call) => Calls.Count(c => c == call);

    public Task<MasterVersion> ReadVersionAsync(CancellationToken ct) => Answer("version", () => new MasterVersion(Version, time.GetUtcNow() + Ahead, time.GetUtcNow(), time.GetUtcNow()));

    public Task<MasterGrid> ReadGridAsync(CancellationToken ct) => Answer("grid", () => new MasterGrid
    {
        Name = "prod",
        InitialSize = 3,
        Subnet = "10.81.0.0/16",
        TrustedSubnets = Subnets,
        Fingerprint = MasterDocuments.Fingerprint(Token),
        Token = new SecretText(Token),
    });

    public Task<MasterListing> ListNodesAsync(CancellationToken ct) => Answer("list", () => new MasterListing(time.GetUtcNow(), Nodes) { Fingerprint = FingerprintOfListings });

    public Task<MasterNode?> FindNodeAsync(string name, CancellationToken ct) => Answer($"find {name}", () => Nodes.FirstOrDefault(n => n.Name == name));

    public Task<MasterNode> CreateNodeAsync(NewMasterNode node, CancellationToken ct) => Answer($"create {node.Name}", () =>
    {
        var made = new MasterNode { Name = node.Name, Status = MasterNodeStatus.Created, HasToken = true, Labels = node.Labels, Number = Nodes.Count + 1, InitialMember = Nodes.Count < 3 };
        Nodes = [.. Nodes, made];
        return made;
    });

    public Task<SecretText?> ReadNodeTokenAsync(string name, CancellationToken ct) => Answer($"token {name}", () => (SecretText?)null);

    public Task<bool> DrainNodeAsync(string name, CancellationToken ct) => Answer($"drain {name}", () => true);

    public Task<bool> SetLabelsAsync(string name, IReadOnlyList<string> labels, CancellationToken ct) => Answer($"labels {name}", () => true);

    public Task DeleteNodeAsync(string name, CancellationToken ct) => Answer($"delete {name}", () => Nodes = [.. Nodes.Where(n => n.Name != name)]);

    public Task<NodeHealth?> CheckHealthAsync(string name, CancellationToken ct) => Answer<NodeHealth?>($"health {name}", () => Health.GetValueOrDefault(name) ?? new NodeHealth(true, null));

    public Task<IReadOnlyDictionary<string, int>> CountContainersAsync(CancellationToken ct) => Answer("containers", () => (IReadOnlyDictionary<string, int>)new Dictionary<string, int>());

    public Task SetTrustedSubnetsAsync(IReadOnlyList<string> subnets, CancellationToken ct) => Answer("subnets", () => SubnetsFault is null ? Subnets = subnets : throw SubnetsFault);

    private Task<T> Answer<T>(string call, Func<T> answer)
    {
        lock (gate) calls.Add(call);
        try
        {
            return Fault is null ? Task.FromResult(answer()) : Task.FromException<T>(Fault);
        }
        catch (MasterException fault)
        {
            return Task.FromException<T>(fault);
        }
    }
}
