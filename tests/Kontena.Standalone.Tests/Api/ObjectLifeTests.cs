using Kontena.Standalone.Tests.Support;
using Kontena.TestKit;

namespace Kontena.Standalone.Tests.Api;

/// <summary>Objects from create to delete, over HTTP.</summary>
public sealed class ObjectLifeTests
{
    private const string Web = $"{Widgets.Path}/web";

    private TestServer server = null!;

    [SetUp]
    public async Task StartAsync() => server = await TestServer.StartAsync();

    [TearDown]
    public Task StopAsync() => server.DisposeAsync().AsTask();

    [Test]
    public async Task Create_NewObject_GetsServerFieldsAndDefaults()
    {
        var created = await server.PostAsync(Widgets.Path, """
            {"apiVersion":"example.test/v1alpha1","kind":"Widget","metadata":{"name":"web","uid":"mine","generation":7,"creationTimestamp":null},
             "spec":{"replicas":2,"colour":null,"note":null,"ports":[{"name":"http","port":"80"}]},"status":{"replicas":9}}
            """);
        Assert.That(created.Code, Is.EqualTo(201), created.Text);
        Assert.That(created.At("metadata.uid"), Is.Not.EqualTo("\"mine\""));
        Assert.That(created.At("metadata.generation"), Is.EqualTo("1"));
        Assert.That(created.At("metadata.creationTimestamp"), Does.Match(@"^""\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ""$"));
        Assert.That(created.At("metadata.namespace"), Is.EqualTo("\"default\""));
        Assert.That(created.At("spec"), Is.EqualTo("""{"replicas":2,"colour":"red","note":null,"ports":[{"name":"http","port":"80","protocol":"TCP"}],"size":"small","budget":"25%"}"""));
        Assert.That(created.At("status"), Is.EqualTo("""{"observedGeneration":-1}"""));
        Assert.That((await server.GetAsync(Web)).Text, Is.EqualTo(created.Text));
    }

    [Test]
    public async Task Create_GenerateName_AppendsFiveLetters()
    {
        var text = Widgets.Text("x").Replace("\"name\": \"x\"", "\"generateName\": \"web-\"", StringComparison.Ordinal);
        var (first, second) = (await server.PostAsync(Widgets.Path, text), await server.PostAsync(Widgets.Path, text));
        Assert.That(first.At("metadata.name"), Does.Match("^\"web-[a-z0-9]{5}\"$"));
        Assert.That(second.At("metadata.name"), Is.Not.EqualTo(first.At("metadata.name")));
    }

    [TestCase("""{"apiVersion":"example.test/v1alpha1","kind":"Widget","metadata":{"name":"Web_1"},"spec":{}}""", 422, "Invalid")]
    [TestCase("""{"apiVersion":"example.test/v1","kind":"Widget","metadata":{"name":"web"},"spec":{}}""", 400, "BadRequest")]
    [TestCase("""{"apiVersion":"example.test/v1alpha1","kind":"Gadget","metadata":{"name":"web"},"spec":{}}""", 422, "Invalid")]
    [TestCase("""{"apiVersion":"example.test/v1alpha1","kind":"Widget","metadata":{"name":"web","resourceVersion":"1"},"spec":{}}""", 400, "BadRequest")]
    [TestCase("""{"apiVersion":"example.test/v1alpha1","kind":"Widget","metadata":{"name":"web","namespace":"other"},"spec":{}}""", 400, "BadRequest")]
    [TestCase("""{"apiVersion":"example.test/v1alpha1","kind":"Widget","metadata":{"name":"web","labels":{"a":1}},"spec":{}}""", 400, "BadRequest")]
    [TestCase("""{"apiVersion":"example.test/v1alpha1","kind":"Widget","metadata":[],"spec":{}}""", 400, "BadRequest")]
    [TestCase("""{"apiVersion":"example.test/v1alpha1","kind":"Widget","spec":{}}""", 422, "Invalid")]
    [TestCase("[]", 400, "BadRequest")]
    [TestCase("{", 400, "BadRequest")]
    [TestCase("", 400, "BadRequest")]
    public async Task Create_BadBody_IsRefused(string body, int code, string reason)
    {
        var answer = await server.PostAsync(Widgets.Path, body);
        Assert.That((answer.Code, answer.Reason), Is.EqualTo((code, reason)), answer.Text);
    }

