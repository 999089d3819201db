using System.Runtime.Versioning;
using Kontena.Operator.Core.Bootstrap;

namespace Kontena.Operator.Core.Tests.Bootstrap;

/// <summary>The shell that machines run, run: in a folder that stands for their root, with programs that stand for theirs.</summary>
[SupportedOSPlatform("linux")]
public sealed class ScriptTests
{
    private static readonly string[] Scripts = ["identity", "leftovers", "peer-interface", "esp", "clock"];

    private static readonly RenderedMachine Machine = RenderedMachine.Of(BootstrapData.Render(BootstrapCase.All.Single(c => c.Name == "ubuntu-engine-required").Input));

    private TempFolder root = null!;

    [SetUp]
    public void Open() => root = new TempFolder();

    [TearDown]
    public void Close() => root.Dispose();

    [TestCaseSource(nameof(Scripts))]
    public async Task Shell_Script_IsPosixAndClean(string name)
    {
        var file = root.Write(name, Machine.Files[$"/opt/kontena/bin/{name}"].Content);
        await SystemTool.Require("dash", "dash").RunWellAsync(["-n", file]);
        // SC2086: the words of $probe and $found are meant to be several.
        await SystemTool.Require("shellcheck", "shellcheck").RunWellAsync(["--shell=sh", "--exclude=SC2086", file]);
    }

    [TestCase("/etc/docker/key.json")]
    [TestCase("/var/lib/docker/engine-id")]
    public async Task Identity_FirstBootOfAnImage_ForgetsTheIdOfTheImage_AndKeepsTheNewOneOverReboots(string idFile)
    {
        root.Write(idFile, "id of the image");
        root.Write("/var/lib/kontena/instance-id", "i-of-the-image\n");
        Systemctl(dockerRuns: false);

        await IdentityAsync("i-1");
        Assert.That(File.Exists(root.At(idFile)), Is.False);
        Assert.That(File.Exists(root.At("/var/lib/kontena/leftovers")), Is.True, "containers of the image are to be removed");

        root.Write(idFile, "id of this machine");
        File.Delete(root.At("/var/lib/kontena/leftovers"));
        for (var boot = 0; boot < 3; boot++) await IdentityAsync("i-1");
        Assert.That(File.ReadAllText(root.At(idFile)), Is.EqualTo("id of this machine"));
        Assert.That(File.Exists(root.At("/var/lib/kontena/leftovers")), Is.False);

        await IdentityAsync("i-2");
        Assert.That(File.Exists(root.At(idFile)), Is.False, "an image of this machine, started as another");
    }

    [Test]
    public async Task Identity_NoInstanceIdFromCloudInit_GoesByTheHypervisors()
    {
        Systemctl(dockerRuns: false);
        root.Write("/sys/class/dmi/id/product_uuid", "ec2a-77\n");
        await IdentityAsync(null);
        Assert.That(File.ReadAllText(root.At("/var/lib/kontena/instance-id")), Is.EqualTo("ec2a-77\n"));
        root.Write("/etc/docker/key.json", "kept");
        await IdentityAsync(null);
        Assert.That(File.Exists(root.At("/etc/docker/key.json")), Is.True);
    }

    [Test]
    public async Task Identity_NoIdAtAll_ActsOnceAndNeverAgain()
    {
        Systemctl(dockerRuns: false);
        root.Write("/etc/docker/key.json", "of the image");
        await IdentityAsync(null);
        root.Write("/etc/docker/key.json", "own");
        await IdentityAsync(null);
        Assert.That(File.ReadAllText(root.At("/etc/docker/key.json")), Is.EqualTo("own"));
    }

    [Test]
    public async Task Identity_DockerRunsAlready_IsStoppedMeanwhile()
    {
        Systemctl(dockerRuns: true);
        root.Write("/etc/docker/key.json", "of the image");
        await IdentityAsync("i-1");
        Assert.That(Said("systemctl"), Is.EqualTo(new[]
        {
            "is-active --quiet docker.service with key", "stop docker.socket with key", "stop docker.service with key", "start docker.service without key",
        }));
    }

    [Test]
    public async Task Identity_OtherDataRoot_IsWhereTheIdIs()
    {
        var machine = RenderedMachine.Of(BootstrapData.Render(BootstrapCase.All.Single(c => c.Name == "flatcar-everything").Input));
        Systemctl(dockerRuns: false);
        root.Write("/mnt/docker/engine-id", "of the image");
        await RunAsync(machine.Files["/opt/kontena/bin/identity"].Content, "i-1");
        Assert.That(File.Exists(root.At("/mnt/docker/engine-id")), Is.False);
    }

