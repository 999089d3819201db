namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>Sets the stage over HTTP, for interactions that do not need kubectl.</summary>
internal static class Stage
{
    public static Task CreatePoolAsync(this Scene scene, string name, string metadata = "") =>
        scene.QuietHttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson(name, metadata: metadata));

    public static Task PatchPoolAsync(this Scene scene, string name, string patch) =>
        scene.QuietHttpAsync(HttpMethod.Patch, "{pools}/" + name, patch, Documents.MergePatch);

    public static Task DeletePoolAsync(this Scene scene, string name) =>
        scene.QuietHttpAsync(HttpMethod.Delete, "{pools}/" + name);
}
