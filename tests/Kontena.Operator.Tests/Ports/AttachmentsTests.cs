using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Tests.Ports;

public sealed class AttachmentsTests
{
    private PortsStand stand = null!;
    private NodePool pool = null!;

    [SetUp]
    public void Open()
    {
        stand = new PortsStand();
        pool = stand.Create(KontenaKinds.NodePools, Ours.Pool());
        stand.Settle(pool);
    }

    [TearDown]
    public void Close() => stand.Dispose();

    [Test]
    public void MachineThatLacksOurs_GetsIt_AndKeepsAnothers()
    {
        Add("web-0", "sg-theirs");

        Assert.That(stand.Look(pool), Is.EqualTo(new Next.After(TimeSpan.FromSeconds(30))));

        Assert.That(stand.Cloud.Machines.Single().Firewalls, Is.EqualTo(new[] { "sg-theirs", "sg-0001" }));
        Assert.That(stand.Events, Has.Member("web-0 FirewallAttached: Attached sg-0001 to m-web-0, which lacked it."));
    }

    [Test]
    public void OfTheGrid_IsAttachedAsWell()
    {
        stand.Create(Kontena.Kubernetes.Resources.Core.CoreKinds.Secret, Ours.AccessToken());
        var (front, grid) = (stand.Create(KontenaKinds.NodePools, Ours.Pool("front", grid: "prod")), stand.Create(KontenaKinds.Grids, Ours.Grid()));
        stand.Settle(front, grid);
        var node = stand.Create(KontenaKinds.KontenaNodes, Ours.Node(front, "front-0", "m-0"));
        stand.Cloud.Add(Ours.Machine(node, "m-0"));
        stand.Pass(TimeSpan.FromSeconds(2));

        stand.Look(front);

        Assert.That(stand.Cloud.Machines.Single().Firewalls, Is.EquivalentTo(stand.Firewalls.All.Where(f => f.Marks!.OwnerUid == front.Metadata.Uid || f.Marks.OwnerUid == grid.Metadata.Uid).Select(f => f.Id)).And.Count.EqualTo(2));
    }

    [Test]
    public void AskedOnceAListing()
    {
        stand.Firewalls.WriteFault = new DriverException(DriverFault.Unavailable, "not now");
        Add("web-0");
        stand.Look(pool);
        stand.Look(pool);
        Assert.That(Attached, Is.EqualTo(1), "no listing began since");
        Assert.That(stand.Events, Has.None.Contains("FirewallAttached"));

        stand.Firewalls.WriteFault = null;
        stand.Pass(TimeSpan.FromSeconds(2));
        stand.Look(pool);

        Assert.That(Attached, Is.EqualTo(2));
        Assert.That(stand.Cloud.Machines.Single().Firewalls, Is.EqualTo(new[] { "sg-0001" }));
    }

    [TestCase(MachineState.Terminating)]
    [TestCase(MachineState.Terminated)]
    public void MachineThatGoes_IsLeftAlone(MachineState state)
    {
        stand.Cloud.Machines = [Add("web-0") with { State = state }];
        stand.Pass(TimeSpan.FromSeconds(2));

        stand.Look(pool);

        Assert.That(Attached, Is.Zero);
    }

    [Test]
    public void MachineOfANodeThatGoes_IsLeftAlone()
    {
        Add("web-0");
        stand.Delete(KontenaKinds.KontenaNodes, stand.Context.Nodes.All.Single());

        Assert.That(stand.Look(pool), Is.EqualTo(new Next.AwaitChange()));
        Assert.That(Attached, Is.Zero);
    }

    [Test]
    public void NotItsNodesMachine_OrInAnotherNetwork_IsLeftAlone()
    {
        var twin = Add("web-0") with { ProviderId = "m-twin" };
        stand.Cloud.Machines = [twin, twin with { ProviderId = "m-web-0", Network = "vpc-2" }];
        stand.Pass(TimeSpan.FromSeconds(2));

        Assert.That(stand.Look(pool), Is.EqualTo(new Next.AwaitChange()));
        Assert.That(Attached, Is.Zero);
    }

    [Test]
    public void PoolIsPaused_NothingIsAttached()
    {
        Add("web-0");
        stand.Update(KontenaKinds.NodePools, stand.Pool("web") is var now ? now with { Spec = now.Spec with { Paused = true } } : pool);

        stand.Look(pool);

        Assert.That(Attached, Is.Zero);
    }

    private int Attached => stand.Firewalls.Writes.Count(w => w.StartsWith("attach", StringComparison.Ordinal));

    private Machine Add(string name, params string[] firewalls)
    {
        var node = stand.Create(KontenaKinds.KontenaNodes, Ours.Node(pool, name, $"m-{name}"));
        var machine = Ours.Machine(node, $"m-{name}", firewalls);
        stand.Cloud.Add(machine);
        stand.Pass(TimeSpan.FromSeconds(2));
        return machine;
    }
}
