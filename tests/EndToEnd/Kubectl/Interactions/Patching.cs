namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>The three kinds of patches, at their edges.</summary>
public static class Patching
{
    private const string Strategic = "application/strategic-merge-patch+json";

    [Interaction]
    public static async Task Json_MoveCopyTest(Scene scene)
    {
        await scene.WithSpecimensAsync();
        await scene.CreateSpecimenAsync("one", """{"free": {"a": "1", "b": "2"}}""");
        await JsonAsync(scene, """[{"op": "move", "from": "/spec/free/a", "path": "/spec/free/c"}]""");
        await JsonAsync(scene, """[{"op": "copy", "from": "/spec/free/b", "path": "/spec/free/d"}]""");
        await JsonAsync(scene, """[{"op": "test", "path": "/spec/free/d", "value": "2"}, {"op": "remove", "path": "/spec/free/d"}]""");
        await JsonAsync(scene, """[{"op": "remove", "path": "/spec/free/b"}, {"op": "test", "path": "/spec/free/c", "value": "other"}]""");
        await JsonAsync(scene, """[{"op": "move", "from": "/spec/free/nothing", "path": "/spec/free/e"}]""");
        await JsonAsync(scene, """[{"op": "test", "path": "/spec/free/nothing", "value": null}]""");
        await JsonAsync(scene, """[{"op": "replace", "path": "/spec/free/nothing", "value": "x"}]""");
        await JsonAsync(scene, """[{"op": "add", "path": "/nothing/deep", "value": "x"}]""");
        await JsonAsync(scene, "[]");
    }

    [Interaction]
    public static async Task Json_EscapedNames(Scene scene)
    {
        await scene.WithSpecimensAsync();
        await scene.CreateSpecimenAsync("one", """{"free": {"a/b": 1, "c~d": 2, "e~1f": 3}}""");
        foreach (var path in new[] { "a~1b", "c~0d", "e~01f", "a/b", "new~0~1", "c~d" })
            await scene.HttpAsync(
                HttpMethod.Patch, "{specimens}/one", $$"""[{"op": "add", "path": "/spec/free/{{path}}", "value": 9}]""", Documents.JsonPatch, "spec.free");
    }

    [Interaction]
    public static async Task Json_Lists(Scene scene)
    {
        await scene.WithSpecimensAsync();
        await scene.CreateSpecimenAsync("one", """{"lists": {"names": ["a", "b"]}}""");
        foreach (var patch in new[]
        {
            """[{"op": "add", "path": "/spec/lists/names/-", "value": "c"}]""", """[{"op": "add", "path": "/spec/lists/names/0", "value": "first"}]""",
            """[{"op": "replace", "path": "/spec/lists/names/1", "value": "second"}]""", """[{"op": "remove", "path": "/spec/lists/names/0"}]""",
            """[{"op": "move", "from": "/spec/lists/names/0", "path": "/spec/lists/names/-"}]""", """[{"op": "add", "path": "/spec/lists/names/9", "value": "x"}]""",
            """[{"op": "remove", "path": "/spec/lists/names/9"}]""", """[{"op": "add", "path": "/spec/lists/names/no", "value": "x"}]""",
            """[{"op": "add", "path": "/spec/lists/names", "value": ["new"]}]""", """[{"op": "add", "path": "/spec/replicas", "value": -1}]""",
        })
            await scene.HttpAsync(HttpMethod.Patch, "{specimens}/one", patch, Documents.JsonPatch, "spec.lists.names");
    }

    [Interaction]
    public static async Task Json_NotAPatch(Scene scene)
    {
        await scene.CreatePoolAsync("web");
        foreach (var patch in new[]
        {
            "{}", "[1]", """[{"op": "frobnicate", "path": "/spec"}]""", """[{"op": "add", "path": "/spec/replicas"}]""", """[{"path": "/spec/replicas", "value": 1}]""",
            """[{"op": "add", "path": "spec", "value": 1}]""", "not json", "",
        })
        {
            scene.Note(patch.Length == 0 ? "(nothing)" : patch);
            await scene.HttpAsync(HttpMethod.Patch, "{pools}/web", patch, Documents.JsonPatch);
        }
    }

