using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Standalone.Json;
using Kontena.Standalone.Schema;

namespace Kontena.Standalone.Tests.Schema;

public sealed class SchemaTests
{
    [TestCase("""{"type":"object","properties":{"a":{"type":"integer","default":1}}}""", "{}", """{"a":1}""")]
    [TestCase("""{"type":"object","properties":{"a":{"type":"integer","default":1}}}""", """{"a":null}""", """{"a":1}""")]
    [TestCase("""{"type":"object","properties":{"a":{"type":"integer","default":1,"nullable":true}}}""", """{"a":null}""", """{"a":null}""")]
    [TestCase("""{"type":"object","properties":{"a":{"type":"integer"}}}""", """{"a":null}""", "{}")]
    [TestCase("""{"type":"object","properties":{"a":{"type":"object","default":{},"properties":{"b":{"type":"string","default":"x"}}}}}""", "{}", """{"a":{"b":"x"}}""")]
    [TestCase("""{"type":"object","properties":{"a":{"type":"object","properties":{"b":{"type":"string","default":"x"}}}}}""", "{}", "{}")]
    [TestCase("""{"type":"object","properties":{"a":{"type":"array","items":{"type":"object","properties":{"b":{"default":2}}}}}}""", """{"a":[{},{"b":3}]}""", """{"a":[{"b":2},{"b":3}]}""")]
    [TestCase("""{"type":"object","additionalProperties":{"type":"object","properties":{"b":{"default":2}}}}""", """{"k":{}}""", """{"k":{"b":2}}""")]
    public void Defaulting_Cases_FillIn(string schema, string document, string result)
    {
        var node = Parse(document);
        Defaulting.Apply(node, Read(schema));
        Assert.That(JsonText.SerializeToString(node), Is.EqualTo(result));
    }

    [TestCase("""{"type":"object","properties":{"a":{"type":"string"}}}""", """{"a":"x","b":1}""", """{"a":"x"}""", "b")]
    [TestCase("""{"type":"object","x-kubernetes-preserve-unknown-fields":true,"properties":{"a":{"type":"object"}}}""", """{"a":{"c":1},"b":{"d":1}}""", """{"a":{},"b":{"d":1}}""", "a.c")]
    [TestCase("""{"type":"object","additionalProperties":{"type":"object","properties":{"a":{}}}}""", """{"k":{"a":1,"b":2}}""", """{"k":{"a":1}}""", "k.b")]
    [TestCase("""{"type":"object","properties":{"l":{"type":"array","items":{"type":"object","properties":{"a":{}}}}}}""", """{"l":[{"a":1},{"b":2}]}""", """{"l":[{"a":1},{}]}""", "l[1].b")]
    [TestCase("""{"type":"object","additionalProperties":true}""", """{"k":{"a":1}}""", """{"k":{"a":1}}""", "")]
    public void Pruning_Cases_RemoveAndReport(string schema, string document, string result, string removed)
    {
        var node = Parse(document);
        Assert.That(string.Join(' ', Pruning.Prune(node, Read(schema))), Is.EqualTo(removed));
        Assert.That(JsonText.SerializeToString(node), Is.EqualTo(result));
    }

    [TestCase("date-time", "2026-01-02T03:04:05Z", true)]
    [TestCase("date-time", "2026-01-02T03:04:05.123456+02:00", true)]
    [TestCase("date-time", "2026-01-02", false)]
    [TestCase("date-time", "2026-13-02T03:04:05Z", false)]
    [TestCase("ipv4", "10.0.0.1", true)]
    [TestCase("ipv4", "10.1", false)]
    [TestCase("ipv4", "::1", false)]
    [TestCase("ipv6", "::1", true)]
    [TestCase("cidr", "10.0.0.1/8", true)]
    [TestCase("cidr", "fd00::/8", true)]
    [TestCase("cidr", "10.0.0.0/33", false)]
    [TestCase("cidr", "10.0.0.0", false)]
    [TestCase("uuid", "123e4567-e89b-12d3-a456-426614174000", true)]
    [TestCase("uuid", "x", false)]
    [TestCase("byte", "aGk=", true)]
    [TestCase("byte", "?", false)]
    [TestCase("hostname", "a.example.test", true)]
    [TestCase("hostname", "-a", false)]
    [TestCase("anything-else", "x", true)]
    public void Formats_Texts_AreChecked(string format, string text, bool holds) =>
        Assert.That(Formats.Holds(format, JsonValue.Create(text)), Is.EqualTo(holds));

