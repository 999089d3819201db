namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>What is asked of the built-in kinds beyond their types, and of metadata everywhere.</summary>
public static class CoreRules
{
    private const string Leases = "/apis/coordination.k8s.io/v1/namespaces/{ns}/leases";

    [Interaction]
    public static async Task Secret_TypesAndTheirKeys(Scene scene)
    {
        foreach (var (type, data) in new[]
        {
            ("kubernetes.io/tls", "{}"), ("kubernetes.io/tls", """{"tls.crt": "YQ==", "tls.key": "YQ=="}"""), ("kubernetes.io/basic-auth", "{}"), ("kubernetes.io/basic-auth", """{"username": "YQ=="}"""),
            ("kubernetes.io/ssh-auth", "{}"), ("kubernetes.io/ssh-auth", """{"ssh-privatekey": ""}"""), ("kubernetes.io/dockerconfigjson", "{}"), ("kubernetes.io/dockerconfigjson", """{".dockerconfigjson": "bm90IGpzb24="}"""),
            ("kubernetes.io/dockerconfigjson", """{".dockerconfigjson": "e30="}"""), ("kubernetes.io/dockercfg", "{}"), ("kubernetes.io/service-account-token", "{}"), ("example.org/own", "{}"), ("", "{}"),
        })
        {
            scene.Note($"{type} {data}");
            await scene.HttpAsync(HttpMethod.Post, "{core}/secrets?dryRun=All", Secret("one", $$""", "type": "{{type}}", "data": {{data}}"""), show: ["type"]);
        }
    }

    [Interaction]
    public static async Task Secret_KeysValuesAndChanges(Scene scene)
    {
        foreach (var content in new[]
        {
            """, "data": {"a b": "YQ=="}""", """, "data": {"..": "YQ=="}""", """, "data": {"": "YQ=="}""", """, "data": {"a": "not base64!"}""", """, "data": {"a": 1}""", """, "stringData": {"a": 1}""",
            """, "stringData": {"a/b": "x"}""", """, "data": {"a": "YQ=="}, "stringData": {"a": "b"}""", """, "data": {"a": null}""",
        })
        {
            scene.Note(content);
            await scene.HttpAsync(HttpMethod.Post, "{core}/secrets?dryRun=All", Secret("one", content), show: ["data", "stringData"]);
        }
        await scene.HttpAsync(HttpMethod.Post, "{core}/secrets", Secret("one", """, "data": {"a": "YQ=="}, "immutable": true"""));
        foreach (var patch in new[]
        {
            """{"type": "example.org/other"}""", """{"immutable": false}""", """{"immutable": null}""", """{"data": {"b": "YQ=="}}""", """{"stringData": {"a": "other"}}""", """{"metadata": {"labels": {"a": "b"}}}""",
        })
            await scene.HttpAsync(HttpMethod.Patch, "{core}/secrets/one", patch, Documents.MergePatch, "immutable", "metadata.labels");
    }

    [Interaction]
    public static async Task ConfigMap_BinaryDataAndImmutability(Scene scene)
    {
        foreach (var content in new[]
        {
            """, "binaryData": {"a": "YQ=="}""", """, "binaryData": {"a": "not base64!"}""", """, "data": {"a": "b"}, "binaryData": {"a": "YQ=="}""", """, "data": {"a b": "c"}""",
            """, "data": {"a": 1}""", """, "data": []""", """, "immutable": "yes" """,
        })
        {
            scene.Note(content);
            await scene.HttpAsync(HttpMethod.Post, "{core}/configmaps?dryRun=All", Specimens.ConfigMap("one", content), show: ["data", "binaryData"]);
        }
        await scene.CreateConfigMapAsync("one", """, "data": {"a": "b"}, "immutable": true""");
        foreach (var patch in new[] { """{"data": {"a": "c"}}""", """{"binaryData": {"d": "YQ=="}}""", """{"immutable": null}""", """{"metadata": {"annotations": {"a": "b"}}}""" })
            await scene.HttpAsync(HttpMethod.Patch, "{core}/configmaps/one", patch, Documents.MergePatch, "metadata.annotations");
    }

    [Interaction]
    public static async Task Lease_Limits(Scene scene)
    {
        foreach (var spec in new[]
        {
            """{"leaseDurationSeconds": 0}""", """{"leaseDurationSeconds": -1, "leaseTransitions": -1}""", """{"leaseTransitions": 0}""", """{"renewTime": "yesterday"}""", """{"renewTime": "2026-01-02T03:04:05Z"}""",
            """{"holderIdentity": 7}""", """{"acquireTime": "2026-01-02T03:04:05.123456Z", "renewTime": null}""", "{}",
        })
        {
            scene.Note(spec);
            await scene.HttpAsync(HttpMethod.Post, Leases + "?dryRun=All", Lease("one", spec), show: ["spec"]);
        }
    }

