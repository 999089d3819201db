namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>Commands of kubectl that the other topics leave out.</summary>
public static class Commands
{
    private const string Two = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings}
        data: {a: b}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: key}
        stringData: {a: b}
        ---
        """;

    [Interaction]
    public static async Task Files_OfSeveralKinds(Scene scene)
    {
        var all = Two + "\n" + Documents.Pool("web");
        await scene.KubectlAsync("apply -f -", all);
        await scene.KubectlAsync("apply -f -", all);
        await scene.KubectlAsync("get -f - -o name", all);
        await scene.KubectlAsync("replace --force -f -", Documents.Pool("web", replicas: 4));
        await scene.KubectlAsync("delete -f -", all);
        await scene.KubectlAsync("delete -f - --ignore-not-found", all);
    }

    [Interaction]
    public static async Task Get_Sorted(Scene scene)
    {
        foreach (var (name, replicas) in new[] { ("b", 1), ("a", 3), ("c", 2) }) await scene.QuietlyAsync("create -f -", Documents.Pool(name, replicas));
        await scene.KubectlAsync("get np --sort-by=.spec.replicas");
        await scene.KubectlAsync("get np --sort-by=.metadata.name -o name");
        await scene.KubectlAsync("get np --sort-by=.spec.nothing -o name");
        await scene.KubectlAsync("get np,cm -o name -l nobody=has");
    }

    [Interaction]
    public static async Task Get_CoreKinds(Scene scene)
    {
        await scene.QuietlyAsync("apply -f -", Two);
        await scene.KubectlAsync("get cm settings");
        await scene.KubectlAsync("get cm settings -o wide --show-labels");
        await scene.KubectlAsync("get secret key");
        await scene.KubectlAsync($"get ns {scene.Namespace} -o wide");
        await scene.KubectlAsync("get cm settings -o jsonpath={.data}");
        await scene.KubectlAsync("get secret nobody");
        await scene.KubectlAsync("get bananas");
    }

    [Interaction]
    public static async Task Describe_CoreKinds(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Two[..Two.LastIndexOf("---", StringComparison.Ordinal)]);
        await scene.KubectlAsync("describe cm settings");
        await scene.KubectlAsync("describe secret key");
    }

    [Interaction]
    public static async Task DryRun_OfCommands(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        await scene.KubectlAsync("""patch np web --type=merge --dry-run=server -p '{"spec":{"replicas":9}}'""");
        await scene.KubectlAsync("label np web a=b --dry-run=server");
        await scene.KubectlAsync("annotate np web a=b --dry-run=server");
        await scene.KubectlAsync("scale np web --replicas=9 --dry-run=server");
        await scene.KubectlAsync("create -f - --dry-run=server", Documents.Pool("other"));
        await scene.KubectlAsync("replace -f - --dry-run=server", Documents.Pool("web", replicas: 9));
        await scene.KubectlAsync("create configmap one --from-literal=a=b --dry-run=server -o name");
        await scene.KubectlAsync("create namespace one-that-is-not --dry-run=server");
        await scene.KubectlAsync("get np -o jsonpath={.items[*].spec.replicas}{.items[*].metadata.labels}");
    }

    [Interaction]
    public static async Task Events_Listed(Scene scene)
    {
        await scene.QuietlyAsync("create -f -", Documents.Pool("web"));
        var uid = await scene.QuietlyAsync("get np web -o jsonpath={.metadata.uid}");
        await scene.QuietlyAsync("create -f -", Documents.Event("web.1", uid, scene.Namespace));
        foreach (var arguments in new[] { "events --for np/web", "events --types=Warning", "events --types=Normal", "events --for np/nobody" })
        {
            // The first column is an age of months.
            var said = await scene.UntoldAsync(arguments + " --no-headers");
            scene.Note(arguments);
            foreach (var line in (said.Output + said.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries)) scene.Say(string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).SkipWhile(word => char.IsAsciiDigit(word[0]))));
        }
    }

    [Interaction]
    public static async Task Scale_ASpecimen_AndLabelAll(Scene scene)
    {
        await scene.WithSpecimensAsync();
        await scene.CreateSpecimenAsync("one", """{"replicas": 1}""");
        await scene.CreateSpecimenAsync("none");
        await scene.QuietHttpAsync(HttpMethod.Patch, "{specimens}/one/status", """{"status": {"replicas": 1, "selector": "app=one"}}""", Documents.MergePatch);
        string[] show = ["spec", "status", "apiVersion"];
        await scene.HttpAsync(HttpMethod.Get, "{specimens}/one/scale", show: show);
        await scene.HttpAsync(HttpMethod.Get, "{specimens}/none/scale", show: show);
        await scene.HttpAsync(HttpMethod.Patch, "{specimens}/none/scale", """{"spec": {"replicas": 2}}""", Documents.MergePatch, show);
        await scene.HttpAsync(HttpMethod.Patch, "{specimens}/one/scale", """[{"op": "replace", "path": "/spec/replicas", "value": 3}]""", Documents.JsonPatch, show);
        await scene.HttpAsync(HttpMethod.Patch, "{specimens}/one/scale", """{"spec": {"replicas": "3"}}""", Documents.MergePatch);
        await scene.HttpAsync(HttpMethod.Patch, "{specimens}/one/scale", """{"status": {"replicas": 9}}""", Documents.MergePatch, show);
        await scene.HttpAsync(HttpMethod.Patch, "{specimens}/one/scale", """{"spec": null}""", Documents.MergePatch, show);
        await scene.HttpAsync(HttpMethod.Put, "{specimens}/one/scale", """{"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "other"}, "spec": {"replicas": 6}}""");
        await scene.HttpAsync(HttpMethod.Put, "{specimens}/one/scale", """{"apiVersion": "autoscaling/v1", "kind": "Banana", "metadata": {"name": "one"}, "spec": {"replicas": 6}}""");
        await scene.HttpAsync(HttpMethod.Put, "{specimens}/one/scale", """{"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "one"}, "spec": {"replicas": 6}}""", show: show);
        await scene.HttpAsync(HttpMethod.Get, "/apis/test.kontena.io/v1/plains/nobody/scale");
        await scene.HttpAsync(HttpMethod.Get, "{specimens}/nobody/scale");
        await scene.KubectlAsync("scale spc/one --replicas=2");
        await scene.KubectlAsync("get spc/one --subresource=scale");
        await scene.KubectlAsync("label spc --all tier=front");
        await scene.KubectlAsync("get spc -l tier=front -o name");
        await scene.KubectlAsync("get samples -o name");
    }

    [Interaction]
    public static async Task Plain_HasOneDoorForAll(Scene scene)
    {
        await scene.WithSpecimensAsync();
        var plain = $$"""{"apiVersion": "test.kontena.io/v1", "kind": "Plain", "metadata": {"name": "{{scene.Namespace}}"}, "spec": {"text": "a"}, "status": {"phase": "b"} }""";
        string[] show = ["spec", "status", "metadata.generation", "metadata.namespace"];
        await scene.HttpAsync(HttpMethod.Post, "/apis/test.kontena.io/v1/plains", plain, show: show);
        await scene.HttpAsync(HttpMethod.Patch, "/apis/test.kontena.io/v1/plains/{ns}", """{"status": {"phase": "c"}}""", Documents.MergePatch, show);
        await scene.HttpAsync(HttpMethod.Get, "/apis/test.kontena.io/v1/plains/{ns}/status");
        await scene.KubectlAsync($"get plain {scene.Namespace}");
        await scene.KubectlAsync($"delete plain {scene.Namespace}");
        await scene.KubectlAsync("api-resources --api-group=test.kontena.io --no-headers --sort-by=name");
    }
}