    [TestCase("2147483647", true)]
    [TestCase("2147483648", false)]
    public void Formats_Int32_HasBounds(string number, bool holds) =>
        Assert.That(Formats.Holds("int32", Parse(number)!), Is.EqualTo(holds));

    [TestCase("""{"oneOf":[{"required":["a"]},{"required":["b"]}]}""", """{"a":1}""", 0)]
    [TestCase("""{"oneOf":[{"required":["a"]},{"required":["b"]}]}""", """{"a":1,"b":1}""", 1)]
    [TestCase("""{"anyOf":[{"required":["a"]},{"required":["b"]}]}""", """{"c":1}""", 2)]
    [TestCase("""{"allOf":[{"required":["a"]},{"required":["b"]}]}""", "{}", 2)]
    [TestCase("""{"not":{"required":["a"]}}""", """{"a":1}""", 1)]
    [TestCase("""{"properties":{"a":{"type":"number","multipleOf":0.1}}}""", """{"a":0.3}""", 0)]
    [TestCase("""{"properties":{"a":{"type":"number","multipleOf":2}}}""", """{"a":3}""", 1)]
    [TestCase("""{"properties":{"a":{"type":"integer"}}}""", """{"a":3.0}""", 0)]
    [TestCase("""{"properties":{"a":{"type":"string","maxLength":1}}}""", """{"a":"😀"}""", 0)]
    [TestCase("""{"properties":{"a":{"type":"string"}}}""", """{"a":null}""", 1)]
    [TestCase("""{"minProperties":1}""", "{}", 1)]
    [TestCase("""{"properties":{"a":{"type":"array","uniqueItems":true,"items":{}}}}""", """{"a":[{"x":1},{"x":1}]}""", 1)]
    public void Validation_Cases_CountFaults(string schema, string document, int faults) =>
        Assert.That(SchemaValidation.Validate(Parse(document), Read(schema)).Select(e => e.ToString()).ToList(), Has.Count.EqualTo(faults));

    [Test]
    public void JsonText_Duplicates_AreNamedAndTheLastWins()
    {
        var duplicates = new List<string>();
        var parsed = JsonText.ParseObject("""{"a":1,"l":[{"b":1,"b":2}],"a":3}"""u8, duplicates);
        Assert.That(duplicates, Is.EqualTo(new[] { "l[0].b", "a" }));
        Assert.That(JsonText.SerializeToString(parsed), Is.EqualTo("""{"a":3,"l":[{"b":2}]}"""));
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("{} {}")]
    [TestCase("{\"a\":1e999}")]
    [TestCase("{\"a\":\"\\ud800\"}")]
    public void JsonText_NotAnObject_IsAJsonException(string text) =>
        Assert.That(() => JsonText.ParseObject(Encoding.UTF8.GetBytes(text)), Throws.InstanceOf<JsonException>());

    [Test]
    public void JsonText_TooDeep_IsAJsonException() =>
        Assert.That(() => JsonText.Parse(Encoding.UTF8.GetBytes(new string('[', 200) + new string(']', 200))), Throws.InstanceOf<JsonException>());

    private static JsonNode? Parse(string text) => JsonText.Parse(Encoding.UTF8.GetBytes(text));

    private static StructuralSchema Read(string text) => StructuralSchema.Read((JsonObject)Parse(text)!);
}
