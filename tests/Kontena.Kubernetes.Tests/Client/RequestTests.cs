using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Microsoft.AspNetCore.Http;

namespace Kontena.Kubernetes.Tests.Client;

public sealed class RequestTests
{
    private const string Path = "/apis/kontena.io/v1alpha1/namespaces/default/widgets";

    [Test]
    public async Task Get_NamespacedObject_ReadsItsPath()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json(size: 3)));
        using var api = Widgets.Client(server);

        var widget = await api.GetAsync(Widgets.Kind, Widgets.Web, CancellationToken.None);

        var seen = server.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That(widget.Size, Is.EqualTo(3));
            Assert.That((seen.Method, seen.Target, seen.Body), Is.EqualTo(("GET", $"{Path}/web", "")));
            Assert.That(seen.Header("Accept"), Is.EqualTo("application/json"));
            Assert.That(seen.Header("User-Agent"), Is.EqualTo("kontena-operator/0.1.0"));
            Assert.That(seen.Header("Authorization"), Is.Null);
        });
    }

    [Test]
    public async Task Get_Scale_ReadsTheSubresource()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(JsonNode.Parse("""
            {"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"web","namespace":"default"},"spec":{"replicas":4},"status":{"replicas":3,"selector":"a=b"}}
            """)!.ToJsonString()));
        using var api = Widgets.Client(server);

        var scale = await api.GetAsync(Scale.Of(Widgets.Kind), Widgets.Web, CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That((scale.Spec.Replicas, scale.Status.Replicas, scale.Status.Selector), Is.EqualTo((4, 3, "a=b")));
            Assert.That(server.Requests.Single().Target, Is.EqualTo($"{Path}/web/scale"));
        });
    }

    [Test]
    public async Task Get_ServerBelowAPath_KeepsThePath()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        using var api = Widgets.Client(Widgets.Access(new Uri(server.Url, "/k8s/clusters/c-1")));

        await api.GetAsync(Widgets.Kind, Widgets.Web, CancellationToken.None);

        Assert.That(server.Requests.Single().Target, Is.EqualTo($"/k8s/clusters/c-1{Path}/web"));
    }

    [Test]
    public async Task Get_ProxyUrl_GoesThroughTheProxy()
    {
        await using var proxy = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        using var api = Widgets.Client(Widgets.Access(new Uri("http://kube.example"), cluster: c => c with { ProxyUrl = proxy.Url.ToString() }));

        await api.GetAsync(Widgets.Kind, Widgets.Web, CancellationToken.None);

        Assert.That(proxy.Requests.Single().Target, Is.EqualTo($"http://kube.example{Path}/web"));
    }

    [Test]
    public async Task Get_ClusterScopedCoreKind_HasNoNamespaceInItsPath()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json("a b")));
        using var api = Widgets.Client(server);

        await api.GetAsync(Widgets.Core, new ObjectKey("", "a b"), CancellationToken.None);

        Assert.That(server.Requests.Single().Target, Is.EqualTo("/api/v1/widgets/a%20b"));
    }

    [TestCase("..")]
    [TestCase(".")]
    [TestCase("")]
    public async Task Delete_NameThatPointsElsewhere_SendsNothing(string name)
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync("{}"));
        using var api = Widgets.Client(server);

        Assert.ThrowsAsync<ArgumentException>(() => api.DeleteAsync(Widgets.Kind, new ObjectKey("default", name), new DeleteQuery(), CancellationToken.None));
        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public void Get_NamespacedKindWithoutNamespace_IsABug()
    {
        using var api = Widgets.Client(Widgets.Access(new Uri("http://127.0.0.1:1")));
        Assert.ThrowsAsync<ArgumentException>(() => api.GetAsync(Widgets.Kind, new ObjectKey("", "web"), CancellationToken.None));
    }

    [Test]
    public async Task List_WithSelectorsAndLimit_SendsThemEscaped()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.List("9", "next", Widgets.Json())));
        using var api = Widgets.Client(server);

        var list = await api.ListAsync(Widgets.Kind, new ListQuery("default", "a=b,c!=d", "metadata.name=x", 5, null, "0"), CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That(server.Requests.Single().Target, Is.EqualTo(
                $"{Path}?labelSelector=a%3Db%2Cc%21%3Dd&fieldSelector=metadata.name%3Dx&limit=5&resourceVersion=0"));
            Assert.That(list.Metadata, Is.EqualTo(new ListMeta { ResourceVersion = "9", Continue = "next" }));
            Assert.That(list.Items.Single().Metadata.Name, Is.EqualTo("web"));
        });
    }

    [Test]
    public async Task List_NextPage_SendsTheTokenAndNoVersion()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.List("9", "")));
        using var api = Widgets.Client(server);

        await api.ListAsync(Widgets.Kind, new ListQuery(Limit: 5, Continue: "t/k=", ResourceVersion: "9"), CancellationToken.None);

        Assert.That(server.Requests.Single().Target, Is.EqualTo("/apis/kontena.io/v1alpha1/widgets?limit=5&continue=t%2Fk%3D"));
    }

    [Test]
    public async Task List_ItemsNull_IsEmpty()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync("""{"kind":"WidgetList","metadata":{"resourceVersion":"1"},"items":null}"""));
        using var api = Widgets.Client(server);

        Assert.That((await api.ListAsync(Widgets.Kind, new ListQuery(), CancellationToken.None)).Items, Is.Empty);
    }

    [Test]
    public async Task Create_ResourceWithoutApiVersionAndKind_SendsThemAllTheSame()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json(), 201));
        using var api = Widgets.Client(server);

        await api.CreateAsync(Widgets.Kind, Widgets.Named("web") with { ApiVersion = null, Kind = null },
            new WriteOptions(FieldManager: "kontena", DryRun: true, Validation: FieldValidation.Strict), CancellationToken.None);

        var seen = server.Requests.Single();
        var body = JsonNode.Parse(seen.Body)!;
        Assert.Multiple(() =>
        {
            Assert.That((seen.Method, seen.Target), Is.EqualTo(("POST", $"{Path}?fieldManager=kontena&dryRun=All&fieldValidation=Strict")));
            Assert.That(seen.Header("Content-Type"), Is.EqualTo("application/json"));
            Assert.That((string?)body["apiVersion"], Is.EqualTo("kontena.io/v1alpha1"));
            Assert.That((string?)body["kind"], Is.EqualTo("Widget"));
            Assert.That((string?)body["metadata"]!["name"], Is.EqualTo("web"));
        });
    }

    [Test]
    public async Task Update_Status_PutsTheSubresource()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        using var api = Widgets.Client(server);

        await api.UpdateAsync(Widgets.Kind, Widgets.Named("web"), WriteOptions.Status, CancellationToken.None);

        Assert.That((server.Requests.Single().Method, server.Requests.Single().Target), Is.EqualTo(("PUT", $"{Path}/web/status?fieldManager=kontena-operator")));
    }

    [Test]
    public async Task Write_WithoutFieldManager_NamesTheClientsOwn()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        using var api = Widgets.Client(server);

        await api.CreateAsync(Widgets.Kind, Widgets.Named("web"), WriteOptions.Default, CancellationToken.None);
        await api.UpdateAsync(Widgets.Kind, Widgets.Named("web"), WriteOptions.Default, CancellationToken.None);
        await api.PatchAsync(Widgets.Kind, Widgets.Web, Patch.Merge([]), WriteOptions.Status, CancellationToken.None);
        await api.PatchAsync(Widgets.Kind, Widgets.Web, Patch.Merge([]), new WriteOptions(FieldManager: "somebody"), CancellationToken.None);

        Assert.That(server.Requests.Select(r => r.Target.Split('?')[1]),
            Is.EqualTo(new[] { "fieldManager=kontena-operator", "fieldManager=kontena-operator", "fieldManager=kontena-operator", "fieldManager=somebody" }));
    }

    [TestCase(PatchFormat.Merge, "application/merge-patch+json", "")]
    [TestCase(PatchFormat.Json, "application/json-patch+json", "")]
    [TestCase(PatchFormat.StrategicMerge, "application/strategic-merge-patch+json", "")]
    [TestCase(PatchFormat.Apply, "application/apply-patch+yaml", "&force=true")]
    public async Task Patch_OfEachFormat_NamesItsMediaType(PatchFormat format, string mediaType, string force)
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        using var api = Widgets.Client(server);
        var patch = format switch
        {
            PatchFormat.Merge => Patch.Merge(new JsonObject { ["size"] = 2 }),
            PatchFormat.Json => Patch.Json([new JsonObject { ["op"] = "remove", ["path"] = "/size" }]),
            PatchFormat.StrategicMerge => Patch.StrategicMerge(new JsonObject { ["size"] = 2 }),
            _ => Patch.Apply(new JsonObject { ["size"] = 2 }, force: true),
        };

        await api.PatchAsync(Widgets.Kind, Widgets.Web, patch, new WriteOptions("scale", "kontena"), CancellationToken.None);

        var seen = server.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That((seen.Method, seen.Target), Is.EqualTo(("PATCH", $"{Path}/web/scale?fieldManager=kontena{force}")));
            Assert.That(seen.Header("Content-Type"), Is.EqualTo(mediaType));
            Assert.That(seen.Body, Is.EqualTo(System.Text.Encoding.UTF8.GetString(patch.Body.Span)));
        });
    }

    [Test]
    public void Patch_ApplyWithoutFieldManager_IsABug()
    {
        using var api = Widgets.Client(Widgets.Access(new Uri("http://127.0.0.1:1")));
        Assert.ThrowsAsync<ArgumentException>(() =>
            api.PatchAsync(Widgets.Kind, Widgets.Web, Patch.Apply([], force: false), WriteOptions.Default, CancellationToken.None));
    }

    [Test]
    public async Task Delete_WithPreconditionsAndDryRun_SendsThemInTheBody()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync("""{"kind":"Status","apiVersion":"v1","status":"Success","details":{"name":"web"}}"""));
        using var api = Widgets.Client(server);

        var left = await api.DeleteAsync(Widgets.Kind, Widgets.Web, new DeleteQuery("u-1", "7", Propagation.Foreground, DryRun: true), CancellationToken.None);

        var seen = server.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That(left, Is.Null);
            Assert.That((seen.Method, seen.Target), Is.EqualTo(("DELETE", $"{Path}/web")));
            Assert.That(seen.Body, Is.EqualTo("""{"preconditions":{"uid":"u-1","resourceVersion":"7"},"propagationPolicy":"Foreground","dryRun":["All"]}"""));
        });
    }

    [Test]
    public async Task Delete_WithoutOptions_SendsAnEmptyObject()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync("""{"kind":"Status","status":"Success"}"""));
        using var api = Widgets.Client(server);

        await api.DeleteAsync(Widgets.Kind, Widgets.Web, new DeleteQuery(), CancellationToken.None);

        Assert.That(server.Requests.Single().Body, Is.EqualTo("{}"));
    }

    [Test]
    public async Task Delete_FinalizerHoldsTheObject_ReturnsWhatIsLeft()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json(version: "8")));
        using var api = Widgets.Client(server);

        var left = await api.DeleteAsync(Widgets.Kind, Widgets.Web, new DeleteQuery(), CancellationToken.None);

        Assert.That(left?.Metadata.ResourceVersion, Is.EqualTo("8"));
    }

    [Test]
    public async Task Delete_AcceptedButNotSaidGone_IsAFaultOfUnknownOutcome()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync("""{"kind":"Status","status":"Success"}""", 202));
        using var api = Widgets.Client(server);

        var fault = Assert.ThrowsAsync<KubeFault>(() => api.DeleteAsync(Widgets.Kind, Widgets.Web, new DeleteQuery(), CancellationToken.None))!;

        Assert.That((fault.Reason, fault.OutcomeUnknown), Is.EqualTo((FaultReason.ServerError, true)));
    }

    [Test]
    public async Task Warnings_SeenTwice_AreToldOnceAtDebug()
    {
        await using var server = await FakeApiServer.StartAsync(c =>
        {
            c.Response.Headers.Append("Warning", "299 - \"unknown field \\\"spec.bogus\\\"\"");
            c.Response.Headers.Append("Warning", "110 - \"stale\"");
            return c.JsonAsync(Widgets.Json());
        });
        var log = new RecordedLog();
        List<string> told = [];
        using var api = Widgets.Client(Widgets.Access(server), options: new KubeClientOptions { Warned = told.Add }, log: log);

        await api.GetAsync(Widgets.Kind, Widgets.Web, CancellationToken.None);
        await api.GetAsync(Widgets.Kind, Widgets.Web, CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That(told, Is.EqualTo(new[] { "unknown field \"spec.bogus\"" }));
            Assert.That(log.Lines.ToArray(), Is.EqualTo(new[] { (Microsoft.Extensions.Logging.LogLevel.Debug, "The API server warns: unknown field \"spec.bogus\"") }));
        });
    }

    [Test]
    public async Task Calls_AnsweredWithFaultsAndSuccesses_ShareOneConnection()
    {
        var calls = 0;
        await using var server = await FakeApiServer.StartAsync(c => (Interlocked.Increment(ref calls) % 3) switch
        {
            0 => c.StatusAsync(409, "Conflict", "changed"),
            1 => c.TextAsync("<html>bad gateway</html>", "text/html", 502),
            _ => c.JsonAsync(Widgets.Json()),
        });
        using var api = Widgets.Client(server);

        for (var i = 0; i < 60; i++)
        {
            try
            {
                await api.UpdateAsync(Widgets.Kind, Widgets.Named("web"), WriteOptions.Default, CancellationToken.None);
            }
            catch (KubeFault)
            {
                // Two of three are refused; what matters is that no response keeps its connection. An unread page closes
                // its connection, one that was read to its end gives it back.
            }
        }

        Assert.That(server.OpenConnections, Is.LessThanOrEqualTo(2));
    }
}
