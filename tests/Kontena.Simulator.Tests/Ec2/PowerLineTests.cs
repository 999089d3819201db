using Kontena.Simulator.Ec2;
using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Faults;
using Kontena.TestKit;

namespace Kontena.Simulator.Tests.Ec2;

/// <summary>What machines are told about power: in order, and never under the account's lock.</summary>
public sealed class PowerLineTests
{
    [Test]
    public void Machine_ToldAboutPower_MayAskAboutNetworksFromAnyThread()
    {
        var account = new Account(new ManualTime());
        var cloud = new Ec2Cloud(new(), account, new Ids(1), new FaultBook());
        var machine = new AskingMachine(() => Assert.That(Task.Run(() => cloud.Networks.Version).Wait(TimeSpan.FromSeconds(30)), Is.True,
            "the account's lock is held while machines are told"));
        account.Power = new PowerLine(machine);
        var id = cloud.LaunchForeign(new()).Id;
        cloud.TerminateBehindTheBack(id);
        Assert.That(machine.Told, Is.EqualTo(new[] { "on " + id, "lost " + id }));
    }

    [Test]
    public void Launches_FromManyThreads_AreToldInTheirOrderAndBeforeTheCallReturns()
    {
        var account = new Account(new ManualTime());
        var cloud = new Ec2Cloud(new(), account, new Ids(1), new FaultBook());
        var machine = new AskingMachine(() => _ = cloud.Networks.Version);
        account.Power = new PowerLine(machine);
        Parallel.For(0, 200, _ =>
        {
            var id = cloud.LaunchForeign(new()).Id;
            Assert.That(machine.Told, Does.Contain("on " + id));
            cloud.TerminateBehindTheBack(id);
            Assert.That(machine.Told, Does.Contain("lost " + id));
        });
        Assert.That(machine.Told.Where(t => t.StartsWith("on ", StringComparison.Ordinal)), Is.EqualTo(cloud.Instances.Select(i => "on " + i.Id)));
    }

    /// <summary>Asks under its own lock.</summary>
    private sealed class AskingMachine(Action ask) : IPower
    {
        private readonly Lock gate = new();
        private readonly List<string> told = [];

        public IReadOnlyList<string> Told
        {
            get { lock (gate) return [.. told]; }
        }

        public void On(Instance instance, TimeSpan after) => Hear("on " + instance.Id);

        public void Off(string instanceId) => Hear("off " + instanceId);

        public void Reboot(string instanceId) => Hear("reboot " + instanceId);

        public void Lost(string instanceId) => Hear("lost " + instanceId);

        private void Hear(string message)
        {
            lock (gate)
            {
                ask();
                told.Add(message);
            }
        }
    }
}
