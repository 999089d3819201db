using Kontena.Standalone.Tests.Support;

namespace Kontena.Standalone.Tests.Api;

/// <summary>A CRD with two served versions: the same objects under two apiVersions.</summary>
public sealed class VersionsTests
{
    [Test]
    public async Task TwoVersions_OneObject_IsSeenThroughBoth()
    {
        var crd = Widgets.Crd();
        var second = crd["spec"]!["versions"]![0]!.DeepClone();
        second["name"] = "v1beta1";
        second["storage"] = false;
        crd["spec"]!["versions"]!.AsArray().Add(second);
        await using var server = await TestServer.StartAsync(o => o with { CustomResourceDefinitions = [crd] });
        await server.CreateWidgetAsync("web");

        var beta = Widgets.Path.Replace("v1alpha1", "v1beta1", StringComparison.Ordinal);
        Assert.That((await server.GetAsync($"{beta}/web")).At("apiVersion"), Is.EqualTo("\"example.test/v1beta1\""));
        var list = await server.GetAsync(beta);
        Assert.That((list.At("apiVersion"), (string?)list.Body["items"]![0]!["apiVersion"]), Is.EqualTo(("\"example.test/v1beta1\"", "example.test/v1beta1")));
        var patched = await server.MergeAsync($"{beta}/web", """{"spec":{"replicas":3}}""");
        Assert.That((patched.Code, patched.At("apiVersion")), Is.EqualTo((200, "\"example.test/v1beta1\"")));
        Assert.That((await server.GetAsync($"{Widgets.Path}/web")).At("apiVersion"), Is.EqualTo("\"example.test/v1alpha1\""));
        using var watch = await WatchClient.OpenAsync(server, $"{Widgets.Path}?watch=true");
        Assert.That((string?)(await watch.NextAsync())!["object"]!["apiVersion"], Is.EqualTo("example.test/v1alpha1"));
        var crds = await server.GetAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.test");
        Assert.That(crds.At("status.storedVersions"), Is.EqualTo("[\"v1alpha1\"]"));
    }

    [Test]
    public async Task CrdDeleted_WithObjectsHeld_RefusesNewOnesAndGoesWithTheLast()
    {
        await using var server = await TestServer.StartAsync();
        const string Crd = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.test";
        await server.CreateWidgetAsync("web", metadata: "\"finalizers\": [\"example.test/hold\"]");
        Assert.That((await server.DeleteAsync(Crd)).Code, Is.EqualTo(200));
        Assert.That((await server.PostAsync(Widgets.Path, Widgets.Text("late"))).Code, Is.EqualTo(403));
        await TestKit.Eventually.HoldsAsync(async () => (await server.GetAsync($"{Widgets.Path}/web")).At("metadata.deletionTimestamp") != "(absent)",
            "its object is marked", TimeSpan.FromSeconds(10), CancellationToken.None);
        await server.MergeAsync($"{Widgets.Path}/web", """{"metadata":{"finalizers":null}}""");
        await TestKit.Eventually.HoldsAsync(async () => (await server.GetAsync(Crd)).Code == 404, "the CRD is gone", TimeSpan.FromSeconds(10), CancellationToken.None);
        Assert.That((await server.GetAsync(Widgets.Path)).Code, Is.EqualTo(404));
    }
}
