using System.Text.Json.Nodes;

namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>What a server owes a controller: versions, generations, the line between spec and status, finalizers.</summary>
public static class ObjectRules
{
    private static readonly string[] versions = ["metadata.generation", "metadata.resourceVersion"];

    [Interaction]
    public static async Task Put_StaleVersion_IsAConflict(Scene scene)
    {
        var first = (await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("web"))).Succeeded();
        await scene.HttpAsync(HttpMethod.Put, "{pools}/web", WithReplicas(first, 3), show: versions);
        await scene.HttpAsync(HttpMethod.Put, "{pools}/web", WithReplicas(first, 4));
        await scene.HttpAsync(HttpMethod.Put, "{pools}/web/status", WithReplicas(first, 4));
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web", show: ["spec.replicas"]);
    }

    [Interaction]
    public static async Task Put_WithoutVersion_IsRefused(Scene scene)
    {
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("web"));
        await scene.HttpAsync(HttpMethod.Put, "{pools}/web", Documents.PoolJson("web"));
        await scene.HttpAsync(HttpMethod.Put, "{pools}/nobody", Documents.PoolJson("nobody", metadata: """, "resourceVersion": "1" """));
    }

    [Interaction]
    public static async Task Put_OtherNameThanThePath_IsRefused(Scene scene)
    {
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("web"));
        await scene.HttpAsync(HttpMethod.Put, "{pools}/web", Documents.PoolJson("other"));
    }

    [Interaction]
    public static async Task Patch_WithStaleVersion_IsAConflict(Scene scene)
    {
        var first = (await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("web"))).Succeeded();
        var version = first["metadata"]!["resourceVersion"]!.GetValue<string>();
        await PatchAsync(3);
        await PatchAsync(4);

        Task PatchAsync(int replicas) => scene.HttpAsync(
            HttpMethod.Patch, "{pools}/web",
            $$$"""{"metadata": {"resourceVersion": "{{{version}}}"}, "spec": {"replicas": {{{replicas}}}} }""", Documents.MergePatch, "spec.replicas");
    }

    [Interaction]
    public static async Task Create_WithVersionOrStatus(Scene scene)
    {
        // Not transcribed: the real one calls it its own fault (500), which nobody need copy.
        var path = $"/apis/kontena.io/v1alpha1/namespaces/{scene.Namespace}/nodepools";
        var versioned = JsonNode.Parse(Documents.PoolJson("web", metadata: """, "resourceVersion": "7" """));
        var refused = await scene.Engine.Http.SendAsync(HttpMethod.Post, path, versioned, "application/json", scene.Ct);
        Assert.That(refused.Code, Is.InRange(400, 500));
        var withStatus = JsonNode.Parse(Documents.PoolJson("web"))!;
        withStatus["status"] = new JsonObject { ["readyReplicas"] = 5 };
        await scene.HttpAsync(HttpMethod.Post, "{pools}", withStatus.ToJsonString(), show: ["status.readyReplicas", "metadata.generation"]);
    }

    [Interaction]
    public static async Task Create_ServerOwnsUidTimeAndGeneration(Scene scene) => await scene.HttpAsync(
        HttpMethod.Post, "{pools}",
        Documents.PoolJson("web", metadata: """, "uid": "mine", "generation": 9, "creationTimestamp": "2001-01-01T00:00:00Z", "selfLink": "/x" """),
        show: ["metadata.uid", "metadata.generation", "metadata.creationTimestamp", "metadata.selfLink"]);

    [Interaction]
    public static async Task Generation_CountsChangesOfSpecOnly(Scene scene)
    {
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("web", metadata: """, "finalizers": ["example.org/hold"]"""), show: versions);
        await PatchAsync("", """{"metadata": {"labels": {"tier": "front"}}}""");
        await PatchAsync("/status", """{"status": {"readyReplicas": 1}}""");
        await PatchAsync("", """{"spec": {"replicas": 3}}""");
        scene.Note("nothing changes: neither generation nor version");
        await PatchAsync("", """{"spec": {"replicas": 3}}""");
        await PatchAsync("/status", """{"status": {"readyReplicas": 1}}""");
        scene.Note("deletion counts as a change");
        await scene.HttpAsync(HttpMethod.Delete, "{pools}/web", show: versions);

        Task PatchAsync(string subresource, string patch) =>
            scene.HttpAsync(HttpMethod.Patch, "{pools}/web" + subresource, patch, Documents.MergePatch, versions);
    }

    [Interaction]
    public static async Task Status_AndSpec_AreSeparateDoors(Scene scene)
    {
        const string Both = """{"metadata": {"labels": {"tier": "front"}}, "spec": {"replicas": 8}, "status": {"readyReplicas": 8}}""";
        string[] show = ["spec.replicas", "status.readyReplicas", "metadata.labels"];
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("web"));
        scene.Note("the status door takes status only");
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web/status", Both, Documents.MergePatch, show);
        scene.Note("the main door leaves status alone");
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web", Both.Replace("\"readyReplicas\": 8", "\"readyReplicas\": 9", StringComparison.Ordinal), Documents.MergePatch, show);
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web/status", show: show);
        await scene.KubectlAsync("""patch np web --subresource=status --type=merge -p '{"status":{"readyReplicas":3}}'""");
        await scene.KubectlAsync("get np web --subresource=status -o jsonpath={.status.readyReplicas}");
    }

    [Interaction]
    public static async Task Finalizers_LastOneOut_Deletes(Scene scene)
    {
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("web", metadata: """, "finalizers": ["example.org/a", "example.org/b"]"""));
        string[] show = ["metadata.finalizers", "metadata.deletionTimestamp"];
        await scene.HttpAsync(HttpMethod.Delete, "{pools}/web", show: show);
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web", """{"metadata": {"finalizers": ["example.org/b"]}}""", Documents.MergePatch, show);
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web", """{"metadata": {"finalizers": ["example.org/b", "example.org/c"]}}""", Documents.MergePatch);
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web", """{"metadata": {"finalizers": []}}""", Documents.MergePatch, show);
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web");
    }

    [Interaction]
    public static async Task Finalizers_NameWithoutADomain_IsRefused(Scene scene) =>
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("web", metadata: """, "finalizers": ["not a name!"]"""));

    [Interaction]
    public static async Task DryRun_LeavesNoTrace(Scene scene)
    {
        await scene.HttpAsync(HttpMethod.Post, "{pools}?dryRun=All", Documents.PoolJson("web"), show: ["metadata.name", "spec.replicas"]);
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web");
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("web"), show: versions);
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web?dryRun=All", """{"spec": {"replicas": 7}}""", Documents.MergePatch, "spec.replicas");
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web", show: ["spec.replicas", .. versions]);
        await scene.HttpAsync(HttpMethod.Post, "{pools}?dryRun=Some", Documents.PoolJson("other"));
    }

    [Interaction]
    public static async Task UnknownPaths(Scene scene)
    {
        await scene.HttpAsync(HttpMethod.Get, "/apis/kontena.io/v1alpha1/namespaces/{ns}/bananas");
        await scene.HttpAsync(HttpMethod.Get, "/apis/nobody.example.org/v1");
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web/nothing");
    }

    private static string WithReplicas(JsonObject pool, int replicas)
    {
        var copy = pool.DeepClone();
        copy["spec"]!["replicas"] = replicas;
        return copy.ToJsonString();
    }
}
