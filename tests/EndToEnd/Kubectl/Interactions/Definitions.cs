using System.Text.Json.Nodes;
using Kontena.TestKit;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>The life of a CustomResourceDefinition: refused, accepted, changed, deleted with all that it defined.</summary>
public static class Definitions
{
    private const string Crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static readonly TimeSpan patience = Eventually.Patience;

    [Interaction]
    public static async Task Create_IsEstablished(Scene scene)
    {
        await using var trial = await Trial.CreateAsync(scene);
        await scene.HttpAsync(
            HttpMethod.Get, trial.Path,
            show: ["status.acceptedNames", "status.storedVersions", "status.conditions.*.type", "status.conditions.*.status", "spec.names", "spec.conversion", "metadata.generation"]);
        await scene.HttpAsync(HttpMethod.Post, trial.Collection, trial.Object("one"), show: ["kind", "spec.size", "metadata.generation"]);
        await scene.HttpAsync(HttpMethod.Post, Crds, trial.Definition());
        await scene.KubectlAsync($"get crd {trial.Plural}.test.kontena.io -o jsonpath={{.status.acceptedNames.kind}}");
        await scene.KubectlAsync($"get {trial.Plural} -o name");
        await scene.KubectlAsync($"wait crd/{trial.Plural}.test.kontena.io --for=condition=Established --timeout=30s");
    }

    [Interaction]
    public static async Task Update_AddsAVersionAndAColumn(Scene scene)
    {
        await using var trial = await Trial.CreateAsync(scene);
        await scene.QuietHttpAsync(HttpMethod.Post, trial.Collection, trial.Object("one"));
        const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";
        await scene.AskAsync(trial.Collection, Table, "columnDefinitions.*.name", "rows.0.cells.0");
        await scene.HttpAsync(
            HttpMethod.Patch, trial.Path, """[{"op": "add", "path": "/spec/versions/0/additionalPrinterColumns", "value": [{"name": "Size", "type": "integer", "jsonPath": ".spec.size"}]}]""",
            Documents.JsonPatch, "metadata.generation", "status.storedVersions");
        await UntilAsync(scene, async () => (await AskTableAsync(scene, trial)).Contains("Size", StringComparison.Ordinal), "the new column is served");
        await scene.AskAsync(trial.Collection, Table, "columnDefinitions.*.name", "rows.0.cells.1");
        scene.Note("the stored version moves");
        await scene.HttpAsync(HttpMethod.Patch, trial.Path, $$"""
            [{"op": "replace", "path": "/spec/versions/0/storage", "value": false}, {"op": "add", "path": "/spec/versions/-", "value": {{Trial.Version("v1beta1", storage: true)}} }]
            """, Documents.JsonPatch, "spec.versions.*.name", "metadata.generation");
        await UntilAsync(scene, async () => (await scene.Engine.Http.GetAsync(trial.Path, scene.Ct)).Json["status"]!["storedVersions"]!.AsArray().Count == 2, "both versions are recorded as stored");
        await scene.HttpAsync(HttpMethod.Get, trial.Path, show: ["status.storedVersions"]);
    }

    [Interaction]
    public static async Task Update_MakesTheSchemaStricter_OldObjectsAreLeftInPeace(Scene scene)
    {
        await using var trial = await Trial.CreateAsync(scene);
        await scene.QuietHttpAsync(HttpMethod.Post, trial.Collection, trial.Object("one", """{"size": 50, "name": "x"}"""));
        await scene.QuietHttpAsync(
            HttpMethod.Patch, trial.Path, """[{"op": "add", "path": "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/size/maximum", "value": 10}]""", Documents.JsonPatch);
        await UntilAsync(
            scene, async () => (await scene.Engine.Http.SendTextAsync(HttpMethod.Post, trial.Address(scene) + "?dryRun=All", trial.Object("probe", """{"size": 50}"""), "application/json", "application/json", scene.Ct)).Code == 422,
            "the new maximum holds");
        string[] show = ["spec", "metadata.labels"];
        await scene.HttpAsync(HttpMethod.Patch, trial.Collection + "/one", """{"metadata": {"labels": {"a": "b"}}}""", Documents.MergePatch, show);
        await scene.HttpAsync(HttpMethod.Patch, trial.Collection + "/one", """{"spec": {"name": "y"}}""", Documents.MergePatch, show);
        await scene.HttpAsync(HttpMethod.Patch, trial.Collection + "/one", """{"spec": {"size": 51}}""", Documents.MergePatch, show);
        await scene.HttpAsync(HttpMethod.Patch, trial.Collection + "/one", """{"spec": {"size": 5}}""", Documents.MergePatch, show);
        await scene.HttpAsync(HttpMethod.Patch, trial.Collection + "/one", """{"spec": {"size": 50}}""", Documents.MergePatch, show);
    }

