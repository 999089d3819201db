using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Schema;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Tests.Resources;

public sealed class CustomResourcesTests
{
    public static IEnumerable<TestCaseData> Crds =>
        CustomResources.All().Select(crd => new TestCaseData(crd).SetArgDisplayNames((string)crd["metadata"]!["name"]!));

    public static IEnumerable<PropertyInfo> Properties =>
        new[] { typeof(NodePoolSpec), typeof(NodePoolStatus), typeof(KontenaNodeSpec), typeof(KontenaNodeStatus), typeof(GridSpec), typeof(GridStatus) }
            .SelectMany(RecordsFrom).Distinct().SelectMany(JsonNames.Properties);

    public static IEnumerable<PropertyInfo> PropertiesWithDefault => Properties.Where(p => new CoreSchemaSource().Field(p).Default is not null);

    [Test]
    public void All_Kinds_AreOurs() =>
        Assert.That(
            CustomResources.All().Select(c => (string?)c["metadata"]!["name"]),
            Is.EqualTo(new[] { "nodepools.kontena.io", "kontenanodes.kontena.io", "grids.kontena.io" }));

    [Test]
    public void All_Twice_IsTheSameText()
    {
        var first = CustomResources.All().Select(CrdYaml.Write).ToList();
        Assert.That(CustomResources.All().Select(CrdYaml.Write), Is.EqualTo(first));
    }

    [TestCaseSource(nameof(Crds))]
    public void Schema_EveryField_IsDescribed(JsonObject crd) =>
        Assert.That(
            SchemaWalk.Of(crd).Where(s => !s.Path.EndsWith("[]", StringComparison.Ordinal) && !s.Path.StartsWith("metadata", StringComparison.Ordinal))
                .Where(s => string.IsNullOrWhiteSpace((string?)s.Schema["description"])).Select(s => s.Path),
            Is.Empty, "kubectl explain would show nothing");

    [TestCaseSource(nameof(Crds))]
    public void Schema_IsStructural(JsonObject crd)
    {
        foreach (var (path, schema) in SchemaWalk.Of(crd))
        {
            Assert.That(schema["type"] is not null || schema["x-kubernetes-int-or-string"] is not null, path);
            Assert.That(schema["$ref"] ?? schema["nullable"], Is.Null, path);
        }
    }

    [TestCaseSource(nameof(Crds))]
    public void Schema_EveryCollection_IsBounded(JsonObject crd)
    {
        // The API server refuses a CRD whose CEL rules might run over too much, and estimates by these bounds.
        var open = SchemaWalk.Of(crd).Where(s => s.Path.StartsWith("spec", StringComparison.Ordinal)).Where(s =>
            (s.Schema["items"] is not null && s.Schema["maxItems"] is null) ||
            (s.Schema["additionalProperties"] is not null && s.Schema["maxProperties"] is null) ||
            (s.Path.EndsWith("[]", StringComparison.Ordinal) && (string?)s.Schema["type"] == "string" && s.Schema["maxLength"] is null));
        Assert.That(open.Select(s => s.Path), Is.Empty);
    }

    [TestCaseSource(nameof(Properties))]
    public void Record_RequiredInCSharp_IsRequiredInTheSchema(PropertyInfo property) =>
        Assert.That(
            property.GetCustomAttribute<RequiredMemberAttribute>() is not null,
            Is.EqualTo(property.GetCustomAttribute<RequiredAttribute>() is not null),
            "what passes the schema must be readable, and what is readable must pass");

    [TestCaseSource(nameof(PropertiesWithDefault))]
    public void Record_InitialValue_IsTheDefaultOfTheSchema(PropertyInfo property)
    {
        var facts = new CoreSchemaSource().Field(property);
        var owner = property.DeclaringType!;
        var minimal = JsonSerializer.Deserialize(Minimal(owner).ToJsonString(), owner, KontenaJson.Options);
        var value = JsonSerializer.SerializeToNode(property.GetValue(minimal), property.PropertyType, KontenaJson.Options);
        // A default of {} is filled by the defaults within it.
        var expected = facts.Default is JsonObject { Count: 0 } ? JsonSerializer.SerializeToNode(Activator.CreateInstance(property.PropertyType), KontenaJson.Options) : facts.Default;
        Assert.That(JsonNode.DeepEquals(value, expected), $"{value?.ToJsonString()} is not {expected?.ToJsonString()}");
    }

    // The required properties of a record, with values of the right form.
    private static JsonObject Minimal(Type record) => new(
        JsonNames.Properties(record).Where(p => p.GetCustomAttribute<RequiredAttribute>() is not null)
            .Select(p => KeyValuePair.Create(JsonNames.Of(p), Sample(p.PropertyType))));

    private static JsonNode? Sample(Type type) => type switch
    {
        _ when type == typeof(string) => "x",
        _ when type == typeof(int) => 1,
        _ when type == typeof(DateTimeOffset) => "2026-01-02T03:04:05Z",
        _ when type == typeof(IReadOnlyList<string>) => new JsonArray(),
        _ => Minimal(type),
    };

    private static IEnumerable<Type> RecordsFrom(Type root) =>
        JsonNames.Properties(root).Select(p => p.PropertyType)
            .Select(t => t.IsGenericType && t.GetGenericArguments()[^1] is { } item ? item : t)
            .Where(t => t.IsClass && t != typeof(string))
            .SelectMany(RecordsFrom)
            .Prepend(root);
}
