using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>Requests that are not what the server expects: bodies, media types, verbs, queries.</summary>
public static class Protocol
{
    [Interaction]
    public static async Task Body_NotAnObject(Scene scene)
    {
        foreach (var path in new[] { "{pools}", "{core}/configmaps" })
        {
            foreach (var body in new[] { "not json", "[]", "\"text\"", "{", "{}", """{"kind": "ConfigMap"}""" })
            {
                scene.Note(body);
                await scene.HttpAsync(HttpMethod.Post, path, body);
            }
        }
    }

    [Interaction]
    public static async Task Body_Yaml(Scene scene)
    {
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.Pool("web"), "application/yaml", "spec.replicas");
        await scene.HttpAsync(HttpMethod.Post, "{core}/configmaps", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {a: b}", "application/yaml", "data");
    }

    [Interaction(EngineFeature.StrictFields)]
    public static async Task Body_NamesGivenTwice(Scene scene)
    {
        var twice = Documents.PoolJson("web").Replace("\"replicas\": 2", "\"replicas\": 2, \"replicas\": 3", StringComparison.Ordinal);
        await scene.HttpAsync(HttpMethod.Post, "{pools}?fieldValidation=Strict", twice);
        await scene.HttpAsync(HttpMethod.Post, "{pools}?fieldValidation=Warn", twice, show: ["spec.replicas"]);
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web?fieldValidation=Strict", """{"spec": {"replicas": 4, "replicas": 5}}""", Documents.MergePatch);
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web?fieldValidation=Ignore", """{"spec": {"replicas": 4, "replicas": 5}}""", Documents.MergePatch, "spec.replicas");
    }

    [Interaction]
    public static async Task Body_TooLarge(Scene scene)
    {
        var large = new string('x', 4 << 20);
        await SizeAsync("{core}/configmaps", Specimens.ConfigMap("large", $$""", "data": {"a": "{{large}}"}"""));
        await SizeAsync("{pools}", Documents.PoolJson("large", metadata: $$""", "annotations": {"a": "{{large}}"}"""));
        scene.Note("data of more than 1 MiB, annotations of more than 256 KiB");
        await scene.HttpAsync(HttpMethod.Post, "{core}/configmaps", Specimens.ConfigMap("large", $$""", "data": {"a": "{{large[..(1 << 20)]}}", "b": "c"}"""));
        await scene.HttpAsync(HttpMethod.Post, "{core}/configmaps", Specimens.ConfigMap("large", metadata: $$""", "annotations": {"a": "{{large[..(256 << 10)]}}"}"""));
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("large", metadata: $$""", "annotations": {"a": "{{large[..(256 << 10)]}}"}"""));

        Task SizeAsync(string path, string body) => scene.HttpAsync(HttpMethod.Post, path, body);
    }

    [Interaction]
    public static async Task MediaTypes_OfBodies(Scene scene)
    {
        await scene.CreatePoolAsync("web");
        foreach (var type in new[] { "text/plain", "application/xml", "application/json;charset=utf-8" })
        {
            await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("other"), type);
            await scene.HttpAsync(HttpMethod.Post, "{core}/configmaps", Specimens.ConfigMap("other"), type);
        }
        foreach (var type in new[] { "application/json", "text/plain", "application/merge-patch+json;charset=utf-8" })
            await scene.HttpAsync(HttpMethod.Patch, "{pools}/web", """{"spec": {"replicas": 3}}""", type);
        await scene.HttpAsync(HttpMethod.Patch, "{core}/configmaps/other", """{"data": {"a": "b"}}""", "application/json");
    }

    [Interaction]
    public static async Task MediaTypes_OfAnswers(Scene scene)
    {
        await scene.CreatePoolAsync("web");
        foreach (var accept in new[]
        {
            "text/html", "application/json;as=Table;v=v9;g=meta.k8s.io", "application/json;as=Banana;v=v1;g=meta.k8s.io", "*/*",
            "text/html, application/json", "application/json;q=0.5, text/html;q=0.9", "application/json;as=Banana;v=v1;g=meta.k8s.io, application/json",
        })
        {
            await scene.AskAsync("{pools}/web", accept, "metadata.name");
            await scene.AskAsync("{core}/configmaps", accept, "items");
        }
    }

    [Interaction]
    public static async Task Verbs_WhereTheyDoNotBelong(Scene scene)
    {
        await scene.CreatePoolAsync("web");
        foreach (var (verb, path) in new[]
        {
            ("POST", "{pools}/web"), ("PUT", "{pools}"), ("PATCH", "{pools}"), ("POST", "/apis/kontena.io/v1alpha1/nodepools"), ("DELETE", "/apis/kontena.io/v1alpha1/nodepools"),
            ("HEAD", "{pools}/web"), ("TRACE", "{pools}/web"), ("FROB", "{pools}"), ("POST", "{pools}/web/status"), ("DELETE", "{pools}/web/status"), ("DELETE", "{pools}/web/scale"),
            ("POST", "{pools}/web/scale"), ("POST", "{core}/configmaps/one"), ("PUT", "{core}/configmaps"), ("FROB", "{core}/configmaps"), ("HEAD", "{core}/configmaps"),
            ("DELETE", "/api/v1"), ("POST", "/version"),
        })
        {
            var body = verb is "POST" or "PUT" or "PATCH" ? Documents.PoolJson("web") : null;
            await scene.HttpAsync(new HttpMethod(verb), path, body, verb == "PATCH" ? Documents.MergePatch : "application/json");
        }
    }

    [Interaction]
    public static async Task Queries_NotWellFormed(Scene scene)
    {
        foreach (var path in new[] { "{pools}", "{core}/configmaps" })
        {
            foreach (var query in new[]
            {
                "limit=abc", "limit=-1", "watch=maybe&timeoutSeconds=1", "watch=0", "timeoutSeconds=abc", "labelSelector=a%20b", "labelSelector=a%20in", "labelSelector=a%3D%26",
                "fieldSelector=metadata.name", "fieldSelector=nothing%3Da", "fieldSelector=metadata.name%3D%3Da", "frobnicate=true", "dryRun=All", "pretty=true",
            })
                await scene.HttpAsync(HttpMethod.Get, $"{path}?{query}", show: ["items"]);
        }
        // Of a core kind 1.20 says that the fault is its own (500).
        await scene.HttpAsync(HttpMethod.Get, "{pools}?resourceVersion=abc");
    }

    [Interaction]
    public static async Task Paths_ThatLeadNowhere(Scene scene)
    {
        foreach (var path in new[]
        {
            "/api/v2", "/api/v1/bananas", "/api/v1/namespaces/{ns}/bananas", "/api/v1/secrets/one", "/apis/kontena.io/v9", "/apis/kontena.io/v9/nodepools",
            "/apis/kontena.io/v1alpha1/bananas", "/apis/kontena.io/v1alpha1/nodepools/web", "/apis/test.kontena.io/v1/namespaces/{ns}/plains", "{pools}/web/status/deep",
            "{core}/configmaps/one/status", "{core}/configmaps/one/scale", "/apis/coordination.k8s.io/v9/leases",
        })
            await scene.HttpAsync(HttpMethod.Get, path);
    }

    [Interaction]
    public static async Task Documents_OfHealthAndVersion(Scene scene)
    {
        foreach (var path in new[] { "/healthz", "/livez", "/readyz" })
        {
            var answer = await scene.Engine.Http.GetAsync(path, scene.Ct);
            scene.Say($"{path}: {answer.Code} {answer.Text}");
        }
        var version = (await scene.Engine.Http.GetAsync("/version", scene.Ct)).Succeeded();
        scene.Say(string.Join(' ', version.Select(p => p.Key).Order(StringComparer.Ordinal)));
    }
}
