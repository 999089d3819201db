using Kontena.Standalone.Json;
using Kontena.Standalone.Tests.Support;
using Kontena.TestKit;

namespace Kontena.Standalone.Tests.Api;

/// <summary>What the comparison with a real server (tests/EndToEnd/Kubectl) does not ask.</summary>
public sealed class ServerSideApplyTests
{
    private const string ApplyPatch = "application/apply-patch+yaml";
    private const string Web = $"{Widgets.Path}/web";

    private TestServer server = null!;

    [SetUp]
    public async Task StartServer() => server = await TestServer.StartAsync();

    [TearDown]
    public async Task StopServer() => await server.DisposeAsync();

    [Test]
    public async Task Apply_Yaml_IsTaken()
    {
        var applied = await ApplyAsync(Web, "alice", $$"""
            # a comment, and braces that are not JSON's
            apiVersion: {{Widgets.ApiVersion}}
            kind: Widget
            metadata: {name: web}
            spec:
              replicas: 2
              tags: [a, b]
            """);
        Assert.That((applied.Code, applied.At("spec.replicas"), applied.At("spec.tags")), Is.EqualTo((201, "2", """["a","b"]""")));
    }

    [TestCase("a: [")]
    [TestCase("just text")]
    [TestCase("")]
    [TestCase("a: 1\n---\nb: 2")]
    public async Task Apply_NoConfiguration_Is400(string body) => Assert.That((await ApplyAsync(Web, "alice", body)).Code, Is.EqualTo(400));

    [Test]
    public async Task Apply_NewObjectByManyAtOnce_OneMakesItAndAllOwnIt()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => ApplyAsync(Web, $"manager-{i}", Widgets.Text("web"))));
        Assert.That(answers.Select(a => a.Code).Order(), Is.EqualTo(new[] { 200, 200, 200, 200, 200, 200, 200, 201 }));
        Assert.That(Managers(await server.GetAsync(Web)), Is.EquivalentTo(Enumerable.Range(0, 8).Select(i => $"manager-{i}")));
    }

    [Test]
    public async Task Apply_SecretOfTheWrongType_SaysNothingOfTheValue()
    {
        var value = Canary.Of("server-side-apply");
        var refused = await ApplyAsync("/api/v1/namespaces/default/secrets/s", "alice", $$"""{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"key": ["{{value}}"]} }""");
        Assert.That((refused.Code, refused.Message), Is.EqualTo((500,
            """failed to create typed patch object (/s; v1, Kind=Secret): .data.key: Invalid value: "array": data.key in body must be of type string: "array" """.TrimEnd())));
    }

    [Test]
    public async Task Apply_ItemWithoutItsKey_IsTheSchemasToRefuse()
    {
        var refused = await ApplyAsync(Web, "alice", Widgets.Text("web", "\"ports\": [{\"port\": 80}]"));
        Assert.That((refused.Code, refused.Causes), Is.EqualTo((422, new[] { "FieldValueRequired spec.ports[0].name" })));
    }

    [Test]
    public async Task Apply_Scale_IsNotServed() => Assert.That((await ApplyAsync($"{Web}/scale", "alice", "{}")).Code, Is.EqualTo(415));

    [Test]
    public async Task OwnerGone_CollectorForgetsWhoOwnedTheReference()
    {
        string[] owners = [(await server.CreateWidgetAsync("one")).At("metadata.uid"), (await server.CreateWidgetAsync("two")).At("metadata.uid")];
        var references = owners.Select((uid, i) => $$"""{"apiVersion": "{{Widgets.ApiVersion}}", "kind": "Widget", "name": "{{(i == 0 ? "one" : "two")}}", "uid": {{uid}}}""");
        await ApplyAsync(Web, "alice", Widgets.Text("web", metadata: $"\"ownerReferences\": [{string.Join(',', references)}]"));
        await server.DeleteAsync($"{Widgets.Path}/one");
        await Eventually.HoldsAsync(
            async () => (await server.GetAsync(Web)).Body["metadata"]!["ownerReferences"]!.AsArray().Count == 1, "one owner is left", TimeSpan.FromSeconds(30), CancellationToken.None);
        var owned = (await server.GetAsync(Web)).Body["metadata"]!["managedFields"]![0]!["fieldsV1"]!["f:metadata"]!["f:ownerReferences"]!.AsObject();
        Assert.That(owned.Select(f => f.Key), Is.EqualTo(new[] { $$"""k:{"uid":{{owners[1]}}}""" }));
    }

    private static IEnumerable<string?> Managers(Answer answer) => answer.Body["metadata"]!["managedFields"]!.AsArray().Select(m => m!["manager"].Text());

    private Task<Answer> ApplyAsync(string path, string manager, string body) => server.SendAsync(HttpMethod.Patch, $"{path}?fieldManager={manager}", body, ApplyPatch);
}
