using Kontena.Simulator.Machines.Os;
using Kontena.Simulator.Machines.Units;

namespace Kontena.Simulator.Tests.Machines.Units;

/// <summary>Unit files, environment files and command lines as systemd reads them.</summary>
public sealed class UnitTests
{
    private static Unit Load(string text, params (string Name, string Text)[] dropIns)
    {
        var disk = new Disk { HostName = "web-0" };
        disk.Write("/etc/systemd/system/x.service", System.Text.Encoding.UTF8.GetBytes(text), 0x1a4);
        foreach (var (name, content) in dropIns) disk.Write($"/etc/systemd/system/x.service.d/{name}", System.Text.Encoding.UTF8.GetBytes(content), 0x1a4);
        return new UnitFiles(disk, MachineOs.Ubuntu).Load("x.service") ?? throw new InvalidOperationException("not loaded");
    }

    [TestCase("a  b\tc", new[] { "a", "b", "c" })]
    [TestCase("'a b' \"c d\"", new[] { "a b", "c d" })]
    [TestCase("--x='a b'", new[] { "--x=a b" })]
    [TestCase("\"\" ''", new[] { "", "" })]
    [TestCase("a\\ b \\x41 \"q\\\"q\"", new[] { "a b", "A", "q\"q" })]
    public void Words_Quoted_AreSplitAsSystemdSplits(string text, string[] words) => Assert.That(QuotedWords.Split(text), Is.EqualTo(words));

    [Test]
    public void Words_WithAnOpenQuote_AreNone() => Assert.That(QuotedWords.Split("a 'b"), Is.Null);

    [Test]
    public void EnvironmentFile_EveryForm_IsRead()
    {
        var text = "# comment\n; comment\nPLAIN=a b  c\nQUOTED=\"a \\\"b\\\" \\$c\"\nSINGLE='it\\is'\nEMPTY=\nTWO=one \\\nline\n  SPACED  =  x  \n1BAD=x\nnothing\nTOKEN=abc+/==\n";
        Assert.That(EnvironmentText.Parse(text).Select(v => $"{v.Key}:{v.Value}"), Is.EqualTo(new[]
        {
            "PLAIN:a b  c", "QUOTED:a \"b\" $c", "SINGLE:it\\is", "EMPTY:", "TWO:one line", "SPACED:x", "TOKEN:abc+/==",
        }));
    }

    [TestCase("/bin/x $A ${A} pre${A}post $NONE ${NONE} $$A $A/y", new[] { "/bin/x", "one", "two", "one two", "preone twopost", "", "$A" })]
    [TestCase("-@/bin/x $A", new[] { "/bin/x", "one", "two" })]
    [TestCase(":/bin/x $A", new[] { "/bin/x", "$A" })]
    public void Command_WithVariables_IsExpandedBySystemdsRules(string line, string[] words)
    {
        var command = CommandLine.Parse(line, text => text)!;
        Assert.That(command.Expand(new Dictionary<string, string> { ["A"] = "one two" }), Is.EqualTo(words));
        Assert.That(command.MayFail, Is.EqualTo(line.StartsWith('-')));
    }

    [Test]
    public void Unit_WithContinuationsAndDropIns_IsOne()
    {
        var unit = Load("""
            [Unit]
            Requires=a.service b.service
            [Service]
            Environment="A=one two" B=2 C=%H%%
            ExecStart=/bin/x \
              # a comment in between
              --one \
              --two
            RestartSec=1min 30s
            [Install]
            WantedBy=multi-user.target
            """, ("20.conf", "[Service]\nExecStart=\nExecStart=/bin/z"), ("10.conf", "[Service]\nExecStart=/bin/y\nEnvironment=B=3"));
        Assert.That(unit.Commands("ExecStart").Select(c => c.Words[0]), Is.EqualTo(new[] { "/bin/z" }));
        Assert.That(unit.Environment.Select(v => $"{v.Key}={v.Value}"), Is.EqualTo(new[] { "A=one two", "B=2", "C=web-0%", "B=3" }));
        Assert.That((unit.RestartSec, unit.Restart, unit.Type), Is.EqualTo((90.0, "no", "simple")));
        Assert.That((unit.Needs, unit.WantedBy), Is.EqualTo((new[] { "a.service", "b.service" }, new[] { "multi-user.target" })));
        Assert.That(Load("[Service]\nExecStart=/bin/x \\\n  a \\\n  b").Commands("ExecStart").Single().Words, Is.EqualTo(new[] { "/bin/x", "a", "b" }));
    }

    [Test]
    public void Specifier_Unknown_DropsTheAssignment() =>
        Assert.That(Load("[Service]\nEnvironment=TOKEN=a%zb\nExecStart=/bin/x 100%\nExecStart=/bin/y %n").Commands("ExecStart").Select(c => string.Join(' ', c.Words)), Is.EqualTo(new[] { "/bin/y x.service" }));
}
