using System.Text;
using Kontena.Simulator.Machines.UserData;

namespace Kontena.Simulator.Tests.Machines.UserData;

public sealed class IgnitionTests
{
    private static Simulator.Machines.UserData.Ignition Read(string json) => Simulator.Machines.UserData.Ignition.Read(Encoding.UTF8.GetBytes(json));

    private static string Config(string rest, string version = "3.3.0", string head = "") => $"{{\"ignition\": {{\"version\": \"{version}\"{head}}}, {rest}}}";

    private static string Data(string text) => "data:;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Text(IgnitionFile file) => Encoding.UTF8.GetString(file.Bytes);

    [Test]
    public void Files_FromDataUrls_AreDecoded()
    {
        var zipped = "data:;base64," + Convert.ToBase64String(Bootstraps.Gzip("zipped"));
        var read = Read(Config($$"""
            "storage": {"files": [
              {"path": "/percent", "contents": {"source": "data:,a%20b%0A%C3%A9"} },
              {"path": "/typed", "mode": 384, "contents": {"source": "data:text/plain;charset=utf-8,x"} },
              {"path": "/zipped", "contents": {"source": "{{zipped}}", "compression": "gzip" } },
              {"path": "/appended", "append": [{"source": "data:,one"}, {"source": "data:,two"}]},
              {"path": "/empty"}]}
            """));
        Assert.That(read.Files.Select(f => (f.Path, Text(f), Convert.ToString(f.Mode, 8))), Is.EqualTo(new[]
        {
            ("/percent", "a b\né", "644"), ("/typed", "x", "600"), ("/zipped", "zipped", "644"), ("/appended", "onetwo", "644"), ("/empty", "", "644"),
        }));
    }

    [Test]
    public void Merge_OfParents_LaterWinsAndTheDocumentItselfMost()
    {
        var first = Config("""
            "storage": {"files": [{"path": "/a", "contents": {"source": "data:,1"}}, {"path": "/b", "contents": {"source": "data:,1"}}]},
            "systemd": {"units": [{"name": "x.service", "contents": "[Unit]", "dropins": [{"name": "1.conf", "contents": "one"}]}]}
            """);
        var second = Config("""
            "storage": {"files": [{"path": "/b", "contents": {"source": "data:,2"}}, {"path": "/c", "contents": {"source": "data:,2"}}]}
            """, "3.0.0");
        var whole = Read(Config("""
            "storage": {"files": [{"path": "/c", "contents": {"source": "data:,3"}}]},
            "systemd": {"units": [{"name": "x.service", "enabled": true, "dropins": [{"name": "2.conf", "contents": "two"}]}]}
            """, head: $$""", "config": {"merge": [{"source": "{{Data(first)}}"}, {"source": "{{Data(second)}}"}] } """));
        Assert.That(whole.Files.Select(f => f.Path + Text(f)), Is.EquivalentTo(new[] { "/a1", "/b2", "/c3" }));
        var unit = whole.Units.Single();
        Assert.That((unit.Content, unit.Enabled, string.Join(' ', unit.DropIns.Select(d => d.Content))), Is.EqualTo(("[Unit]", true, "one two")));
    }

    [TestCase("\"storage\": {\"files\": [{\"path\": \"relative\"}]}", "not absolute")]
    [TestCase("\"storage\": {\"files\": [{\"path\": \"/a\", \"mode\": 99999}]}", "mode")]
    [TestCase("\"storage\": {\"files\": [{\"path\": \"/a\", \"contents\": {\"source\": \"https://example.invalid/\"}}]}", "not a data URL")]
    [TestCase("\"storage\": {\"files\": [{\"path\": \"/a\", \"contents\": {\"source\": \"data:;base64,***\"}}]}", "base64")]
    [TestCase("\"systemd\": {\"units\": [{\"name\": \"unit\"}]}", "suffix")]
    [TestCase("\"systemd\": {\"units\": [{\"name\": \"a.service\", \"dropins\": [{\"name\": \"x\"}]}]}", ".conf")]
    [TestCase("\"storage\": {\"files\": 5}", "broken in line")]
    public void Config_Wrong_FailsAsAWhole(string rest, string says) =>
        Assert.That(() => Read(Config(rest)), Throws.TypeOf<UserDataException>().With.Message.Contains(says));

    [TestCase("2.3.0"), TestCase("3.4.0"), TestCase("")]
    public void Version_ThatFlatcarsIgnitionDoesNotKnow_IsRefused(string version) =>
        Assert.That(() => Read(Config("\"storage\": null", version)), Throws.TypeOf<UserDataException>().With.Message.Contains("unsupported config version"));
}
