using System.Text;
using System.Text.Json.Nodes;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>Lists and watches at their edges: versions, matches, tokens.</summary>
public static class Selecting
{
    [Interaction(EngineFeature.StrictFields)]
    public static async Task List_VersionAndMatch(Scene scene)
    {
        await scene.CreatePoolAsync("a");
        var version = (await scene.QuietHttpAsync(HttpMethod.Get, "{pools}"))["metadata"]!["resourceVersion"]!.GetValue<string>();
        scene.Hide(version, "VERSION");
        await scene.CreatePoolAsync("b");
        foreach (var query in new[]
        {
            $"resourceVersion={version}&resourceVersionMatch=Exact", $"resourceVersion={version}&resourceVersionMatch=NotOlderThan", $"resourceVersion={version}",
            "resourceVersion=0", "resourceVersion=0&resourceVersionMatch=NotOlderThan", "resourceVersion=0&resourceVersionMatch=Exact", "resourceVersionMatch=Exact",
            $"resourceVersion={version}&resourceVersionMatch=Nonsense", "resourceVersion=99999999&resourceVersionMatch=Exact", "sendInitialEvents=true",
        })
            await scene.HttpAsync(HttpMethod.Get, $"{{pools}}?{query}", show: ["items.*.metadata.name"]);
    }

    [Interaction]
    public static async Task List_ZeroVersionAndLimit(Scene scene)
    {
        foreach (var name in new[] { "a", "b", "c" }) await scene.CreatePoolAsync(name);
        await scene.HttpAsync(HttpMethod.Get, "{pools}?resourceVersion=0&limit=2", show: ["items.*.metadata.name", "metadata.continue"]);
        await scene.HttpAsync(HttpMethod.Get, "{pools}?limit=0", show: ["items.*.metadata.name"]);
        await scene.HttpAsync(HttpMethod.Get, "{pools}?limit=2&labelSelector=tier", show: ["items", "metadata.continue"]);
    }

    [Interaction]
    public static async Task List_TokenTogetherWithAVersion_IsRefused(Scene scene)
    {
        foreach (var name in new[] { "a", "b", "c" }) await scene.CreatePoolAsync(name);
        var token = await TokenAsync(scene, "{pools}?limit=1");
        scene.Hide(Uri.EscapeDataString(token), "TOKEN");
        await scene.HttpAsync(HttpMethod.Get, $"{{pools}}?limit=1&continue={Uri.EscapeDataString(token)}&resourceVersion=5");
        await scene.HttpAsync(HttpMethod.Get, $"{{pools}}?limit=1&continue={Uri.EscapeDataString(token)}&resourceVersion=0", show: ["items.*.metadata.name"]);
        await scene.HttpAsync(HttpMethod.Get, $"{{pools}}?limit=1&continue={Uri.EscapeDataString(token)}&resourceVersionMatch=Exact");
        await scene.HttpAsync(HttpMethod.Get, $"{{pools}}?limit=1&continue={Uri.EscapeDataString(token)}", show: ["items.*.metadata.name"]);
    }

    [Interaction(EngineFeature.ForgottenPast)]
    public static async Task List_TokenOfAForgottenPast_IsGone(Scene scene)
    {
        foreach (var name in new[] { "a", "b" }) await scene.CreatePoolAsync(name);
        var token = Aged(await TokenAsync(scene, "{pools}?limit=1"));
        scene.Hide(token, "TOKEN");
        await scene.HttpAsync(HttpMethod.Get, $"{{pools}}?limit=1&continue={token}");
        await scene.HttpAsync(HttpMethod.Get, "{pools}?resourceVersion=1&resourceVersionMatch=Exact");
        scene.Note("not older than the past is anything");
        await scene.HttpAsync(HttpMethod.Get, "{pools}?resourceVersion=1&resourceVersionMatch=NotOlderThan", show: ["items.*.metadata.name"]);
    }

