using Kontena.Standalone.Tests.Support;
using Kontena.TestKit;

namespace Kontena.Standalone.Tests.Kubectl;

/// <summary>What a person does, done by the real kubectl.</summary>
public sealed class KubectlTests
{
    private TestServer server = null!;
    private KubectlRunner kubectl = null!;

    [SetUp]
    public async Task StartAsync()
    {
        KubectlRunner.Require();
        server = await TestServer.StartAsync();
        kubectl = new KubectlRunner(server);
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (server is not null) await server.DisposeAsync();
    }

    [Test]
    public async Task Apply_NewUnchangedChanged_SaysSoAndCountsGenerations()
    {
        Assert.That(await kubectl.OkAsync("apply -f -", Widgets.Text("web")), Is.EqualTo("widget.example.test/web created\n"));
        var version = (await server.GetAsync($"{Widgets.Path}/web")).Version;
        Assert.That(await kubectl.OkAsync("apply -f -", Widgets.Text("web")), Is.EqualTo("widget.example.test/web unchanged\n"));
        Assert.That((await server.GetAsync($"{Widgets.Path}/web")).Version, Is.EqualTo(version));
        Assert.That(await kubectl.OkAsync("apply -f -", Widgets.Text("web", "\"replicas\": 4")), Is.EqualTo("widget.example.test/web configured\n"));
        Assert.That(await kubectl.OkAsync("get wd web -o jsonpath={.spec.replicas}/{.metadata.generation}"), Is.EqualTo("4/2"));
    }

    [Test]
    public async Task Apply_UnknownField_IsRefusedWithItsPath()
    {
        var run = await kubectl.RunAsync("apply -f -", Widgets.Text("web", "\"replicas\": 1, \"bogus\": 2"));
        Assert.That(run.ExitCode, Is.Not.Zero);
        Assert.That(run.Error, Does.Contain("strict decoding error: unknown field \"spec.bogus\""));
    }

    [Test]
    public async Task Apply_SecretTwice_PatchesStrategically()
    {
        const string Secret = """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"stringData":{"a":"1"}}""";
        Assert.That(await kubectl.OkAsync("apply -f -", Secret), Is.EqualTo("secret/s created\n"));
        var changed = Secret.Replace("\"1\"", "\"2\"", StringComparison.Ordinal);
        Assert.That(await kubectl.OkAsync("apply -f -", changed), Is.EqualTo("secret/s configured\n"));
        Assert.That(await kubectl.OkAsync("get secret s -o jsonpath={.data.a}"), Is.EqualTo("Mg=="));
    }

