using Kontena.Simulator.Tests.Ec2;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Simulator.Tests;

public sealed class SimulatorServerTests
{
    [Test]
    public async Task Start_PortIsTaken_SaysSo()
    {
        await using var first = await Ec2Session.StartAsync();
        var options = new SimulatorOptions { Port = first.Server.Address.Port };
        Assert.That(async () => await SimulatorServer.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None),
            Throws.InstanceOf<IOException>().With.Message.Contains(first.Server.Address.Port.ToString()));
    }

    [Test]
    public async Task Dispose_Twice_IsHarmlessAndFreesThePort()
    {
        var first = await SimulatorServer.StartAsync(new(), NullLoggerFactory.Instance, CancellationToken.None);
        await first.DisposeAsync();
        await first.DisposeAsync();
        await using var second = await SimulatorServer.StartAsync(new() { Port = first.Address.Port }, NullLoggerFactory.Instance, CancellationToken.None);
        Assert.That(second.Address, Is.EqualTo(first.Address));
    }

    [Test]
    public async Task Seed_SameCalls_GiveTheSameIds()
    {
        async Task<(string, string)> Run(int seed)
        {
            await using var ec2 = await Ec2Session.StartAsync(new() { Seed = seed });
            var answer = await ec2.RunAsync();
            return (answer.Text("instanceId"), answer.Text("requestId"));
        }

        var (first, again, other) = (await Run(5), await Run(5), await Run(6));
        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }
}
