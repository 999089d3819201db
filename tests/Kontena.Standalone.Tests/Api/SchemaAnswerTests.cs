using System.Text.Json.Nodes;
using Kontena.Standalone.Tests.Support;

namespace Kontena.Standalone.Tests.Api;

/// <summary>What the server says about documents that do not fit, over HTTP.</summary>
public sealed class SchemaAnswerTests
{
    private TestServer server = null!;

    [SetUp]
    public async Task StartAsync() => server = await TestServer.StartAsync(o => o with { Rules = new NoLargeRed() });

    [TearDown]
    public Task StopAsync() => server.DisposeAsync().AsTask();

    [TestCase("\"replicas\": -1", "FieldValueInvalid", "spec.replicas: Invalid value: -1: spec.replicas in body should be greater than or equal to 0")]
    [TestCase("\"replicas\": 101", "FieldValueInvalid", "spec.replicas: Invalid value: 101: spec.replicas in body should be less than or equal to 100")]
    [TestCase("\"replicas\": \"3\"", "FieldValueTypeInvalid", "spec.replicas: Invalid value: \"string\": spec.replicas in body must be of type integer: \"string\"")]
    [TestCase("\"replicas\": 1.5", "FieldValueTypeInvalid", "spec.replicas: Invalid value: \"number\": spec.replicas in body must be of type integer: \"number\"")]
    [TestCase("\"size\": \"xx\"", "FieldValueNotSupported", "spec.size: Unsupported value: \"xx\": supported values: \"small\", \"large\"")]
    [TestCase("\"budget\": true", "FieldValueTypeInvalid", "spec.budget: Invalid value: \"boolean\": spec.budget in body must be of type integer,string: \"boolean\"")]
    [TestCase("\"title\": \"a\"", "FieldValueInvalid", "spec.title: Invalid value: \"a\": spec.title in body should be at least 2 chars long")]
    [TestCase("\"title\": \"abcdefghijklm\"", "FieldValueTooLong", "spec.title: Too long: may not be more than 12 bytes")]
    [TestCase("\"title\": \"ABC\"", "FieldValueInvalid", "spec.title: Invalid value: \"ABC\": spec.title in body should match '^[a-z]+$'")]
    [TestCase("\"title\": \"abc\\n\"", "FieldValueInvalid", "spec.title: Invalid value: \"abc\\n\": spec.title in body should match '^[a-z]+$'")]
    [TestCase("\"since\": \"yesterday\"", "FieldValueTypeInvalid", "spec.since: Invalid value: \"yesterday\": spec.since in body must be of type date-time: \"yesterday\"")]
    [TestCase("\"ratio\": 0", "FieldValueInvalid", "spec.ratio: Invalid value: 0: spec.ratio in body should be greater than 0")]
    [TestCase("\"ports\": []", "FieldValueInvalid", "spec.ports: Invalid value: 0: spec.ports in body should have at least 1 items")]
    [TestCase("\"ports\": [{\"name\": \"a\"}]", "FieldValueRequired", "spec.ports[0].port: Required value")]
    [TestCase("\"tags\": [\"a\", \"a\"]", "FieldValueDuplicate", "spec.tags[1]: Duplicate value: \"a\"")]
    [TestCase("\"tags\": [\"a\", \"b\", \"c\", \"d\"]", "FieldValueTooMany", "spec.tags: Too many: 4: must have at most 3 items")]
    [TestCase("\"labels\": {\"a\": \"1\", \"b\": \"2\", \"c\": \"3\"}", "FieldValueTooMany", "spec.labels: Too many: 3: must have at most 2 items")]
    [TestCase("\"labels\": {\"a\": 1}", "FieldValueTypeInvalid", "spec.labels.a: Invalid value: \"integer\": spec.labels.a in body must be of type string: \"integer\"")]
    [TestCase("\"ports\": [{\"name\": \"a\", \"port\": 1}, {\"name\": \"a\", \"port\": \"2\"}]", "FieldValueDuplicate", "spec.ports[1]: Duplicate value: {\"name\":\"a\",\"protocol\":\"TCP\"}")]
    [TestCase("\"size\": \"large\", \"colour\": \"red\"", "FieldValueForbidden", "spec.colour: Invalid value: large widgets must not be red")]
    public async Task Create_ThatDoesNotFit_IsInvalidWithReasonAndSentence(string spec, string reason, string sentence)
    {
        var answer = await server.PostAsync(Widgets.Path, Widgets.Text("n1", spec));
        Assert.That((answer.Code, answer.Reason), Is.EqualTo((422, "Invalid")), answer.Text);
        Assert.That(answer.Message, Is.EqualTo($"Widget.example.test \"n1\" is invalid: {sentence}"));
        Assert.That(answer.Body["details"]!["causes"]![0]!["reason"]!.GetValue<string>(), Is.EqualTo(reason));
        Assert.That(answer.At("details.kind"), Is.EqualTo("\"Widget\""));
    }