    [Test]
    public async Task Apply_DryRunServer_WritesNothing()
    {
        Assert.That(await kubectl.OkAsync("apply --dry-run=server -f -", Widgets.Text("web")), Does.Contain("created (server dry run)"));
        Assert.That((await server.GetAsync($"{Widgets.Path}/web")).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task Apply_ServerSideAfterClientSide_TakesOver()
    {
        await kubectl.OkAsync("apply -f -", Widgets.Text("web"));
        Assert.That(await kubectl.OkAsync("apply --server-side -f -", Widgets.Text("web", "\"replicas\": 2")), Is.EqualTo("widget.example.test/web serverside-applied\n"));
        Assert.That(await kubectl.OkAsync("get widget web -o jsonpath={.spec.replicas}/{.metadata.managedFields[*].manager}"), Is.EqualTo("2/kubectl-last-applied kubectl"));
    }

    [Test]
    public async Task Diff_ChangedReplicas_ShowsTheLine()
    {
        await kubectl.OkAsync("apply -f -", Widgets.Text("web"));
        var run = await kubectl.RunAsync("diff -f -", Widgets.Text("web", "\"replicas\": 9"));
        Assert.That(run.ExitCode, Is.EqualTo(1), run.Error);
        Assert.That(run.Output, Does.Contain("+  replicas: 9"));
    }

    [Test]
    public async Task CreateAndReplace_File_Work()
    {
        Assert.That(await kubectl.OkAsync("create -f -", Widgets.Text("web")), Is.EqualTo("widget.example.test/web created\n"));
        Assert.That(await kubectl.OkAsync("replace -f -", Widgets.Text("web", "\"replicas\": 3")), Is.EqualTo("widget.example.test/web replaced\n"));
        var again = await kubectl.RunAsync("create -f -", Widgets.Text("web"));
        Assert.That(again.Error, Does.Contain("widgets.example.test \"web\" already exists"));
    }

    [Test]
    public async Task Get_EveryOutput_ShowsTheObject()
    {
        await server.CreateWidgetAsync("web", "\"replicas\": 3", "\"labels\": {\"app\": \"a\"}");
        await server.CreateWidgetAsync("api");
        Assert.That(await kubectl.OkAsync("get widgets"), Does.Match(@"^NAME +DESIRED +READY +AGE\napi +1 .*\nweb +3 +\d+s\n$"));
        Assert.That(await kubectl.OkAsync("get wd -o wide"), Does.Match(@"^NAME +DESIRED +READY +SIZE +AGE\n"));
        Assert.That(await kubectl.OkAsync("get wd -l app=a -o name"), Is.EqualTo("widget.example.test/web\n"));
        Assert.That(await kubectl.OkAsync("get wd web -o yaml"), Does.Contain("kind: Widget").And.Contain("  size: small"));
        Assert.That(await kubectl.OkAsync("get wd web -o json"), Does.Contain("\"replicas\": 3"));
        Assert.That(await kubectl.OkAsync("get toys -A"), Does.Match(@"^NAMESPACE +NAME +DESIRED +READY +AGE\ndefault +api"));
        Assert.That(await kubectl.OkAsync("get wd --field-selector metadata.name=api -o name"), Is.EqualTo("widget.example.test/api\n"));
        Assert.That(await kubectl.OkAsync("get wd --chunk-size=1 -o name"), Is.EqualTo("widget.example.test/api\nwidget.example.test/web\n"));
    }

    [Test]
    public async Task GetWatch_ChangedAndDeleted_PrintsRows()
    {
        await server.CreateWidgetAsync("web");
        using var process = kubectl.Start("get wd -w");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        Assert.That(await process.StandardOutput.ReadLineAsync(limit.Token), Does.StartWith("NAME"));
        Assert.That(await process.StandardOutput.ReadLineAsync(limit.Token), Does.Match("^web +1"));
        await server.MergeAsync($"{Widgets.Path}/web", """{"spec":{"replicas":7}}""");
        Assert.That(await process.StandardOutput.ReadLineAsync(limit.Token), Does.Match("^web +7"));
        await server.CreateWidgetAsync("other");
        Assert.That(await process.StandardOutput.ReadLineAsync(limit.Token), Does.Match("^other +1"));
        process.Kill();
        await process.WaitForExitAsync(limit.Token);
    }

    [Test]
    public async Task Describe_WithEvent_ShowsBoth()
    {
        var uid = (await server.CreateWidgetAsync("web")).At("metadata.uid");
        var created = await server.PostAsync("/api/v1/namespaces/default/events", $$$"""
            {"apiVersion":"v1","kind":"Event","metadata":{"generateName":"web."},"type":"Normal","reason":"Painted","message":"painted it",
             "involvedObject":{"apiVersion":"example.test/v1alpha1","kind":"Widget","namespace":"default","name":"web","uid":{{{uid}}}},
             "source":{"component":"test"},"lastTimestamp":"2026-01-01T00:00:00Z","firstTimestamp":"2026-01-01T00:00:00Z","count":2}
            """);
        Assert.That(created.Code, Is.EqualTo(201), created.Text);
        Assert.That(await kubectl.OkAsync("describe wd web"), Does.Contain("Replicas:  1").And.Contain("Painted").And.Contain("painted it"));
        Assert.That(await kubectl.OkAsync("get events"), Does.Match(@"LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n\S+ +Normal +Painted +widget/web +painted it"));
        Assert.That(await kubectl.OkAsync("events --for wd/web"), Does.Contain("painted it"));
    }

    [Test]
    public async Task Edit_WithSed_ChangesTheField()
    {
        await server.CreateWidgetAsync("web");
        await kubectl.OkAsync("create secret generic s --from-literal=a=1");
        var editor = ("KUBE_EDITOR", "sed -i -e 's/replicas: 1/replicas: 8/' -e 's/a: MQ==/a: Mg==/'");
        Assert.That(await kubectl.OkAsync("edit wd web", null, editor), Is.EqualTo("widget.example.test/web edited\n"));
        Assert.That(await kubectl.OkAsync("get wd web -o jsonpath={.spec.replicas}"), Is.EqualTo("8"));
        Assert.That(await kubectl.OkAsync("edit secret s", null, editor), Is.EqualTo("secret/s edited\n"));
        Assert.That(await kubectl.OkAsync("get secret s -o jsonpath={.data.a}"), Is.EqualTo("Mg=="));
    }

    [Test]
    public async Task Patch_MergeJsonStatus_Work()
    {
        await server.CreateWidgetAsync("web");
        await kubectl.OkAsync("patch wd web --type merge -p {\"spec\":{\"replicas\":5}}");
        await kubectl.OkAsync("patch wd web --type json -p [{\"op\":\"replace\",\"path\":\"/spec/size\",\"value\":\"large\"}]");
        await kubectl.OkAsync("patch wd web --subresource=status --type merge -p {\"status\":{\"replicas\":5}}");
        Assert.That(await kubectl.OkAsync("get wd web -o jsonpath={.spec.replicas}{.spec.size}{.status.replicas}"), Is.EqualTo("5large5"));
        var strategic = await kubectl.RunAsync("patch wd web -p {\"spec\":{\"replicas\":6}}");
        Assert.That(strategic.Error, Does.Contain("application/merge-patch+json"));
    }

    [Test]
    public async Task Scale_WithAndWithoutPrecondition_Work()
    {
        await server.CreateWidgetAsync("web");
        Assert.That(await kubectl.OkAsync("scale wd web --replicas=5"), Is.EqualTo("widget.example.test/web scaled\n"));
        Assert.That(await kubectl.OkAsync("scale wd web --current-replicas=5 --replicas=6"), Is.EqualTo("widget.example.test/web scaled\n"));
        var wrong = await kubectl.RunAsync("scale wd web --current-replicas=5 --replicas=7");
        Assert.That(wrong.Error, Does.Contain("Expected replicas to be 5, was 6"));
        Assert.That(await kubectl.OkAsync("get wd web -o jsonpath={.spec.replicas}"), Is.EqualTo("6"));
    }

    [Test]
    public async Task Delete_WithFinalizer_WaitsUntilItIsTakenOff()
    {
        await server.CreateWidgetAsync("web", metadata: "\"finalizers\": [\"example.test/hold\"]");
        using var process = kubectl.Start("delete wd web");
        await Eventually.HoldsAsync(async () => (await server.GetAsync($"{Widgets.Path}/web")).At("metadata.deletionTimestamp") != "(absent)",
            "the widget is marked", TimeSpan.FromSeconds(20), CancellationToken.None);
        Assert.That(process.HasExited, Is.False);
        await server.MergeAsync($"{Widgets.Path}/web", """{"metadata":{"finalizers":null}}""");
        var run = await KubectlRunner.FinishAsync(process, "delete wd web");
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((0, "widget.example.test \"web\" deleted\n")), run.Error);
    }

    [TestCase("background")]
    [TestCase("foreground")]
    public async Task Delete_WithDependents_CascadesInEveryMode(string cascade)
    {
        var uid = (await server.CreateWidgetAsync("parent")).At("metadata.uid");
        await server.CreateWidgetAsync("child", metadata: $$"""
            "ownerReferences": [{"apiVersion": "example.test/v1alpha1", "kind": "Widget", "name": "parent", "uid": {{uid}}, "blockOwnerDeletion": true}]
            """);
        await kubectl.OkAsync($"delete wd parent --cascade={cascade}");
        await kubectl.OkAsync("wait wd/child --for=delete --timeout=20s");
        Assert.That(await kubectl.OkAsync("get wd -o name"), Is.Empty);
    }

    [Test]
    public async Task Delete_Orphan_KeepsTheDependentWithoutOwner()
    {
        var uid = (await server.CreateWidgetAsync("parent")).At("metadata.uid");
        await server.CreateWidgetAsync("child", metadata: $$"""
            "ownerReferences": [{"apiVersion": "example.test/v1alpha1", "kind": "Widget", "name": "parent", "uid": {{uid}}}]
            """);
        await kubectl.OkAsync("delete wd parent --cascade=orphan");
        Assert.That((await server.GetAsync($"{Widgets.Path}/child")).At("metadata.ownerReferences"), Is.EqualTo("(absent)"));
        Assert.That((await server.GetAsync($"{Widgets.Path}/parent")).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task Delete_DryRunServer_DeletesNothing()
    {
        await server.CreateWidgetAsync("web");
        await kubectl.OkAsync("delete wd web --dry-run=server");
        Assert.That((await server.GetAsync($"{Widgets.Path}/web")).At("metadata.deletionTimestamp"), Is.EqualTo("(absent)"));
        Assert.That(await kubectl.OkAsync("delete wd --all"), Is.EqualTo("widget.example.test \"web\" deleted\n"));
    }

    [TestCase("false")]
    [TestCase("true")]
    public async Task Wait_ConditionJsonPathDelete_ReturnWhenItHolds(string watchList)
    {
        await server.CreateWidgetAsync("web");
        using var condition = kubectl.Start("wait wd/web --for=condition=Ready --timeout=20s", ("KUBE_FEATURE_WatchListClient", watchList));
        using var path = kubectl.Start("wait wd/web --for=jsonpath={.status.replicas}=3 --timeout=20s");
        await server.MergeAsync($"{Widgets.Path}/web/status", """{"status":{"observedGeneration":1,"replicas":3,"conditions":[{"type":"Ready","status":"True"}]}}""");
        Assert.That((await KubectlRunner.FinishAsync(condition, "wait condition")).Output, Is.EqualTo("widget.example.test/web condition met\n"));
        Assert.That((await KubectlRunner.FinishAsync(path, "wait jsonpath")).Output, Is.EqualTo("widget.example.test/web condition met\n"));
        using var delete = kubectl.Start("wait wd/web --for=delete --timeout=20s");
        await server.DeleteAsync($"{Widgets.Path}/web");
        Assert.That((await KubectlRunner.FinishAsync(delete, "wait delete")).ExitCode, Is.Zero);
    }

    [Test]
    public async Task LabelAndAnnotate_CustomAndCore_Write()
    {
        await server.CreateWidgetAsync("web");
        await kubectl.OkAsync("label wd web tier=front");
        await kubectl.OkAsync("annotate wd web note=hello");
        await kubectl.OkAsync("label namespace default team=a");
        Assert.That(await kubectl.OkAsync("get wd web -o jsonpath={.metadata.labels.tier}{.metadata.annotations.note}"), Is.EqualTo("fronthello"));
        Assert.That(await kubectl.OkAsync("get ns -l team=a -o name"), Is.EqualTo("namespace/default\n"));
    }

    [Test]
    public async Task ApiResources_AllKinds_AreListed()
    {
        Assert.That(await kubectl.OkAsync("api-resources"), Does.Match(@"widgets +wd +example\.test/v1alpha1 +true +Widget")
            .And.Match(@"secrets +v1 +true +Secret").And.Match(@"leases +coordination\.k8s\.io/v1 +true +Lease"));
        Assert.That(await kubectl.OkAsync("version"), Does.Contain("Server Version: v1.32.0-kontena"));
    }

    [Test]
    public async Task Explain_CustomAndCore_ShowFieldsAndTypes()
    {
        Assert.That(await kubectl.OkAsync("explain wd.spec.replicas"), Does.Contain("FIELD: replicas <integer>").And.Contain("How many."));
        Assert.That(await kubectl.OkAsync("explain wd.spec.size"), Does.Contain("ENUM:").And.Contain("small"));
        Assert.That(await kubectl.OkAsync("explain secret.data"), Does.Contain("base64"));
        Assert.That(await kubectl.OkAsync("explain crd.spec.versions"), Does.Contain("storage"));
    }

    [Test]
    public async Task Create_CoreKinds_ArriveFromProtobuf()
    {
        await kubectl.OkAsync("create namespace blue");
        await kubectl.OkAsync("create secret generic s -n blue --from-literal=password=hunter2");
        await kubectl.OkAsync("create configmap c -n blue --from-literal=k=v");
        Assert.That(await kubectl.OkAsync("get secret s -n blue -o jsonpath={.data.password}/{.type}"), Is.EqualTo("aHVudGVyMg==/Opaque"));
        Assert.That(await kubectl.OkAsync("get cm -n blue"), Does.Match(@"NAME +DATA +AGE\nc +1 "));
        Assert.That(await kubectl.OkAsync("get ns blue"), Does.Match(@"NAME +STATUS +AGE\nblue +Active "));
        await kubectl.OkAsync("delete namespace blue");
        Assert.That((await server.GetAsync("/api/v1/namespaces/blue/secrets/s")).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task AuthCanI_Anything_IsYes()
    {
        Assert.That(await kubectl.OkAsync("auth can-i create wd"), Is.EqualTo("yes\n"));
        Assert.That(await kubectl.OkAsync("auth can-i --list"), Does.Contain("*.*"));
    }

    [Test]
    public async Task Crd_AppliedByKubectl_IsServedAtOnceAndGoesWithItsObjects()
    {
        var crd = Widgets.Crd().ToJsonString().Replace("widget", "gadget", StringComparison.Ordinal)
            .Replace("Widget", "Gadget", StringComparison.Ordinal).Replace("\"wd\"", "\"gd\"", StringComparison.Ordinal);
        await kubectl.OkAsync("apply -f -", crd);
        await kubectl.OkAsync("wait crd/gadgets.example.test --for=condition=Established --timeout=10s");
        var gadget = Widgets.Text("g").Replace("Widget", "Gadget", StringComparison.Ordinal);
        Assert.That(await kubectl.OkAsync("apply -f -", gadget), Is.EqualTo("gadget.example.test/g created\n"));
        Assert.That(await kubectl.OkAsync("apply -f -", crd), Does.EndWith("unchanged\n"));
        await kubectl.OkAsync("delete crd gadgets.example.test");
        Assert.That((await server.GetAsync("/apis/example.test/v1alpha1/namespaces/default/gadgets")).Code, Is.EqualTo(404));
    }
}