    [Interaction]
    public static async Task Merge_NullsListsAndMaps(Scene scene)
    {
        await scene.WithSpecimensAsync();
        await scene.CreateSpecimenAsync("one", """{"lists": {"names": ["a", "b"]}, "maps": {"limits": {"a": 1}}, "free": {"x": {"y": 1}}, "maybe": "x"}""");
        string[] show = ["spec.lists", "spec.maps", "spec.free", "spec.maybe"];
        foreach (var patch in new[]
        {
            """{"spec": {"lists": {"names": ["c"]}}}""", """{"spec": {"maps": {"limits": {"a": null, "b": 2}}}}""", """{"spec": {"free": {"x": null}}}""",
            """{"spec": {"free": {"x": {"keep": null, "set": {"deep": null, "y": 1}}}}}""", """{"spec": {"maybe": null}}""", """{"spec": {"lists": null}}""", "{}",
        })
            await scene.HttpAsync(HttpMethod.Patch, "{specimens}/one", patch, Documents.MergePatch, show);
        foreach (var patch in new[] { "[]", "7", "null", "not json", "" })
        {
            scene.Note(patch.Length == 0 ? "(nothing)" : patch);
            await scene.HttpAsync(HttpMethod.Patch, "{specimens}/one", patch, Documents.MergePatch);
        }
    }

    [Interaction]
    public static async Task Strategic_DirectivesOnAConfigMap(Scene scene)
    {
        await scene.CreateConfigMapAsync("one", """, "data": {"a": "1", "b": "2"}""", """, "labels": {"tier": "front", "team": "a"}""");
        string[] show = ["data", "metadata.labels"];
        foreach (var patch in new[]
        {
            """{"data": {"a": null, "c": "3"}}""", """{"metadata": {"labels": {"$patch": "replace", "team": "b"}}}""", """{"data": {"$retainKeys": ["b", "d"], "d": "4"}}""",
            """{"metadata": {"labels": {"$patch": "delete"}}}""", """{"data": null}""", "[]",
        })
            await scene.HttpAsync(HttpMethod.Patch, "{core}/configmaps/one", patch, Strategic, show);
    }

    [Interaction]
    public static async Task Strategic_OwnersAreMergedByUid(Scene scene)
    {
        var (a, b) = (await scene.CreateConfigMapAsync("a"), await scene.CreateConfigMapAsync("b"));
        await scene.CreateConfigMapAsync("child", metadata: $""", "ownerReferences": [{Specimens.Owner("a", a)}]""");
        await PatchAsync($"[{Specimens.Owner("b", b)}]");
        await PatchAsync($$"""[{"uid": "{{a}}", "blockOwnerDeletion": false}]""");
        await PatchAsync($$"""[{"$patch": "delete", "uid": "{{a}}"}]""");
        await PatchAsync("null");

        Task PatchAsync(string owners) => scene.HttpAsync(
            HttpMethod.Patch, "{core}/configmaps/child", $$"""{"metadata": {"ownerReferences": {{owners}} } }""", Strategic, "metadata.ownerReferences.*.name", "metadata.ownerReferences.*.blockOwnerDeletion");
    }

    [Interaction]
    public static async Task Patch_CannotChangeWhoAnObjectIs(Scene scene)
    {
        await scene.CreatePoolAsync("web");
        foreach (var patch in new[]
        {
            """{"metadata": {"name": "other"}}""", """{"metadata": {"namespace": "default"}}""", """{"metadata": {"uid": "00000000-0000-0000-0000-000000000000"}}""",
            """{"metadata": {"creationTimestamp": "2001-01-01T00:00:00Z"}}""", """{"metadata": {"generation": 99}}""", """{"metadata": {"deletionTimestamp": "2001-01-01T00:00:00Z"}}""",
            """{"kind": "Banana"}""", """{"metadata": {"resourceVersion": null}}""",
        })
        {
            scene.Note(patch);
            await scene.HttpAsync(HttpMethod.Patch, "{pools}/web", patch, Documents.MergePatch, "metadata.name", "metadata.generation", "metadata.deletionTimestamp", "kind");
        }
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/nobody", "{}", Documents.MergePatch);
    }

    private static async Task JsonAsync(Scene scene, string patch)
    {
        scene.Note(patch);
        await scene.HttpAsync(HttpMethod.Patch, "{specimens}/one", patch, Documents.JsonPatch, "spec.free");
    }
}
