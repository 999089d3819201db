using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Tests.Nodes;

/// <summary>
/// Several nodes of one grid, an operator that may die before or after any step, a cloud and a Master that misbehave: the grid protocol without I/O.
/// <see cref="Law"/> is asked after every change.
/// </summary>
internal sealed partial class GridModel
{
    private readonly Random random;
    private readonly Dictionary<string, TimeSpan> boots = [];
    private readonly Dictionary<(string Uid, int Attempt), string> tokens = [];
    private readonly List<(string Machine, string Token)> twins = [];
    private readonly HashSet<string> hung = [];
    private GridSlot? slot;
    private GridSlot? slotSeen;
    private MasterListing? listing;
    private MasterTrouble? silence;
    private MachineListing? machines;
    private int made;

    public GridModel(int seed, bool keyed, int trouble, int initialSize)
    {
        random = new Random(seed);
        Cloud = new CloudModel(keyed, new Random(seed + 1)) { Trouble = trouble };
        Master = new MasterModel(initialSize, new Random(seed + 2)) { Trouble = trouble };
    }

    public CloudModel Cloud { get; }

    public MasterModel Master { get; }

    public List<GridNodeModel> Nodes { get; } = [];

    public DateTimeOffset Now { get; private set; } = Samples.Noon;

    /// <summary>Chance out of 100 that the operator dies at a step.</summary>
    public int Deadliness { get; set; }

    public List<string> Story { get; } = [];

    /// <summary>What must hold at every instant; throws where it does not.</summary>
    public Action Law { get; set; } = () => { };

    /// <summary>A machine of an attempt of long ago that no list of the cloud shows: its agent tries for ever.</summary>
    public void MakeTwin(GridNodeModel node, int attempt) => twins.Add(($"twin:///{node.Uid}-{attempt}", node.Tokens[attempt]));

    public GridNodeModel Add()
    {
        var node = new GridNodeModel(made++);
        Nodes.Add(node);
        return node;
    }

    public void Delete(GridNodeModel node)
    {
        if (node.Deleting) return;
        node.DeletedAt = Now;
        Tell($"{node.Name} is deleted");
    }

    /// <summary>The node's machine ends, not by our doing.</summary>
    public void Lose(GridNodeModel node)
    {
        if (node.Spec.ProviderID is not { } id) return;
        var trouble = Cloud.Trouble;
        Cloud.Trouble = 0;
        Cloud.Terminate(id);
        Cloud.Trouble = trouble;
        Tell($"{node.Name} loses its machine");
    }

    /// <summary>The node's machine runs on, and its agent is never heard of again.</summary>
    public void Hang(GridNodeModel node)
    {
        if (node.Spec.ProviderID is not { } id) return;
        hung.Add(id);
        Tell($"{node.Name} hangs");
    }

    public NodeStep Next(GridNodeModel node) => NodeLifecycle.Next(See(node));

    /// <summary>Every node is reconciled about once, in any order.</summary>
    public void Round()
    {
        for (var turns = Nodes.Count; turns > 0 && Nodes.Count > 0; turns--) Reconcile(Nodes[random.Next(Nodes.Count)]);
        if (Nodes.Count == 0) Pass();
    }

    /// <summary>Time passes: calls that were held back are carried out, machines boot, agents connect, lists are made.</summary>
    public void Pass()
    {
        Now += TimeSpan.FromSeconds(random.Next(1, 6));
        Cloud.Tick(Now);
        Master.Tick(Now);
        Agents();
        Look();
        Law();
    }

    private void Reconcile(GridNodeModel node)
    {
        Pass();
        for (var steps = 0; steps < 12 && !node.Gone; steps++)
        {
            var step = Next(node);
            if (step is not NodeStep.Wait || steps == 0) Tell($"{node.Name} {step.GetType().Name} {step.Reason}");
            if (step is NodeStep.Wait wait)
            {
                if (wait.Ready && !node.Deleting) node.JoinedAt ??= Now;
                return;
            }
            if (Dies()) return;
            var goesOn = Do(node, step);
            Law();
            if (Dies() || !goesOn) return;
        }
        Nodes.RemoveAll(n => n.Gone);
    }

