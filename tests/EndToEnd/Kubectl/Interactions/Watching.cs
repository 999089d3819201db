using System.Text.Json.Nodes;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>Watches on the wire.</summary>
public static class Watching
{
    [Interaction]
    public static async Task Watch_FromAVersion_ShowsWhatCameAfter(Scene scene)
    {
        await scene.CreatePoolAsync("before");
        var version = await ListVersionAsync(scene);
        await scene.CreatePoolAsync("web");
        using var watch = await scene.WatchAsync($"resourceVersion={version}");
        await scene.NextFrameAsync(watch, "metadata.name", "spec.replicas");
        await scene.PatchPoolAsync("web", """{"spec": {"replicas": 4}}""");
        await scene.NextFrameAsync(watch, "metadata.name", "spec.replicas");
        await scene.DeletePoolAsync("web");
        await scene.NextFrameAsync(watch, "metadata.name", "spec.replicas");
    }

    [Interaction]
    public static async Task Watch_WithoutAVersion_BeginsWithWhatIsThere(Scene scene)
    {
        await scene.CreatePoolAsync("a");
        await scene.CreatePoolAsync("b");
        using var watch = await scene.WatchAsync("resourceVersion=0");
        var names = new[] { await NameAsync(watch), await NameAsync(watch) };
        Assert.That(names, Is.EquivalentTo(new[] { "ADDED a", "ADDED b" }));

        async Task<string> NameAsync(ApiWatch from) => await from.NextAsync(scene.Ct) is { } frame
            ? $"{frame["type"]} {frame["object"]!["metadata"]!["name"]}" : "end";
    }

    [Interaction]
    public static async Task Watch_Selector_LeavingIsADelete(Scene scene)
    {
        await scene.CreatePoolAsync("web");
        var version = await ListVersionAsync(scene);
        using var watch = await scene.WatchAsync($"labelSelector=tier%3Dfront&resourceVersion={version}");
        await scene.PatchPoolAsync("web", """{"metadata": {"labels": {"tier": "front"}}}""");
        await scene.NextFrameAsync(watch, "metadata.labels");
        await scene.PatchPoolAsync("web", """{"spec": {"replicas": 3}}""");
        await scene.NextFrameAsync(watch, "spec.replicas");
        await scene.PatchPoolAsync("web", """{"metadata": {"labels": {"tier": "back"}}}""");
        // labels are not shown: servers differ in whether the old or the new object is in this frame
        await scene.NextFrameAsync(watch, "metadata.name");
    }

    [Interaction(EngineFeature.ForgottenPast)]
    public static async Task Watch_TooOldAVersion_IsGone(Scene scene)
    {
        await scene.CreatePoolAsync("web");
        using var watch = await scene.WatchAsync("resourceVersion=1");
        await scene.NextFrameAsync(watch);
        await scene.NextFrameAsync(watch);
    }

    [Interaction]
    public static async Task Watch_TimeoutSeconds_EndsTheStream(Scene scene)
    {
        var version = await ListVersionAsync(scene);
        using var watch = await scene.WatchAsync($"timeoutSeconds=1&resourceVersion={version}");
        await scene.NextFrameAsync(watch);
    }

    [Interaction]
    public static async Task Watch_Bookmarks_TellTheVersion(Scene scene)
    {
        await scene.CreatePoolAsync("web");
        var version = await ListVersionAsync(scene);
        using var watch = await scene.WatchAsync($"allowWatchBookmarks=true&timeoutSeconds=6&resourceVersion={version}");
        await scene.PatchPoolAsync("web", """{"spec": {"replicas": 3}}""");
        await scene.NextFrameAsync(watch, "spec.replicas");
        var bookmark = await scene.NextFrameAsync(watch, "apiVersion", "metadata.name", "metadata.uid");
        Assert.That(bookmark, Is.Not.Null, "The stream ended without a bookmark.");
        Assert.That(Version(bookmark!), Is.GreaterThan(long.Parse(version, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Interaction(EngineFeature.StrictFields)]
    public static async Task Watch_InitialEvents_EndWithABookmark(Scene scene)
    {
        await scene.CreatePoolAsync("web");
        using var watch = await scene.WatchAsync("sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        await scene.NextFrameAsync(watch, "metadata.name");
        await scene.NextFrameAsync(watch, "metadata.annotations", "metadata.name");
        await scene.DeletePoolAsync("web");
        await scene.NextFrameAsync(watch, "metadata.name");
    }

    [Interaction]
    public static async Task Watch_FinalizedDelete_IsModifiedThenDeleted(Scene scene)
    {
        await scene.CreatePoolAsync("web", """, "finalizers": ["example.org/hold"]""");
        var version = await ListVersionAsync(scene);
        using var watch = await scene.WatchAsync($"resourceVersion={version}");
        await scene.DeletePoolAsync("web");
        await scene.NextFrameAsync(watch, "metadata.deletionTimestamp", "metadata.finalizers");
        await scene.PatchPoolAsync("web", """{"metadata": {"finalizers": null}}""");
        await scene.NextFrameAsync(watch, "metadata.name");
    }

    private static long Version(JsonObject frame) => long.Parse(
        frame["object"]!["metadata"]!["resourceVersion"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string> ListVersionAsync(Scene scene)
    {
        var list = await scene.Engine.Http.GetAsync($"/apis/kontena.io/v1alpha1/namespaces/{scene.Namespace}/nodepools?limit=500", scene.Ct);
        return list.Succeeded()["metadata"]!["resourceVersion"]!.GetValue<string>();
    }
}
