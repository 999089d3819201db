using System.Text.Json.Nodes;
using Kontena.Kubernetes.Schema;

namespace Kontena.Kubernetes.Tests.Schema;

public sealed class UnknownFieldsTests
{
    private static readonly JsonObject schema = JsonNode.Parse(
        """
        {"type":"object","properties":{
          "metadata":{"type":"object"},
          "spec":{"type":"object","properties":{
            "size":{"type":"integer"},
            "labels":{"type":"object","additionalProperties":{"type":"string"}},
            "any":{"type":"object","x-kubernetes-preserve-unknown-fields":true},
            "parts":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"}}}}}}}}
        """)!.AsObject();

    [TestCase("""{"metadata":{"anything":1},"spec":{"size":1,"labels":{"a":"b"},"any":{"deep":{"er":1}},"parts":[{"id":"x"}]}}""", new string[0])]
    [TestCase("""{"spec":{"sise":1}}""", new[] { "spec.sise" })]
    [TestCase("""{"specs":{}}""", new[] { "specs" })]
    [TestCase("""{"spec":{"parts":[{"id":"x"},{"di":"y"}],"z":1}}""", new[] { "spec.parts[1].di", "spec.z" })]
    [TestCase("""{"spec":{"size":{"oops":1}}}""", new[] { "spec.size.oops" })]
    public void In_Document_NamesWhatTheSchemaDoesNotKnow(string document, string[] expected) =>
        Assert.That(UnknownFields.In(JsonNode.Parse(document)!.AsObject(), schema), Is.EqualTo(expected));
}
