using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Tests.Clouds;
using Kontena.Operator.Tests.Grids;

namespace Kontena.Operator.Tests.Identities;

/// <summary>
/// A Master whose agents are the machines of a cloud: each that runs comes in under its node's entry with the id of its Docker Engine, and is refused
/// without a word where another entry has that (4006; kontena server/app/services/agent/node_plugger.rb).
/// </summary>
internal sealed class JoiningMaster(FakeMaster master, FakeCloud cloud, TimeProvider time) : IKontenaMaster
{
    private readonly Dictionary<string, SecretText> tokens = [];

    /// <summary>The id that a machine's Docker has.</summary>
    public Func<Machine, string> EngineOf { get; set; } = machine => $"ENGINE-{machine.ProviderId}";

    /// <summary>Of entries that are asked for more than once.</summary>
    public Dictionary<string, DateTimeOffset> ConnectedAt { get; } = [];

    public Task<MasterVersion> ReadVersionAsync(CancellationToken ct) => master.ReadVersionAsync(ct);

    public Task<MasterGrid> ReadGridAsync(CancellationToken ct) => master.ReadGridAsync(ct);

    public Task<MasterListing> ListNodesAsync(CancellationToken ct)
    {
        var running = cloud.Machines.Where(m => m is { State: MachineState.Running, Marks: not null }).ToDictionary(m => m.Marks!.NodeUid);
        foreach (var entry in master.Nodes)
        {
            var machine = entry.Label(KontenaLabels.Node) is { } owner ? running.GetValueOrDefault(owner) : null;
            if (machine is null && entry.Connected) Put(entry with { Connected = false, Status = MasterNodeStatus.Offline });
            if (machine is not null && !entry.Connected) Connect(entry, machine);
        }
        return master.ListNodesAsync(ct);
    }

    public Task<MasterNode?> FindNodeAsync(string name, CancellationToken ct) => master.FindNodeAsync(name, ct);

    public Task<MasterNode> CreateNodeAsync(NewMasterNode node, CancellationToken ct)
    {
        tokens[node.Name] = node.Token;
        return master.CreateNodeAsync(node, ct);
    }

    public Task<SecretText?> ReadNodeTokenAsync(string name, CancellationToken ct) => Task.FromResult(tokens.GetValueOrDefault(name));

    public Task<bool> DrainNodeAsync(string name, CancellationToken ct) => master.DrainNodeAsync(name, ct);

    public Task<bool> SetLabelsAsync(string name, IReadOnlyList<string> labels, CancellationToken ct) => master.SetLabelsAsync(name, labels, ct);

    public Task DeleteNodeAsync(string name, CancellationToken ct) => master.DeleteNodeAsync(name, ct);

    public Task<NodeHealth?> CheckHealthAsync(string name, CancellationToken ct) =>
        master.Nodes.FirstOrDefault(n => n.Name == name) is { Connected: false } ? Task.FromResult<NodeHealth?>(new NodeHealth(null, "Websocket is not connected")) : master.CheckHealthAsync(name, ct);

    public Task<IReadOnlyDictionary<string, int>> CountContainersAsync(CancellationToken ct) => master.CountContainersAsync(ct);

    public Task SetTrustedSubnetsAsync(IReadOnlyList<string> subnets, CancellationToken ct) => master.SetTrustedSubnetsAsync(subnets, ct);

    private void Connect(MasterNode entry, Machine machine)
    {
        var id = EngineOf(machine);
        if (master.Nodes.Any(n => n.Name != entry.Name && n.NodeId == id) || (entry.NodeId is not null && entry.NodeId != id)) return;
        Put(entry with { NodeId = id, Connected = true, Status = MasterNodeStatus.Online, ConnectedAt = time.GetUtcNow(), PrivateIp = machine.Addresses[0] });
    }

    private void Put(MasterNode entry) => master.Nodes = [.. master.Nodes.Select(n => n.Name == entry.Name ? entry : n)];
}
