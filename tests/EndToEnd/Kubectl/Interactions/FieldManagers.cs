using System.Text.Json.Nodes;

namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>Applies configurations, and writes down who owns what.</summary>
internal static class FieldManagers
{
    public const string ApplyPatch = "application/apply-patch+yaml";

    private static readonly System.Text.Json.JsonSerializerOptions readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Fields of a NodePool's spec that the documents of these tests set. Others are left out of what managers own, as they are of specs:
    /// a default added to the CRD does not change what these tests say about API servers.
    /// </summary>
    private static readonly HashSet<string> specFields = ["f:replicas", "f:paused", "f:provider", "f:aws", "f:region", "f:instanceTypes", "f:zones", "f:tags"];

    /// <summary>Applies a NodePool over HTTP.</summary>
    public static Task ApplyPoolAsync(this Scene scene, string manager, string pool, string query = "", params string[] show) =>
        scene.HttpAsync(HttpMethod.Patch, $"{{pools}}/web?fieldManager={manager}{query}", pool, ApplyPatch, show);

    /// <summary>The status of the pool web, applied by this manager; <paramref name="status"/> is JSON without the braces.</summary>
    public static Task ApplyStatusAsync(this Scene scene, string manager, string status, string query = "") => scene.HttpAsync(
        HttpMethod.Patch, $"{{pools}}/web/status?fieldManager={manager}{query}",
        $$"""{"apiVersion": "kontena.io/v1alpha1", "kind": "NodePool", "metadata": {"name": "web"}, "status": { {{status}} } }""", ApplyPatch);

    /// <summary>Writes down the managers of an object: operation, name, subresource, whether there is a time, and the fields.</summary>
    public static async Task SayManagersAsync(this Scene scene, string path = "{pools}/web")
    {
        var resource = await scene.QuietHttpAsync(HttpMethod.Get, path);
        var managers = (resource["metadata"]!["managedFields"] as JsonArray ?? []).Select(m => m!.AsObject()).ToList();
        if (managers.Count == 0) scene.Say("  (nobody owns anything)");
        // Kubernetes sorts by time, which here is chance.
        foreach (var line in managers.Select(Line).Order(StringComparer.Ordinal)) scene.Say("  " + line);
    }

    private static string Line(JsonObject manager)
    {
        var subresource = manager["subresource"] is { } name ? $"/{name}" : "";
        var untimed = manager.ContainsKey("time") ? "" : " (no time)";
        var fields = Fields(manager["fieldsV1"]!.AsObject(), pool: $"{manager["apiVersion"]}".StartsWith("kontena.io/", StringComparison.Ordinal), inSpec: false);
        return $"{manager["operation"]} {manager["manager"]}{subresource} {manager["apiVersion"]} {manager["fieldsType"]}{untimed}: {fields.ToJsonString(readable)}";
    }

    private static JsonObject Fields(JsonObject fields, bool pool, bool inSpec)
    {
        var shown = new JsonObject();
        foreach (var (step, below) in fields.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            if (inSpec && step.StartsWith("f:", StringComparison.Ordinal) && !specFields.Contains(step)) continue;
            shown[step] = Fields(below!.AsObject(), pool, (pool && step == "f:spec") || (inSpec && step != "f:tags"));
        }
        return shown;
    }
}
