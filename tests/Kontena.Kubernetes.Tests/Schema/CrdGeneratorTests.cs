using System.Text.Json.Nodes;
using Kontena.Kubernetes.Schema;

namespace Kontena.Kubernetes.Tests.Schema;

public sealed class CrdGeneratorTests
{
    private readonly GadgetSource source = new();

    [TestCase("name", """{"type":"string"}""")]
    [TestCase("size", """{"type":"integer","format":"int32"}""")]
    [TestCase("bytes", """{"type":"integer","format":"int64"}""")]
    [TestCase("ratio", """{"type":"number","format":"double"}""")]
    [TestCase("on", """{"type":"boolean"}""")]
    [TestCase("since", """{"type":"string","format":"date-time"}""")]
    [TestCase("colour", """{"type":"string","enum":["Red","dark-blue"]}""")]
    [TestCase("tags", """{"type":"array","x-kubernetes-list-type":"atomic","items":{"type":"string"}}""")]
    [TestCase("labels", """{"type":"object","additionalProperties":{"type":"string"}}""")]
    [TestCase("anything", """{"type":"object","x-kubernetes-preserve-unknown-fields":true}""")]
    [TestCase("ownerUID", """{"type":"string"}""")]
    [TestCase("roleARN", """{"type":"string"}""")]
    public void Generate_PropertyWithoutFacts_FollowsItsType(string field, string expected) =>
        Assert.That(Field(field).ToJsonString(), Is.EqualTo(expected));

    [Test]
    public void Generate_IgnoredProperty_IsLeftOut() =>
        Assert.That(Spec()["properties"]!.AsObject().Select(p => p.Key), Has.None.EqualTo("derived"));

    [Test]
    public void Generate_Properties_KeepTheOrderOfTheSource() =>
        Assert.That(
            Spec()["properties"]!.AsObject().Select(p => p.Key).Take(4),
            Is.EqualTo(new[] { "name", "size", "bytes", "ratio" }));

    [Test]
    public void Generate_TextWithBounds_WritesThem()
    {
        source.Fields["Name"] = new FieldFacts
        {
            Description = "What it is called.",
            Required = true,
            MinLength = 1,
            MaxLength = 63,
            Pattern = "^[a-z]+$",
            AllowedValues = ["a", "b"],
        };
        Assert.That(Field("name").ToJsonString(), Is.EqualTo(
            """{"description":"What it is called.","type":"string","enum":["a","b"],"minLength":1,"maxLength":63,"pattern":"^[a-z]\u002B$"}"""));
        Assert.That(Spec()["required"]!.ToJsonString(), Is.EqualTo("""["name"]"""));
    }

    [Test]
    public void Generate_NumberWithBoundsAndDefault_WritesThem()
    {
        source.Fields["Size"] = new FieldFacts { Minimum = 0, Maximum = 5000, Default = 3 };
        source.Fields["Ratio"] = new FieldFacts { Minimum = 0.5m };
        Assert.That(Field("size").ToJsonString(), Is.EqualTo("""{"type":"integer","format":"int32","minimum":0,"maximum":5000,"default":3}"""));
        Assert.That(Field("ratio").ToJsonString(), Is.EqualTo("""{"type":"number","format":"double","minimum":0.5}"""));
    }

    [Test]
    public void Generate_IntOrString_AllowsBothAndNamesNoType()
    {
        source.Fields["MaxUnavailable"] = new FieldFacts { IntOrString = true, Default = 0 };
        Assert.That(Field("maxUnavailable").ToJsonString(), Is.EqualTo(
            """{"x-kubernetes-int-or-string":true,"anyOf":[{"type":"integer"},{"type":"string"}],"default":0}"""));
    }

    [Test]
    public void Generate_ListMap_NamesItsKey()
    {
        source.Fields["Parts"] = new FieldFacts { ListMapKey = "id", MaxLength = 8 };
        source.Fields["Id"] = new FieldFacts { Required = true };
        Assert.That(Field("parts").ToJsonString(), Is.EqualTo(
            """{"type":"array","maxItems":8,"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["id"],"items":{"type":"object","required":["id"],"properties":{"id":{"type":"string"}}}}"""));
    }

    [Test]
    public void Generate_SetAndMap_BoundTheirItems()
    {
        source.Fields["Tags"] = new FieldFacts { ListSet = true, MinLength = 1, MaxLength = 5, ItemMaxLength = 9, ItemPattern = "^a" };
        source.Fields["Labels"] = new FieldFacts { MaxLength = 40, ItemMaxLength = 256 };
        Assert.That(Field("tags").ToJsonString(), Is.EqualTo(
            """{"type":"array","minItems":1,"maxItems":5,"x-kubernetes-list-type":"set","items":{"type":"string","maxLength":9,"pattern":"^a"}}"""));
        Assert.That(Field("labels").ToJsonString(), Is.EqualTo(
            """{"type":"object","maxProperties":40,"additionalProperties":{"type":"string","maxLength":256}}"""));
    }

    [Test]
    public void Generate_Immutable_ComparesWithTheOldValue()
    {
        source.Fields["Name"] = new FieldFacts { Required = true, Immutable = new ImmutableFacts("fixed", Presence.Fixed) };
        Assert.That(Rules(Field("name")), Is.EqualTo(new[] { "self == oldSelf" }));
        Assert.That(Rules(Spec()), Is.Empty, "a required field cannot come or go");
    }

