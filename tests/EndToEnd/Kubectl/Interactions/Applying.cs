using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>Bringing objects into the world and changing them.</summary>
public static class Applying
{
    [Interaction]
    public static async Task Apply_NewUnchangedChanged(Scene scene)
    {
        await scene.KubectlAsync("apply -f -", Documents.Pool("web"));
        await scene.KubectlAsync("apply -f -", Documents.Pool("web"));
        await scene.KubectlAsync("apply -f -", Documents.Pool("web", replicas: 5));
        await scene.KubectlAsync("get np web -o jsonpath={.spec.replicas}/{.metadata.generation}");
    }

    [Interaction]
    public static async Task Apply_FieldTakenOut_IsRemoved(Scene scene)
    {
        await scene.KubectlAsync("apply -f -", Documents.Pool("web", metadata: ", labels: {tier: front, team: a}"));
        await scene.KubectlAsync("apply -f -", Documents.Pool("web", metadata: ", labels: {tier: front}"));
        await scene.KubectlAsync("get np web -o jsonpath={.metadata.labels}");
    }

    [Interaction]
    public static async Task Apply_DryRunServer_ChangesNothing(Scene scene)
    {
        await scene.KubectlAsync("apply --dry-run=server -f -", Documents.Pool("web"));
        await scene.KubectlAsync("get np web");
        await scene.QuietlyAsync("apply -f -", Documents.Pool("web"));
        await scene.KubectlAsync("apply --dry-run=server -f -", Documents.Pool("web", replicas: 9));
        await scene.KubectlAsync("get np web -o jsonpath={.spec.replicas}");
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task Apply_ServerSide_ConflictAndForce(Scene scene)
    {
        await scene.KubectlAsync("apply --server-side --field-manager=alice -f -", Documents.Pool("web", replicas: 2));
        var conflict = await scene.HttpAsync(
            HttpMethod.Patch, "{pools}/web?fieldManager=bob", Documents.PoolJson("web", """{"replicas": 4}"""), "application/apply-patch+yaml");
        Assert.That(conflict.Code, Is.EqualTo(409));
        await scene.KubectlAsync("apply --server-side --field-manager=bob --force-conflicts -f -", Documents.Pool("web", replicas: 4));
        await scene.KubectlAsync("get np web -o jsonpath={.spec.replicas}");
    }

    [Interaction]
    public static async Task Diff_ExitCodeTellsOfADifference(Scene scene)
    {
        await scene.QuietlyAsync("apply -f -", Documents.Pool("web"));
        await scene.KubectlAsync("diff -f -", Documents.Pool("web"));
        // Not transcribed: file names and times.
        var result = await scene.UntoldAsync("diff -f -", Documents.Pool("web", replicas: 3));
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Does.Contain("-  replicas: 2\n+  replicas: 3\n"));
    }

    [Interaction]
    public static async Task Create_New_ThenExisting(Scene scene)
    {
        await scene.KubectlAsync("create -f -", Documents.Pool("web"));
        await scene.KubectlAsync("create -f -", Documents.Pool("web"));
        await scene.HttpAsync(HttpMethod.Post, "{pools}", Documents.PoolJson("web"));
    }

    [Interaction]
    public static async Task Create_InMissingNamespace_IsNotFound(Scene scene)
    {
        await scene.HttpAsync(HttpMethod.Post, "/apis/kontena.io/v1alpha1/namespaces/no-such-namespace/nodepools", Documents.PoolJson("web"));
        await scene.HttpAsync(HttpMethod.Get, "/apis/kontena.io/v1alpha1/namespaces/no-such-namespace/nodepools/web");
    }

    [Interaction]
    public static async Task Create_GenerateName_AddsASuffix(Scene scene)
    {
        var document = Documents.Pool("web").Replace("name: web", "generateName: generated-", StringComparison.Ordinal);
        await scene.KubectlAsync("create -f -", document);
        await scene.KubectlAsync("create -f -", document);
        await scene.KubectlAsync("get np -o name");
    }

    [Interaction]
    public static async Task Replace_StaleResourceVersion_IsAConflict(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        var stale = await scene.QuietlyAsync("get np web -o yaml");
        await scene.KubectlAsync("scale np web --replicas=3");
        await scene.KubectlAsync("replace -f -", stale);
        await scene.KubectlAsync("replace -f -", Documents.Pool("web", replicas: 6));
        await scene.KubectlAsync("replace -f -", Documents.Pool("nobody"));
        await scene.KubectlAsync("get np web -o jsonpath={.spec.replicas}/{.metadata.generation}");
    }

    [Interaction]
    public static async Task Edit_ChangedAndUnchanged(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        await scene.EditAsync("np web", "s/replicas: 2/replicas: 7/");
        await scene.EditAsync("np web", "s/nothing/something/");
        await scene.KubectlAsync("get np web -o jsonpath={.spec.replicas}");
    }

    [Interaction]
    public static async Task Patch_Merge(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web", metadata: ", labels: {tier: front}"));
        await scene.KubectlAsync("""patch np web --type=merge -p '{"spec":{"replicas":4}}'""");
        await scene.KubectlAsync("""patch np web --type=merge -p '{"spec":{"replicas":4}}'""");
        await scene.KubectlAsync("""patch np web --type=merge -p '{"metadata":{"labels":{"tier":null,"team":"b"}}}'""");
        await scene.KubectlAsync("get np web -o jsonpath={.spec.replicas}{.metadata.labels}");
    }

    [Interaction]
    public static async Task Patch_Json(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        await scene.KubectlAsync("""patch np web --type=json -p '[{"op":"test","path":"/spec/replicas","value":2},{"op":"replace","path":"/spec/replicas","value":3}]'""");
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web", """[{"op":"test","path":"/spec/replicas","value":2}]""", Documents.JsonPatch);
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web", """[{"op":"remove","path":"/spec/nothing"}]""", Documents.JsonPatch);
        await scene.KubectlAsync("""patch np web --type=json -p '[{"op":"add","path":"/spec/provider/aws/instanceTypes/-","value":"t3a.small"}]'""");
        await scene.KubectlAsync("get np web -o jsonpath={.spec.provider.aws.instanceTypes}");
    }

    [Interaction]
    public static async Task Patch_StrategicOnACustomResource_IsRefused(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web", """{"spec":{"replicas":4}}""", "application/strategic-merge-patch+json");
        await scene.KubectlAsync("""patch np web -p '{"spec":{"replicas":4}}'""");
    }

    [Interaction]
    public static async Task LabelAndAnnotate(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        await scene.KubectlAsync("label np web tier=front");
        await scene.KubectlAsync("label np web tier=back");
        await scene.KubectlAsync("label np web tier=back --overwrite");
        await scene.KubectlAsync("label np web tier-");
        await scene.KubectlAsync("annotate np web example.org/note='two words'");
        await scene.KubectlAsync("get np web -o jsonpath={.metadata.labels}{.metadata.annotations}{.metadata.generation}");
    }
}
