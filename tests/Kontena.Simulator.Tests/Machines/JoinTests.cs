using System.Text;
using Kontena.Simulator.Machines;
using Kontena.Simulator.Tests.Ec2;
using Kontena.TestKit;

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

    [Test]
    public async Task CloudConfig_Gzipped_IsTheSame()
    {
        await using var session = await MachineSession.StartAsync();
        await session.LaunchAsync(Bootstraps.Gzip(Bootstraps.CloudConfig(session.Master.Url)));
        await session.Master.JoinedAsync();
        Assert.That(session.Master.Last!.Header("Kontena-Node-Name"), Is.EqualTo("web-0"));
    }

    [TestCase("\nMerge-Type: list(append)+dict(no_replace,recurse_list)+str()", true)]
    [TestCase("", false)]
    public async Task MimeMessage_WithAUsersPart_JoinsWhereTheListsAreJoined(string header, bool joins)
    {
        await using var session = await MachineSession.StartAsync();
        var ours = $"Content-Type: text/cloud-config{header}\n\n{Bootstraps.CloudConfig(session.Master.Url)}";
        var users = $"Content-Type: text/cloud-config{header}\n\n#cloud-config\npackages: [htop]\nruncmd:\n  - [touch, /x]";
        var machine = await session.LaunchAsync($"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b\"\n\n--b\n{ours}\n--b\n{users}\n--b--\n");
        if (joins) await session.Master.JoinedAsync();
        else await MachineSession.SaysAsync(machine, "touch is taken as done");
        Assert.That(machine.Units.Contains("kontena-agent.service"), Is.EqualTo(joins));
    }

    [Test]
    public async Task Flatcar_WithACloudConfigOfItsOwnKind_StartsItsUnits()
    {
        await using var session = await MachineSession.StartAsync();
        string Indented(string text) => string.Join('\n', text.Split('\n').Select(line => "        " + line));
        var machine = await session.LaunchAsync($"""
            #cloud-config
            hostname: web-0
            write_files:
              - path: /etc/kontena-agent.env
                permissions: "0600"
                content: |
            {Indented(Bootstraps.Environment(session.Master.Url))}
            coreos:
              units:
                - name: kontena-agent.service
                  command: start
                  enable: true
                  content: |
            {Indented(Bootstraps.Unit)}
            """, "Flatcar-stable-*-hvm");
        await session.Master.JoinedAsync();
        Assert.That(machine.HostName, Is.EqualTo("web-0"));
    }

    [Test]
    public async Task Machine_WithoutAgent_LeavesNoTimerBehind()
    {
        var clock = new ManualTime();
        await using var ec2 = await Ec2Session.StartAsync(null, clock, new MachineOptions());
        var id = await ec2.LaunchAsync("UserData", Convert.ToBase64String("#cloud-config\npackages: [docker.io]\n"u8));
        var machine = ec2.Server.Machines.Of(id);
        Assert.That(machine.Running, Is.False);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That((machine.Running, machine.Agent), Is.EqualTo((true, AgentState.None)));
        Assert.That(clock.NextTimer, Is.Null);
    }

    [Test]
    public async Task Update_OnAManualClock_ComesEveryMinute()
    {
        var clock = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var master = ListeningMaster.Start();
        await using var ec2 = await Ec2Session.StartAsync(null, clock, new MachineOptions());
        var id = (await ec2.CallAsync("RunInstances", "ImageId", ec2.Cloud.NewestImage("eu-west-1", "ubuntu/*"), "InstanceType", "t3.small", "MinCount", "1", "MaxCount", "1", "UserData", Convert.ToBase64String(Encoding.UTF8.GetBytes(Bootstraps.CloudConfig(master.Url))))).Text("instanceId");
        clock.Advance(TimeSpan.FromSeconds(5));
        var machine = ec2.Server.Machines.Of(id);
        await MachineSession.UntilAsync(() => clock.WaitingTimers == 1, "the agent waits its first second");
        clock.Advance(TimeSpan.FromSeconds(1));
        await master.JoinedAsync();
        await MachineSession.UntilAsync(() => clock.WaitingTimers == 1 && machine.Connected, "the next update waits");
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.That(master.Last!.Updates, Has.Count.EqualTo(1));
        clock.Advance(TimeSpan.FromSeconds(1));
        await MachineSession.UntilAsync(() => master.Last!.Updates.Count == 2, "the second update");
    }
}
