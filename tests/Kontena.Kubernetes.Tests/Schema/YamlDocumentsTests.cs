using Kontena.Kubernetes.Schema;

namespace Kontena.Kubernetes.Tests.Schema;

public sealed class YamlDocumentsTests
{
    [TestCase("a: 1", """{"a":1}""")]
    [TestCase("a: 0644", """{"a":420}""")]
    [TestCase("a: 0o17", """{"a":15}""")]
    [TestCase("a: 0x1F", """{"a":31}""")]
    [TestCase("a: 0b101", """{"a":5}""")]
    [TestCase("a: 099", """{"a":99}""")]
    [TestCase("a: -7", """{"a":-7}""")]
    [TestCase("a: 1e3", """{"a":1000}""")]
    [TestCase("a: 1.5", """{"a":1.5}""")]
    [TestCase("a: '1'", """{"a":"1"}""")]
    [TestCase("a: yes", """{"a":true}""")]
    [TestCase("a: Off", """{"a":false}""")]
    [TestCase("a: \"yes\"", """{"a":"yes"}""")]
    [TestCase("a:", """{"a":null}""")]
    [TestCase("a: ~", """{"a":null}""")]
    [TestCase("a: 10.0.0.1", """{"a":"10.0.0.1"}""")]
    [TestCase("a: [x, {y: 1}]", """{"a":["x",{"y":1}]}""")]
    [TestCase("a: |\n  one\n  two\n", """{"a":"one\ntwo\n"}""")]
    public void Read_Scalars_AreWhatKubectlSees(string yaml, string expected) =>
        Assert.That(YamlDocuments.Read(yaml).Single().ToJsonString(), Is.EqualTo(expected));

    [TestCase("[", "]")]
    [TestCase("{a: ", "}")]
    public void Read_NestedWithoutEnd_IsRefused(string open, string close)
    {
        var yaml = "a: " + string.Concat(Enumerable.Repeat(open, 30_000)) + string.Concat(Enumerable.Repeat(close, 30_000));
        Assert.That(() => YamlDocuments.Read(yaml), Throws.TypeOf<FormatException>().With.Message.Contains("nested deeper than 64"));
    }

    [Test]
    public void Read_AliasesOfAliases_AreBounded()
    {
        var laughs = "a0: &a0 [x, x]\n" + string.Concat(Enumerable.Range(1, 40).Select(i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n"));
        Assert.That(() => YamlDocuments.Read(laughs), Throws.TypeOf<FormatException>().With.Message.Contains("aliases repeat more than 10000 values"));
        Assert.That(YamlDocuments.Read("a: &a {b: 1}\nc: *a").Single().ToJsonString(), Is.EqualTo("""{"a":{"b":1},"c":{"b":1}}"""));
    }

    [Test]
    public void Read_SeveralDocuments_LeavesOutTheEmptyOnes()
    {
        var documents = YamlDocuments.Read("# heading\n---\na: 1\n---\n---\n# nothing\n---\nb: 2\n");
        Assert.That(documents.Select(d => d.ToJsonString()), Is.EqualTo(new[] { """{"a":1}""", """{"b":2}""" }));
    }

    [TestCase("a: [1", "line ")]
    [TestCase("- a\n- b", "not a mapping")]
    [TestCase("? [a]\n: 1", "a key is not text")]
    [TestCase("a: &x [*x]", "")]
    [TestCase("1: a\n!!str 1: c", "the key 1 is there twice")]
    [TestCase("a: &a [\n? 0 , \"", "line ")]
    public void Read_WhatIsNoManifest_IsRefused(string yaml, string message) =>
        Assert.That(() => YamlDocuments.Read(yaml), Throws.TypeOf<FormatException>().With.Message.Contains(message));

    [Test]
    public void Read_NestedTooDeep_IsRefused() =>
        Assert.That(
            () => YamlDocuments.Read("a: " + new string('[', 70) + new string(']', 70)),
            Throws.TypeOf<FormatException>().With.Message.Contains("nested deeper than 64"));
}