    [Test]
    public async Task Create_SeveralFaults_AreAllListed()
    {
        var answer = await server.PostAsync(Widgets.Path, Widgets.Text("n1", "\"replicas\": -1, \"size\": \"xx\""));
        Assert.That(answer.Message, Does.StartWith("Widget.example.test \"n1\" is invalid: [spec.replicas: ").And.EndWith("]"));
        Assert.That(answer.Causes, Is.EqualTo(new[] { "FieldValueInvalid spec.replicas", "FieldValueNotSupported spec.size" }));
    }

    [Test]
    public async Task Create_NoSpec_IsRequired()
    {
        var answer = await server.PostAsync(Widgets.Path, """{"apiVersion":"example.test/v1alpha1","kind":"Widget","metadata":{"name":"n1"}}""");
        Assert.That(answer.Message, Is.EqualTo("Widget.example.test \"n1\" is invalid: spec: Required value"));
    }

    [Test]
    public async Task FieldValidation_UnknownAndDuplicate_StrictWarnIgnore()
    {
        var text = Widgets.Text("n1", "\"replicas\": 1, \"replicas\": 2, \"bogus\": 1, \"extra\": {\"any\": {\"thing\": 1}}");
        var strict = await server.PostAsync($"{Widgets.Path}?fieldValidation=Strict", text);
        Assert.That((strict.Code, strict.Message), Is.EqualTo((400,
            "Widget in version \"v1alpha1\" cannot be handled as a Widget: strict decoding error: duplicate field \"spec.replicas\", unknown field \"spec.bogus\"")));
        var warn = await server.PostAsync($"{Widgets.Path}?fieldValidation=Warn&dryRun=All", text);
        Assert.That((warn.Code, warn.Warnings), Is.EqualTo((201, new[]
        {
            "299 - \"duplicate field \\\"spec.replicas\\\"\"", "299 - \"unknown field \\\"spec.bogus\\\"\"",
        })));
        var ignore = await server.PostAsync($"{Widgets.Path}?fieldValidation=Ignore", text);
        Assert.That((ignore.Code, ignore.Warnings.Count, ignore.At("spec.bogus"), ignore.At("spec.replicas"), ignore.At("spec.extra")),
            Is.EqualTo((201, 0, "(absent)", "2", """{"any":{"thing":1}}""")));
    }

    [Test]
    public async Task Rules_OnUpdate_SeeOldAndSubresource()
    {
        await server.CreateWidgetAsync("n1", "\"colour\": \"blue\"");
        var locked = await server.MergeAsync($"{Widgets.Path}/n1", """{"spec":{"colour":"green"}}""");
        Assert.That((locked.Code, string.Join(';', locked.Causes)), Is.EqualTo((422, "FieldValueInvalid spec.colour")));
        Assert.That((await server.MergeAsync($"{Widgets.Path}/n1/status", """{"status":{"replicas":666}}""")).Causes, Is.EqualTo(new[] { "FieldValueInvalid status.replicas" }));
    }

