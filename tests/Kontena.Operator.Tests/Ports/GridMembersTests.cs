using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Controllers.Ports;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Resources;
using Kontena.Operator.Tests.Clouds;

namespace Kontena.Operator.Tests.Ports;

public sealed class GridMembersTests
{
    private PortsStand stand = null!;
    private Grid grid = null!;

    [SetUp]
    public void Open()
    {
        stand = new PortsStand();
        grid = stand.Create(KontenaKinds.Grids, Ours.Grid());
    }

    [TearDown]
    public void Close() => stand.Dispose();

    [Test]
    public void MasterNotListed_NobodyIsKnown_AndThatIsIncomplete()
    {
        Assert.That(Seen(), Is.EqualTo("incomplete:"));

        stand.Create(CoreKinds.Secret, Ours.AccessToken());
        stand.Pass(TimeSpan.FromMinutes(1));

        Assert.That(Seen(), Is.EqualTo("complete:"));
    }

    [Test]
    public void Machine_SaysWhereAMemberIs_AndWhetherItIsOne()
    {
        stand.Create(CoreKinds.Secret, Ours.AccessToken());
        var pool = stand.Create(KontenaKinds.NodePools, Ours.Pool(grid: "prod"));
        var alive = Node(pool, "alive", "m-1");
        var ended = Node(pool, "ended", "m-2");
        Node(pool, "unmade", machine: null);
        stand.Cloud.Add(Ours.Machine(alive, "m-1"));
        stand.Cloud.Add(Ours.Machine(ended, "m-2") with { State = MachineState.Terminated });
        stand.Master.Nodes = [.. new[] { "alive", "ended", "unmade", "theirs" }.Select(Entry)];

        Assert.That(Seen(), Is.EqualTo("complete: alive@vpc-1 theirs@"), "one whose machine ended, or was never made, has no address to let in");

        Node(pool, "hidden", "m-3");
        stand.Master.Nodes = [Entry("alive"), Entry("hidden")];
        Assert.That(Seen(), Is.EqualTo("incomplete: alive@vpc-1"), "one listing may lack a machine that is there");
    }

    [Test]
    public void PoolThatNobodyManages_IsReachedByAddress_UnlessItsMachineHasTheGridsFirewallStill()
    {
        stand.Create(CoreKinds.Secret, Ours.AccessToken());
        var pool = stand.Create(KontenaKinds.NodePools, Ours.Pool(grid: "prod", managed: false));
        var marks = new FirewallMarks(PortsStand.Inst, FirewallOwner.Grid, grid.Metadata.Uid!);
        stand.Ask(() => stand.Firewalls.EnsureAsync(new FirewallRequest { Marks = marks, Name = "ours", Description = "", Network = FakeFirewalls.Vpc }, CancellationToken.None));
        stand.Cloud.Add(Ours.Machine(Node(pool, "fresh", "m-1"), "m-1", "sg-theirs"));
        stand.Cloud.Add(Ours.Machine(Node(pool, "older", "m-2"), "m-2", "sg-0001"));
        stand.Master.Nodes = [Entry("fresh"), Entry("older")];
        Seen();
        stand.List();

        Assert.That(Seen(), Is.EqualTo("complete: fresh@ older@vpc-1"));
    }

    private KontenaNode Node(NodePool pool, string name, string? machine) => stand.Create(KontenaKinds.KontenaNodes, Ours.Node(pool, name, machine));

    private static MasterNode Entry(string name) => new() { Name = name, Status = MasterNodeStatus.Online };

    /// <summary>As it is once everything was listed.</summary>
    private string Seen()
    {
        stand.Look(grid);
        foreach (var node in stand.Context.Nodes.All) stand.Context.Inventories.Last(node.Metadata.Namespace!, node.Spec.Provider.Settings);
        stand.Pass(TimeSpan.FromSeconds(2));
        var (members, isComplete) = GridMembers.Of(grid, stand.Context);
        return $"{(isComplete ? "complete" : "incomplete")}:{string.Concat(members.Select(m => $" {m.Name}@{m.Network}"))}";
    }
}