    [TestCase(Presence.Free, new string[0])]
    [TestCase(Presence.Kept, new[] { "!has(oldSelf.ownerUID) || has(self.ownerUID)" })]
    [TestCase(Presence.Fixed, new[] { "has(oldSelf.ownerUID) == has(self.ownerUID)" })]
    public void Generate_OptionalImmutable_GuardsItsPresenceFromTheParent(Presence presence, string[] expected)
    {
        source.Fields["OwnerUID"] = new FieldFacts { Immutable = new ImmutableFacts("fixed", presence) };
        Assert.That(Rules(Spec()), Is.EqualTo(expected));
    }

    [Test]
    public void Generate_Union_CountsItsProperties()
    {
        source.Types[typeof(GadgetChoice)] = new TypeFacts { Union = new UnionFacts("one", "never another") };
        Assert.That(Rules(Field("choice")), Is.EqualTo(new[]
        {
            "(has(self.left) ? 1 : 0) + (has(self.right) ? 1 : 0) == 1",
            "has(self.left) == has(oldSelf.left) && has(self.right) == has(oldSelf.right)",
        }));
    }

    [Test]
    public void Generate_RuleWithPathAndReason_WritesBoth()
    {
        source.Types[typeof(GadgetChoice)] = new TypeFacts { Rules = [new CelRule("has(self.left)", "left is needed", ".left", "FieldValueRequired")] };
        Assert.That(Field("choice")["x-kubernetes-validations"]!.ToJsonString(), Is.EqualTo(
            """[{"rule":"has(self.left)","message":"left is needed","fieldPath":".left","reason":"FieldValueRequired"}]"""));
    }

    [Test]
    public void Generate_NameRule_BlamesTheName()
    {
        source.Kind = source.Kind with { NameRule = new CelRule("size(self.metadata.name) <= 40", "too long") };
        var root = Root();
        Assert.That(root["x-kubernetes-validations"]!.ToJsonString(), Is.EqualTo(
            """[{"rule":"size(self.metadata.name) \u003C= 40","message":"too long","fieldPath":".metadata.name"}]"""));
        Assert.That(root["properties"]!["metadata"]!.ToJsonString(), Is.EqualTo("""{"type":"object","properties":{"name":{"type":"string"}}}"""));
    }

    [Test]
    public void Generate_Status_NeverReadsAsCurrentWhenNew() =>
        Assert.That(Root()["properties"]!["status"]!["default"]!.ToJsonString(), Is.EqualTo("""{"observedGeneration":-1}"""));

    [Test]
    public void Generate_NamesScaleAndColumns_StandInTheDefinition()
    {
        source.Kind = source.Kind with
        {
            Scale = new ScaleFacts(".spec.size", ".status.size", ".status.selector"),
            Columns = [new PrinterColumn("Size", "integer", ".spec.size", "How big.", 1), new PrinterColumn("Age", "date", ".metadata.creationTimestamp")],
        };
        var crd = Generate();
        var version = crd["spec"]!["versions"]![0]!;
        Assert.That((string?)crd["metadata"]!["name"], Is.EqualTo("gadgets.example.io"));
        Assert.That(crd["spec"]!["names"]!.ToJsonString(), Is.EqualTo(
            """{"kind":"Gadget","listKind":"GadgetList","plural":"gadgets","singular":"gadget","shortNames":["gt"],"categories":["all"]}"""));
        Assert.That(version["subresources"]!.ToJsonString(), Is.EqualTo(
            """{"status":{},"scale":{"specReplicasPath":".spec.size","statusReplicasPath":".status.size","labelSelectorPath":".status.selector"}}"""));
        Assert.That(version["additionalPrinterColumns"]!.ToJsonString(), Is.EqualTo(
            """[{"name":"Size","type":"integer","jsonPath":".spec.size","description":"How big.","priority":1},{"name":"Age","type":"date","jsonPath":".metadata.creationTimestamp"}]"""));
    }

    [Test]
    public void Generate_RequiredWithDefault_IsRefused()
    {
        source.Fields["Name"] = new FieldFacts { Required = true, Default = "x" };
        Assert.That(Generate, Throws.InvalidOperationException.With.Message.Contains("GadgetSpec.Name"));
    }

    [TestCase(typeof(Endless), "Endless.Next")]
    [TestCase(typeof(Unwritable), "Unwritable.Wait")]
    public void Generate_TypeWithoutPlaceInASchema_NamesTheProperty(Type spec, string where) =>
        Assert.That(() => new CrdGenerator(source).Generate(spec), Throws.TypeOf<NotSupportedException>().With.Message.Contains(where));

    private JsonObject Generate() => new CrdGenerator(source).Generate(typeof(GadgetSpec));

    private JsonNode Root() => Generate()["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!;

    private JsonNode Spec() => Root()["properties"]!["spec"]!;

    private JsonNode Field(string name) => Spec()["properties"]![name]!;

    private static IEnumerable<string?> Rules(JsonNode schema) =>
        schema["x-kubernetes-validations"]?.AsArray().Select(r => (string?)r!["rule"]) ?? [];
}
