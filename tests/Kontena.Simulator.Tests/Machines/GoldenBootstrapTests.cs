using System.Text;
using System.Text.Json.Nodes;
using Kontena.Simulator.Machines;
using Kontena.TestKit;

namespace Kontena.Simulator.Tests.Machines;

/// <summary>
/// What the operator renders, carried out by machines that share no code with it: every golden user-data joins, and each of its lines that matters is
/// missed when it is taken away.
/// </summary>
public sealed class GoldenBootstrapTests
{
    private static readonly string Folder = Path.Combine(RepositoryFolders.Root, "tests", "Kontena.Operator.Core.Tests", "Bootstrap", "golden");

    /// <summary>Where a golden file has a Master; its certificate authority is of no use here.</summary>
    private static readonly string[] Masters = ["https://master.example.com", "https://10.0.0.10:8443", "http://10.0.0.10"];

    private static IEnumerable<string> Joining => !Directory.Exists(Folder) ? [""] : Directory.EnumerateFiles(Folder, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)!)
        .Where(name => !name.StartsWith("compose-", StringComparison.Ordinal) && !name.StartsWith("plain-", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Joining))]
    public async Task Golden_CarriedOut_JoinsAndComesBackAfterARestartAndAReboot(string name)
    {
        await using var session = await MachineSession.StartAsync(new() { Skew = TimeSpan.FromMinutes(5) });
        var machine = await session.LaunchAsync(Pointed(Read(name), session.Master.Url), Image(name));
        await session.Master.JoinedAsync();

        var visit = session.Master.Last!;
        Assert.Multiple(() =>
        {
            Assert.That(visit.Header("Kontena-Node-Id"), name.Contains("engine", StringComparison.Ordinal) ? Is.EqualTo(machine.EngineId) : Is.EqualTo("AAAA:BBBB:CCCC:DDDD:EEEE:FFFF:GGGG:HHHH:IIII:JJJJ:KKKK:2222"));
            Assert.That(visit.Header("Kontena-Node-Name"), Is.EqualTo("web-0-5f3a"));
            Assert.That(visit.Header("Kontena-Version"), Is.EqualTo(name.EndsWith("everything", StringComparison.Ordinal) ? "1.5.3" : "1.5.4"));
            Assert.That(visit.Header("Kontena-Node-Labels"), name == "ubuntu-http" ? Is.Null.Or.Empty : Is.EqualTo("region=eu-west-1,az=a,provider=aws,role=web"));
            Assert.That(visit.Header("Kontena-Node-Token") == Canary.Of("node-token"), Is.True, "the node token");
            Assert.That(machine.AgentEnvironment["KONTENA_TOKEN"] == Canary.Of("grid-token+/="), Is.True, "the grid token, which is the overlay's password");
            Assert.That(machine.HostName, Is.EqualTo("web-0"));
        });
        Assert.That(visit.Updates.First()["PrivateIp"], name.EndsWith("everything", StringComparison.Ordinal) && !name.StartsWith("flatcar", StringComparison.Ordinal) ? Is.Null
            : Is.EqualTo(session.Ec2.Cloud.Find(machine.InstanceId)!.PrivateAddress), "eth1, which some ask for, is no interface of these machines");
        Assert.That(Canary.In(string.Join('\n', machine.Journal)), Is.Empty);

        machine.ExitAgent();
        await session.Master.JoinedAsync(2);
        machine.Reboot();
        await session.Master.JoinedAsync(3);
        Assert.That(session.Master.Visits.Select(v => v.Header("Kontena-Node-Id")).Distinct().Count(), Is.EqualTo(1), "one identity throughout");
    }

    [TestCase("ubuntu-pinned-required", false)]
    [TestCase("flatcar-pinned-required", false)]
    [TestCase("ubuntu-pinned-preferred", true)]
    [TestCase("flatcar-pinned-preferred", true)]
    public async Task Golden_OnAKernelWithoutEsp_JoinsUnlessItIsRequired(string name, bool joins)
    {
        await using var session = await MachineSession.StartAsync(new() { Images = [.. ImageTraits.Defaults.Select(t => t with { KernelEsp = false })] });
        var machine = await session.LaunchAsync(Pointed(Read(name), session.Master.Url), Image(name));
        await MachineSession.SaysAsync(machine, "RTNETLINK answers: Protocol not supported", times: joins ? 1 : 2);
        if (joins) await session.Master.JoinedAsync();
        else Assert.That(machine.Agent, Is.EqualTo(AgentState.None));
    }

    [TestCase("ubuntu-engine-preferred", "ubuntu/*", "2f0d6e1c-7a55-4e0e-9c1e-0d5b7c1f3a10")]
    [TestCase("debian-engine-preferred", "debian-12-*", "AAAA:BBBB:CCCC:DDDD:EEEE:FFFF:GGGG:HHHH:IIII:JJJJ:KKKK:LLLL")]
    [TestCase("flatcar-engine-preferred", "Flatcar-*", "2f0d6e1c-7a55-4e0e-9c1e-0d5b7c1f3a10")]
    public async Task Golden_OnAnImageWithABakedIdentity_GetsOneOfItsOwnAndKeepsIt(string name, string images, string baked)
    {
        var traits = ImageTraits.Defaults.First(t => t.NamePattern is "*" || t.NamePattern == images);
        await using var session = await MachineSession.StartAsync(new() { Images = [traits with { NamePattern = images, EngineId = baked }] });
        var machine = await session.LaunchAsync(Pointed(Read(name), session.Master.Url), Image(name));
        await session.Master.JoinedAsync();
        var own = session.Master.Last!.Header("Kontena-Node-Id");
        Assert.That(own, Is.EqualTo(machine.EngineId).And.Not.EqualTo(baked));
        machine.Reboot();
        await session.Master.JoinedAsync(2);
        Assert.That(session.Master.Last!.Header("Kontena-Node-Id"), Is.EqualTo(own));
    }

    /// <summary>Taken away, each of these changes what the Master sees, or whether the agent comes at all.</summary>
    private static readonly string[] Lines =
    [
        "#cloud-config", "- path: /etc/kontena-agent.env", "- path: /etc/kontena-agent-version.env", "- path: /opt/kontena/bin/peer-interface",
        "- path: /etc/systemd/system/kontena-agent.service", "KONTENA_URI=", "KONTENA_TOKEN=", "KONTENA_NODE_TOKEN=", "KONTENA_NODE_ID=", "KONTENA_NODE_NAME=", "KONTENA_NODE_LABELS=",
        "KONTENA_VERSION=", "Restart=always", "EnvironmentFile=/etc/kontena-agent-version.env", "ExecStartPre=-/usr/bin/docker rm", "ExecStartPre=/opt/kontena/bin/peer-interface",
        "ExecStart=/usr/bin/docker run", "--env-file /etc/kontena-agent.env", "--env-file /run/kontena-agent.env", "-v /var/run/docker.sock", "        kontena/agent:${KONTENA_VERSION}", "WantedBy=multi-user.target",
        "- docker.io", "\"timedatectl\", \"set-ntp\"", "while [ \"$(timedatectl", "\"restart\", \"--no-block\", \"kontena-agent.service\"", "\"enable\", \"kontena-agent.service\"",
    ];

    [TestCaseSource(nameof(Lines))]
    public async Task Golden_WithoutALineThatMatters_IsMissedAtTheMaster(string line)
    {
        var whole = Encoding.UTF8.GetString(Read("ubuntu-pinned-required"));
        // Without the line that installs a time client the shell line before it would still mend the clock.
        var text = Without(whole, line);
        if (line.Contains("set-ntp", StringComparison.Ordinal)) text = Without(text, "command -v chronyd");
        Assert.That(await SeenAsync(text), Is.Not.EqualTo(await SeenAsync(whole)));
    }

    [TestCase("Description=Kontena agent")]
    [TestCase("Documentation=")]
    [TestCase("fs.inotify.max_user_instances")]
    public async Task Golden_WithoutALineOfNoConcern_IsSeenTheSame(string line)
    {
        var whole = Encoding.UTF8.GetString(Read("ubuntu-pinned-required"));
        Assert.That(await SeenAsync(Without(whole, line)), Is.EqualTo(await SeenAsync(whole)));
    }

    /// <summary>What can be told of a machine from outside within its first start, a restart of its agent and a reboot; without what differs from run to run.</summary>
    private static async Task<string> SeenAsync(string userData)
    {
        await using var session = await MachineSession.StartAsync(new() { Skew = TimeSpan.FromMinutes(5) });
        var machine = await session.LaunchAsync(Pointed(Encoding.UTF8.GetBytes(userData), session.Master.Url));
        var seen = new StringBuilder();
        var (visits, said) = (0, 0);
        foreach (var act in new Action[] { () => { }, machine.ExitAgent, machine.Reboot })
        {
            act();
            if (!await ComesAsync(session, machine, visits, said)) return seen.Append("never comes").ToString();
            (visits, said) = (session.Master.Visits.Count, machine.Journal.Count);
            var visit = session.Master.Last!;
            foreach (var header in visit.Headers.Where(h => h.Key.StartsWith("Kontena-", StringComparison.OrdinalIgnoreCase) && !h.Key.EndsWith("-At", StringComparison.OrdinalIgnoreCase)).OrderBy(h => h.Key, StringComparer.OrdinalIgnoreCase))
                seen.Append(header.Key).Append('=').Append(header.Key.EndsWith("Token", StringComparison.OrdinalIgnoreCase) ? header.Value.Length.ToString(System.Globalization.CultureInfo.InvariantCulture) : header.Value).Append('\n');
            seen.Append(visit.Updates.First()["PrivateIp"]).Append(' ').Append(machine.Skew).Append(' ').Append(machine.AgentEnvironment.ContainsKey("KONTENA_TOKEN")).Append('\n');
        }
        return seen.ToString();
    }

    /// <summary>
    /// Whether another agent comes than those that were there. False once it is sure that none will: three starts failed, or nothing runs and the machine has been silent
    /// for longer than a unit waits before it is started again.
    /// </summary>
    private static async Task<bool> ComesAsync(MachineSession session, SimulatedMachine machine, int visits, int said)
    {
        bool Came() => session.Master.Visits.Count > visits && !session.Master.Last!.Updates.IsEmpty;
        var (silent, lines) = (0, -1);
        bool GaveUp()
        {
            var journal = machine.Journal;
            var nothing = machine.Agent == AgentState.None && journal.Count == lines;
            (silent, lines) = (nothing ? silent + 1 : 0, journal.Count);
            return silent >= 8 || journal.Skip(said).Count(Failed) >= 3;
        }
        await MachineSession.UntilAsync(() => Came() || GaveUp(), "the agent comes, or nothing will");
        return Came();
    }

    private static bool Failed(JournalLine line) => line.Text.Contains("Main process exited", StringComparison.Ordinal) || line.Text.Contains("Failed to load environment", StringComparison.Ordinal) || line.Text.Contains("Control process exited", StringComparison.Ordinal)
        || line.Text.Contains("Dependency failed", StringComparison.Ordinal);

    private static string Without(string text, string piece)
    {
        var lines = text.Split('\n').ToList();
        var at = lines.FindIndex(line => line.Contains(piece, StringComparison.Ordinal));
        Assert.That(at, Is.GreaterThanOrEqualTo(0), piece);
        lines.RemoveAt(at);
        return string.Join('\n', lines);
    }

    private static byte[] Read(string name)
    {
        if (!Directory.Exists(Folder)) Assert.Ignore("The operator renders no user-data for agents yet: there are no golden files.");
        return File.ReadAllBytes(Path.Combine(Folder, name + ".txt"));
    }

    private static string Image(string name) => name.StartsWith("flatcar", StringComparison.Ordinal) ? "Flatcar-stable-*-hvm" : name.StartsWith("debian", StringComparison.Ordinal) ? "debian-12-*" : "ubuntu/*";

    /// <summary>The same user-data for the Master of this test.</summary>
    private static byte[] Pointed(byte[] userData, string master)
    {
        var text = Encoding.UTF8.GetString(userData);
        if (text[0] != '{') return Encoding.UTF8.GetBytes(Masters.Aggregate(text, (t, old) => t.Replace("KONTENA_URI=" + old, "KONTENA_URI=" + master, StringComparison.Ordinal)));
        var config = JsonNode.Parse(userData)!;
        foreach (var merge in config["ignition"]?["config"]?["merge"]?.AsArray() ?? []) Recode(merge!, bytes => Pointed(bytes, master));
        foreach (var file in config["storage"]?["files"]?.AsArray() ?? [])
            if ((string?)file!["path"] == "/etc/kontena-agent.env") Recode(file["contents"]!, bytes => Pointed(bytes, master));
        return Encoding.UTF8.GetBytes(config.ToJsonString());
    }

    private static void Recode(JsonNode resource, Func<byte[], byte[]> change)
    {
        const string prefix = "data:;base64,";
        var source = (string)resource["source"]!;
        Assert.That(source, Does.StartWith(prefix));
        resource["source"] = prefix + Convert.ToBase64String(change(Convert.FromBase64String(source[prefix.Length..])));
    }
}
