using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>What a server adds to a document and what it takes away: defaults, nulls, unknown fields.</summary>
public static class Defaults
{
    [Interaction]
    public static async Task Defaults_InAllDepths(Scene scene)
    {
        await scene.WithSpecimensAsync();
        await CreateAsync(scene, "none", "{}");
        await CreateAsync(scene, "some", """{"defaults": {"text": "y", "inner": {}, "absent": {}, "list": []}}""");
        await CreateAsync(scene, "lists", """{"lists": {"ports": [{"port": 1}, {"port": 2, "protocol": "UDP"}]}, "maps": {"disks": {"a": {"kind": "ssd"}, "b": {"kind": "hdd", "size": 5}}}, "free": {}}""");
    }

    [Interaction]
    public static async Task Defaults_AndNull(Scene scene)
    {
        await scene.WithSpecimensAsync();
        await CreateAsync(scene, "nullable", """{"maybe": null, "maybeDefault": null}""");
        await CreateAsync(scene, "not-nullable", """{"never": null, "text": null, "defaults": {"text": null, "number": null, "inner": null}}""");
        await CreateAsync(scene, "inside", """{"lists": {"ports": [{"port": 1, "protocol": null}]}, "maps": {"disks": {"a": {"kind": "ssd", "size": null}}}, "free": {"known": null, "other": null}}""");
    }

    [Interaction]
    public static async Task Defaults_ComeBackOnUpdate(Scene scene)
    {
        await scene.WithSpecimensAsync();
        await scene.CreateSpecimenAsync("one", """{"defaults": {"text": "mine", "number": 5}}""");
        await PatchAsync(scene, """{"spec": {"defaults": {"text": null}}}""");
        await PatchAsync(scene, """{"spec": {"defaults": null}}""");
        await PatchAsync(scene, """{"spec": {"maybe": "x", "maybeDefault": null}}""");
        await scene.HttpAsync(
            HttpMethod.Patch, "{specimens}/one", """[{"op": "replace", "path": "/spec/maybeDefault", "value": null}]""", Documents.JsonPatch, "spec.maybe", "spec.maybeDefault");
        await PatchAsync(scene, """{"spec": null}""");
    }

    [Interaction]
    public static async Task Pruning_OfWhatTheSchemaDoesNotKnow(Scene scene)
    {
        await scene.WithSpecimensAsync();
        const string Spec = """
            {"bogus": 1, "defaults": {"bogus": {"a": 1}}, "lists": {"ports": [{"port": 1, "bogus": 2}]}, "maps": {"disks": {"a": {"kind": "ssd", "bogus": 3}}},
             "free": {"any": {"thing": [1]}, "closed": {"a": "x", "bogus": 4}}}
            """;
        await scene.HttpAsync(HttpMethod.Post, "{specimens}?fieldValidation=Ignore", Specimens.Json("one", Spec, ", \"bogus\": 5", ", \"bogus\": 6"), show: ["spec", "bogus", "metadata.bogus"]);
        await scene.HttpAsync(HttpMethod.Post, "{specimens}?fieldValidation=Warn", Specimens.Json("two", Spec, more: ", \"bogus\": 6"), show: ["spec.free"]);
        await scene.HttpAsync(HttpMethod.Post, "{specimens}?fieldValidation=Strict", Specimens.Json("three", Spec));
        await scene.HttpAsync(HttpMethod.Patch, "{specimens}/one?fieldValidation=Strict", """{"spec": {"bogus": 1}}""", Documents.MergePatch);
        await scene.HttpAsync(HttpMethod.Patch, "{specimens}/one?fieldValidation=Ignore", """{"spec": {"bogus": 1, "text": "t"}}""", Documents.MergePatch, "spec.bogus", "spec.text");
    }

    [Interaction]
    public static async Task FreeVersion_KeepsEverything(Scene scene)
    {
        await scene.WithSpecimensAsync();
        const string Beta = "/apis/test.kontena.io/v1beta1/namespaces/{ns}/specimens";
        await scene.HttpAsync(HttpMethod.Post, Beta, Specimens.Json("one", """{"anything": [1, {"a": null}]}""").Replace("io/v1\"", "io/v1beta1\"", StringComparison.Ordinal), show: ["spec", "apiVersion"]);
        await scene.HttpAsync(HttpMethod.Get, Beta, show: ["apiVersion", "items.*.apiVersion", "items.*.metadata.name"]);
        await scene.HttpAsync(HttpMethod.Get, "{specimens}/one", show: ["apiVersion", "kind"]);
        await scene.HttpAsync(HttpMethod.Patch, "{specimens}/one", """{"spec": {"text": "a"}}""", Documents.MergePatch, "apiVersion", "spec.text", "spec.defaults.number");
        await scene.HttpAsync(HttpMethod.Get, Beta + "/one", show: ["apiVersion", "spec.text"]);
        await scene.HttpAsync(HttpMethod.Get, Beta + "/one/scale");
        await scene.HttpAsync(HttpMethod.Get, "/apis/test.kontena.io/v1alpha1/namespaces/{ns}/specimens/one");
    }

    private static Task<ApiAnswer> CreateAsync(Scene scene, string name, string spec) => scene.HttpAsync(HttpMethod.Post, "{specimens}", Specimens.Json(name, spec), show: ["spec"]);

    private static Task<ApiAnswer> PatchAsync(Scene scene, string patch) => scene.HttpAsync(HttpMethod.Patch, "{specimens}/one", patch, Documents.MergePatch, "spec", "metadata.generation");
}