    [Test]
    public async Task Create_MissingNamespaceOrExisting_SaysWhich()
    {
        var nowhere = await server.PostAsync("/apis/example.test/v1alpha1/namespaces/nope/widgets", Widgets.Text("web"));
        Assert.That((nowhere.Code, nowhere.Message), Is.EqualTo((404, "namespaces \"nope\" not found")));
        await server.CreateWidgetAsync("web");
        var again = await server.PostAsync(Widgets.Path, Widgets.Text("web"));
        Assert.That((again.Code, again.Reason, again.Message), Is.EqualTo((409, "AlreadyExists", "widgets.example.test \"web\" already exists")));
        Assert.That(again.At("details.kind"), Is.EqualTo("\"widgets\""));
    }

    [Test]
    public async Task Create_TooLarge_Is413()
    {
        var answer = await server.PostAsync(Widgets.Path, Widgets.Text("web", $"\"title\": \"{new string('x', 4 << 20)}\""));
        Assert.That((answer.Code, answer.Reason), Is.EqualTo((413, "RequestEntityTooLarge")));
    }

    [Test]
    public async Task Update_Versions_LockOptimistically()
    {
        var stored = (await server.CreateWidgetAsync("web")).Body;
        stored["spec"]!["replicas"] = 2;
        var first = await server.PutAsync(Web, stored);
        Assert.That((first.Code, first.At("spec.replicas"), first.At("metadata.generation")), Is.EqualTo((200, "2", "2")));
        var stale = await server.PutAsync(Web, stored);
        Assert.That((stale.Code, stale.Message), Is.EqualTo((409,
            "Operation cannot be fulfilled on widgets.example.test \"web\": the object has been modified; please apply your changes to the latest version and try again")));
        stored["metadata"]!.AsObject().Remove("resourceVersion");
        var none = await server.PutAsync(Web, stored);
        Assert.That((none.Code, none.Message), Is.EqualTo((422,
            "widgets.example.test \"web\" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update")));
        var patch = await server.MergeAsync(Web, """{"metadata":{"resourceVersion":"1"},"spec":{"replicas":3}}""");
        Assert.That(patch.Code, Is.EqualTo(409));
    }

    [Test]
    public async Task Update_SystemFields_AreKept()
    {
        var created = await server.CreateWidgetAsync("web");
        var patched = await server.MergeAsync(Web, """{"metadata":{"creationTimestamp":"2000-01-01T00:00:00Z","generation":50,"labels":{"a":"b"}}}""");
        Assert.That(patched.Code, Is.EqualTo(200), patched.Text);
        foreach (var field in new[] { "creationTimestamp", "generation", "uid" })
            Assert.That(patched.At($"metadata.{field}"), Is.EqualTo(created.At($"metadata.{field}")), field);
        foreach (var (field, value) in new[] { ("uid", "other"), ("deletionTimestamp", "2000-01-01T00:00:00Z") })
            Assert.That((await server.MergeAsync(Web, $$$"""{"metadata":{"{{{field}}}":"{{{value}}}"}}""")).Causes, Is.EqualTo(new[] { $"FieldValueInvalid metadata.{field}" }));
        Assert.That((await server.MergeAsync(Web, """{"metadata":{"name":"other"}}""")).Message,
            Is.EqualTo("the name of the object (other) does not match the name on the URL (web)"));
    }

    [Test]
    public async Task Update_NoChange_KeepsVersionAndSendsNoEvent()
    {
        var created = await server.CreateWidgetAsync("web");
        using var watch = await WatchClient.OpenAsync(server, $"{Widgets.Path}?watch=true&resourceVersion={created.Version}");
        Assert.That((await server.MergeAsync(Web, """{"spec":{"replicas":1}}""")).Version, Is.EqualTo(created.Version));
        Assert.That((await server.PutAsync(Web, created.Body)).Version, Is.EqualTo(created.Version));
        await server.CreateWidgetAsync("next");
        Assert.That(await watch.NextTextAsync(), Is.EqualTo("ADDED next"));
    }

