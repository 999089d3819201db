namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>The scale subresource, from kubectl and on the wire.</summary>
public static class Scaling
{
    [Interaction]
    public static async Task Scale_ToANumber(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        await scene.KubectlAsync("scale np web --replicas=5");
        await scene.KubectlAsync("get np web -o jsonpath={.spec.replicas}/{.metadata.generation}");
        await scene.KubectlAsync("scale np nobody --replicas=5");
    }

    [Interaction]
    public static async Task Scale_CurrentReplicas_IsAPrecondition(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        await scene.KubectlAsync("scale np web --replicas=5 --current-replicas=3");
        await scene.KubectlAsync("scale np web --replicas=5 --current-replicas=2");
        await scene.KubectlAsync("get np web -o jsonpath={.spec.replicas}");
    }

    [Interaction]
    public static async Task Scale_Subresource(Scene scene)
    {
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("web"));
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web/status", Documents.Status("True", "AllReady", 2), Documents.MergePatch);
        string[] show = ["apiVersion", "metadata.name", "metadata.resourceVersion", "spec.replicas", "status.replicas", "status.selector"];
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web/scale", show: show);
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web/scale", """{"spec": {"replicas": 4}}""", Documents.MergePatch, show);
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web/scale", """{"spec": {"replicas": -1}}""", Documents.MergePatch);
        await scene.HttpAsync(
            HttpMethod.Put, "{pools}/web/scale",
            """{"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "web", "resourceVersion": "1"}, "spec": {"replicas": 6}}""");
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web", show: ["spec.replicas", "metadata.generation"]);
    }
}
