using Kontena.TestKit;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>Deletion: finalizers, waiting, preconditions, and what happens to dependents.</summary>
public static class Deleting
{
    private const string Held = ", finalizers: [example.org/hold]";
    private const string Release = """patch np web --type=merge -p '{"metadata":{"finalizers":null}}'""";

    [Interaction]
    public static async Task Delete_Plain_ThenAgain(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        await scene.KubectlAsync("delete np web");
        await scene.KubectlAsync("delete np web");
        await scene.KubectlAsync("delete np web --ignore-not-found");
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web");
    }

    [Interaction]
    public static async Task Delete_AllBySelector(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web", metadata: ", labels: {tier: front}"));
        await scene.QuietlyAsync("create -f -", Documents.Pool("api", metadata: ", labels: {tier: front}"));
        await scene.QuietlyAsync("create -f -", Documents.Pool("db"));
        await scene.KubectlAsync("delete np -l tier=front");
        await scene.KubectlAsync("get np -o name");
        await scene.KubectlAsync("delete np --all");
        await scene.HttpAsync(HttpMethod.Get, "{pools}", show: ["items"]);
    }

    [Interaction]
    public static async Task Delete_Collection(Scene scene)
    {
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("web", metadata: """, "labels": {"tier": "front"}"""));
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("db"));
        await scene.HttpAsync(HttpMethod.Delete, "{pools}?labelSelector=tier%3Dfront", show: ["items.0.metadata.name"]);
        await scene.HttpAsync(HttpMethod.Get, "{pools}", show: ["items.0.metadata.name", "items.1.metadata.name"]);
    }

    [Interaction]
    public static async Task Delete_OnTheWire_SaysWhatWasDeleted(Scene scene)
    {
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("web"));
        await scene.HttpAsync(HttpMethod.Delete, "{pools}/web", show: ["status", "details.name", "details.kind", "details.group", "details.uid"]);
        await scene.HttpAsync(HttpMethod.Delete, "{pools}/web");
    }

    [Interaction]
    public static async Task Delete_WithFinalizer_WaitsForItsRemoval(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web", metadata: Held));
        await scene.KubectlAsync("delete np web --wait=false");
        await scene.KubectlAsync("get np web -o jsonpath={.metadata.deletionTimestamp}/{.metadata.deletionGracePeriodSeconds}/{.metadata.generation}");
        await scene.KubectlAsync("delete np web --wait=false");
        await scene.KubectlAsync("get np web -o jsonpath={.metadata.generation}");
        await scene.HttpAsync(
            HttpMethod.Patch, "{pools}/web", """{"metadata": {"finalizers": ["example.org/hold", "example.org/late"]}}""", Documents.MergePatch);
        await scene.KubectlAsync("scale np web --replicas=3");
        await scene.KubectlAsync(Release);
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web");
    }

    [Interaction]
    public static async Task Delete_Wait_EndsWhenTheFinalizerGoes(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web", metadata: Held));
        using var delete = scene.Start("delete np web --timeout=30s");
        await scene.ReadLineAsync(delete);
        await scene.QuietlyAsync(Release);
        await scene.ReadToEndAsync(delete);
    }

    [Interaction]
    public static async Task Delete_Wait_GivesUpAfterItsTimeout(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web", metadata: Held));
        await scene.KubectlAsync("delete np web --timeout=1s");
        await scene.QuietlyAsync(Release);
    }

    [Interaction]
    public static async Task Delete_DryRunServer_KeepsTheObject(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        await scene.KubectlAsync("delete np web --dry-run=server");
        await scene.HttpAsync(HttpMethod.Delete, "{pools}/web?dryRun=All");
        await scene.KubectlAsync("get np web -o name");
    }

    [Interaction]
    public static async Task Delete_Preconditions(Scene scene)
    {
        var created = await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("web"));
        var metadata = created.Succeeded()["metadata"]!;
        await DeleteAsync("uid", "00000000-0000-0000-0000-000000000000");
        await DeleteAsync("resourceVersion", "1");
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web");
        await DeleteAsync("resourceVersion", metadata["resourceVersion"]!.GetValue<string>());

        Task DeleteAsync(string field, string value) => scene.HttpAsync(
            HttpMethod.Delete, "{pools}/web",
            $$$"""{"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"{{{field}}}": "{{{value}}}"} }""");
    }

    [Interaction(EngineFeature.GarbageCollection)]
    public static async Task Delete_Background_CollectsDependents(Scene scene)
    {
        await CreateWithDependentAsync(scene);
        await scene.KubectlAsync("delete np web");
        await GoneAsync(scene, "configmap/child");
    }

    [Interaction(EngineFeature.GarbageCollection)]
    public static async Task Delete_Foreground_OutlivesItsDependents(Scene scene)
    {
        await CreateWithDependentAsync(scene);
        await scene.QuietlyAsync("""patch configmap child --type=merge -p '{"metadata":{"finalizers":["example.org/hold"]}}'""");
        await scene.KubectlAsync("delete np web --cascade=foreground --wait=false");
        await scene.KubectlAsync("get np web -o jsonpath={.metadata.finalizers}");
        await Eventually.HoldsAsync(
            async () => (await scene.QuietlyAsync("get cm child -o jsonpath={.metadata.deletionTimestamp}")).Length > 0,
            "the dependent is being deleted", TimeSpan.FromSeconds(20), scene.Ct);
        await scene.KubectlAsync("get np web -o name");
        await scene.QuietlyAsync("""patch configmap child --type=merge -p '{"metadata":{"finalizers":null}}'""");
        await GoneAsync(scene, "configmap/child");
        await GoneAsync(scene, "np/web");
    }

    [Interaction(EngineFeature.GarbageCollection)]
    public static async Task Delete_Orphan_LeavesDependents(Scene scene)
    {
        await CreateWithDependentAsync(scene);
        await scene.KubectlAsync("delete np web --cascade=orphan");
        await scene.KubectlAsync("get cm child -o jsonpath={.metadata.name}/{.metadata.ownerReferences}");
    }

    [Interaction(EngineFeature.GarbageCollection)]
    public static async Task Delete_Namespace_TakesItsObjects(Scene scene)
    {
        var other = scene.Namespace + "-b";
        await scene.KubectlAsync($"create namespace {other}");
        await scene.QuietlyAsync($"create -n {other} -f -", Documents.Pool("web"));
        await scene.KubectlAsync($"delete namespace {other} --timeout=45s");
        await scene.KubectlAsync($"get namespace {other}");
        await scene.HttpAsync(HttpMethod.Get, "/apis/kontena.io/v1alpha1/namespaces/{ns}-b/nodepools", show: ["items"]);
    }

    private static async Task CreateWithDependentAsync(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        var uid = await scene.QuietlyAsync("get np web -o jsonpath={.metadata.uid}");
        await scene.QuietlyAsync("create -f -", Documents.OwnedConfigMap("child", uid));
    }

    private static async Task GoneAsync(Scene scene, string what)
    {
        await scene.QuietlyAsync($"wait --for=delete {what} --timeout=40s");
        scene.Note($"{what} is gone");
    }
}
