using Kontena.Standalone.Tests.Support;

namespace Kontena.Standalone.Tests.Api;

public sealed class AccessTests
{
    private TestServer server = null!;

    [SetUp]
    public async Task StartAsync() => server = await TestServer.StartAsync();

    [TearDown]
    public Task StopAsync() => server.DisposeAsync().AsTask();

    [TestCase(null, "/api/v1/namespaces", 401)]
    [TestCase("wrong", "/api/v1/namespaces", 401)]
    [TestCase(null, "/apis", 401)]
    [TestCase(null, "/openapi/v3", 401)]
    [TestCase(null, "/no/such/path", 401)]
    [TestCase(null, "/healthz", 200)]
    [TestCase(null, "/readyz", 200)]
    [TestCase(null, "/livez", 200)]
    [TestCase(null, "/version", 200)]
    public async Task Request_WithoutTheToken_SeesHealthAndVersionOnly(string? token, string path, int code)
    {
        using var client = server.NewClient(token);
        using var response = await client.GetAsync(path);
        Assert.That((int)response.StatusCode, Is.EqualTo(code));
        if (code == 401) Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("\"reason\":\"Unauthorized\""));
    }

    [Test]
    public async Task UnknownPaths_WithTheToken_AreNotFoundOrNotAllowed()
    {
        foreach (var path in new[] { "/", "/openapi/v2", "/apis/none.test/v1", "/apis/example.test/v2/widgets" })
            Assert.That((await server.GetAsync(path)) is { Code: 404, Text: "404 page not found\n" }, Is.True, path);
        foreach (var path in new[] { "/api/v1/namespaces/default/pods", "/api/v1/namespaces/default/secrets/a/log" })
            Assert.That((await server.GetAsync(path)) is { Code: 404, Message: "the server could not find the requested resource" }, Is.True, path);
        Assert.That((await server.SendAsync(HttpMethod.Post, $"{Widgets.Path}/web/status", "{}")).Code, Is.EqualTo(405));
        Assert.That((await server.SendAsync(HttpMethod.Delete, "/apis/example.test/v1alpha1/widgets")).Code, Is.EqualTo(404));
        var text = await server.SendAsync(HttpMethod.Post, Widgets.Path, "a: b", "text/plain");
        Assert.That((text.Code, text.Reason), Is.EqualTo((415, "UnsupportedMediaType")));
    }

    [Test]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    [Platform(Exclude = "Win")]
    public void DataDirectory_Files_AreTheOwnersAlone()
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.That(File.GetUnixFileMode(server.Folder), Is.EqualTo(Owner | UnixFileMode.UserExecute));
        var files = Directory.GetFiles(server.Folder).Select(Path.GetFileName).ToList();
        Assert.That(files, Is.SupersetOf(new[] { "ca.crt", "ca.key", "server.crt", "server.key", "token", "kubeconfig", "objects.db", "objects.db-wal", "port" }));
        foreach (var file in files) Assert.That(File.GetUnixFileMode(Path.Combine(server.Folder, file!)), Is.EqualTo(Owner), file);
    }

    [Test]
    public async Task Listener_Address_IsLoopbackOnly()
    {
        Assert.That(server.Server.Address.ToString(), Does.Match(@"^https://127\.0\.0\.1:\d+/$"));
        Assert.That(await File.ReadAllTextAsync(server.Server.KubeconfigPath), Does.Contain($"server: https://127.0.0.1:{server.Server.Address.Port}\n"));
    }

    [Test]
    public void StartAsync_DirectoryInUse_SaysSo()
    {
        var fault = Assert.ThrowsAsync<IOException>(() => TestServer.StartAsync(o => o with { DataDirectory = server.Folder }));
        Assert.That(fault!.Message, Does.StartWith($"The data directory {server.Folder} cannot be claimed"));
    }

    [Test]
    public void StartAsync_CrdThatCannotBeServed_SaysWhy()
    {
        var crd = Widgets.Crd();
        crd["metadata"]!["name"] = "other.example.test";
        var fault = Assert.ThrowsAsync<ArgumentException>(() => TestServer.StartAsync(o => o with { CustomResourceDefinitions = [crd] }));
        Assert.That(fault!.Message, Does.Contain("other.example.test").And.Contain("must be spec.names.plural"));
    }

    [Test]
    public async Task Discovery_Forms_FollowAccept()
    {
        const string Both = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
        var aggregated = await server.GetAsync("/apis", Both);
        Assert.That(aggregated.ContentType, Is.EqualTo("application/json; g=apidiscovery.k8s.io; v=v2; as=APIGroupDiscoveryList").Or.EqualTo("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"));
        var group = aggregated.Body["items"]!.AsArray().Single(g => (string?)g!["metadata"]!["name"] == "example.test")!;
        Assert.That(group["versions"]![0]!["resources"]![0]!.ToJsonString(), Is.EqualTo(
            """{"resource":"widgets","responseKind":{"group":"example.test","version":"v1alpha1","kind":"Widget"},"scope":"Namespaced","singularResource":"widget","verbs":["create","delete","deletecollection","get","list","patch","update","watch"],"shortNames":["wd"],"categories":["toys"],"subresources":[{"subresource":"status","responseKind":{"group":"example.test","version":"v1alpha1","kind":"Widget"},"verbs":["get","patch","update"]},{"subresource":"scale","responseKind":{"group":"autoscaling","version":"v1","kind":"Scale"},"verbs":["get","patch","update"]}]}"""));
        var beta = await server.GetAsync("/api", "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList");
        Assert.That((beta.At("apiVersion"), beta.Body["items"]!.AsArray().Count), Is.EqualTo(("\"apidiscovery.k8s.io/v2beta1\"", 1)));
        Assert.That((await server.GetAsync("/apis", "application/json")).At("kind"), Is.EqualTo("\"APIGroupList\""));
        Assert.That((await server.GetAsync("/api")).At("versions"), Is.EqualTo("[\"v1\"]"));
        var plain = await server.GetAsync("/apis/example.test/v1alpha1");
        Assert.That(plain.Body["resources"]!.AsArray().Select(r => (string)r!["name"]!), Is.EqualTo(new[] { "widgets", "widgets/status", "widgets/scale" }));
    }

    [Test]
    public async Task OpenApi_CrdChanged_ChangesTheHash()
    {
        async Task<string> Url() => (string)(await server.GetAsync("/openapi/v3")).Body["paths"]!["apis/example.test/v1alpha1"]!["serverRelativeURL"]!;
        var before = await Url();
        var document = await server.GetAsync(before);
        var patch = document.Body["paths"]!["/apis/example.test/v1alpha1/namespaces/{namespace}/widgets/{name}"]!["patch"]!;
        Assert.That(patch["parameters"]!.AsArray().Select(p => (string)p!["name"]!), Does.Contain("fieldValidation"));
        await server.JsonPatchAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.test",
            """[{"op":"replace","path":"/spec/versions/0/schema/openAPIV3Schema/description","value":"Another sentence."}]""");
        Assert.That(await Url(), Is.Not.EqualTo(before));
        Assert.That((await server.GetAsync(await Url())).Text, Does.Contain("Another sentence."));
    }
}