    [Test]
    public async Task Status_WrittenApart_TouchesNothingElse()
    {
        await server.CreateWidgetAsync("web");
        var status = await server.MergeAsync($"{Web}/status", """{"metadata":{"labels":{"a":"b"}},"spec":{"replicas":9},"status":{"replicas":4}}""");
        Assert.That((status.At("status.replicas"), status.At("spec.replicas"), status.At("metadata.labels")), Is.EqualTo(("4", "1", "(absent)")));
        Assert.That(status.At("metadata.generation"), Is.EqualTo("1"));
        var main = await server.MergeAsync(Web, """{"status":{"replicas":8},"spec":{"replicas":5}}""");
        Assert.That((main.At("status.replicas"), main.At("spec.replicas"), main.At("metadata.generation")), Is.EqualTo(("4", "5", "2")));
    }

    [Test]
    public async Task Scale_PutAndPatch_WriteReplicas()
    {
        await server.CreateWidgetAsync("web");
        await server.MergeAsync($"{Web}/status", """{"status":{"replicas":1,"selector":"app=web"}}""");
        var scale = await server.GetAsync($"{Web}/scale");
        Assert.That((scale.At("kind"), scale.At("spec"), scale.At("status")), Is.EqualTo(("\"Scale\"", """{"replicas":1}""", """{"replicas":1,"selector":"app=web"}""")));
        scale.Body["spec"]!["replicas"] = 4;
        Assert.That((await server.PutAsync($"{Web}/scale", scale.Body)).At("spec.replicas"), Is.EqualTo("4"));
        Assert.That((await server.PutAsync($"{Web}/scale", scale.Body)).Code, Is.EqualTo(409), "its resourceVersion is stale");
        Assert.That((await server.MergeAsync($"{Web}/scale", """{"spec":{"replicas":6}}""")).Code, Is.EqualTo(200));
        var after = await server.GetAsync(Web);
        Assert.That((after.At("spec.replicas"), after.At("metadata.generation")), Is.EqualTo(("6", "3")));
        Assert.That((await server.MergeAsync($"{Web}/scale", """{"spec":{"replicas":101}}""")).Causes, Is.EqualTo(new[] { "FieldValueInvalid spec.replicas" }));
        var negative = await server.MergeAsync($"{Web}/scale", """{"spec":{"replicas":-1}}""");
        Assert.That((negative.Code, About(negative)), Is.EqualTo((422, """{"name":"web","group":"example.test","kind":"Widget"}""")), "about the object, not about its Scale");
    }

    [Test]
    public async Task Update_LastLabelAndFinalizerTaken_LeaveNoEmptyField()
    {
        await server.CreateWidgetAsync("web", metadata: """ "labels": {"a": "b"}, "annotations": {}, "finalizers": ["example.test/a"] """);
        var patched = await server.MergeAsync(Web, """{"metadata":{"labels":{"a":null},"finalizers":[]}}""");
        Assert.That(new[] { "labels", "annotations", "finalizers" }.Select(f => patched.At($"metadata.{f}")), Is.All.EqualTo("(absent)"));
    }

    [TestCase("POST", "CreateOptions")]
    [TestCase("PUT", "UpdateOptions")]
    [TestCase("PATCH", "PatchOptions")]
    [TestCase("DELETE", "DeleteOptions")]
    public async Task Write_UnknownDryRun_IsAboutTheOptionsOfTheVerb(string method, string options)
    {
        await server.CreateWidgetAsync("web");
        var path = method == "POST" ? Widgets.Path : Web;
        var type = method == "PATCH" ? "application/merge-patch+json" : "application/json";
        var answer = await server.SendAsync(new HttpMethod(method), $"{path}?dryRun=Some", method == "DELETE" ? null : Widgets.Text("web"), type);
        Assert.That((answer.Code, About(answer)), Is.EqualTo((422, $$"""{"group":"meta.k8s.io","kind":"{{options}}"}""")));
        Assert.That(answer.Causes, Is.EqualTo(new[] { "FieldValueNotSupported dryRun" }));
        if (method == "DELETE") return;
        var validation = await server.SendAsync(new HttpMethod(method), $"{path}?fieldValidation=Most", Widgets.Text("web"), type);
        Assert.That((validation.Code, About(validation)), Is.EqualTo((422, About(answer))));
        Assert.That(validation.Causes, Is.EqualTo(new[] { "FieldValueNotSupported fieldValidation" }));
    }

