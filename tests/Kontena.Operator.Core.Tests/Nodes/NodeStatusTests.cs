using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Tests.Nodes;

public sealed class NodeStatusTests
{
    [Test]
    public void Compose_RunningMachine_IsReadyWithItsAddressAndZone()
    {
        var status = Compose(Seen.WithMachine());

        Assert.Multiple(() =>
        {
            Assert.That(Said(status), Is.EqualTo(new[] { "Ready=True/Running", "MachineReady=True/Running" }));
            Assert.That(status.Addresses, Is.EqualTo(new[] { "10.0.0.4" }));
            Assert.That((status.Zone, status.MachineState), Is.EqualTo(("eu-west-1a", "Running")));
        });
    }

    [Test]
    public void Compose_Booting_IsReconciling() =>
        Assert.That(Said(Compose(Seen.WithMachine(MachineState.Pending))), Is.EqualTo(new[] { "Ready=False/Booting", "MachineReady=False/Booting", "Reconciling=True/Booting" }));

    [Test]
    public void Compose_NeedsAHuman_IsStalledAndNotReconciling() =>
        Assert.That(Said(Compose(Seen.Refused(DriverFault.QuotaReached))), Is.EqualTo(new[] { "Ready=False/QuotaReached", "MachineReady=False/QuotaReached", "Stalled=True/QuotaReached" }));

    [Test]
    public void Compose_NotObservedSinceTheStart_KeepsWhatWasSaid()
    {
        var before = Compose(Seen.WithMachine());

        var after = Compose(Seen.WithMachine(listed: null), before);

        Assert.That(NodeStatus.IsWorthWriting(before, after), Is.False);
    }

    [Test]
    public void Compose_NothingNewLater_IsNotWorthWriting()
    {
        var before = Compose(Seen.WithMachine());

        Assert.That(NodeStatus.IsWorthWriting(before, Compose(Seen.WithMachine().At(TimeSpan.FromHours(1)), before)), Is.False);
    }

    [Test]
    public void Compose_ReasonChanges_EntersTheJournalOnceAndKeepsTheLastTen()
    {
        var status = Compose(Seen.WithMachine());
        for (var turn = 0; turn < 20; turn++)
        {
            status = Compose(Seen.WithMachine(turn % 2 == 0 ? MachineState.Stopping : MachineState.Running), status);
            status = Compose(Seen.WithMachine(turn % 2 == 0 ? MachineState.Stopping : MachineState.Running), status);
        }

        Assert.That(status.Journal.Select(j => j.Reason), Is.EqualTo(Enumerable.Repeat(new[] { "MachineStopping", "Running" }, 5).SelectMany(r => r)));
    }

    private static KontenaNodeStatus Compose(NodeSeen seen, KontenaNodeStatus? before = null) => NodeStatus.Compose(seen, NodeLifecycle.Next(seen), 1, before);

    private static IEnumerable<string> Said(KontenaNodeStatus status) => status.Conditions.Select(c => $"{c.Type}={c.Status}/{c.Reason}");
}
