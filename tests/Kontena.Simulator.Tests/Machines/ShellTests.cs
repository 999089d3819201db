using System.Diagnostics;
using Kontena.Simulator.Machines;
using Kontena.Simulator.Machines.Docker;
using Kontena.Simulator.Machines.Os;
using Kontena.Simulator.Machines.Shell;
using Kontena.Simulator.Networks;
using Kontena.Simulator.Overlay;

namespace Kontena.Simulator.Tests.Machines;

/// <summary>The model of a shell beside the shell of this machine: the same scripts print the same and end the same.</summary>
public sealed class ShellTests
{
    private static readonly string[] Scripts =
    [
        "echo hello   world",
        "x='a  b'; echo $x; echo \"$x\"",
        "x=1; y=${x:-2}; z=${none:-'three four'}; echo $y $z \"${none:-}\"",
        "echo $(echo inner; echo second) \"$(echo \"quoted $(echo deep)\")\"",
        "if [ 1 -lt 2 ] && [ -n x ]; then echo yes; else echo no; fi",
        "if false; then echo a; elif [ a != b ]; then echo b; fi",
        "n=3\nwhile [ \"$n\" -gt 0 ]; do\n  echo $n\n  n=$((n - 1))\ndone",
        "n=0; until [ $n -eq 2 ]; do n=$((n + 1)); done; echo $n",
        "for each in a 'b c' $(echo d e); do echo \"<$each>\"; done",
        "set -e; false || echo survived; ! false; echo alive; false; echo never",
        "set -eu; [ -z full ] || echo kept; exit 3; echo never",
        "set -e; x=$(false); echo never",
        "true && false || echo 'or'; exit 7",
        "echo 'default via 10.0.0.1 dev ens5 proto dhcp' | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p' | head -n 1",
        "echo one two; # a comment ; echo never\necho three # four",
        "printf '%s=%s\\n' a b",
        "echo a\\ b \\\"c\\\" '\"d\"' \"e'f\" g\"h\"i",
        "echo \"cost: \\$5 \\\\ end\"",
        "{ echo grouped; } ; { false || echo again; }",
        "echo to-nowhere >/dev/null 2>&1; echo here",
        ": ${HOME:-x}; echo $?",
        "echo a; echo b | grep -q b && echo found; echo c | grep -q b || echo lost",
        "for x in 1 2 3; do if [ $x = 2 ]; then echo two; fi; done; echo done",
    ];

    [TestCaseSource(nameof(Scripts))]
    public void Run_Script_DoesWhatARealShellDoes(string script)
    {
        var (output, code) = OfTheModel(script);
        Assert.That((output, code), Is.EqualTo(OfTheRealShell(script)));
    }

    [TestCase("cat <<E\nx\nE")]
    [TestCase("case x in x) echo y;; esac")]
    [TestCase("(echo subshell)")]
    [TestCase("echo `date`")]
    [TestCase("echo ${x%%.*}")]
    [TestCase("while true; do :; done")]
    public void Run_WhatIsNotSimulated_SaysSo(string script) =>
        Assert.That(() => OfTheModel(script), Throws.TypeOf<ShellException>().With.Property("Broken").False);

    [TestCase("if true; then echo")]
    [TestCase("echo 'open")]
    [TestCase("tries=1\ndo\n  echo\ndone")]
    [TestCase("set -u; echo $missing")]
    public void Run_WhatNoShellTakes_IsBroken(string script)
    {
        Assert.That(() => OfTheModel(script), Throws.TypeOf<ShellException>().With.Property("Broken").True);
        Assert.That(OfTheRealShell(script).Code, Is.EqualTo(2));
    }

    [Test]
    public void Files_OfAScript_AreThoseOfTheSimulatedDisk()
    {
        var disk = new Disk();
        var (output, code) = OfTheModel("set -eu\nmkdir -p /opt/x\necho one > /opt/x/a\necho two >> /opt/x/a\nmv /opt/x/a /opt/x/b\n[ -e /opt/x/b ] && [ ! -e /opt/x/a ]\ncat /opt/x/b\nrm -rf /opt/x\n[ -e /opt/x ] || echo gone", disk);
        Assert.That((output, code), Is.EqualTo(("one\ntwo\ngone\n", 0)));
        Assert.That(File.Exists("/opt/x/b"), Is.False);
    }

    private static (string Output, int Code) OfTheModel(string script, Disk? given = null)
    {
        var disk = given ?? new Disk();
        var journal = new Journal(TimeProvider.System.GetUtcNow);
        var docker = new DockerDaemon(disk, journal, new(27, 0), "i-1", (_, _) => new IdleContainer());
        var hardware = new Hardware { InstanceId = "i-1", Options = new(), Traits = ImageTraits.Defaults[^1], Os = MachineOs.Ubuntu, PrivateAddress = "10.0.0.4", Network = () => NetworkBlock.None, Chance = () => 0, Overlay = new OverlayFabric(TimeProvider.System, new OpenNetworks()) };
        var programs = new Programs(disk, hardware, journal, docker, new TimeSync(new Clock(TimeProvider.System), false, journal));
        var streams = new ShellStreams();
        var outcome = ShellRun.Run(script, streams, programs, disk, new Dictionary<string, string>(), _ => { });
        return (streams.Output.ToString(), outcome.Code);
    }

    private static (string Output, int Code) OfTheRealShell(string script)
    {
        if (!File.Exists("/bin/sh")) Assert.Ignore("This machine has no /bin/sh.");
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true }) ?? throw new InvalidOperationException("No shell.");
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return (output, shell.ExitCode);
    }
}