    [Test]
    public async Task Create_OtherKindInTheBody_IsInvalid()
    {
        var answer = await server.PostAsync(Widgets.Path, Widgets.Text("web").Replace("Widget", "Banana", StringComparison.Ordinal));
        Assert.That((answer.Code, About(answer)), Is.EqualTo((422, """{"name":"web","group":"example.test","kind":"Banana"}""")));
        Assert.That(answer.Causes, Is.EqualTo(new[] { "FieldValueInvalid kind" }));
        var builtIn = await server.PostAsync("/api/v1/namespaces/default/configmaps", """{"apiVersion":"v1","kind":"Banana","metadata":{"name":"x"}}""");
        Assert.That((builtIn.Code, builtIn.Reason), Is.EqualTo((400, "BadRequest")));
    }

    [Test]
    public async Task Get_UnknownSubresource_IsNotFound()
    {
        await server.CreateWidgetAsync("web");
        var custom = await server.GetAsync($"{Web}/nothing");
        Assert.That((custom.Code, custom.Reason, About(custom)), Is.EqualTo((404, "NotFound", """{"name":"web","group":"example.test","kind":"widgets"}""")));
        var builtIn = await server.GetAsync("/api/v1/namespaces/default/configmaps/x/nothing");
        Assert.That((builtIn.Code, builtIn.Message), Is.EqualTo((404, "the server could not find the requested resource")));
    }

    [Test]
    public async Task Patch_Types_AreServedOrNamed()
    {
        await server.CreateWidgetAsync("web");
        var json = await server.JsonPatchAsync(Web, """[{"op":"test","path":"/spec/replicas","value":1},{"op":"replace","path":"/spec/replicas","value":2}]""");
        Assert.That(json.At("spec.replicas"), Is.EqualTo("2"));
        var failed = await server.JsonPatchAsync(Web, """[{"op":"test","path":"/spec/replicas","value":1}]""");
        Assert.That((failed.Code, failed.Message), Is.EqualTo((422, "the server rejected our request due to an error in our request")));
        var strategic = await server.SendAsync(HttpMethod.Patch, Web, "{}", "application/strategic-merge-patch+json");
        Assert.That((strategic.Code, strategic.Message), Is.EqualTo((415,
            "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml")));
        Assert.That((await server.MergeAsync($"{Widgets.Path}/none", "{}")).Code, Is.EqualTo(404));
        Assert.That((await server.JsonPatchAsync(Web, """{"a":1}""")).Code, Is.EqualTo(400));
    }

    [Test]
    public async Task Delete_Plain_AnswersStatusWithUid()
    {
        var created = await server.CreateWidgetAsync("web");
        var deleted = await server.DeleteAsync(Web);
        Assert.That((deleted.Code, deleted.At("status"), deleted.At("details.uid"), deleted.At("details.kind")),
            Is.EqualTo((200, "\"Success\"", created.At("metadata.uid"), "\"widgets\"")));
        var missing = await server.DeleteAsync(Web);
        Assert.That((missing.Code, missing.Message), Is.EqualTo((404, "widgets.example.test \"web\" not found")));
    }

