using Kontena.TestKit.Kubectl;

namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary><c>kubectl wait</c>: list, then watch until it holds.</summary>
public static class Waiting
{
    [Interaction]
    public static async Task Wait_Condition_HoldsLater(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        using var wait = scene.Start("wait np/web --for=condition=Ready --timeout=30s");
        await PatchStatusAsync(scene, "False", "NodesNotReady");
        await PatchStatusAsync(scene, "True", "AllReady");
        await scene.ReadLineAsync(wait);
    }

    [Interaction]
    public static async Task Wait_Condition_HoldsAlready(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        await PatchStatusAsync(scene, "False", "NodesNotReady");
        await scene.KubectlAsync("wait np/web --for=condition=Ready=false --timeout=10s");
        await scene.KubectlAsync("wait np/web --for=condition=Ready --timeout=1s");
    }

    [Interaction]
    public static async Task Wait_Jsonpath(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        using var wait = scene.Start("wait np/web --for=jsonpath={.status.readyReplicas}=2 --timeout=30s");
        await PatchStatusAsync(scene, "True", "AllReady");
        await scene.ReadLineAsync(wait);
        await scene.KubectlAsync("wait np/web --for=jsonpath={.spec.replicas}=2 --timeout=10s");
    }

    [Interaction]
    public static async Task Wait_Delete(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        using RunningKubectl wait = scene.Start("wait np/web --for=delete --timeout=30s");
        await scene.QuietlyAsync("delete np web");
        // Too late a wait finds nothing and is content without a word.
        var line = await wait.ReadLineAsync(scene.Ct);
        Assert.That(line, Is.Null.Or.EqualTo("nodepool.kontena.io/web condition met"));
    }

    [Interaction]
    public static async Task Wait_NoSuchObject(Scene scene) =>
        await scene.KubectlAsync("wait np/nobody --for=condition=Ready --timeout=5s");

    private static async Task PatchStatusAsync(Scene scene, string ready, string reason) => await scene.QuietlyAsync(
        $"patch np web --subresource=status --type=merge -p '{Documents.Status(ready, reason, readyReplicas: ready == "True" ? 2 : 1)}'");
}
