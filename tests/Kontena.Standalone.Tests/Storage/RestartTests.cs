using Kontena.Standalone.Tests.Support;
using Kontena.TestKit;

namespace Kontena.Standalone.Tests.Storage;

public sealed class RestartTests
{
    [Test]
    public async Task Restart_SameFolder_GoesOnWhereItWas()
    {
        var first = await TestServer.StartAsync();
        var old = await first.CreateWidgetAsync("web");
        var changed = await first.MergeAsync($"{Widgets.Path}/web", """{"spec":{"replicas":2}}""");
        await first.CreateWidgetAsync("gone");
        await first.DeleteAsync($"{Widgets.Path}/gone");
        var system = (await first.GetAsync("/api/v1/namespaces/kube-system")).Text;
        var crd = (await first.GetAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.test")).Text;
        var (address, token) = (first.Server.Address, await File.ReadAllTextAsync(Path.Combine(first.Folder, "token")));

        await using var second = await first.RestartAsync();
        Assert.That(second.Server.Address, Is.EqualTo(address), "the port is remembered");
        Assert.That(await File.ReadAllTextAsync(Path.Combine(second.Folder, "token")), Is.EqualTo(token));
        Assert.That((await second.GetAsync($"{Widgets.Path}/web")).Text, Is.EqualTo(changed.Text));
        Assert.That((await second.GetAsync("/api/v1/namespaces/kube-system")).Text, Is.EqualTo(system), "its UID marks the installation");
        Assert.That((await second.GetAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.test")).Text, Is.EqualTo(crd), "applying a CRD again is no write");

        using var watch = await WatchClient.OpenAsync(second, $"{Widgets.Path}?watch=true&resourceVersion={old.Version}");
        Assert.That(await watch.NextTextAsync(), Is.EqualTo("MODIFIED web"));
        Assert.That(await watch.NextTextAsync(), Is.EqualTo("ADDED gone"));
        var deleted = (await watch.NextAsync())!["object"]!["metadata"]!["resourceVersion"]!.GetValue<string>();
        var next = await second.CreateWidgetAsync("next");
        Assert.That(long.Parse(next.Version, System.Globalization.CultureInfo.InvariantCulture),
            Is.EqualTo(long.Parse(deleted, System.Globalization.CultureInfo.InvariantCulture) + 1), "versions continue");
        Assert.That(await watch.NextTextAsync(), Is.EqualTo("ADDED next"));
    }

    [Test]
    public async Task Copy_OfALiveDatabase_HoldsEveryAnsweredWrite()
    {
        // What a kill leaves: the files as they lie, with no closing checkpoint.
        await using var server = await TestServer.StartAsync();
        var written = new List<string>();
        for (var i = 0; i < 20; i++) written.Add((await server.CreateWidgetAsync($"w{i}")).Version);
        var copy = Directory.CreateTempSubdirectory("kontena-standalone-copy-").FullName;
        foreach (var file in new[] { "objects.db", "objects.db-wal" }) File.Copy(Path.Combine(server.Folder, file), Path.Combine(copy, file));

        await using (var other = await TestServer.StartAsync(o => o with { DataDirectory = copy }))
        {
            var list = await other.GetAsync(Widgets.Path);
            Assert.That(list.Body["items"]!.AsArray().Select(i => (string)i!["metadata"]!["resourceVersion"]!), Is.EquivalentTo(written));
            Assert.That(list.Version, Is.EqualTo(written[^1]));
        }
    }

    [Test]
    public async Task Restart_OwnerDeletedButDependentLeft_IsCollected()
    {
        // The collector is stopped between the owner's deletion and its own work by making it part of the same stop.
        var first = await TestServer.StartAsync();
        var uid = (await first.CreateWidgetAsync("parent")).At("metadata.uid");
        for (var i = 0; i < 50; i++)
        {
            await first.CreateWidgetAsync($"child{i}", metadata: $$"""
                "ownerReferences": [{"apiVersion": "v1", "kind": "Widget", "name": "parent", "uid": {{uid}}}]
                """);
        }
        await first.DeleteAsync($"{Widgets.Path}/parent");
        await using var second = await first.RestartAsync();
        await Eventually.HoldsAsync(async () => (await second.GetAsync(Widgets.Path)).Body["items"]!.AsArray().Count == 0,
            "no dependent is left", TimeSpan.FromSeconds(20), CancellationToken.None);
    }

    [Test]
    public async Task Restart_PortTakenMeanwhile_TakesAnother()
    {
        var first = await TestServer.StartAsync();
        var port = first.Server.Address.Port;
        await first.Server.DisposeAsync();
        using var squatter = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
        squatter.Start();
        await using var second = await first.RestartAsync();
        Assert.That(second.Server.Address.Port, Is.Not.EqualTo(port));
        Assert.That(await File.ReadAllTextAsync(second.Server.KubeconfigPath), Does.Contain($":{second.Server.Address.Port}\n"));
    }

    [Test]
    public async Task Writers_InParallel_GetEachVersionOnce()
    {
        await using var server = await TestServer.StartAsync();
        await server.CreateWidgetAsync("shared", "\"replicas\": 0");
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            server.MergeAsync($"{Widgets.Path}/shared", $$$$"""{"metadata":{"labels":{"l{{{{i}}}}":"x"}}}""")));
        Assert.That(answers.Select(a => a.Code).Distinct(), Is.EqualTo(new[] { 200 }), "a patch without a version never conflicts");
        Assert.That(answers.Select(a => a.Version).Distinct().Count(), Is.EqualTo(40));
        Assert.That((await server.GetAsync($"{Widgets.Path}/shared")).Body["metadata"]!["labels"]!.AsObject(), Has.Count.EqualTo(40), "no write is lost");
    }
}
