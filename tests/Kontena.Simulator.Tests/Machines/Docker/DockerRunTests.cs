using System.Text;
using Kontena.Simulator.Machines.Docker;
using Kontena.Simulator.Machines.Os;

namespace Kontena.Simulator.Tests.Machines.Docker;

public sealed class DockerRunTests
{
    private static readonly Dictionary<string, string> Client = new() { ["A"] = "of the client", ["EMPTY"] = "" };

    private static ContainerSpec Parse(string words, Disk? disk = null) => DockerRun.Parse(words.Split(' '), Client, disk ?? new Disk());

    [Test]
    public void Flags_InEveryForm_AreRead()
    {
        var spec = Parse("--name=x --rm -d -it --net host -v /a:/b:ro --volume=/c:/d --mount type=bind,src=/e,dst=/f,readonly --memory 384m -e A -eB=1 --env=C=2 --env NONE -e EMPTY reg.local:5000/kontena/agent:1.5.4 arg");
        Assert.Multiple(() =>
        {
            Assert.That((spec.Name, spec.Removed, spec.Detached, spec.HostNetwork), Is.EqualTo(("x", true, true, true)));
            Assert.That((spec.Repository, spec.Tag), Is.EqualTo(("reg.local:5000/kontena/agent", "1.5.4")));
            Assert.That(spec.Mounts, Is.EqualTo(new Mount[] { new("/a", "/b", true), new("/c", "/d", false), new("/e", "/f", true) }));
            Assert.That(spec.Environment, Is.EquivalentTo(new Dictionary<string, string> { ["A"] = "of the client", ["B"] = "1", ["C"] = "2", ["EMPTY"] = "" }));
        });
    }

    [Test]
    public void EnvFile_IsTakenAsItStands_AndLosesToFlags()
    {
        var disk = new Disk();
        disk.Write("/env", Encoding.UTF8.GetBytes("# comment\n  LABELS=a=b c\nQUOTED=\"x\"\nA\nNONE\nB=file\n\n"), 0x180);
        Assert.That(Parse("-e B=flag --env-file /env x", disk).Environment, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["LABELS"] = "a=b c",
            ["QUOTED"] = "\"x\"",
            ["A"] = "of the client",
            ["B"] = "flag",
        }));
    }

    [TestCase("--nets=host x", "unknown flag: --nets")]
    [TestCase("-Z x", "unknown shorthand flag")]
    [TestCase("--name", "flag needs an argument: --name")]
    [TestCase("--rm", "requires at least 1 argument")]
    [TestCase("kontena/agent:", "invalid reference format")]
    [TestCase("Kontena/Agent", "invalid reference format")]
    [TestCase("--env-file /missing x", "open /missing: no such file or directory")]
    public void Line_Wrong_IsRefusedAsDockerDoes(string words, string says) =>
        Assert.That(() => Parse(words), Throws.TypeOf<DockerException>().With.Message.Contains(says));
}