    [Interaction]
    public static async Task Update_AddsADefault_OldObjectsShowIt(Scene scene)
    {
        await using var trial = await Trial.CreateAsync(scene);
        await scene.QuietHttpAsync(HttpMethod.Post, trial.Collection, trial.Object("one"));
        await scene.QuietHttpAsync(
            HttpMethod.Patch, trial.Path, """[{"op": "add", "path": "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/name/default", "value": "given"}]""", Documents.JsonPatch);
        await UntilAsync(
            scene, async () => (await scene.Engine.Http.SendTextAsync(HttpMethod.Post, trial.Address(scene) + "?dryRun=All", trial.Object("probe"), "application/json", "application/json", scene.Ct)).Text.Contains("given", StringComparison.Ordinal),
            "the new default is filled in");
        await scene.HttpAsync(HttpMethod.Get, trial.Collection + "/one", show: ["spec"]);
        await scene.HttpAsync(HttpMethod.Get, trial.Collection, show: ["items.0.spec"]);
    }

    [Interaction(EngineFeature.StrictFields)]
    public static async Task Delete_TakesItsObjects(Scene scene)
    {
        await using var trial = await Trial.CreateAsync(scene);
        await scene.QuietHttpAsync(HttpMethod.Post, trial.Collection, trial.Object("free"));
        await scene.QuietHttpAsync(HttpMethod.Post, trial.Collection, trial.Object("held", metadata: """, "finalizers": ["example.org/hold"]"""));
        // Whoever takes the objects away may look for them in a cache, which on a busy machine is behind: what is not found there is not waited for.
        await UntilAsync(scene, async () => await scene.Engine.Http.GetAsync(trial.Address(scene) + "?resourceVersion=0", scene.Ct) is { Code: 200 } list && list.Json["items"] is JsonArray { Count: 2 }, "both are in the cache");
        await scene.HttpAsync(HttpMethod.Delete, trial.Path, show: ["metadata.finalizers", "metadata.deletionTimestamp"]);
        await AnswersAsync(scene, trial, HttpMethod.Get, "/held", held => held.Code == 200 && held.Json["metadata"]?["deletionTimestamp"] is not null, "the held one is being deleted");
        await scene.HttpAsync(HttpMethod.Get, trial.Path, show: ["status.conditions.*.type", "status.conditions.*.status"]);
        // Dry: one that was still taken would hold the definition up.
        await AnswersAsync(scene, trial, HttpMethod.Post, "?dryRun=All", late => late.Code == 403, "nothing new is taken", trial.Object("late"));
        await scene.HttpAsync(HttpMethod.Post, trial.Collection, trial.Object("late"));
        await scene.HttpAsync(HttpMethod.Patch, trial.Collection + "/held", """{"metadata": {"finalizers": null}}""", Documents.MergePatch);
        await UntilAsync(scene, async () => (await scene.Engine.Http.GetAsync(trial.Path, scene.Ct)).Code == 404, "the definition is gone");
        await UntilAsync(scene, async () => (await scene.Engine.Http.GetAsync(trial.Address(scene), scene.Ct)).Code == 404, "its collection is gone");
        await scene.HttpAsync(HttpMethod.Get, trial.Path);
        await scene.HttpAsync(HttpMethod.Get, trial.Collection);
    }

    /// <summary>Asks the trial's collection until the answer is that; else says what it was, and how the definition stands.</summary>
    private static async Task AnswersAsync(Scene scene, Trial trial, HttpMethod method, string at, Func<ApiAnswer, bool> holds, string what, string? body = null)
    {
        ApiAnswer? last = null;
        try
        {
            await UntilAsync(scene, async () => holds(last = await scene.Engine.Http.SendTextAsync(method, trial.Address(scene) + at, body, "application/json", "application/json", scene.Ct)), what);
        }
        catch (TimeoutException fault)
        {
            var definition = await scene.Engine.Http.GetAsync(trial.Path, scene.Ct);
            throw new TimeoutException($"{fault.Message}; the answer was {last?.Code} {last?.Text}, and the definition is {definition.Code} {definition.Text}", fault);
        }
    }

