namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>Objects of the kinds in <c>Crds/</c>.</summary>
internal static class Specimens
{
    /// <summary>A Specimen as JSON; <paramref name="more"/> is what follows its spec, beginning with a comma.</summary>
    public static string Json(string name, string spec = "{}", string metadata = "", string more = "") => $$"""
        {"apiVersion": "test.kontena.io/v1", "kind": "Specimen", "metadata": {"name": "{{name}}"{{metadata}}}, "spec": {{spec}}{{more}}}
        """;

    public static string ConfigMap(string name, string content = "", string metadata = "") => $$"""
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "{{name}}"{{metadata}}}{{content}}}
        """;

    /// <summary>One owner reference, of a ConfigMap.</summary>
    public static string Owner(string name, string uid, bool blocks = true) =>
        $$"""{"apiVersion": "v1", "kind": "ConfigMap", "name": "{{name}}", "uid": "{{uid}}", "blockOwnerDeletion": {{(blocks ? "true" : "false")}} }""";

    /// <summary>Creates a ConfigMap without a word in the transcript and returns its uid.</summary>
    public static async Task<string> CreateConfigMapAsync(this Scene scene, string name, string content = "", string metadata = "")
    {
        var created = await scene.QuietHttpAsync(HttpMethod.Post, "{core}/configmaps", ConfigMap(name, content, metadata));
        return created["metadata"]!["uid"]!.GetValue<string>();
    }

    public static Task CreateSpecimenAsync(this Scene scene, string name, string spec = "{}", string metadata = "") =>
        scene.QuietHttpAsync(HttpMethod.Post, "{specimens}", Json(name, spec, metadata));
}
