using Kontena.TestKit;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>Owners and dependents over more than one level, namespaces with reluctant contents, deletion of many.</summary>
public static class Cascading
{
    private const string Hold = """, "finalizers": ["example.org/hold"]""";
    private static readonly TimeSpan patience = Eventually.Patience;

    [Interaction(EngineFeature.GarbageCollection)]
    public static async Task TwoLevels_Background(Scene scene)
    {
        await FamilyAsync(scene);
        await scene.HttpAsync(HttpMethod.Delete, "{core}/configmaps/top?propagationPolicy=Background");
        foreach (var name in new[] { "top", "middle", "bottom" }) await GoneAsync(scene, name);
    }

    [Interaction(EngineFeature.GarbageCollection)]
    public static async Task TwoLevels_Foreground_FromTheBottomUp(Scene scene)
    {
        await FamilyAsync(scene, bottom: Hold);
        await scene.HttpAsync(HttpMethod.Delete, "{core}/configmaps/top?propagationPolicy=Foreground", show: ["metadata.finalizers"]);
        await DeletingAsync(scene, "bottom");
        await scene.HttpAsync(HttpMethod.Get, "{core}/configmaps/top", show: ["metadata.finalizers"]);
        await scene.HttpAsync(HttpMethod.Get, "{core}/configmaps/middle", show: ["metadata.finalizers"]);
        await ReleaseAsync(scene, "bottom");
        foreach (var name in new[] { "bottom", "middle", "top" }) await GoneAsync(scene, name);
    }

    [Interaction(EngineFeature.GarbageCollection)]
    public static async Task Foreground_DependentThatDoesNotBlock(Scene scene)
    {
        var top = await scene.CreateConfigMapAsync("top");
        await scene.CreateConfigMapAsync("child", metadata: $"{Hold}, \"ownerReferences\": [{Specimens.Owner("top", top, blocks: false)}]");
        await scene.HttpAsync(HttpMethod.Delete, "{core}/configmaps/top?propagationPolicy=Foreground");
        await GoneAsync(scene, "top");
        await DeletingAsync(scene, "child");
        await ReleaseAsync(scene, "child");
        await GoneAsync(scene, "child");
    }

    [Interaction(EngineFeature.GarbageCollection)]
    public static async Task TwoOwners_OneGone_TheOtherKeeps(Scene scene)
    {
        var (a, b) = (await scene.CreateConfigMapAsync("a"), await scene.CreateConfigMapAsync("b"));
        await scene.CreateConfigMapAsync("child", metadata: $""", "ownerReferences": [{Specimens.Owner("a", a)}, {Specimens.Owner("b", b)}]""");
        await scene.QuietHttpAsync(HttpMethod.Delete, "{core}/configmaps/a?propagationPolicy=Background");
        await UntilAsync(scene, "child", json => AnswerText.At(json, "metadata.ownerReferences.1") is null, "the owner that is gone is forgotten");
        await scene.HttpAsync(HttpMethod.Get, "{core}/configmaps/child", show: ["metadata.ownerReferences.*.name"]);
        await scene.QuietHttpAsync(HttpMethod.Delete, "{core}/configmaps/b?propagationPolicy=Background");
        await GoneAsync(scene, "child");
    }

    [Interaction(EngineFeature.GarbageCollection)]
    public static async Task Orphan_OverTwoLevels(Scene scene)
    {
        await FamilyAsync(scene);
        await scene.HttpAsync(HttpMethod.Delete, "{core}/configmaps/top?propagationPolicy=Orphan", show: ["metadata.finalizers"]);
        await GoneAsync(scene, "top");
        await scene.HttpAsync(HttpMethod.Get, "{core}/configmaps/middle", show: ["metadata.ownerReferences"]);
        await scene.HttpAsync(HttpMethod.Get, "{core}/configmaps/bottom", show: ["metadata.ownerReferences.*.name"]);
    }

    [Interaction(EngineFeature.GarbageCollection)]
    public static async Task OwnerThatNeverWas_IsAsGoodAsGone(Scene scene)
    {
        await scene.CreateConfigMapAsync("child", metadata: $""", "ownerReferences": [{Specimens.Owner("nobody", "01234567-89ab-cdef-0123-456789abcdef")}]""");
        await GoneAsync(scene, "child");
    }