    [Interaction(EngineFeature.StrictFields)]
    public static async Task Watch_QueriesThatDoNotFit(Scene scene)
    {
        foreach (var query in new[]
        {
            "sendInitialEvents=true", "resourceVersionMatch=NotOlderThan", "sendInitialEvents=true&resourceVersionMatch=Exact", "sendInitialEvents=false",
        })
            await scene.HttpAsync(HttpMethod.Get, $"{{pools}}?watch=true&timeoutSeconds=1&{query}");
    }

    [Interaction]
    public static async Task Watch_OfCoreKinds(Scene scene)
    {
        using var maps = await scene.WatchAsync("fieldSelector=metadata.name%3Done&resourceVersion=0", "{core}/configmaps");
        await scene.CreateConfigMapAsync("other");
        await scene.CreateConfigMapAsync("one", """, "data": {"a": "1"}""");
        await scene.NextFrameAsync(maps, "metadata.name", "data");
        await scene.QuietHttpAsync(HttpMethod.Patch, "{core}/configmaps/one", """{"data": {"a": "2"}}""", Documents.MergePatch);
        await scene.NextFrameAsync(maps, "data");
        await scene.QuietHttpAsync(HttpMethod.Delete, "{core}/configmaps/one");
        await scene.NextFrameAsync(maps, "data");
    }

    [Interaction]
    public static async Task Watch_AllNamespaces_BySelector(Scene scene)
    {
        using var watch = await scene.WatchAsync("labelSelector=of%3D{ns}&resourceVersion=0".Replace("{ns}", scene.Namespace, StringComparison.Ordinal), "/apis/kontena.io/v1alpha1/nodepools");
        await scene.CreatePoolAsync("other");
        await scene.CreatePoolAsync("web", $$""", "labels": {"of": "{{scene.Namespace}}"}""");
        await scene.NextFrameAsync(watch, "metadata.namespace", "metadata.name");
    }

    [Interaction]
    public static async Task Watch_DeletedUnderASelector_ShowsTheLastState(Scene scene)
    {
        await scene.CreatePoolAsync("web", """, "labels": {"tier": "front"}""");
        var version = (await scene.QuietHttpAsync(HttpMethod.Get, "{pools}"))["metadata"]!["resourceVersion"]!.GetValue<string>();
        using var watch = await scene.WatchAsync($"labelSelector=tier%3Dfront&resourceVersion={version}");
        await scene.DeletePoolAsync("web");
        var frame = await scene.NextFrameAsync(watch, "metadata.labels", "metadata.name", "spec.replicas");
        var deletedAt = long.Parse(frame!["object"]!["metadata"]!["resourceVersion"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.That(deletedAt, Is.GreaterThan(long.Parse(version, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Interaction]
    public static async Task Watch_OnAName_AndAFutureVersion(Scene scene)
    {
        await scene.CreatePoolAsync("web");
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web?watch=false", show: ["metadata.name"]);
        using var watch = await scene.WatchAsync("timeoutSeconds=2&resourceVersion=99999999");
        await scene.NextFrameAsync(watch);
        await scene.NextFrameAsync(watch);
    }

    [Interaction]
    public static async Task Get_WatchOneObject_AsJsonpath(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        using var watch = scene.Start("get np web -w -o 'jsonpath={.spec.replicas}{\"\\n\"}'");
        await scene.ReadLineAsync(watch);
        await scene.QuietlyAsync("scale np web --replicas=4");
        await scene.ReadLineAsync(watch);
    }

    private static async Task<string> TokenAsync(Scene scene, string path) =>
        (await scene.QuietHttpAsync(HttpMethod.Get, path))["metadata"]!["continue"]!.GetValue<string>();

    /// <summary>The token of this engine as it would have been at version 1. Its form is the engine's own: both carry the version as a number in JSON.</summary>
    private static string Aged(string token)
    {
        var text = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token));
        var json = JsonNode.Parse(text)!.AsObject();
        json[json.ContainsKey("rv") ? "rv" : "v"] = 1;
        return System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
    }
}
