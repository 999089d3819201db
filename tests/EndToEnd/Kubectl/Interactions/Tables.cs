namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>Tables and bare metadata on the wire: what <c>kubectl get</c> and metadata informers ask for.</summary>
public static class Tables
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private static readonly string[] columns =
        ["apiVersion", "columnDefinitions.*.name", "columnDefinitions.*.type", "columnDefinitions.*.format", "columnDefinitions.*.priority", "rows.*.cells"];

    [Interaction]
    public static async Task Table_OfCoreKinds(Scene scene)
    {
        await scene.CreateConfigMapAsync("one", """, "data": {"a": "b"}, "binaryData": {"c": "b25l"}""");
        await scene.QuietHttpAsync(HttpMethod.Post, "{core}/secrets", """{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "one"}, "data": {"a": "b25l"}}""");
        await scene.QuietHttpAsync(
            HttpMethod.Post, "/apis/coordination.k8s.io/v1/namespaces/{ns}/leases",
            """{"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "one"}, "spec": {"holderIdentity": "me"}}""");
        await scene.AskAsync("{core}/configmaps?fieldSelector=metadata.name%3Done", Table, columns);
        await scene.AskAsync("{core}/secrets", Table, columns);
        await scene.AskAsync("/apis/coordination.k8s.io/v1/namespaces/{ns}/leases", Table, columns);
        await scene.AskAsync("/api/v1/namespaces/{ns}", Table, columns);
    }

    [Interaction]
    public static async Task Table_ColumnsOfEveryType(Scene scene)
    {
        await scene.WithSpecimensAsync();
        await scene.CreateSpecimenAsync("empty");
        await scene.CreateSpecimenAsync("full", """
            {"replicas": 3, "numbers": {"real": 1.5}, "flag": true, "when": "2001-01-01T00:00:00Z", "lists": {"names": ["a", "b"]}, "amount": 5}
            """, """, "labels": {"example.org/tier": "front"}""");
        await scene.QuietHttpAsync(
            HttpMethod.Patch, "{specimens}/full/status", """{"status": {"phase": "Running", "conditions": [{"type": "Live", "status": "False"}, {"type": "Ready", "status": "True"}]}}""", Documents.MergePatch);
        await scene.CreateSpecimenAsync("other", """{"numbers": {"real": 2}, "flag": false, "when": "2999-01-01T00:00:00Z", "amount": "1Gi", "lists": {"names": []}}""");
        await scene.AskAsync("{specimens}", Table, columns);
        await scene.AskAsync("{specimens}/full", Table, columns);
        await scene.KubectlAsync("get spc -o wide");
    }

    [Interaction]
    public static async Task Table_IncludeObject(Scene scene)
    {
        await scene.CreatePoolAsync("web");
        foreach (var what in new[] { "None", "Metadata", "Object", "Nonsense" })
            await scene.AskAsync($"{{pools}}?includeObject={what}", Table, "rows.0.object.kind", "rows.0.object.apiVersion", "rows.0.object.metadata.name", "rows.0.object.spec.replicas");
    }

    [Interaction]
    public static async Task Table_Pages(Scene scene)
    {
        await scene.AskAsync("{pools}", Table, "rows", "metadata.continue");
        foreach (var name in new[] { "a", "b", "c" }) await scene.CreatePoolAsync(name);
        var page = await scene.AskAsync("{pools}?limit=2", Table, "rows.*.object.metadata.name", "metadata.remainingItemCount");
        var token = Uri.EscapeDataString(page.Json["metadata"]!["continue"]!.GetValue<string>());
        var last = await scene.Engine.Http.SendTextAsync(
            HttpMethod.Get, $"/apis/kontena.io/v1alpha1/namespaces/{scene.Namespace}/nodepools?limit=2&continue={token}", null, "application/json", Table, scene.Ct);
        scene.Say($"{AnswerText.At(last.Json, "rows.*.object.metadata.name")!.ToJsonString()} {last.Json["metadata"]!["continue"]}");
    }

    [Interaction]
    public static async Task Table_WithoutColumnsOfItsOwn(Scene scene)
    {
        await scene.WithSpecimensAsync();
        await scene.QuietHttpAsync(HttpMethod.Post, "/apis/test.kontena.io/v1/plains", PlainJson("{ns}"));
        await scene.AskAsync("/apis/test.kontena.io/v1/plains/{ns}", Table, columns);
        await scene.AskAsync("/apis/test.kontena.io/v1/plains?fieldSelector=metadata.name%3D{ns}", "application/json;as=Table;v=v1beta1;g=meta.k8s.io", columns);
        await scene.QuietHttpAsync(HttpMethod.Delete, "/apis/test.kontena.io/v1/plains/{ns}");

        string PlainJson(string name) =>
            $$"""{"apiVersion": "test.kontena.io/v1", "kind": "Plain", "metadata": {"name": "{{name.Replace("{ns}", scene.Namespace, StringComparison.Ordinal)}}"} }""";
    }

    [Interaction]
    public static async Task Table_OfAWatch(Scene scene)
    {
        await scene.CreatePoolAsync("web");
        using var watch = await scene.WatchAsync("resourceVersion=0", accept: Table);
        string[] show = ["apiVersion", "columnDefinitions.*.name", "rows.*.object.metadata.name", "rows.*.cells.1"];
        await scene.NextFrameAsync(watch, show);
        await scene.PatchPoolAsync("web", """{"spec": {"replicas": 4}}""");
        await scene.NextFrameAsync(watch, show);
        await scene.DeletePoolAsync("web");
        await scene.NextFrameAsync(watch, show);
    }

    [Interaction]
    public static async Task Metadata_OfObjectListAndWatch(Scene scene)
    {
        const string Partial = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
        const string PartialList = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
        await scene.CreatePoolAsync("web", """, "labels": {"tier": "front"}""");
        await scene.AskAsync("{pools}/web", Partial, "apiVersion", "metadata.labels", "metadata.generation", "spec");
        await scene.AskAsync("{pools}", PartialList, "apiVersion", "items.0.kind", "items.0.apiVersion", "items.0.metadata.name", "items.0.spec");
        await scene.AskAsync("{core}/configmaps?limit=1", PartialList, "apiVersion", "metadata.continue");
        await scene.AskAsync("{pools}/nobody", Partial);
        using var watch = await scene.WatchAsync("resourceVersion=0", accept: Partial);
        await scene.NextFrameAsync(watch, "apiVersion", "metadata.name", "spec");
    }

    [Interaction]
    public static async Task Table_OfWhatAWriteAnswers(Scene scene)
    {
        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Post, "{pools}", Documents.PoolJson("web")), (HttpMethod.Patch, "{pools}/web", """{"spec": {"replicas": 3}}"""), (HttpMethod.Get, "{pools}/web/scale", null),
            (HttpMethod.Get, "{pools}/nobody", null), (HttpMethod.Delete, "{pools}/web", null),
        })
        {
            var answer = await scene.Engine.Http.SendTextAsync(
                method, path.Replace("{pools}", $"/apis/kontena.io/v1alpha1/namespaces/{scene.Namespace}/nodepools", StringComparison.Ordinal), body,
                method == HttpMethod.Patch ? Documents.MergePatch : "application/json", Table + ",application/json", scene.Ct);
            scene.Say($"{method}: {answer.Code} {answer.Json["kind"]}");
        }
    }
}