    [Interaction]
    public static async Task Event_SelectorsAndPlaces(Scene scene)
    {
        await scene.QuietHttpAsync(HttpMethod.Post, "{core}/events", Event("a", "Warning", "Failed", "NodePool", "web", scene.Namespace));
        await scene.QuietHttpAsync(HttpMethod.Post, "{core}/events", Event("b", "Normal", "Created", "KontenaNode", "web-0", scene.Namespace));
        foreach (var selector in new[]
        {
            "involvedObject.kind=NodePool", "involvedObject.name=web-0", "involvedObject.namespace=default", "involvedObject.apiVersion=kontena.io/v1alpha1", "involvedObject.uid=", "involvedObject.fieldPath=spec",
            "reason=Failed", "type!=Normal", "reason=Created,type=Normal", "metadata.name=a", "source=test", "message=x",
        })
            await scene.HttpAsync(HttpMethod.Get, "{core}/events?fieldSelector=" + Uri.EscapeDataString(selector), show: ["items.*.metadata.name"]);
        await scene.HttpAsync(HttpMethod.Post, "{core}/events", Event("c", "Normal", "Created", "NodePool", "web", "elsewhere"));
        await scene.HttpAsync(HttpMethod.Post, "{core}/events", Event("c", "Normal", "Created", "NodePool", "web", ""));
    }

    [Interaction]
    public static async Task Event_Series(Scene scene)
    {
        var single = Event("a", "Normal", "Created", "NodePool", "web", scene.Namespace);
        await scene.HttpAsync(HttpMethod.Post, "{core}/events", single, show: ["count", "series", "eventTime", "reportingComponent", "source"]);
        await scene.HttpAsync(
            HttpMethod.Patch, "{core}/events/a", """{"count": 3, "series": {"count": 3, "lastObservedTime": "2026-01-01T00:00:00.000000Z"}, "message": "again"}""", Documents.MergePatch, "count", "series.count", "message");
        await scene.HttpAsync(HttpMethod.Patch, "{core}/events/a", """{"count": 4}""", "application/strategic-merge-patch+json", "count");
        await scene.HttpAsync(HttpMethod.Patch, "{core}/events/a", """{"count": "many"}""", Documents.MergePatch);
        await scene.KubectlAsync("get events -o custom-columns=C:.count,M:.message,S:.series.count");
    }

    [Interaction]
    public static async Task Names_OfEveryKind(Scene scene)
    {
        var longest = new string('a', 254);
        foreach (var name in new[] { "Upper", "under_score", "with.dot", "-dash", "dot.", "a/b", "ä", "1", longest })
        {
            scene.Note(name == longest ? "254 letters" : name);
            await scene.HttpAsync(HttpMethod.Post, "{core}/configmaps?dryRun=All", Specimens.ConfigMap(name));
            await scene.HttpAsync(HttpMethod.Post, "{core}/secrets?dryRun=All", Secret(name, ""));
            await scene.HttpAsync(HttpMethod.Post, Leases + "?dryRun=All", Lease(name, "{}"));
            await scene.HttpAsync(HttpMethod.Post, "{core}/events?dryRun=All", Event(name, "Normal", "Created", "NodePool", "web", scene.Namespace));
        }
        // Namespaces carry their name as a label since 1.21: names that no label could have are left out.
        foreach (var name in new[] { "Upper", "under_score", "with.dot", "1" })
            await scene.HttpAsync(HttpMethod.Post, "/api/v1/namespaces?dryRun=All", $$"""{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "{{name}}"} }""");
        await scene.WithSpecimensAsync();
        foreach (var name in new[] { "Upper", "with.dot", longest }) await scene.HttpAsync(HttpMethod.Post, "{specimens}?dryRun=All", Specimens.Json(name));
    }

    [Interaction]
    public static async Task GenerateName_Edges(Scene scene)
    {
        foreach (var metadata in new[]
        {
            """, "generateName": "generated-" """, """, "generateName": "Upper-" """, """, "generateName": "" """, """, "generateName": "dot." """,
        })
            await scene.HttpAsync(HttpMethod.Post, "{core}/configmaps?dryRun=All", Specimens.ConfigMap("", metadata: metadata), show: ["metadata.name", "metadata.generateName"]);
        await scene.HttpAsync(HttpMethod.Post, "{core}/configmaps?dryRun=All", Specimens.ConfigMap("given", metadata: """, "generateName": "generated-" """), show: ["metadata.name", "metadata.generateName"]);
        var long60 = await scene.QuietHttpAsync(HttpMethod.Post, "{core}/configmaps?dryRun=All", Specimens.ConfigMap("", metadata: $$""", "generateName": "{{new string('a', 80)}}" """));
        scene.Say($"80 letters give a name of {long60["metadata"]!["name"]!.GetValue<string>().Length}");
    }