    [Test]
    public async Task Crd_MadeStricter_LeavesUnchangedValuesInPeace()
    {
        await server.CreateWidgetAsync("n1", "\"replicas\": 50");
        const string Maximum = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/replicas/maximum";
        var crd = await server.JsonPatchAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.test",
            $$"""[{"op":"replace","path":"{{Maximum}}","value":10}]""");
        Assert.That((crd.Code, crd.At("metadata.generation")), Is.EqualTo((200, "2")), crd.Text);
        Assert.That((await server.MergeAsync($"{Widgets.Path}/n1", """{"metadata":{"labels":{"a":"b"}}}""")).Code, Is.EqualTo(200));
        Assert.That((await server.MergeAsync($"{Widgets.Path}/n1", """{"spec":{"replicas":49}}""")).Code, Is.EqualTo(422));
    }

    [TestCase("\"name\": \"wrong.example.test\"", "metadata.name")]
    [TestCase("\"scope\": \"Everywhere\"", "spec.scope")]
    [TestCase("\"jsonPath\": \"..x\"", "spec.versions[0]")]
    [TestCase("\"pattern\": \"(\"", "spec.validation.openAPIV3Schema.properties[spec].properties[title].pattern")]
    [TestCase("\"storage\": false", "spec.versions")]
    public async Task Crd_ThatCannotBeServed_IsInvalid(string change, string field)
    {
        var crd = Widgets.Crd().ToJsonString().Replace("widget", "gadget", StringComparison.Ordinal).Replace("Widget", "Gadget", StringComparison.Ordinal);
        var name = change.Split(':')[0].Trim('"');
        var old = System.Text.RegularExpressions.Regex.Match(crd, $"\"{name}\":(\"(\\\\.|[^\"])*\"|true)").Value;
        var at = crd.IndexOf(old, StringComparison.Ordinal);
        var answer = await server.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd[..at] + change + crd[(at + old.Length)..]);
        Assert.That(answer.Code, Is.EqualTo(422), answer.Text);
        Assert.That(answer.Causes.First(), Does.EndWith($" {field}"));
    }

    [Test]
    public async Task Secret_Forms_AreConvertedAndGuarded()
    {
        const string Path = "/api/v1/namespaces/default/secrets";
        var created = await server.PostAsync(Path, """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"stringData":{"a":"x"},"data":{"b":"eQ=="},"immutable":true}""");
        Assert.That((created.Code, created.At("data"), created.At("type"), created.At("stringData"), created.At("metadata.generation")),
            Is.EqualTo((201, """{"b":"eQ==","a":"eA=="}""", "\"Opaque\"", "(absent)", "(absent)")));
        var changed = await server.MergeAsync($"{Path}/s", """{"data":{"a":"eg=="}}""");
        Assert.That((changed.Code, changed.Message), Is.EqualTo((422, "Secret \"s\" is invalid: data: Forbidden: field is immutable when `immutable` is set")));
        Assert.That((await server.MergeAsync($"{Path}/s", """{"immutable":false}""")).Causes, Is.EqualTo(new[] { "FieldValueForbidden immutable" }));
        Assert.That((await server.MergeAsync($"{Path}/s", """{"metadata":{"labels":{"a":"b"}}}""")).Code, Is.EqualTo(200));
        Assert.That((await server.PostAsync(Path, """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"t"},"data":{"a":"not base64"}}""")).Code, Is.EqualTo(400));
        Assert.That((await server.PostAsync(Path, """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"t"},"data":{"a/b":""}}""")).Code, Is.EqualTo(422));
    }

    private sealed class NoLargeRed : IObjectRules
    {
        public IReadOnlyList<RuleViolation> Check(string group, string kind, JsonObject? old, JsonObject @new, string? subresource)
        {
            Assert.That((group, kind), Is.EqualTo(("example.test", "Widget")));
            var (size, colour) = ((string?)@new["spec"]!["size"], (string?)@new["spec"]!["colour"]);
            if (size == "large" && colour == "red") return [new("spec.colour", "FieldValueForbidden", "large widgets must not be red")];
            if (old is not null && (string?)old["spec"]!["colour"] != colour) return [new("spec.colour", "FieldValueInvalid", "colour is immutable")];
            return subresource == "status" && (long?)@new["status"]!["replicas"] == 666 ? [new("status.replicas", "FieldValueInvalid", "not that many")] : [];
        }
    }
}