    [Test]
    public async Task Leftovers_Marked_RemovesWithTheirVolumes_Once()
    {
        Logged("docker", "[ \"$1\" != ps ] || printf 'a1\\nb2\\n'");
        root.Write("/var/lib/kontena/leftovers", "");
        await RunAsync("leftovers");
        await RunAsync("leftovers");
        Assert.That(Said("docker"), Has.Length.EqualTo(2));
        Assert.That(Said("docker")[1], Is.EqualTo("rm --force --volumes a1 b2"));
    }

    [Test]
    public async Task Leftovers_DockerDoesNotAnswer_FailsAndTriesAgain()
    {
        Logged("docker", "exit 1");
        root.Write("/var/lib/kontena/leftovers", "");
        Assert.That((await TryAsync("leftovers")).Code, Is.Not.Zero);
        Assert.That(File.Exists(root.At("/var/lib/kontena/leftovers")), Is.True);
    }

    [TestCase("default via 10.0.0.1 dev ens5 proto dhcp src 10.0.0.7 metric 100", "ens5")]
    [TestCase("default dev ppp0 scope link\\ndefault via 10.0.0.1 dev enp1s0 metric 200", "ppp0")]
    public async Task PeerInterface_DefaultRoute_IsWrittenForTheAgent(string routes, string expected)
    {
        root.Write("/run/placeholder", "");
        root.Program("ip", $"printf '{routes}\\n'");
        await RunAsync("peer-interface");
        Assert.That(File.ReadAllText(root.At("/run/kontena-agent.env")), Is.EqualTo($"KONTENA_PEER_INTERFACE={expected}\n"));
    }

    [Test]
    public async Task PeerInterface_NoRouteYet_FailsSoThatTheUnitIsStartedAgain()
    {
        root.Program("ip", "true");
        Assert.That(await TryAsync("peer-interface"), Is.EqualTo((1, "no default route yet\n")));
    }

    [TestCase("true", 0)]
    [TestCase("case \"$*\" in *' add '*) echo 'Requested type not found' >&2; exit 2;; esac", 1)]
    public async Task Esp_KernelSays_IsWhatTheScriptSays(string ip, int code)
    {
        Logged("ip", ip);
        root.Program("modprobe", "exit 1");
        Assert.That((await TryAsync("esp")).Code, Is.EqualTo(code));
        Assert.That(Said("ip")[1], Does.StartWith("xfrm state add src 127.0.0.1 dst 127.0.0.2 proto esp ").And.EndsWith(" 128"));
    }

    [TestCase("yes", 0)]
    [TestCase("no", 59)]
    public async Task Clock_Waits_AMinuteAtMost(string synchronised, int sleeps)
    {
        root.Program("timedatectl", $"echo {synchronised}");
        Logged("sleep", "true");
        await RunAsync("clock");
        Assert.That(Said("sleep"), Has.Length.EqualTo(sleeps));
    }

    private Task IdentityAsync(string? instanceId) => RunAsync(Machine.Files["/opt/kontena/bin/identity"].Content, instanceId);

    private Task RunAsync(string name) => RunAsync(Machine.Files[$"/opt/kontena/bin/{name}"].Content, null);

    private async Task RunAsync(string script, string? instanceId)
    {
        var (code, output) = await TryAsync(script, instanceId);
        Assert.That(code, Is.Zero, output);
    }

    private Task<(int Code, string Output)> TryAsync(string name) => TryAsync(Machine.Files[$"/opt/kontena/bin/{name}"].Content, null);

    private Task<(int Code, string Output)> TryAsync(string script, string? instanceId)
    {
        foreach (var folder in (string[])["/var/lib/", "/etc/docker/", "/mnt/docker/", "/sys/class/", "/run/"])
            script = script.Replace(folder, root.Path + folder, StringComparison.Ordinal);
        Dictionary<string, string> environment = new() { ["PATH"] = $"{root.At("bin")}:/usr/bin:/bin", ["INSTANCE_ID"] = instanceId ?? "" };
        return SystemTool.Require("dash", "dash").RunAsync([root.Write("script", script)], environment: environment);
    }

    private void Systemctl(bool dockerRuns) => root.Program("systemctl",
        $"key=without; [ -e {root.At("/etc/docker/key.json")} ] && key=with; echo \"$* $key key\" >> {root.At("systemctl.said")}\n"
        + $"[ \"$1\" != is-active ] || {(dockerRuns ? "exit 0" : "exit 3")}\n[ \"$2\" != docker.socket ] || exit 5");

    private void Logged(string program, string body) => root.Program(program, $"echo \"$*\" >> {root.At($"{program}.said")}\n{body}");

    private string[] Said(string program) => File.Exists(root.At($"{program}.said")) ? File.ReadAllLines(root.At($"{program}.said")) : [];
}