    [Interaction]
    public static async Task Metadata_RulesForAll(Scene scene)
    {
        var long64 = new string('a', 64);
        foreach (var metadata in new[]
        {
            """, "labels": {"": "a"}""", """, "labels": {"a/b/c": "d"}""", """, "labels": {"Example.org/a": "b"}""", """, "labels": {"example.org/": "b"}""", $$""", "labels": {"{{long64}}": "b"}""",
            $$""", "labels": {"a": "{{long64}}"}""", """, "labels": {"a": "-b"}""", """, "labels": {"a": 1}""", """, "labels": {"a": null}""", """, "labels": []""",
            """, "annotations": {"a b": "c"}""", """, "annotations": {"Example.org/A": "c"}""", """, "annotations": {"a": true}""",
            """, "finalizers": ["plain"]""", """, "finalizers": ["example.org/a", "example.org/a"]""", """, "finalizers": ["orphan", "foregroundDeletion"]""", """, "finalizers": "example.org/a" """,
            """, "ownerReferences": [{}]""", """, "ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "a", "uid": ""}]""",
            """, "ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "a", "uid": "u", "controller": true}, {"apiVersion": "v1", "kind": "Secret", "name": "b", "uid": "w", "controller": true}]""",
            """, "ownerReferences": [{"apiVersion": "v1", "kind": "Event", "name": "a", "uid": "u"}]""",
            """, "creationTimestamp": "soon" """, """, "namespace": "other" """, """, "deletionTimestamp": "2026-01-01T00:00:00Z" """,
        })
        {
            scene.Note(metadata == $$""", "labels": {"{{long64}}": "b"}""" ? "a key of 64" : metadata == $$""", "labels": {"a": "{{long64}}"}""" ? "a value of 64" : metadata);
            await scene.HttpAsync(HttpMethod.Post, "{core}/configmaps?dryRun=All", Specimens.ConfigMap("one", metadata: metadata), show: ["metadata.labels", "metadata.deletionTimestamp"]);
            await scene.HttpAsync(HttpMethod.Post, "{pools}?dryRun=All", Documents.PoolJson("one", metadata: metadata), show: ["metadata.labels", "metadata.deletionTimestamp"]);
        }
    }

    [Interaction]
    public static async Task Put_OnCoreKinds(Scene scene)
    {
        await scene.CreateConfigMapAsync("one", """, "data": {"a": "b"}""");
        await scene.HttpAsync(HttpMethod.Put, "{core}/configmaps/one", Specimens.ConfigMap("one", """, "data": {"c": "d"}"""), show: ["data"]);
        await scene.HttpAsync(HttpMethod.Put, "{core}/configmaps/one", Specimens.ConfigMap("other"));
        await scene.HttpAsync(HttpMethod.Put, "{core}/configmaps/one", Specimens.ConfigMap("one", metadata: """, "resourceVersion": "1" """));
        await scene.HttpAsync(HttpMethod.Put, "{core}/configmaps/one", Specimens.ConfigMap("one", metadata: """, "uid": "00000000-0000-0000-0000-000000000000" """));
        await scene.HttpAsync(HttpMethod.Put, "{core}/configmaps/one", Specimens.ConfigMap("one", metadata: """, "namespace": "default" """));
        await scene.HttpAsync(HttpMethod.Put, "{core}/configmaps/one", Secret("one", ""));
        await scene.HttpAsync(HttpMethod.Put, "{core}/configmaps/new", Specimens.ConfigMap("new"));
        await scene.HttpAsync(HttpMethod.Put, Leases + "/new", Lease("new", "{}"), show: ["metadata.name"]);
        await scene.HttpAsync(HttpMethod.Put, "/api/v1/namespaces/{ns}", """{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "NAME", "labels": {"a": "b"}}}""".Replace("NAME", scene.Namespace, StringComparison.Ordinal), show: ["spec.finalizers", "status.phase", "metadata.labels.a"]);
    }

    private static string Secret(string name, string content) => $$"""{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "{{name}}"}{{content}}}""";

    private static string Lease(string name, string spec) => $$"""{"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "{{name}}"}, "spec": {{spec}}}""";

    private static string Event(string name, string type, string reason, string kind, string about, string ns) => $$"""
        {"apiVersion": "v1", "kind": "Event", "metadata": {"name": "{{name}}"}, "type": "{{type}}", "reason": "{{reason}}", "message": "it happened", "count": 1, "source": {"component": "test"},
         "firstTimestamp": "2026-01-01T00:00:00Z", "lastTimestamp": "2026-01-01T00:00:00Z",
         "involvedObject": {"apiVersion": "kontena.io/v1alpha1", "kind": "{{kind}}", "name": "{{about}}", "namespace": "{{ns}}"} }
        """;
}
