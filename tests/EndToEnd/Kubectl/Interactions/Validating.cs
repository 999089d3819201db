using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>Documents that must be refused, and why: compared by (reason, field).</summary>
public static class Validating
{
    [Interaction]
    public static Task Create_WrongType(Scene scene) =>
        PostAsync(scene, $$"""{"replicas": "two", "provider": {{Documents.Provider}} }""");

    [Interaction]
    public static Task Create_MissingRequired(Scene scene) => PostAsync(scene, """{"replicas": 1}""");

    [Interaction]
    public static Task Create_MissingRequiredDeepInside(Scene scene) =>
        PostAsync(scene, """{"replicas": 1, "provider": {"aws": {"region": "eu-west-1"} } }""");

    [Interaction]
    public static Task Create_NegativeMinimum(Scene scene) =>
        PostAsync(scene, $$"""{"replicas": -1, "provider": {{Documents.Provider}} }""");

    [Interaction]
    public static Task Create_BadEnum(Scene scene) =>
        PostAsync(scene, $$"""{"replicas": 1, "removal": {"order": "Loudest"}, "provider": {{Documents.Provider}} }""");

    [Interaction]
    public static Task Create_BadPattern(Scene scene) =>
        PostAsync(scene, """{"replicas": 1, "provider": {"aws": {"region": "Eu West", "instanceTypes": ["t3.small"]} } }""");

    [Interaction]
    public static Task Create_SeveralFaults(Scene scene) =>
        PostAsync(scene, """{"replicas": -1, "removal": {"order": "Loudest"}, "provider": {"aws": {"region": "Eu West", "instanceTypes": "t3"} } }""");

    [Interaction]
    public static Task Create_NoSpec(Scene scene) => scene.HttpAsync(
        HttpMethod.Post, "{pools}", """{"apiVersion": "kontena.io/v1alpha1", "kind": "NodePool", "metadata": {"name": "web"} }""");

    [Interaction(EngineFeature.StrictFields)]
    public static async Task Create_UnknownField_StrictWarnIgnore(Scene scene)
    {
        var bogus = $$"""{"replicas": 1, "bogus": true, "provider": {{Documents.Provider}} }""";
        await scene.HttpAsync(HttpMethod.Post, "{pools}?fieldValidation=Strict", Documents.PoolJson("strict", bogus));
        await scene.HttpAsync(HttpMethod.Post, "{pools}?fieldValidation=Warn", Documents.PoolJson("warn", bogus), show: ["spec.bogus"]);
        await scene.HttpAsync(HttpMethod.Post, "{pools}?fieldValidation=Ignore", Documents.PoolJson("ignore", bogus), show: ["spec.bogus"]);
        await scene.HttpAsync(HttpMethod.Post, "{pools}?fieldValidation=Nonsense", Documents.PoolJson("nonsense", bogus));
    }

    [Interaction]
    public static async Task Create_BadNames(Scene scene)
    {
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("Upper_Case"));
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson(""));
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("web", metadata: """, "labels": {"a b": "c"}"""));
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("web", metadata: """, "labels": {"a": "not a value!"}"""));
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("web", metadata: """, "namespace": "elsewhere" """));
    }

    [Interaction]
    public static async Task Create_WrongKindOrVersion(Scene scene)
    {
        var pool = Documents.PoolJson("web");
        await scene.HttpAsync(HttpMethod.Post, "{pools}", pool.Replace("v1alpha1", "v1", StringComparison.Ordinal));
        await scene.HttpAsync(HttpMethod.Post, "{pools}", pool.Replace("NodePool", "Banana", StringComparison.Ordinal));
        await scene.KubectlAsync("create --validate=false -f -", Documents.Pool("web").Replace("NodePool", "Banana", StringComparison.Ordinal));
    }

    [Interaction]
    public static async Task Update_ThatBreaksTheSchema_ChangesNothing(Scene scene)
    {
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("web"));
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web", """{"spec": {"replicas": -3}}""", Documents.MergePatch);
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web", """{"spec": null}""", Documents.MergePatch);
        await scene.HttpAsync(
            HttpMethod.Patch, "{pools}/web/status", """{"status": {"conditions": [{"type": "Ready", "status": "Maybe"}]}}""", Documents.MergePatch);
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web", show: ["spec.replicas", "status.conditions", "metadata.generation"]);
    }

    [Interaction]
    public static async Task Kubectl_PrintsTheFault(Scene scene)
    {
        // Not transcribed whole: the CRD server adds a sentence of its own machinery beside this one.
        var result = await scene.UntoldAsync("create --validate=false -f -", Documents.Pool("web", replicas: -1));
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.StartWith("The NodePool \"web\" is invalid:"));
        Assert.That(result.Error, Does.Contain("spec.replicas: Invalid value: -1: spec.replicas in body should be greater than or equal to 0"));
    }

    private static async Task PostAsync(Scene scene, string spec)
    {
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("web", spec));
        await scene.HttpAsync(HttpMethod.Get, "{pools}", show: ["items"]);
    }
}