    [Test]
    public async Task Delete_Preconditions_AreChecked()
    {
        var created = await server.CreateWidgetAsync("web");
        var uid = await server.DeleteAsync(Web, """{"preconditions":{"uid":"x"}}""");
        Assert.That((uid.Code, uid.Message), Is.EqualTo((409,
            $"Operation cannot be fulfilled on Widget.example.test \"web\": the UID in the precondition (x) does not match the UID in record ({created.At("metadata.uid").Trim('"')}). The object might have been deleted and then recreated")));
        Assert.That((await server.DeleteAsync(Web, """{"preconditions":{"resourceVersion":"1"}}""")).Code, Is.EqualTo(409));
        Assert.That((await server.DeleteAsync(Web, $$$"""{"preconditions":{"uid":{{{created.At("metadata.uid")}}}}}""")).Code, Is.EqualTo(200));
    }

    [Test]
    public async Task Delete_WithFinalizer_MarksThenGoesWithTheLast()
    {
        await server.CreateWidgetAsync("web", metadata: "\"finalizers\": [\"example.test/a\", \"example.test/b\"]");
        var marked = await server.DeleteAsync(Web);
        Assert.That((marked.Code, marked.At("metadata.deletionGracePeriodSeconds"), marked.At("metadata.generation")), Is.EqualTo((200, "0", "2")));
        Assert.That((await server.DeleteAsync(Web)).Version, Is.EqualTo(marked.Version), "a second delete changes nothing");
        var added = await server.MergeAsync(Web, """{"metadata":{"finalizers":["example.test/a","example.test/c"]}}""");
        Assert.That((added.Code, added.Message), Is.EqualTo((422,
            "Widget.example.test \"web\" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{\"example.test/c\"}")));
        Assert.That((await server.MergeAsync(Web, """{"metadata":{"finalizers":["example.test/a"]}}""")).Code, Is.EqualTo(200));
        Assert.That((await server.GetAsync(Web)).Code, Is.EqualTo(200));
        var last = await server.MergeAsync(Web, """{"metadata":{"finalizers":[]}}""");
        Assert.That((last.Code, last.At("metadata.name")), Is.EqualTo((200, "\"web\"")));
        Assert.That((await server.GetAsync(Web)).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task DryRun_EveryVerb_WritesNothing()
    {
        Assert.That((await server.PostAsync($"{Widgets.Path}?dryRun=All", Widgets.Text("web"))).Code, Is.EqualTo(201));
        Assert.That((await server.GetAsync(Web)).Code, Is.EqualTo(404));
        var created = await server.CreateWidgetAsync("web");
        Assert.That((await server.MergeAsync($"{Web}?dryRun=All", """{"spec":{"replicas":9}}""")).At("spec.replicas"), Is.EqualTo("9"));
        created.Body["spec"]!["replicas"] = 7;
        Assert.That((await server.PutAsync($"{Web}?dryRun=All", created.Body)).At("spec.replicas"), Is.EqualTo("7"));
        Assert.That((await server.DeleteAsync($"{Web}?dryRun=All")).Code, Is.EqualTo(200));
        Assert.That((await server.DeleteAsync(Web, """{"dryRun":["All"]}""")).Code, Is.EqualTo(200));
        Assert.That((await server.DeleteAsync($"{Widgets.Path}?dryRun=All")).Code, Is.EqualTo(200));
        Assert.That((await server.DeleteAsync(Web, """{"dryRun":["Some"]}""")).Code, Is.EqualTo(422));
        Assert.That((await server.GetAsync(Web)).Version, Is.EqualTo(created.Version));
    }

    [Test]
    public async Task DeleteCollection_WithSelector_DeletesOnlyThose()
    {
        await server.CreateWidgetAsync("a", metadata: "\"labels\": {\"x\": \"1\"}");
        await server.CreateWidgetAsync("b");
        var answer = await server.DeleteAsync($"{Widgets.Path}?labelSelector=x%3D1");
        Assert.That((answer.Code, answer.Body["items"]!.AsArray().Count), Is.EqualTo((200, 1)));
        Assert.That((await server.GetAsync($"{Widgets.Path}/a")).Code, Is.EqualTo(404));
        Assert.That((await server.GetAsync($"{Widgets.Path}/b")).Code, Is.EqualTo(200));
    }

    [Test]
    public async Task Owners_SeveralAndGoneOneByOne_DependentGoesWithTheLast()
    {
        var (a, b) = ((await server.CreateWidgetAsync("a")).At("metadata.uid"), (await server.CreateWidgetAsync("b")).At("metadata.uid"));
        await server.CreateWidgetAsync("child", metadata: $$"""
            "ownerReferences": [{"apiVersion": "v1", "kind": "Widget", "name": "a", "uid": {{a}}}, {"apiVersion": "v1", "kind": "Widget", "name": "b", "uid": {{b}}}]
            """);
        await server.DeleteAsync($"{Widgets.Path}/a");
        await Eventually.HoldsAsync(async () => (await server.GetAsync($"{Widgets.Path}/child")).Body["metadata"]!["ownerReferences"]!.AsArray().Count == 1,
            "the absent owner is forgotten", TimeSpan.FromSeconds(10), CancellationToken.None);
        await server.DeleteAsync($"{Widgets.Path}/b");
        await Eventually.HoldsAsync(async () => (await server.GetAsync($"{Widgets.Path}/child")).Code == 404,
            "the dependent is gone", TimeSpan.FromSeconds(10), CancellationToken.None);
    }

    [Test]
    public async Task Owners_AbsentFromTheStart_DependentIsDeleted()
    {
        await server.CreateWidgetAsync("child", metadata: """
            "ownerReferences": [{"apiVersion": "v1", "kind": "Widget", "name": "gone", "uid": "00000000-0000-0000-0000-000000000000"}]
            """);
        await Eventually.HoldsAsync(async () => (await server.GetAsync($"{Widgets.Path}/child")).Code == 404,
            "the dependent is gone", TimeSpan.FromSeconds(10), CancellationToken.None);
    }

    [Test]
    public async Task Foreground_BlockedByADependentsFinalizer_WaitsForIt()
    {
        var uid = (await server.CreateWidgetAsync("parent")).At("metadata.uid");
        await server.CreateWidgetAsync("child", metadata: $$"""
            "finalizers": ["example.test/hold"],
            "ownerReferences": [{"apiVersion": "v1", "kind": "Widget", "name": "parent", "uid": {{uid}}, "blockOwnerDeletion": true}]
            """);
        var marked = await server.DeleteAsync($"{Widgets.Path}/parent", """{"propagationPolicy":"Foreground"}""");
        Assert.That(marked.At("metadata.finalizers"), Is.EqualTo("[\"foregroundDeletion\"]"));
        await Eventually.HoldsAsync(async () => (await server.GetAsync($"{Widgets.Path}/child")).At("metadata.deletionTimestamp") != "(absent)",
            "the child is marked", TimeSpan.FromSeconds(10), CancellationToken.None);
        Assert.That((await server.GetAsync($"{Widgets.Path}/parent")).Code, Is.EqualTo(200));
        await server.MergeAsync($"{Widgets.Path}/child", """{"metadata":{"finalizers":null}}""");
        await Eventually.HoldsAsync(async () => (await server.GetAsync($"{Widgets.Path}/parent")).Code == 404,
            "the parent is gone", TimeSpan.FromSeconds(10), CancellationToken.None);
    }

    [Test]
    public async Task Namespace_Deleted_TakesItsContentsAndRefusesNewOnes()
    {
        await server.PostAsync("/api/v1/namespaces", """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"blue"}}""");
        var path = Widgets.Path.Replace("default", "blue", StringComparison.Ordinal);
        await server.PostAsync(path, Widgets.Text("web", metadata: "\"finalizers\": [\"example.test/hold\"]"));
        Assert.That((await server.DeleteAsync("/api/v1/namespaces/blue")).At("status.phase"), Is.EqualTo("\"Terminating\""));
        var late = await server.PostAsync(path, Widgets.Text("late"));
        Assert.That((late.Code, late.Reason), Is.EqualTo((403, "Forbidden")));
        await Eventually.HoldsAsync(async () => (await server.GetAsync($"{path}/web")).At("metadata.deletionTimestamp") != "(absent)",
            "its widget is marked", TimeSpan.FromSeconds(10), CancellationToken.None);
        Assert.That((await server.GetAsync("/api/v1/namespaces/blue")).Code, Is.EqualTo(200));
        await server.MergeAsync($"{path}/web", """{"metadata":{"finalizers":null}}""");
        await Eventually.HoldsAsync(async () => (await server.GetAsync("/api/v1/namespaces/blue")).Code == 404,
            "the namespace is gone", TimeSpan.FromSeconds(10), CancellationToken.None);
        Assert.That((await server.DeleteAsync("/api/v1/namespaces/kube-system")).Code, Is.EqualTo(403));
    }

    private static string About(Answer answer)
    {
        var details = (System.Text.Json.Nodes.JsonObject)answer.Body["details"]!.DeepClone();
        details.Remove("causes");
        return details.ToJsonString();
    }
}