    private void Agents()
    {
        var alive = Cloud.Alive.Where(m => m.State == MachineState.Running && !hung.Contains(m.ProviderId)).ToDictionary(m => m.ProviderId);
        Master.Disconnect(machine => !alive.ContainsKey(machine) && !twins.Exists(t => t.Machine == machine));
        foreach (var (twin, token) in twins) Master.Connect(token, twin, Now);
        foreach (var machine in alive.Values)
        {
            if (!boots.TryGetValue(machine.ProviderId, out var boot)) boots[machine.ProviderId] = boot = TimeSpan.FromSeconds(random.Next(3, 60));
            if (machine.CreatedAt + boot > Now || machine.Marks is not { } marks || !tokens.TryGetValue((marks.NodeUid, marks.Attempt), out var token)) continue;
            Master.Connect(token, machine.ProviderId, Now);
        }
    }

    /// <summary>Lists are sometimes left out, so that what is known is old.</summary>
    private void Look()
    {
        if (random.Next(4) > 0 && Cloud.List(Now) is { } cloud) machines = cloud;
        if (random.Next(4) > 0)
        {
            var answer = Master.List(Now);
            listing = answer ?? listing;
            silence = answer is null ? new MasterTrouble(MasterFault.Unavailable, "MasterUnavailable", "503", Now, NeedsHuman: false) : null;
        }
        if (random.Next(3) > 0) slotSeen = slot;
    }

    private bool Dies()
    {
        if (random.Next(100) >= Deadliness) return false;
        Now += TimeSpan.FromSeconds(random.Next(0, 30));
        Tell("the operator dies");
        foreach (var node in Nodes) node.Forget(Now);
        (listing, machines, silence, slotSeen) = (null, null, null, slot);
        Nodes.RemoveAll(n => n.Gone);
        return true;
    }

    private NodeSeen See(GridNodeModel node)
    {
        var going = Nodes.Where(n => n.Deleting).Select(n => n.Kontena).ToHashSet(StringComparer.Ordinal);
        return new NodeSeen
        {
            Name = node.Name,
            Uid = node.Uid,
            Spec = node.Spec,
            Deleting = node.Deleting,
            Now = Now,
            Promises = Cloud.Promises,
            Installation = "here",
            Credentials = "c",
            Trace = node.Trace,
            Sight = machines is null ? MachineSight.Nothing : new MachineSight(machines.BegunAt, [.. machines.Machines.Where(m => m.Marks?.NodeUid == node.Uid)]),
            Grid = new EntrySeen
            {
                View = View(),
                Name = node.Kontena,
                OwnUids = [node.Uid],
                Trace = node.MasterTrace,
                Pending = Nodes.Where(n => listing is not null && n.MasterTrace.MayBeMissingIn(listing)).Select(n => n.Kontena).ToHashSet(StringComparer.Ordinal),
                Going = going,
                GoingInPool = going,
                Coming = Nodes.Count(n => !n.Deleting && n.JoinedAt is null),
                DrainTimeout = TimeSpan.FromMinutes(1),
                DeletedAt = node.DeletedAt,
                JoinedAt = node.JoinedAt,
            },
        };
    }

    private GridView View() => new()
    {
        Name = "test",
        GridName = "test",
        Trouble = silence,
        Last = listing,
        Grid = listing is null ? null : new MasterGrid { Name = "test", InitialSize = Master.InitialSize, Subnet = "10.81.0.0/16", Fingerprint = "0", Token = new SecretText(Canary.Of("grid-token")) },
        Health = listing is null ? new Dictionary<string, NodeHealth>() : Master.AllHealth(),
        Slot = slotSeen,
    };

    private void Tell(string what) => Story.Add($"{Now:HH:mm:ss} {what}");
}