    [Interaction(EngineFeature.GarbageCollection)]
    public static async Task Namespace_WaitsForFinalizersInside(Scene scene)
    {
        await scene.CreateConfigMapAsync("held", metadata: Hold);
        await scene.CreatePoolAsync("web", Hold);
        await scene.CreatePoolAsync("free");
        await scene.HttpAsync(HttpMethod.Delete, "/api/v1/namespaces/{ns}", show: ["status.phase", "spec.finalizers"]);
        await DeletingAsync(scene, "held");
        scene.Note("nothing new comes in");
        await scene.HttpAsync(HttpMethod.Post, "{core}/configmaps", Specimens.ConfigMap("late"));
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("late"));
        await scene.HttpAsync(HttpMethod.Get, "/api/v1/namespaces/{ns}", show: ["status.phase", "spec.finalizers"]);
        scene.Note("a second deletion is a conflict or a repetition");
        await scene.HttpAsync(HttpMethod.Delete, "/api/v1/namespaces/{ns}", show: ["status.phase"]);
        await ReleaseAsync(scene, "held");
        await scene.QuietHttpAsync(HttpMethod.Patch, "{pools}/web", """{"metadata": {"finalizers": null}}""", Documents.MergePatch);
        await Eventually.HoldsAsync(
            async () => (await scene.Engine.Http.GetAsync($"/api/v1/namespaces/{scene.Namespace}", scene.Ct)).Code == 404, "the namespace is gone", patience, scene.Ct);
        await scene.HttpAsync(HttpMethod.Get, "/api/v1/namespaces/{ns}");
    }

    [Interaction]
    public static async Task Namespace_OfTheSystem_StaysWhereItIs(Scene scene)
    {
        await scene.HttpAsync(HttpMethod.Delete, "/api/v1/namespaces/default");
        await scene.HttpAsync(HttpMethod.Delete, "/api/v1/namespaces/kube-system");
        await scene.HttpAsync(HttpMethod.Delete, "/api/v1/namespaces/default?dryRun=All");
        await scene.HttpAsync(HttpMethod.Get, "/api/v1/namespaces/default", show: ["status.phase", "spec.finalizers"]);
    }

    [Interaction]
    public static async Task Collection_BySelectors(Scene scene)
    {
        foreach (var (name, tier) in new[] { ("a", "front"), ("b", "front"), ("c", "back") }) await scene.CreateConfigMapAsync(name, metadata: $$""", "labels": {"tier": "{{tier}}"}""");
        string[] show = ["items.*.metadata.name"];
        await scene.HttpAsync(HttpMethod.Delete, "{core}/configmaps?labelSelector=tier%3Dfront&dryRun=All");
        await scene.HttpAsync(HttpMethod.Get, "{core}/configmaps?labelSelector=tier", show: show);
        await scene.HttpAsync(HttpMethod.Delete, "{core}/configmaps?labelSelector=tier%3Dfront&fieldSelector=metadata.name%21%3Db");
        await scene.HttpAsync(HttpMethod.Get, "{core}/configmaps?labelSelector=tier", show: show);
        await scene.HttpAsync(HttpMethod.Delete, "{core}/configmaps?labelSelector=tier%3Dnobody");
        await scene.CreatePoolAsync("web", Hold);
        await scene.HttpAsync(HttpMethod.Delete, "{pools}", show: ["items.*.metadata.name"]);
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web", show: ["metadata.deletionTimestamp", "metadata.generation"]);
    }

    [Interaction]
    public static async Task DeleteOptions_ThatDoNotFit(Scene scene)
    {
        await scene.CreatePoolAsync("web");
        await scene.CreateConfigMapAsync("one");
        foreach (var options in new[]
        {
            """{"propagationPolicy": "Never"}""", """{"propagationPolicy": "Orphan", "orphanDependents": true}""", """{"dryRun": ["Some"]}""",
            """{"preconditions": {"uid": "00000000-0000-0000-0000-000000000000", "resourceVersion": "1"}}""", """{"kind": "DeleteOptions", "apiVersion": "v1", "dryRun": ["All"], "gracePeriodSeconds": 5}""",
        })
        {
            scene.Note(options);
            await scene.HttpAsync(HttpMethod.Delete, "{pools}/web", options);
            await scene.HttpAsync(HttpMethod.Delete, "{core}/configmaps/one", options);
        }
        // Of these 1.20 says that the fault is its own (500): asked of the custom kind alone.
        foreach (var options in new[] { """{"gracePeriodSeconds": "soon"}""", """{"kind": "Banana", "apiVersion": "v1"}""", "[]", "not json" })
        {
            scene.Note(options);
            await scene.HttpAsync(HttpMethod.Delete, "{pools}/web", options);
        }
        foreach (var path in new[] { "{pools}/web", "{core}/configmaps/one" })
        {
            await scene.HttpAsync(HttpMethod.Delete, path + "?propagationPolicy=Never");
            await scene.HttpAsync(HttpMethod.Get, path, show: ["metadata.deletionTimestamp"]);
        }
    }

    [Interaction]
    public static async Task Delete_WithAVersionThatHolds(Scene scene)
    {
        await scene.CreateConfigMapAsync("one");
        var metadata = (await scene.QuietHttpAsync(HttpMethod.Get, "{core}/configmaps/one"))["metadata"]!;
        await scene.QuietHttpAsync(HttpMethod.Patch, "{core}/configmaps/one", """{"data": {"a": "b"}}""", Documents.MergePatch);
        scene.Note("written since");
        await scene.HttpAsync(HttpMethod.Delete, "{core}/configmaps/one", Preconditions(metadata["uid"], metadata["resourceVersion"]));
        scene.Note("the uid alone still holds");
        await scene.HttpAsync(HttpMethod.Delete, "{core}/configmaps/one", $$$"""{"preconditions": {"uid": "{{{metadata["uid"]}}}"}}""", show: ["status", "details.uid", "details.kind"]);

        static string Preconditions(object? uid, object? version) => $$$"""{"preconditions": {"uid": "{{{uid}}}", "resourceVersion": "{{{version}}}"}}""";
    }

    [Interaction]
    public static async Task DryRun_OfEveryVerb(Scene scene)
    {
        await scene.WithSpecimensAsync();
        await scene.CreateSpecimenAsync("one", """{"replicas": 1}""");
        var stored = await scene.QuietHttpAsync(HttpMethod.Get, "{specimens}/one");
        stored["spec"]!["replicas"] = 5;
        string[] show = ["spec.replicas", "status.phase", "metadata.generation"];
        await scene.HttpAsync(HttpMethod.Put, "{specimens}/one?dryRun=All", stored.ToJsonString(), show: show);
        await scene.HttpAsync(HttpMethod.Patch, "{specimens}/one?dryRun=All", """[{"op": "replace", "path": "/spec/replicas", "value": 6}]""", Documents.JsonPatch, show);
        await scene.HttpAsync(HttpMethod.Patch, "{specimens}/one/status?dryRun=All", """{"status": {"phase": "Running"}}""", Documents.MergePatch, show);
        await scene.HttpAsync(HttpMethod.Patch, "{specimens}/one/scale?dryRun=All", """{"spec": {"replicas": 7}}""", Documents.MergePatch, show);
        await scene.HttpAsync(HttpMethod.Delete, "{specimens}?dryRun=All", show: ["items.*.metadata.name"]);
        await scene.HttpAsync(HttpMethod.Patch, "{specimens}/one?dryRun=All", """{"spec": {"replicas": -1}}""", Documents.MergePatch);
        await scene.HttpAsync(HttpMethod.Patch, "{specimens}/one?dryRun=Nothing", """{"spec": {"replicas": 1}}""", Documents.MergePatch);
        await scene.HttpAsync(HttpMethod.Put, "{specimens}/one?dryRun=", stored.ToJsonString(), show: show);
        await scene.HttpAsync(HttpMethod.Post, "{core}/configmaps?dryRun=All", Specimens.ConfigMap("", metadata: """, "generateName": "generated-" """), show: ["metadata.name"]);
        await scene.HttpAsync(HttpMethod.Get, "{specimens}/one", show: show);
    }

    private static async Task FamilyAsync(Scene scene, string bottom = "")
    {
        var top = await scene.CreateConfigMapAsync("top");
        var middle = await scene.CreateConfigMapAsync("middle", metadata: $""", "ownerReferences": [{Specimens.Owner("top", top)}]""");
        await scene.CreateConfigMapAsync("bottom", metadata: $"""{bottom}, "ownerReferences": [{Specimens.Owner("middle", middle)}]""");
    }

    private static Task<System.Text.Json.Nodes.JsonObject> ReleaseAsync(Scene scene, string name) =>
        scene.QuietHttpAsync(HttpMethod.Patch, "{core}/configmaps/" + name, """{"metadata": {"finalizers": null}}""", Documents.MergePatch);

    private static async Task DeletingAsync(Scene scene, string name)
    {
        await UntilAsync(scene, name, json => AnswerText.At(json, "metadata.deletionTimestamp") is not null, $"{name} is being deleted");
        scene.Note($"{name} is being deleted");
    }

    private static async Task GoneAsync(Scene scene, string name)
    {
        await Eventually.HoldsAsync(
            async () => (await scene.Engine.Http.GetAsync($"/api/v1/namespaces/{scene.Namespace}/configmaps/{name}", scene.Ct)).Code == 404, $"{name} is gone", patience, scene.Ct);
        scene.Note($"{name} is gone");
    }

    private static Task UntilAsync(Scene scene, string name, Func<System.Text.Json.Nodes.JsonObject, bool> holds, string what) => Eventually.HoldsAsync(
        async () => holds((await scene.Engine.Http.GetAsync($"/api/v1/namespaces/{scene.Namespace}/configmaps/{name}", scene.Ct)).Json), what, patience, scene.Ct);
}
