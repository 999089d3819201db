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
        await scene.ReadToEndAsync(wait);
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
        await scene.ReadToEndAsync(wait);
        await scene.KubectlAsync("wait np/web --for=jsonpath={.spec.replicas}=2 --timeout=10s");
    }

    [Interaction]
    public static async Task Wait_Delete(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        using var wait = scene.Start("wait np/web --for=delete --timeout=30s");
        await scene.QuietlyAsync("delete np web");
        // A wait that comes too late finds nothing and is content without a word: what it prints depends on the race.
        while (await wait.ReadLineAsync(scene.Ct) is { } line) Assert.That(line, Is.EqualTo("nodepool.kontena.io/web condition met"));
        Assert.That(await wait.ExitCodeAsync(scene.Ct), Is.Zero);
    }

    [Interaction]
    public static async Task Wait_NoSuchObject(Scene scene) =>
        await scene.KubectlAsync("wait np/nobody --for=condition=Ready --timeout=5s");

    private static async Task PatchStatusAsync(Scene scene, string ready, string reason) => await scene.QuietlyAsync(
        $"patch np web --subresource=status --type=merge -p '{Documents.Status(ready, reason, readyReplicas: ready == "True" ? 2 : 1)}'");
}
