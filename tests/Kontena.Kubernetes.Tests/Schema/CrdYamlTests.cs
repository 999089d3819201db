using System.Text.Json.Nodes;
using Kontena.Kubernetes.Schema;

namespace Kontena.Kubernetes.Tests.Schema;

public sealed class CrdYamlTests
{
    [Test]
    public void Write_NestedDocument_IsBlockStyleInItsOwnOrder()
    {
        var document = JsonNode.Parse("""{"b":{"one":1,"two":[{"k":"v","l":true},2.5,null]},"a":{},"c":[]}""")!;
        Assert.That(CrdYaml.Write(document), Is.EqualTo("b:\n  one: 1\n  two:\n  - k: v\n    l: true\n  - 2.5\n  - null\na: {}\nc: []\n"));
    }

    [TestCase("plain text", "a: plain text\n")]
    [TestCase("yes", "a: 'yes'\n")]
    [TestCase("Off", "a: 'Off'\n")]
    [TestCase("n", "a: 'n'\n")]
    [TestCase("null", "a: 'null'\n")]
    [TestCase("~", "a: '~'\n")]
    [TestCase("", "a: ''\n")]
    [TestCase("12", "a: '12'\n")]
    [TestCase("-1.5", "a: '-1.5'\n")]
    [TestCase("1e3", "a: '1e3'\n")]
    [TestCase("0x1F", "a: '0x1F'\n")]
    [TestCase("1_000", "a: '1_000'\n")]
    [TestCase("12:30", "a: '12:30'\n")]
    [TestCase(".inf", "a: '.inf'\n")]
    [TestCase("2026-01-02", "a: '2026-01-02'\n")]
    [TestCase("10.0.0.0/8", "a: 10.0.0.0/8\n")]
    [TestCase("5m", "a: 5m\n")]
    public void Write_Text_IsQuotedWhereAReaderWouldSeeSomethingElse(string text, string expected) =>
        Assert.That(CrdYaml.Write(new JsonObject { ["a"] = text }), Is.EqualTo(expected));

    [TestCase("a: b")]
    [TestCase("# not a comment")]
    [TestCase("- not a list")]
    [TestCase("{not: flow}")]
    [TestCase("'quoted'")]
    [TestCase("\"quoted\"")]
    [TestCase(" leading and trailing ")]
    [TestCase("two\nlines")]
    [TestCase("two\nlines\n")]
    [TestCase("tab\there")]
    [TestCase("!tag &anchor *alias")]
    [TestCase("grüße, 世界, 🙂")]
    [TestCase("back\\slash \u0001 control")]
    [TestCase("^([a-z]|[a-z]{2,4}(-[a-z0-9]+)+)$")]
    [TestCase("!has(self.zones) || size(self.zones) == 0")]
    public void Write_AnyText_ReadsBackTheSame(string text)
    {
        var yaml = CrdYaml.Write(new JsonObject { ["a"] = text, [text] = "as a key" });
        var read = YamlDocuments.Read(yaml).Single();
        Assert.That((string?)read["a"], Is.EqualTo(text));
        Assert.That((string?)read[text], Is.EqualTo("as a key"));
    }

    [Test]
    public void Write_EqualParts_AreWrittenOutWithoutAnchors()
    {
        var yaml = CrdYaml.Write(JsonNode.Parse("""{"a":{"k":"v"},"b":{"k":"v"}}""")!);
        Assert.That(yaml, Is.EqualTo("a:\n  k: v\nb:\n  k: v\n"));
    }

    [Test]
    public void Write_LongText_StaysOnOneLine()
    {
        var text = string.Join(' ', Enumerable.Repeat("word", 100));
        Assert.That(CrdYaml.Write(new JsonObject { ["a"] = text }), Is.EqualTo($"a: {text}\n"));
    }
}
