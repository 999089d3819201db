using Kontena.Kubernetes.Client;

namespace Kontena.Kubernetes.Tests.Client;

public sealed class ListAllTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Test]
    public async Task ListAll_SeveralPages_SendsEachTokenAndKeepsTheSnapshotsVersion()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(c.Request.Query["continue"].ToString() switch
        {
            "" => Widgets.List("9", "one", Widgets.Json("a"), Widgets.Json("b")),
            "one" => Widgets.List("9", "two", Widgets.Json("c")),
            _ => Widgets.List("9", "", Widgets.Json("d")),
        }));
        using var api = Widgets.Client(server);

        var all = await api.ListAllAsync(Widgets.Kind, new ListQuery("default"), None);

        Assert.Multiple(() =>
        {
            Assert.That(all.Items.Select(w => w.Metadata.Name), Is.EqualTo(new[] { "a", "b", "c", "d" }));
            Assert.That(all.ResourceVersion, Is.EqualTo("9"));
            Assert.That(server.Requests.Select(r => r.Target.Split('?')[1]), Is.EqualTo(new[] { "limit=500", "limit=500&continue=one", "limit=500&continue=two" }));
        });
    }

    [Test]
    public async Task ListAll_SnapshotExpiresOnTheWay_StartsAgainOnce()
    {
        var firsts = 0;
        await using var server = await FakeApiServer.StartAsync(c => (c.Request.Query["continue"].ToString(), firsts) switch
        {
            ("", 0) => c.JsonAsync(Widgets.List("9", "old", Widgets.Json("gone")), 200 + 0 * ++firsts),
            ("", _) => c.JsonAsync(Widgets.List("20", "new", Widgets.Json("a"))),
            ("old", _) => c.StatusAsync(410, "Expired", "The provided continue parameter is too old"),
            _ => c.JsonAsync(Widgets.List("20", "", Widgets.Json("b"))),
        });
        using var api = Widgets.Client(server);

        var all = await api.ListAllAsync(Widgets.Kind, new ListQuery("default"), None);

        Assert.That(all.Items.Select(w => w.Metadata.Name), Is.EqualTo(new[] { "a", "b" }), "nothing of the expired snapshot");
        Assert.That(all.ResourceVersion, Is.EqualTo("20"));
    }

    [Test]
    public async Task ListAll_ExpiresAgain_IsExpired()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.Request.Query["continue"].ToString() == ""
            ? c.JsonAsync(Widgets.List("9", "old", Widgets.Json("a")))
            : c.StatusAsync(410, "Expired", "too old"));
        using var api = Widgets.Client(server);

        Assert.That(Assert.ThrowsAsync<KubeFault>(() => api.ListAllAsync(Widgets.Kind, new ListQuery("default"), None))!.Reason, Is.EqualTo(FaultReason.Expired));
        Assert.That(server.Requests, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task ListAll_SecondPageFails_IsAFaultAndNotAShortList()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.Request.Query["continue"].ToString() == ""
            ? c.JsonAsync(Widgets.List("9", "next", Widgets.Json("a")))
            : c.StatusAsync(500, "InternalError", "etcd"));
        using var api = Widgets.Client(server);

        Assert.That(Assert.ThrowsAsync<KubeFault>(() => api.ListAllAsync(Widgets.Kind, new ListQuery("default"), None))!.Reason, Is.EqualTo(FaultReason.ServerError));
    }

    [Test]
    public async Task ListAll_ServerIgnoresTheToken_DoesNotReadForEver()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.List("9", "same", Widgets.Json("a"))));
        using var api = Widgets.Client(server);

        Assert.That(Assert.ThrowsAsync<KubeFault>(() => api.ListAllAsync(Widgets.Kind, new ListQuery("default"), None))!.Reason, Is.EqualTo(FaultReason.ServerError));
    }
}