    [Interaction]
    public static async Task Update_OfWhatMayNotChange(Scene scene)
    {
        await using var trial = await Trial.CreateAsync(scene);
        foreach (var patch in new[]
        {
            """{"spec": {"scope": "Cluster"}}""", """{"spec": {"names": {"kind": "Other"}}}""", """{"spec": {"names": {"plural": "others"}}}""", """{"spec": {"group": "other.kontena.io"}}""", """{"spec": {"versions": []}}""",
            """{"spec": {"names": {"shortNames": ["ttt"]}}}""", """{"status": {"storedVersions": []}}""",
        })
        {
            scene.Note(patch);
            await scene.HttpAsync(HttpMethod.Patch, trial.Path + "?dryRun=All", patch, Documents.MergePatch, "status.storedVersions");
        }
    }

    [Interaction]
    public static async Task Create_OfWhatCannotBeServed(Scene scene)
    {
        var good = new Trial(scene);
        foreach (var (what, change) in new (string, Action<JsonObject>)[]
        {
            ("another name", crd => crd["metadata"]!["name"] = "other.test.kontena.io"), ("no group", crd => crd["spec"]!["group"] = ""), ("a group without a dot", crd => Rename(crd, "alone")),
            ("a bad scope", crd => crd["spec"]!["scope"] = "Galactic"), ("no kind", crd => crd["spec"]!["names"]!["kind"] = ""), ("a bad kind", crd => crd["spec"]!["names"]!["kind"] = "bad kind"),
            ("no versions", crd => crd["spec"]!["versions"] = new JsonArray()), ("no storage version", crd => First(crd)["storage"] = false),
            ("two storage versions", crd => crd["spec"]!["versions"]!.AsArray().Add(JsonNode.Parse(Trial.Version("v2", storage: true)))),
            ("the same version twice", crd => crd["spec"]!["versions"]!.AsArray().Add(JsonNode.Parse(Trial.Version("v1", storage: false)))),
            ("a bad version name", crd => First(crd)["name"] = "V 1"), ("no schema", crd => First(crd).AsObject().Remove("schema")), ("a schema that is no object", crd => Schema(crd)["type"] = "string"),
            ("a field without a type", crd => Field(crd, "bad", """{"description": "x"}""")), ("a list without items", crd => Field(crd, "bad", """{"type": "array"}""")),
            ("a default that does not fit", crd => Field(crd, "bad", """{"type": "integer", "default": "x"}""")), ("a bad pattern", crd => Field(crd, "bad", """{"type": "string", "pattern": "("}""")),
            ("properties and additionalProperties", crd => Field(crd, "bad", """{"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "string"}}""")),
            ("a list map without keys", crd => Field(crd, "bad", """{"type": "array", "x-kubernetes-list-type": "map", "items": {"type": "object", "properties": {"a": {"type": "string"}}}}""")),
            ("unique items", crd => Field(crd, "bad", """{"type": "array", "uniqueItems": true, "items": {"type": "string"}}""")), ("a reference", crd => Field(crd, "bad", """{"$ref": "#/definitions/x"}""")),
            ("an unknown type", crd => Field(crd, "bad", """{"type": "banana"}""")), ("a bad column", crd => First(crd)["additionalPrinterColumns"] = JsonNode.Parse("""[{"name": "A", "type": "banana", "jsonPath": "spec.a"}]""")),
            ("a scale without paths", crd => First(crd)["subresources"] = JsonNode.Parse("""{"scale": {}}""")), ("a bad short name", crd => crd["spec"]!["names"]!["shortNames"] = new JsonArray("Not Good")),
        })
        {
            scene.Note(what);
            var crd = JsonNode.Parse(good.Definition())!.AsObject();
            change(crd);
            await scene.HttpAsync(HttpMethod.Post, Crds + "?dryRun=All", crd.ToJsonString());
        }

        static JsonNode First(JsonObject crd) => crd["spec"]!["versions"]![0]!;
        static JsonNode Schema(JsonObject crd) => First(crd)["schema"]!["openAPIV3Schema"]!;
        static void Field(JsonObject crd, string name, string schema) => Schema(crd)["properties"]!["spec"]!["properties"]![name] = JsonNode.Parse(schema);
        static void Rename(JsonObject crd, string group) => (crd["spec"]!["group"], crd["metadata"]!["name"]) = (group, $"{crd["spec"]!["names"]!["plural"]}.{group}");
    }

