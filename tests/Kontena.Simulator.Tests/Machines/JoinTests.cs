namespace Kontena.Simulator.Tests.Machines;

/// <summary>From user-data to an agent at the Master.</summary>
public sealed class JoinTests
{
    [Test]
    public async Task CloudConfig_Good_BringsTheAgentToTheMaster()
    {
        await using var session = await MachineSession.StartAsync();
        var machine = await session.LaunchAsync(Bootstraps.CloudConfig(session.Master.Url));
        await session.Master.JoinedAsync();

        var visit = session.Master.Last!;
        Assert.Multiple(() =>
        {
            Assert.That(visit.Header("Kontena-Node-Id"), Is.EqualTo(Bootstraps.NodeId));
            Assert.That(visit.Header("Kontena-Node-Name"), Is.EqualTo("web-0"));
            Assert.That(visit.Header("Kontena-Version"), Is.EqualTo("1.5.4"));
            Assert.That(visit.Header("Kontena-Node-Labels"), Is.EqualTo("region=eu-west-1,az=a"));
            Assert.That(visit.Header("Kontena-Node-Token") == Bootstraps.NodeToken, Is.True, "the node token");
            Assert.That(visit.Header("Kontena-Grid-Token"), Is.Null);
            Assert.That(visit.Header("Kontena-Connected-At"), Does.Match(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9}Z$"));
            Assert.That(machine.Connected, Is.True);
            Assert.That(machine.Units, Is.EqualTo(new[] { "chrony.service", "containerd.service", "docker.service", "kontena-agent.service" }));
        });
        var info = visit.Updates.First();
        Assert.That(info["PrivateIp"], Is.EqualTo(session.Ec2.Cloud.Find(machine.InstanceId)!.PrivateAddress));
        Assert.That(info["PublicIp"], Is.EqualTo(session.Ec2.Cloud.Find(machine.InstanceId)!.PublicAddress));
        Assert.That((info["ID"], info["AgentVersion"], info["ServerVersion"]), Is.EqualTo((machine.EngineId, "1.5.4", "27.5.1")));
        Assert.That(await visit.CallAsync("/etcd/health"), Is.EqualTo(new Dictionary<object, object> { ["health"] = true }));
    }

    [Test]
    public async Task Ignition_OnFlatcar_BringsTheAgentToTheMaster()
    {
        await using var session = await MachineSession.StartAsync();
        var machine = await session.LaunchAsync(Bootstraps.Ignition(session.Master.Url), "Flatcar-stable-*-hvm");
        await session.Master.JoinedAsync();
        Assert.That(session.Master.Last!.Header("Kontena-Node-Id"), Is.EqualTo(Bootstraps.NodeId));
        Assert.That(session.Master.Last.Updates.First()["PrivateIp"], Is.EqualTo(session.Ec2.Cloud.Find(machine.InstanceId)!.PrivateAddress));
    }
}
