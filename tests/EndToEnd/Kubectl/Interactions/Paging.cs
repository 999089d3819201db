namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>Lists in pages: limit and continue.</summary>
public static class Paging
{
    private static readonly string[] names = ["items.0.metadata.name", "items.1.metadata.name", "metadata.remainingItemCount"];

    [Interaction]
    public static async Task List_InPages_IsOneSnapshot(Scene scene)
    {
        foreach (var name in new[] { "a", "b", "c", "d", "e" }) await scene.CreatePoolAsync(name);
        var first = (await scene.HttpAsync(HttpMethod.Get, "{pools}?limit=2", show: names)).Succeeded()["metadata"]!;
        scene.Note("what is created now is not on the later pages");
        await scene.CreatePoolAsync("bb");
        await scene.CreatePoolAsync("f");
        var second = (await NextAsync(scene, first["continue"]!.GetValue<string>()))["metadata"]!;
        Assert.That(second["resourceVersion"]!.GetValue<string>(), Is.EqualTo(first["resourceVersion"]!.GetValue<string>()));
        var third = (await NextAsync(scene, second["continue"]!.GetValue<string>()))["metadata"]!;
        Assert.That(third["continue"]?.GetValue<string>() ?? "", Is.Empty);
    }

    [Interaction]
    public static async Task List_BadContinueToken_IsRefused(Scene scene) =>
        await scene.HttpAsync(HttpMethod.Get, "{pools}?limit=2&continue=nonsense");

    [Interaction]
    public static async Task List_KubectlChunks_ShowsAll(Scene scene)
    {
        foreach (var name in new[] { "a", "b", "c" }) await scene.CreatePoolAsync(name);
        await scene.KubectlAsync("get np --chunk-size=1");
    }

    [Interaction]
    public static async Task List_FutureResourceVersion_TimesOut(Scene scene) =>
        await scene.HttpAsync(HttpMethod.Get, "{pools}?resourceVersion=99999999");

    private static async Task<System.Text.Json.Nodes.JsonObject> NextAsync(Scene scene, string token)
    {
        scene.Note("the next page");
        var answer = await scene.Engine.Http.GetAsync(
            $"/apis/kontena.io/v1alpha1/namespaces/{scene.Namespace}/nodepools?limit=2&continue={Uri.EscapeDataString(token)}", scene.Ct);
        var list = answer.Succeeded();
        foreach (var path in names) scene.Say($"  {path}: {AnswerText.At(list, path)?.ToJsonString() ?? "(none)"}");
        return list;
    }
}