    [Interaction]
    public static async Task Create_WithNamesThatAreTaken(Scene scene)
    {
        await using var first = await Trial.CreateAsync(scene);
        await using var second = new Trial(scene, "b") { Kind = first.Kind };
        await scene.QuietHttpAsync(HttpMethod.Post, Crds, second.Definition());
        await UntilAsync(scene, async () => (await scene.Engine.Http.GetAsync(second.Path, scene.Ct)).Json["status"]?["conditions"] is JsonArray { Count: 2 }, "the second is judged");
        await scene.HttpAsync(HttpMethod.Get, second.Path, show: ["status.conditions.*.type", "status.conditions.*.status", "status.conditions.*.reason", "status.acceptedNames.kind", "status.acceptedNames.plural"]);
        await scene.HttpAsync(HttpMethod.Get, second.Collection);
    }

    private static async Task<string> AskTableAsync(Scene scene, Trial trial) =>
        (await scene.Engine.Http.SendTextAsync(HttpMethod.Get, trial.Address(scene), null, "application/json", "application/json;as=Table;v=v1;g=meta.k8s.io", scene.Ct)).Text;

    private static Task UntilAsync(Scene scene, Func<Task<bool>> holds, string what) => Eventually.HoldsAsync(holds, what, patience, scene.Ct);

    /// <summary>A definition of the scene's own: its names carry the scene's number and are hidden in the transcript.</summary>
    private sealed class Trial : IAsyncDisposable
    {
        private readonly Scene scene;

        public Trial(Scene scene, string letter = "a")
        {
            this.scene = scene;
            // test-123-4 gives trial123x4a: a name that no other scene has, and a valid kind.
            var own = scene.Namespace.Replace("test-", "", StringComparison.Ordinal).Replace('-', 'x') + letter;
            (Plural, Kind) = ($"trial{own}s", $"Trial{own}");
            foreach (var (text, shown) in new[] { (Plural, $"TRIALS-{letter}"), (Kind, $"TRIAL-{letter}"), (Kind.ToLowerInvariant(), $"trial-{letter}") }) scene.Hide(text, shown);
        }

        public string Plural { get; }

        public string Kind { get; init; }

        public string Path => $"{Crds}/{Plural}.test.kontena.io";

        public string Collection => $"/apis/test.kontena.io/v1/namespaces/{{ns}}/{Plural}";

        public string Address(Scene where) => Collection.Replace("{ns}", where.Namespace, StringComparison.Ordinal);

        /// <summary>Creates it and returns when its objects are served.</summary>
        public static async Task<Trial> CreateAsync(Scene scene)
        {
            // With them the group is registered at the front of the real engine.
            await scene.WithSpecimensAsync();
            var trial = new Trial(scene);
            await scene.QuietHttpAsync(HttpMethod.Post, Crds, trial.Definition());
            await UntilAsync(scene, async () => (await scene.Engine.Http.GetAsync(trial.Address(scene), scene.Ct)).Code == 200, "the trial is served");
            return trial;
        }

        public string Definition() => $$"""
            {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "{{Plural}}.test.kontena.io"},
             "spec": {"group": "test.kontena.io", "scope": "Namespaced", "names": {"plural": "{{Plural}}", "kind": "{{Kind}}"}, "versions": [{{Version("v1", storage: true)}}]} }
            """;

        public static string Version(string name, bool storage) => $$"""
            {"name": "{{name}}", "served": true, "storage": {{(storage ? "true" : "false")}}, "schema": {"openAPIV3Schema": {"type": "object", "properties":
              {"spec": {"type": "object", "properties": {"size": {"type": "integer"}, "name": {"type": "string"} } } } } } }
            """;

        public string Object(string name, string spec = """{"size": 1}""", string metadata = "") => $$"""
            {"apiVersion": "test.kontena.io/v1", "kind": "{{Kind}}", "metadata": {"name": "{{name}}"{{metadata}}}, "spec": {{spec}} }
            """;

        public async ValueTask DisposeAsync() => await scene.Engine.Http.SendAsync(HttpMethod.Delete, Path, null, "application/json", scene.Ct);
    }
}
