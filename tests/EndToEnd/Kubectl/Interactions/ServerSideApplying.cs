using System.Text.Json.Nodes;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Kubectl.Interactions;

/// <summary>Server-side apply, and who owns which field after every kind of write.</summary>
public static class ServerSideApplying
{
    private static readonly string[] versions = ["metadata.generation", "metadata.resourceVersion"];

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task Owners_OfCreatedAndUpdated(Scene scene)
    {
        var created = (await scene.HttpAsync(HttpMethod.Post, "{pools}?fieldManager=maker", Documents.PoolJson("web", metadata: """, "labels": {"team": "a", "tier": "front"}, "finalizers": ["example.org/hold"]"""))).Succeeded();
        await scene.SayManagersAsync();
        scene.Note("a PUT owns what it changes; what it leaves out is nobody's");
        created["spec"]!["replicas"] = 3;
        created["metadata"]!["labels"]!.AsObject().Remove("team");
        await scene.HttpAsync(HttpMethod.Put, "{pools}/web?fieldManager=putter", created.ToJsonString());
        await scene.SayManagersAsync();
        scene.Note("without a change nobody comes to own anything");
        await PatchAsync("idler", """{"spec": {"replicas": 3}}""");
        await scene.SayManagersAsync();
        scene.Note("the last field gone, the manager goes");
        await PatchAsync("patcher", """{"spec": {"replicas": 4}, "metadata": {"annotations": {"example.org/a": "b"}, "finalizers": null}}""");
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web?fieldManager=operator", """[{"op": "add", "path": "/metadata/labels/json", "value": "patch"}]""", Documents.JsonPatch);
        await scene.SayManagersAsync();

        Task PatchAsync(string manager, string patch) => scene.HttpAsync(HttpMethod.Patch, $"{{pools}}/web?fieldManager={manager}", patch, Documents.MergePatch);
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task Owners_OfStatusAndScale(Scene scene)
    {
        await scene.HttpAsync(HttpMethod.Post, "{pools}?fieldManager=maker", Documents.PoolJson("web"));
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web/status?fieldManager=controller", Documents.Status("True", "AllReady", 2), Documents.MergePatch);
        await scene.SayManagersAsync();
        scene.Note("a scale takes the replicas, and nothing else");
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web/scale?fieldManager=scaler", """{"spec": {"replicas": 5}}""", Documents.MergePatch, "spec.replicas");
        await scene.SayManagersAsync();
        scene.Note("a changed condition, through the same door by another");
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web/status?fieldManager=other", Documents.Status("False", "Broken", 2), Documents.MergePatch);
        await scene.SayManagersAsync();
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task Apply_NewUnchangedChanged(Scene scene)
    {
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web"), show: ["spec.replicas", "metadata.generation"]);
        await scene.SayManagersAsync();
        // Stored anew with the status that the CRD gives it: the real server writes that with the second write only.
        await scene.QuietHttpAsync(HttpMethod.Patch, "{pools}/web/status?fieldManager=controller", """{"status": {"readyReplicas": 1}}""", Documents.MergePatch);
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web", show: versions);
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web"), show: versions);
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web", Spec("\"replicas\": 5")), show: ["spec.replicas", .. versions]);
        await scene.SayManagersAsync();
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task Apply_FieldTakenOut_IsRemoved(Scene scene)
    {
        string[] show = ["metadata.labels", "metadata.annotations", "spec.provider.aws.tags", "spec.provider.aws.zones", "spec.paused"];
        await scene.ApplyPoolAsync("alice", Documents.PoolJson(
            "web", Spec("\"replicas\": 2, \"paused\": true", """, "tags": {"one": "1", "two": "2"}, "zones": ["a", "b"]"""),
            """, "labels": {"team": "a", "tier": "front"}, "annotations": {"example.org/note": "x"}"""), show: show);
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web", Spec("\"replicas\": 2", """, "tags": {"two": "2"}, "zones": ["b"]"""), """, "labels": {"tier": "front"}"""), show: show);
        await scene.SayManagersAsync();
        scene.Note("all of it");
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web", Spec("\"replicas\": 2")), show: show);
        await scene.SayManagersAsync();
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task Apply_SharedField_StaysUntilTheLastGivesItUp(Scene scene)
    {
        string[] show = ["metadata.labels"];
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web", metadata: """, "labels": {"team": "a", "tier": "front"}"""));
        await scene.ApplyPoolAsync("bob", Partial(metadata: """, "labels": {"tier": "front"}"""), show: show);
        await scene.SayManagersAsync();
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web"), show: show);
        await scene.SayManagersAsync();
        await scene.ApplyPoolAsync("bob", Partial(), show: show);
        await scene.SayManagersAsync();
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task Apply_FieldOfAnUpdater_IsLeftWhenGivenUp(Scene scene)
    {
        await scene.HttpAsync(HttpMethod.Post, "{pools}?fieldManager=maker", Documents.PoolJson("web", metadata: """, "labels": {"team": "a"}"""));
        await scene.ApplyPoolAsync("alice", Partial(metadata: """, "labels": {"team": "a", "tier": "front"}"""), show: ["metadata.labels"]);
        await scene.ApplyPoolAsync("alice", Partial(), show: ["metadata.labels"]);
        await scene.SayManagersAsync();
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task Conflict_NamesManagersAndFields(Scene scene)
    {
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web", metadata: """, "labels": {"tier": "front"}"""));
        await scene.ApplyPoolAsync("bob", Partial("\"replicas\": 4"), show: ["message", "details"]);
        await scene.ApplyPoolAsync("bob", Partial("\"replicas\": 4", """, "labels": {"tier": "back"}"""), show: ["message"]);
        scene.Note("with one who did not apply, and through another door");
        await scene.QuietHttpAsync(HttpMethod.Patch, "{pools}/web?fieldManager=patcher", """{"spec": {"replicas": 3}}""", Documents.MergePatch);
        await scene.ApplyPoolAsync("bob", Partial("\"replicas\": 4"), show: ["message"]);
        await scene.QuietHttpAsync(HttpMethod.Patch, "{pools}/web/scale?fieldManager=scaler", """{"spec": {"replicas": 5}}""", Documents.MergePatch);
        await scene.ApplyPoolAsync("bob", Partial("\"replicas\": 4"), show: ["message"]);
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web", show: ["spec.replicas", "metadata.labels"]);
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task Conflict_SameValue_IsNone(Scene scene)
    {
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web"));
        await scene.ApplyPoolAsync("bob", Partial("\"replicas\": 2"));
        await scene.SayManagersAsync();
        scene.Note("now it has two owners, and neither may change it alone");
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web", Spec("\"replicas\": 3")), show: ["message"]);
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task Force_TakesWhatOthersOwn(Scene scene)
    {
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web"));
        await scene.ApplyPoolAsync("bob", Partial("\"replicas\": 4"), "&force=true", "spec.replicas");
        await scene.SayManagersAsync();
        scene.Note("alice no longer says it: bob's value stays");
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web", $$"""{"provider": {{Documents.Provider}} }"""), show: ["spec.replicas"]);
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web"), "&force=true", "spec.replicas");
        await scene.SayManagersAsync();
        scene.Note("a manager with nothing left goes");
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web?fieldManager=patcher", """{"spec": {"replicas": 7}}""", Documents.MergePatch, "spec.replicas");
        await scene.SayManagersAsync();
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task ItemsOfASet_HaveOwnersEach(Scene scene)
    {
        string[] show = ["spec.provider.aws.zones"];
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web", Spec("\"replicas\": 2", """, "zones": ["a", "b"]""")), show: show);
        await scene.ApplyPoolAsync("bob", Zones("\"c\", \"b\""), show: show);
        await scene.SayManagersAsync();
        scene.Note("order is the last applier's, for what it names");
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web", Spec("\"replicas\": 2", """, "zones": ["d", "b", "a"]""")), show: show);
        await scene.ApplyPoolAsync("bob", Zones("\"c\""), show: show);
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web", Spec("\"replicas\": 2", """, "zones": ["a"]""")), show: show);
        await scene.SayManagersAsync();

        static string Zones(string zones) => Partial($$"""
            "provider": {"aws": {"zones": [{{zones}}]} }
            """);
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task ConditionsByType_HaveOwnersEach(Scene scene)
    {
        await scene.HttpAsync(HttpMethod.Post, "{pools}?fieldManager=maker", Documents.PoolJson("web"));
        await scene.ApplyStatusAsync("alice", $"\"conditions\": [{Condition("Ready", "True")}]");
        await scene.ApplyStatusAsync("bob", $"\"conditions\": [{Condition("UpToDate", "True")}]");
        await scene.SayManagersAsync();
        scene.Note("the same condition otherwise is a conflict, field by field");
        await scene.ApplyStatusAsync("bob", $"\"conditions\": [{Condition("UpToDate", "True")}, {Condition("Ready", "False")}]");
        await scene.ApplyStatusAsync("bob", $"\"conditions\": [{Condition("Ready", "False")}]", "&force=true");
        await SayConditionsAsync();
        await scene.SayManagersAsync();
        scene.Note("alice gives up what is left to her, bob all");
        await scene.ApplyStatusAsync("alice", "\"readyReplicas\": 1");
        await SayConditionsAsync();
        await scene.ApplyStatusAsync("bob", "\"replicas\": 2");
        await SayConditionsAsync();
        await scene.SayManagersAsync();

        async Task SayConditionsAsync() => scene.Say(string.Join(", ", ((await scene.QuietHttpAsync(HttpMethod.Get, "{pools}/web"))["status"]!["conditions"] as JsonArray ?? [])
            .Select(c => $"{c!["type"]}={c["status"]}")));
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task Condition_GoesWithItsLastOwner_WhoeverOwnsAFieldOfIt(Scene scene)
    {
        await scene.HttpAsync(HttpMethod.Post, "{pools}?fieldManager=maker", Documents.PoolJson("web"));
        await scene.ApplyStatusAsync("alice", $"\"readyReplicas\": 1, \"conditions\": [{Condition("Ready", "True")}, {Condition("UpToDate", "True")}]");
        await scene.HttpAsync(
            HttpMethod.Patch, "{pools}/web/status?fieldManager=patcher", """[{"op": "replace", "path": "/status/conditions/0/status", "value": "False"}]""", Documents.JsonPatch);
        await scene.SayManagersAsync();
        await scene.ApplyStatusAsync("alice", $"\"readyReplicas\": 1, \"conditions\": [{Condition("UpToDate", "True")}]");
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web", show: ["status.conditions.0.type", "status.conditions.1.type"]);
        await scene.SayManagersAsync();
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task ListWithoutAType_HasOneOwner(Scene scene)
    {
        const string Nodes = "/apis/kontena.io/v1alpha1/namespaces/{ns}/kontenanodes";
        await scene.QuietHttpAsync(HttpMethod.Post, Nodes + "?fieldManager=maker", Node("""
            "spec": {"poolName": "n", "poolUID": "8c8e4b9e-0000-4000-8000-000000000000", "revision": "5d41402abc", "ordinal": 0, "provider": {"aws": {"region": "eu-west-1", "instanceTypes": ["t3.small"]}}}
            """));
        await ApplyAsync("alice", "\"10.0.0.1\", \"10.0.0.2\"");
        await ApplyAsync("bob", "\"10.0.0.3\"");
        await ApplyAsync("bob", "\"10.0.0.3\"", "&force=true");
        await scene.SayManagersAsync(Nodes + "/n-0");

        Task ApplyAsync(string manager, string addresses, string query = "") => scene.HttpAsync(
            HttpMethod.Patch, $"{Nodes}/n-0/status?fieldManager={manager}{query}", Node($$"""
            "status": {"addresses": [{{addresses}}]}
            """), FieldManagers.ApplyPatch, "status.addresses", "message");

        static string Node(string content) => $$"""{"apiVersion": "kontena.io/v1alpha1", "kind": "KontenaNode", "metadata": {"name": "n-0"}, {{content}} }""";
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task Metadata_OwnersAndFinalizers(Scene scene)
    {
        string[] show = ["metadata.finalizers", "metadata.ownerReferences.0.name", "metadata.ownerReferences.1.name"];
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web", metadata: $", \"finalizers\": [\"example.org/a\"], \"ownerReferences\": [{await OwnerAsync("one")}]"));
        await scene.ApplyPoolAsync("bob", Partial(metadata: $", \"finalizers\": [\"example.org/b\"], \"ownerReferences\": [{await OwnerAsync("two")}]"), show: show);
        await scene.SayManagersAsync();
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web"), show: show);
        await scene.ApplyPoolAsync("bob", Partial(), show: ["metadata.finalizers", "metadata.ownerReferences"]);
        await scene.SayManagersAsync();

        async Task<string> OwnerAsync(string name)
        {
            var owner = await scene.QuietHttpAsync(
                HttpMethod.Post, "/api/v1/namespaces/{ns}/configmaps", $$"""{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "{{name}}"} }""");
            return $$"""{"apiVersion": "v1", "kind": "ConfigMap", "name": "{{name}}", "uid": "{{owner["metadata"]!["uid"]}}"}""";
        }
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task Status_InTheMainResource_IsIgnored(Scene scene)
    {
        var pool = JsonNode.Parse(Documents.PoolJson("web"))!;
        pool["status"] = new JsonObject { ["readyReplicas"] = 5 };
        await scene.ApplyPoolAsync("alice", pool.ToJsonString(), show: ["status.readyReplicas"]);
        await scene.ApplyPoolAsync("alice", pool.ToJsonString(), show: ["status.readyReplicas"]);
        await scene.SayManagersAsync();
        scene.Note("and the other way round");
        await scene.HttpAsync(
            HttpMethod.Patch, "{pools}/web/status?fieldManager=bob", pool.ToJsonString().Replace("\"replicas\":2", "\"replicas\":9", StringComparison.Ordinal), FieldManagers.ApplyPatch,
            "spec.replicas", "status.readyReplicas");
        await scene.SayManagersAsync();
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task DryRun_ShowsOwnersAndChangesNothing(Scene scene)
    {
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web"), "&dryRun=All", "spec.replicas", "metadata.managedFields.0.manager");
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web");
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web"));
        await scene.ApplyPoolAsync("bob", Partial("\"replicas\": 4"), "&dryRun=All");
        await scene.ApplyPoolAsync("bob", Partial("\"replicas\": 4"), "&dryRun=All&force=true", "spec.replicas");
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web", show: ["spec.replicas"]);
        await scene.SayManagersAsync();
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task Refused_Requests(Scene scene)
    {
        var pool = Documents.PoolJson("web");
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web", pool, FieldManagers.ApplyPatch);
        await scene.ApplyPoolAsync(new string('x', 129), pool);
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web?force=true", "{}", Documents.MergePatch);
        await scene.ApplyPoolAsync("alice", pool.Replace("v1alpha1", "v1", StringComparison.Ordinal));
        await scene.ApplyPoolAsync("alice", pool.Replace("NodePool", "Banana", StringComparison.Ordinal));
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("other"));
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web", metadata: """, "managedFields": [{}]"""), show: ["message"]);
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web", metadata: """, "uid": "8c8e4b9e-0000-4000-8000-000000000000" """));
        scene.Note("what the schema does not know");
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web", Spec("\"replicas\": 2, \"bogus\": 1")), show: ["message"]);
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web", Spec("\"replicas\": \"two\"")));
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web", Spec("\"replicas\": 2", """, "zones": ["a", "a"]""")));
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web", Spec("\"replicas\": -2")));
        await scene.HttpAsync(HttpMethod.Get, "{pools}/web");
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task ResourceVersion_IsAPrecondition(Scene scene)
    {
        var first = await scene.QuietHttpAsync(HttpMethod.Post, "{pools}?fieldManager=maker", Documents.PoolJson("web"));
        var given = $", \"resourceVersion\": \"{first["metadata"]!["resourceVersion"]}\"";
        await scene.ApplyPoolAsync("alice", Partial(metadata: given + """, "labels": {"a": "b"}"""), show: ["metadata.labels"]);
        await scene.ApplyPoolAsync("alice", Partial(metadata: given + """, "labels": {"a": "c"}"""), show: ["metadata.labels"]);
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task ManagedFields_ClearedByAClient_BeginAgainWithTheNextApply(Scene scene)
    {
        await scene.ApplyPoolAsync("alice", Documents.PoolJson("web"));
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web?fieldManager=cleaner", """{"metadata": {"managedFields": [{}]}}""", Documents.MergePatch);
        await scene.SayManagersAsync();
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web?fieldManager=patcher", """{"metadata": {"labels": {"a": "b"}}}""", Documents.MergePatch);
        await scene.SayManagersAsync();
        await scene.ApplyPoolAsync("bob", Partial("\"replicas\": 4"), show: ["message"]);
        await scene.ApplyPoolAsync("bob", Partial("\"replicas\": 4"), "&force=true");
        await scene.SayManagersAsync();
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web?fieldManager=cleaner", """[{"op": "replace", "path": "/metadata/managedFields", "value": []}]""", Documents.JsonPatch);
        await scene.SayManagersAsync();
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task ManagedFields_WrittenByAClient(Scene scene)
    {
        var pool = await scene.QuietHttpAsync(HttpMethod.Post, "{pools}?fieldManager=maker", Documents.PoolJson("web"));
        scene.Note("left out, or unreadable: as they were");
        pool["metadata"]!.AsObject().Remove("managedFields");
        await scene.HttpAsync(HttpMethod.Put, "{pools}/web?fieldManager=putter", pool.ToJsonString(), show: ["metadata.managedFields.0.manager"]);
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web?fieldManager=patcher", """{"metadata": {"managedFields": [{"manager": "x", "operation": "Grab"}]}}""", Documents.MergePatch, "metadata.managedFields.0.manager");
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web/status?fieldManager=patcher", """{"metadata": {"managedFields": [{}]}}""", Documents.MergePatch, "metadata.managedFields.0.manager");
        scene.Note("given: these, and what the request itself changes");
        await scene.HttpAsync(HttpMethod.Patch, "{pools}/web?fieldManager=patcher", """
            {"metadata": {"managedFields": [{"manager": "new", "operation": "Apply", "apiVersion": "kontena.io/v1alpha1", "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {"f:replicas": {}}}}]},
             "spec": {"paused": true}}
            """, Documents.MergePatch);
        await scene.SayManagersAsync();
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task Updaters_BeyondTen_AreOne(Scene scene)
    {
        await scene.QuietHttpAsync(HttpMethod.Post, "{pools}?fieldManager=maker", Documents.PoolJson("web"));
        for (var i = 0; i < 12; i++)
        {
            await scene.QuietHttpAsync(
                HttpMethod.Patch, $"{{pools}}/web?fieldManager=patcher-{i:00}", $$$"""{"metadata": {"labels": {"l{{{i:00}}}": "x"} } }""", Documents.MergePatch);
        }

        var managers = (await scene.QuietHttpAsync(HttpMethod.Get, "{pools}/web"))["metadata"]!["managedFields"]!.AsArray();
        // Which are the oldest is told by seconds: here chance.
        scene.Say($"{managers.Count} managers, ancient-changes: {managers.Count(m => $"{m!["manager"]}" == "ancient-changes")}");
        scene.Say($"labels owned: {managers.Sum(m => (m!["fieldsV1"]!["f:metadata"]?["f:labels"] as JsonObject ?? []).Count(l => l.Key.StartsWith("f:l", StringComparison.Ordinal)))}");
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task Kubectl_NewUnchangedConflictForce(Scene scene)
    {
        await scene.KubectlAsync("apply --server-side -f -", Documents.Pool("web", metadata: ", labels: {tier: front}"));
        await scene.KubectlAsync("apply --server-side -f -", Documents.Pool("web", metadata: ", labels: {tier: front}"));
        await scene.KubectlAsync("apply --server-side -f -", Documents.Pool("web", replicas: 3));
        await scene.SayManagersAsync();
        await scene.KubectlAsync("apply --server-side --field-manager=bob -f -", Documents.Pool("web", replicas: 5));
        await scene.KubectlAsync("apply --server-side --dry-run=server --field-manager=bob --force-conflicts -f -", Documents.Pool("web", replicas: 5));
        await scene.KubectlAsync("apply --server-side --field-manager=bob --force-conflicts -f -", Documents.Pool("web", replicas: 5));
        await scene.KubectlAsync("get np web -o jsonpath={.spec.replicas}{.metadata.labels}");
        await scene.SayManagersAsync();
        scene.Note("managed fields are shown when asked for");
        Assert.That(await scene.QuietlyAsync("get np web -o yaml"), Does.Not.Contain("managedFields"));
        Assert.That(await scene.QuietlyAsync("get np web -o yaml --show-managed-fields"), Does.Contain("manager: bob"));
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task Kubectl_MigrationFromClientSide(Scene scene)
    {
        await scene.KubectlAsync("apply -f -", Documents.Pool("web", metadata: ", labels: {tier: front, team: a}"));
        await scene.SayManagersAsync();
        await scene.KubectlAsync("apply --server-side -f -", Documents.Pool("web", replicas: 3, metadata: ", labels: {tier: front}"));
        await scene.SayManagersAsync();
        await scene.KubectlAsync("get np web -o jsonpath={.spec.replicas}{.metadata.labels}");
        await scene.KubectlAsync("apply view-last-applied np web -o json");
        scene.Note("and back");
        await scene.KubectlAsync("apply -f -", Documents.Pool("web", replicas: 4));
        await scene.KubectlAsync("get np web -o jsonpath={.spec.replicas}{.metadata.labels}");
        await scene.SayManagersAsync();
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task Kubectl_DiffServerSide(Scene scene)
    {
        await scene.QuietlyAsync("apply --server-side -f -", Documents.Pool("web"));
        await scene.KubectlAsync("diff --server-side -f -", Documents.Pool("web"));
        // Not transcribed: file names and times.
        var result = await scene.UntoldAsync("diff --server-side -f -", Documents.Pool("web", replicas: 3));
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Does.Contain("-  replicas: 2\n+  replicas: 3\n"));
        await scene.KubectlAsync("get np web -o jsonpath={.spec.replicas}");
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task CoreKinds_ConfigMapAndSecret(Scene scene)
    {
        const string Map = "/api/v1/namespaces/{ns}/configmaps/settings";
        await ApplyAsync("alice", """{"color": "red", "size": "9"}""");
        await ApplyAsync("bob", """{"tone": "dark"}""");
        await ApplyAsync("bob", """{"color": "blue"}""");
        await ApplyAsync("alice", """{"color": "red"}""");
        await scene.SayManagersAsync(Map);
        await scene.HttpAsync(HttpMethod.Post, "/api/v1/namespaces/{ns}/secrets?fieldManager=maker", """{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "aws"}, "stringData": {"key": "one"}}""");
        await scene.SayManagersAsync("/api/v1/namespaces/{ns}/secrets/aws");
        await scene.HttpAsync(
            HttpMethod.Patch, "/api/v1/namespaces/{ns}/secrets/aws?fieldManager=patcher", """{"data": {"late": "dHdv"}}""", "application/strategic-merge-patch+json");
        await scene.HttpAsync(
            HttpMethod.Patch, "/api/v1/namespaces/{ns}/secrets/aws?fieldManager=alice", """{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "aws"}, "data": {"key": "b25l", "more": "eA=="}}""", FieldManagers.ApplyPatch, "data");
        await scene.SayManagersAsync("/api/v1/namespaces/{ns}/secrets/aws");

        Task ApplyAsync(string manager, string data) => scene.HttpAsync(
            HttpMethod.Patch, $"{Map}?fieldManager={manager}", $$"""{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {{data}} }""", FieldManagers.ApplyPatch, "data", "message");
    }

    [Interaction(EngineFeature.ServerSideApply)]
    public static async Task CoreKinds_Lease(Scene scene)
    {
        const string Lease = "/apis/coordination.k8s.io/v1/namespaces/{ns}/leases";
        await scene.HttpAsync(HttpMethod.Post, Lease + "?fieldManager=a", """
            {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "operator"}, "spec": {"holderIdentity": "a", "leaseDurationSeconds": 15}}
            """);
        await scene.SayManagersAsync(Lease + "/operator");
        await scene.HttpAsync(HttpMethod.Patch, Lease + "/operator?fieldManager=b", """{"spec": {"holderIdentity": "b"}}""", Documents.MergePatch);
        await scene.SayManagersAsync(Lease + "/operator");
    }

    /// <summary>A configuration that says these things alone; <paramref name="spec"/> is JSON without the braces.</summary>
    private static string Partial(string spec = "", string metadata = "") => $$"""
        {"apiVersion": "kontena.io/v1alpha1", "kind": "NodePool", "metadata": {"name": "web"{{metadata}} } {{(spec.Length > 0 ? ", \"spec\": {" + spec + "}" : "")}} }
        """;

    private static string Spec(string fields, string aws = "") => $$"""
        { {{fields}}, "provider": {"aws": {"region": "eu-west-1", "instanceTypes": ["t3.small"]{{aws}} } } }
        """;

    private static string Condition(string type, string status) =>
        $$"""{"type": "{{type}}", "status": "{{status}}", "reason": "Because", "message": "…", "lastTransitionTime": "2026-01-01T00:00:00Z"}""";
}
