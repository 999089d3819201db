using System.Text;
using System.Text.Json.Nodes;
using Kontena.Standalone.FieldOwnership;
using Kontena.Standalone.Json;
using Kontena.Standalone.Schema;

namespace Kontena.Standalone.Tests.FieldOwnership;

public sealed class FieldSetTests
{
    private static readonly StructuralSchema Schema = StructuralSchema.Read(Parse("""
        {"type": "object", "properties": {
          "name": {"type": "string"},
          "free": {"type": "object", "additionalProperties": {"type": "string"}},
          "whole": {"type": "object", "x-kubernetes-map-type": "atomic", "additionalProperties": {"type": "string"}},
          "any": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
          "list": {"type": "array", "items": {"type": "string"}},
          "set": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
          "map": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name", "protocol"], "items": {"type": "object", "properties": {
            "name": {"type": "string"}, "protocol": {"type": "string", "default": "TCP"}, "port": {"type": "integer"}}}}}}
        """));

    [TestCase("""{"f:spec":{"f:replicas":{}}}""")]
    [TestCase("""{"f:spec":{".":{},"f:ports":{"k:{\"name\":\"x\",\"port\":80}":{".":{},"f:port":{}}},"f:tags":{"v:\"a\"":{},"v:1":{}}}}""")]
    public void FieldsV1_ReadAndWritten_IsTheSame(string fields) =>
        Assert.That(JsonText.SerializeToString(FieldSet.FromFieldsV1(Parse(fields)).ToFieldsV1()), Is.EqualTo(fields));

    [Test]
    public void FieldsV1_OtherwiseWrittenKey_IsTheSameField() => Assert.That(
        FieldSet.FromFieldsV1(Parse("""{"k:{ \"b\" : 1, \"a\": \"x\" }":{}}""")).ToFieldsV1().Single().Key, Is.EqualTo("""k:{"a":"x","b":1}"""));

    [TestCase("""{"spec":{}}""")]
    [TestCase("""{"f:spec":1}""")]
    [TestCase("""{"k:{":{}}""")]
    [TestCase("""{"k:1":{}}""")]
    [TestCase("""{"v:":{}}""")]
    public void FieldsV1_Nonsense_IsRefused(string fields) => Assert.Throws<FormatException>(() => FieldSet.FromFieldsV1(Parse(fields)));

    [TestCase("""{"name": "x"}""", """{"f:name":{}}""")]
    [TestCase("""{"free": {"a": "1"}}""", """{"f:free":{"f:a":{}}}""")]
    [TestCase("""{"free": {}}""", """{"f:free":{}}""")]
    [TestCase("""{"whole": {"a": "1"}}""", """{"f:whole":{}}""")]
    [TestCase("""{"any": {"a": {"b": 1}, "c": [1]}}""", """{"f:any":{"f:a":{".":{},"f:b":{}},"f:c":{}}}""")]
    [TestCase("""{"list": ["a"]}""", """{"f:list":{}}""")]
    [TestCase("""{"set": ["b", "a"]}""", """{"f:set":{"v:\"a\"":{},"v:\"b\"":{}}}""")]
    [TestCase("""{"set": []}""", "{}")]
    [TestCase("""{"map": [{"name": "x", "port": 80}]}""", """{"f:map":{"k:{\"name\":\"x\",\"protocol\":\"TCP\"}":{".":{},"f:name":{},"f:port":{}}}}""")]
    public void Mentioned_ByKindOfField_IsWhatKubernetesOwns(string config, string fields) =>
        Assert.That(JsonText.SerializeToString(ObjectFieldSets.Mentioned(Parse(config), Schema).ToFieldsV1()), Is.EqualTo(fields));

    [TestCase("[a b c]", "[]", "[a b c]", Description = "nothing said")]
    [TestCase("[a b]", "[c b]", "[a c b]")]
    [TestCase("[a b c]", "[c a]", "[b c a]")]
    [TestCase("[1 a 2 b 3]", "[b a]", "[1 2 b 3 a]")]
    [TestCase("[a b]", "[x a y b z]", "[x a y b z]")]
    public void Merge_SetsInAnyOrder_KeepsTheConfigurationsOrder(string live, string config, string merged)
    {
        var result = ObjectMerge.Merge(Set(live), Set(config), Schema)!["set"]!.AsArray();
        Assert.That($"[{string.Join(' ', result.Select(i => $"{i}"))}]", Is.EqualTo(merged));

        static JsonObject Set(string items) => new() { ["set"] = new JsonArray([.. items.Trim('[', ']').Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(i => (JsonNode?)i)]) };
    }

    [Test]
    public void Between_ValueThatBecameAnObject_IsAChangeOfBoth()
    {
        var changes = ObjectFieldSets.Between(Parse("""{"any": {"a": 1}}"""), Parse("""{"any": {"a": {"b": 1}}}"""), Schema);
        Assert.That((string.Join(' ', changes.Modified.Paths()), string.Join(' ', changes.Added.Paths()), changes.Removed.IsEmpty), Is.EqualTo((".any.a", ".any.a.b", true)));
    }

    [Test]
    public void Without_FieldThatIsNowOneWhole_TakesWhatWasBelowIt()
    {
        var granular = FieldSet.FromFieldsV1(Parse("""{"f:list":{"v:\"a\"":{}},"f:name":{}}"""));
        Assert.That(JsonText.SerializeToString(granular.Without(FieldSet.Path("f:list")).ToFieldsV1()), Is.EqualTo("""{"f:name":{}}"""));
    }

    private static JsonObject Parse(string json) => JsonText.ParseObject(Encoding.UTF8.GetBytes(json));
}
