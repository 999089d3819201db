namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>The built-in kinds that a user of the operator meets: Secret, ConfigMap, Namespace, Lease.</summary>
public static class CoreTypes
{
    [Interaction]
    public static async Task Secret_Create_ThenExisting(Scene scene)
    {
        await scene.KubectlAsync("create secret generic aws --from-literal=key=one --from-literal=id=two");
        await scene.KubectlAsync("create secret generic aws --from-literal=key=one");
        await scene.KubectlAsync("get secret aws");
        await scene.KubectlObjectAsync("get secret aws -o json");
        await scene.KubectlAsync("create secret generic aws2 --from-literal=key=one --dry-run=server");
        await scene.KubectlAsync("get secret aws2");
    }

    [Interaction]
    public static async Task Secret_AppliedAgain_MergesByKey(Scene scene)
    {
        await scene.KubectlAsync("apply -f -", Secret("aws", "data: {key: b25l, id: dHdv}"));
        await scene.KubectlAsync("apply -f -", Secret("aws", "data: {key: b25l, id: dHdv}"));
        await scene.KubectlAsync("""patch secret aws -p '{"data":{"more":"dGhyZWU="}}'""");
        await scene.KubectlAsync("apply -f -", Secret("aws", "data: {key: Zm91cg==}"));
        await scene.KubectlAsync("get secret aws -o jsonpath={.data}");
        await scene.HttpAsync(
            HttpMethod.Post, "/api/v1/namespaces/{ns}/secrets",
            """{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "no-base64"}, "data": {"key": "***"} }""");
    }

    [Interaction]
    public static async Task Secret_StringData_IsEncoded(Scene scene)
    {
        await scene.KubectlAsync("apply -f -", Secret("plain", "stringData: {key: one}"));
        await scene.KubectlAsync("get secret plain -o jsonpath={.data}{.stringData}/{.type}");
    }

    [Interaction]
    public static async Task Secret_Immutable_CannotChange(Scene scene)
    {
        await scene.KubectlAsync("create -f -", Secret("fixed", "immutable: true\ndata: {key: b25l}"));
        await scene.HttpAsync(
            HttpMethod.Patch, "/api/v1/namespaces/{ns}/secrets/fixed", """{"data": {"key": "dHdv"} }""", Documents.MergePatch);
    }

    [Interaction]
    public static async Task Finalizers_StrategicPatch_IsAUnion(Scene scene)
    {
        await scene.QuietlyAsync("create configmap held");
        await scene.KubectlAsync("""patch configmap held -p '{"metadata":{"finalizers":["example.org/a"]}}'""");
        await scene.KubectlAsync("""patch configmap held -p '{"metadata":{"finalizers":["example.org/b"]}}'""");
        await SayFinalizersAsync(scene);
        await scene.KubectlAsync("""patch configmap held -p '{"metadata":{"$deleteFromPrimitiveList/finalizers":["example.org/a"]}}'""");
        await SayFinalizersAsync(scene);
        await scene.KubectlAsync("""patch configmap held --type=merge -p '{"metadata":{"finalizers":null}}'""");
    }

    [Interaction]
    public static async Task ConfigMap_CreateGetEdit(Scene scene)
    {
        await scene.KubectlAsync("create configmap settings --from-literal=color=red");
        await scene.KubectlAsync("get configmap settings");
        await scene.EditAsync("configmap settings", "s/color: red/color: blue/");
        await scene.KubectlAsync("get configmap settings -o jsonpath={.data}");
        await scene.KubectlAsync("label configmap settings tier=front");
        await scene.KubectlAsync("get configmap -l tier=front -o name");
        await scene.KubectlAsync("delete configmap settings");
    }

    [Interaction]
    public static async Task Namespace_Create_ThenExisting(Scene scene)
    {
        var other = scene.Namespace + "-b";
        await scene.KubectlAsync($"create namespace {other}");
        await scene.KubectlAsync($"create namespace {other}");
        await scene.KubectlAsync($"get namespace {other}");
        await scene.KubectlAsync($"get namespace {other} -o jsonpath={{.status.phase}}");
    }

    [Interaction]
    public static async Task Lease_TakenByCompareAndSwap(Scene scene)
    {
        const string Leases = "/apis/coordination.k8s.io/v1/namespaces/{ns}/leases";
        var created = await scene.HttpAsync(HttpMethod.Post, Leases, Lease("a", version: ""), show: ["spec.holderIdentity"]);
        var version = created.Succeeded()["metadata"]!["resourceVersion"]!.GetValue<string>();
        await scene.HttpAsync(HttpMethod.Put, Leases + "/operator", Lease("b", version), show: ["spec.holderIdentity"]);
        await scene.HttpAsync(HttpMethod.Put, Leases + "/operator", Lease("c", version));
        await scene.HttpAsync(HttpMethod.Get, Leases + "/operator", show: ["spec.holderIdentity", "spec.renewTime"]);
    }

    // A set: its order means nothing.
    private static async Task SayFinalizersAsync(Scene scene)
    {
        var finalizers = await scene.QuietlyAsync("get configmap held -o jsonpath={.metadata.finalizers[*]}");
        scene.Say("finalizers: " + string.Join(", ", finalizers.Split(' ').Order(StringComparer.Ordinal)));
    }

    private static string Lease(string holder, string version) => $$"""
        {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "operator", "resourceVersion": "{{version}}"},
         "spec": {"holderIdentity": "{{holder}}", "leaseDurationSeconds": 15, "renewTime": "2026-01-01T00:00:00.000000Z"} }
        """;

    private static string Secret(string name, string content) => $"""
        apiVersion: v1
        kind: Secret
        metadata:
          name: {name}
        {content}
        """;
}
