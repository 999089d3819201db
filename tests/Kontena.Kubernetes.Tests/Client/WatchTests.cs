using System.Text;
using Kontena.Kubernetes.Client;
using Kontena.TestKit;

namespace Kontena.Kubernetes.Tests.Client;

public sealed class WatchTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly WatchQuery Query = new("7", TimeSpan.FromMinutes(5), "default");

    private static string Event(string type, string name = "web", string version = "8") => $$"""{"type":"{{type}}","object":{{Widgets.Json(name, version)}}}""" + "\n";

    [Test]
    public async Task Watch_Opened_SendsItsQuery()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.BeginWatchAsync());
        using var api = Widgets.Client(server);

        await using var watch = await api.WatchAsync(Widgets.Kind, new WatchQuery("7", TimeSpan.FromSeconds(300.2), "default", "a=b", "metadata.name=x"), None);

        Assert.That(server.Requests.Single().Target, Is.EqualTo("/apis/kontena.io/v1alpha1/namespaces/default/widgets"
            + "?watch=true&resourceVersion=7&timeoutSeconds=301&labelSelector=a%3Db&fieldSelector=metadata.name%3Dx&allowWatchBookmarks=true"));
    }

    [Test]
    public async Task Watch_OfAnEmptySet_OpensBeforeTheFirstEvent()
    {
        var go = new TaskCompletionSource();
        await using var server = await FakeApiServer.StartAsync(async c =>
        {
            await c.BeginWatchAsync();
            await go.Task;
            await c.SendAsync(Event("ADDED"));
        });
        using var api = Widgets.Client(server);

        await using var watch = await api.WatchAsync(Widgets.Kind, Query, None);
        var events = ToListAsync(watch);
        Assert.That(events.IsCompleted, Is.False);
        go.SetResult();

        Assert.That(await events, Is.EqualTo(new[] { "Added web 8" }));
    }

    [Test]
    public async Task Events_OfEveryKind_AreTyped()
    {
        await using var server = await FakeApiServer.StartAsync(async c =>
        {
            await c.BeginWatchAsync();
            await c.SendAsync(Event("ADDED") + "\n \r\n" + Event("MODIFIED", version: "9") + Event("DELETED", version: "10")
                + """{"type":"BOOKMARK","object":{"kind":"Widget","apiVersion":"v1","metadata":{"resourceVersion":"11"}}}""" + "\n"
                + """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"12","annotations":{"k8s.io/initial-events-end":"true"}}}}""" + "\n"
                + """{"type":"ERROR","object":{"kind":"Status","status":"Failure","message":"too old resource version: 1 (226)","reason":"Expired","code":410}}""" + "\n");
        });
        using var api = Widgets.Client(server);

        await using var watch = await api.WatchAsync(Widgets.Kind, Query, None);

        Assert.That(await ToListAsync(watch), Is.EqualTo(new[]
        {
            "Added web 8", "Modified web 9", "Deleted web 10", "Bookmark 11", "Bookmark 12 end", "Failed 410 Expired too old resource version: 1 (226)",
        }));
    }

    [Test]
    public async Task Events_ObjectAheadOfItsTypeAndUnknownFields_AreRead()
    {
        await using var server = await FakeApiServer.StartAsync(async c =>
        {
            await c.BeginWatchAsync();
            await c.SendAsync($$"""{"extra":{"type":"x"},"object":{{Widgets.Json()}},"more":[1],"type":"ADDED"}""" + "\n");
        });
        using var api = Widgets.Client(server);

        await using var watch = await api.WatchAsync(Widgets.Kind, Query, None);

        Assert.That(await ToListAsync(watch), Is.EqualTo(new[] { "Added web 7" }));
    }

    [Test]
    public async Task Watch_AnsweredWith410_IsExpired()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.StatusAsync(410, "Expired", "too old"));
        using var api = Widgets.Client(server);

        Assert.That(Assert.ThrowsAsync<KubeFault>(() => api.WatchAsync(Widgets.Kind, Query, None))!.Reason, Is.EqualTo(FaultReason.Expired));
    }

    [Test]
    public async Task Watch_AnsweredWithAPage_IsAFaultAndClosesTheConnection()
    {
        await using var server = await FakeApiServer.StartAsync(async c =>
        {
            c.Response.ContentType = "text/html";
            await c.SendAsync("<html>");
            await c.UntilAbortedAsync();
        });
        using var api = Widgets.Client(server);

        Assert.That(Assert.ThrowsAsync<KubeFault>(() => api.WatchAsync(Widgets.Kind, Query, None))!.Reason, Is.EqualTo(FaultReason.ServerError));
        await Eventually.HoldsAsync(() => Task.FromResult(server.OpenConnections == 0), "the connection is closed", TimeSpan.FromSeconds(10), None);
    }

    [TestCase("not json\n")]
    [TestCase("{\"type\":\"ADDED\"}\n")]
    [TestCase("{\"type\":\"SURPRISE\",\"object\":{}}\n")]
    [TestCase("{\"type\":\"ADDED\",\"object\":null}\n")]
    [TestCase("{\"type\":\"ADDED\",\"object\":{\"size\":\"canary\"}}\n")]
    [TestCase("{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{}}}\n")]
    [TestCase("{\"type\":1,\"object\":{}}\n")]
    [TestCase("[]\n")]
    [TestCase("{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"1\"}}} canary\n")]
    [TestCase("{\"type\":\"ADDED\",\n")]
    [TestCase("{\"type\":\"ADDE\\ud800\",\"object\":{}}\n")]
    [TestCase("{\"\\ud800\":1}\n")]
    public async Task Events_LineThatIsNoFrame_IsAFaultThatQuotesNothing(string line)
    {
        await using var server = await FakeApiServer.StartAsync(async c =>
        {
            await c.BeginWatchAsync();
            await c.SendAsync(line);
        });
        using var api = Widgets.Client(server);

        await using var watch = await api.WatchAsync(Widgets.Kind, Query, None);
        var fault = Assert.ThrowsAsync<KubeFault>(() => ToListAsync(watch))!;

        Assert.That(fault.Reason, Is.EqualTo(FaultReason.ServerError));
        Assert.That(fault.ToString(), Does.Not.Contain("canary"));
    }

    [Test]
    public async Task Events_LineWithoutEnd_IsAFaultAtItsBound()
    {
        await using var server = await FakeApiServer.StartAsync(async c =>
        {
            await c.BeginWatchAsync();
            for (var i = 0; i < 100; i++) await c.SendAsync(new string('x', 4096));
        });
        using var api = Widgets.Client(server, options: new KubeClientOptions { MaxWatchLineLength = 100_000 });

        await using var watch = await api.WatchAsync(Widgets.Kind, Query, None);
        var fault = Assert.ThrowsAsync<KubeFault>(() => ToListAsync(watch))!;

        Assert.That(fault.Message, Is.EqualTo("watch widgets.kontena.io in default: the server sent a line of more than 100000 bytes"));
    }

    [Test]
    public async Task Events_LineLongerThanManyReads_IsOneEvent()
    {
        var name = new string('n', 1_000_000);
        await using var server = await FakeApiServer.StartAsync(async c =>
        {
            await c.BeginWatchAsync();
            await c.SendAsync(Event("ADDED", name));
            await c.SendAsync(Event("ADDED", "short"));
        });
        using var api = Widgets.Client(server);

        await using var watch = await api.WatchAsync(Widgets.Kind, Query, None);

        Assert.That(await ToListAsync(watch), Is.EqualTo(new[] { $"Added {name} 8", "Added short 8" }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Events_TokenCancelled_ReachesTheSocket(bool http2)
    {
        var gone = new TaskCompletionSource();
        await using var server = await StartAsync(http2, async c =>
        {
            await c.BeginWatchAsync();
            await c.UntilAbortedAsync();
            gone.SetResult();
        });
        using var api = Widgets.Client(Insecure(server));
        using var cancel = new CancellationTokenSource();

        await using var watch = await api.WatchAsync(Widgets.Kind, Query, None);
        var reading = ToListAsync(watch, cancel.Token);
        await cancel.CancelAsync();

        Assert.CatchAsync<OperationCanceledException>(() => reading);
        await watch.DisposeAsync();
        await gone.Task; // the server saw it: nothing keeps the stream open behind our back
        Assert.That(server.Requests.Single().Protocol, Is.EqualTo(http2 ? "HTTP/2" : "HTTP/1.1"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Watch_DisposedWhileReading_EndsTheEnumerationAndTheConnection(bool http2)
    {
        var gone = new TaskCompletionSource();
        await using var server = await StartAsync(http2, async c =>
        {
            await c.BeginWatchAsync();
            await c.SendAsync(Event("ADDED"));
            await c.UntilAbortedAsync();
            gone.SetResult();
        });
        using var api = Widgets.Client(Insecure(server));

        var watch = await api.WatchAsync(Widgets.Kind, Query, None);
        var first = new TaskCompletionSource();
        var reading = ToListAsync(watch, None, first);
        await first.Task;
        await watch.DisposeAsync();

        Assert.That(await reading, Is.EqualTo(new[] { "Added web 8" }));
        await gone.Task;
    }

    [Test]
    public async Task Watch_ClientDisposed_LivesOnUntilItIsDisposed()
    {
        var go = new TaskCompletionSource();
        await using var server = await FakeApiServer.StartAsync(async c =>
        {
            await c.BeginWatchAsync();
            await go.Task;
            await c.SendAsync(Event("ADDED"));
        });
        var api = Widgets.Client(server);
        await using var watch = await api.WatchAsync(Widgets.Kind, Query, None);

        api.Dispose();
        go.SetResult();

        Assert.That(await ToListAsync(watch), Is.EqualTo(new[] { "Added web 8" }));
        Assert.ThrowsAsync<ObjectDisposedException>(() => api.GetAsync(Widgets.Kind, Widgets.Web, None));
    }

    [Test]
    public async Task Events_EnumeratedTwice_IsABug()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.BeginWatchAsync());
        using var api = Widgets.Client(server);
        await using var watch = await api.WatchAsync(Widgets.Kind, Query, None);

        Assert.That(await ToListAsync(watch), Is.Empty);
        Assert.ThrowsAsync<InvalidOperationException>(() => ToListAsync(watch));
    }

    [Test]
    public async Task Events_ConnectionSilentPastItsTime_IsUnreachable()
    {
        var time = new ManualTime();
        await using var server = await FakeApiServer.StartAsync(async c =>
        {
            await c.BeginWatchAsync();
            await c.UntilAbortedAsync();
        });
        using var api = Widgets.Client(server, time);

        await using var watch = await api.WatchAsync(Widgets.Kind, Query, None);
        var reading = ToListAsync(watch);
        await ArmedAsync(time);
        time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(9.9));
        Assert.That(reading.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(0.1));

        var fault = Assert.ThrowsAsync<KubeFault>(() => reading)!;
        Assert.That((fault.Reason, fault.OutcomeUnknown), Is.EqualTo((FaultReason.Unreachable, false)));
    }

    [Test]
    public async Task Events_ConsumerSlowerThanTheWatchdog_IsNotTakenForSilence()
    {
        var time = new ManualTime();
        var go = new TaskCompletionSource();
        await using var server = await FakeApiServer.StartAsync(async c =>
        {
            await c.BeginWatchAsync();
            await c.SendAsync(Event("ADDED"));
            await go.Task;
            await c.SendAsync(Event("MODIFIED", version: "9"));
        });
        using var api = Widgets.Client(server, time);
        await using var watch = await api.WatchAsync(Widgets.Kind, Query, None);

        List<string> seen = [];
        await foreach (var e in watch.EventsAsync(None))
        {
            seen.Add(Describe(e));
            time.Advance(TimeSpan.FromHours(1));
            go.TrySetResult();
        }

        Assert.That(seen, Is.EqualTo(new[] { "Added web 8", "Modified web 9" }));
    }

    [Test]
    public async Task Events_ConnectionBreaks_IsUnreachable()
    {
        var opened = new TaskCompletionSource();
        await using var server = await FakeApiServer.StartAsync(async c =>
        {
            await c.BeginWatchAsync();
            await opened.Task;
            c.Abort();
        });
        using var api = Widgets.Client(server);

        await using var watch = await api.WatchAsync(Widgets.Kind, Query, None);
        opened.SetResult();

        Assert.That(Assert.ThrowsAsync<KubeFault>(() => ToListAsync(watch))!.Reason, Is.EqualTo(FaultReason.Unreachable));
    }

    [Test]
    public async Task Events_StreamEndedAtAnyByte_GivesTheWholeLinesAndEnds()
    {
        var recorded = Encoding.UTF8.GetBytes(Event("ADDED", "ü") + Event("MODIFIED", "ü", "9") + Event("DELETED", "€"));
        var cut = 0;
        await using var server = await FakeApiServer.StartAsync(async c =>
        {
            await c.BeginWatchAsync();
            await c.Response.Body.WriteAsync(recorded.AsMemory(0, cut));
        });
        using var api = Widgets.Client(server);

        for (cut = 0; cut <= recorded.Length; cut++)
        {
            await using var watch = await api.WatchAsync(Widgets.Kind, Query, None);
            Assert.That(await ToListAsync(watch), Is.EqualTo(WholeLines(recorded, cut)), $"cut after {cut} bytes");
        }
    }

    [Test]
    public async Task Events_ConnectionCutAtAnyByte_IsUnreachableAfterWholeLinesOnly()
    {
        var recorded = Encoding.UTF8.GetBytes(Event("ADDED", "ü") + Event("DELETED", "€"));
        var cut = 0;
        await using var server = await FakeApiServer.StartAsync(async c =>
        {
            await c.BeginWatchAsync();
            await c.Response.Body.WriteAsync(recorded.AsMemory(0, cut));
            await c.Response.Body.FlushAsync();
            c.Abort();
        });
        using var api = Widgets.Client(server);

        for (cut = 0; cut <= recorded.Length; cut++)
        {
            List<string> seen = [];
            var fault = Assert.ThrowsAsync<KubeFault>(async () =>
            {
                await using var watch = await api.WatchAsync(Widgets.Kind, Query, None);
                await foreach (var e in watch.EventsAsync(None)) seen.Add(Describe(e));
            });
            Assert.That(fault!.Reason, Is.EqualTo(FaultReason.Unreachable), $"cut after {cut} bytes");
            // A reset may overtake bytes that were sent before it, so fewer lines are right too; never a half one.
            Assert.That(WholeLines(recorded, cut).Take(seen.Count), Is.EqualTo(seen), $"cut after {cut} bytes");
        }
    }

    private static string[] WholeLines(byte[] recorded, int cut) =>
        new[] { "Added ü 8", recorded.Length > 500 ? "Modified ü 9" : "Deleted € 8", "Deleted € 8" }
            .Take(recorded.AsSpan(0, cut).Count((byte)'\n')).ToArray();

    private static Task<FakeApiServer> StartAsync(bool http2, Microsoft.AspNetCore.Http.RequestDelegate answer) =>
        http2 ? FakeApiServer.StartAsync(new TestCertificates().Server(), answer) : FakeApiServer.StartAsync(answer);

    private static Kontena.Kubernetes.Client.Config.KubeAccess Insecure(FakeApiServer server) =>
        Widgets.Access(server, cluster: c => c with { InsecureSkipTlsVerify = true });

    private static Task ArmedAsync(ManualTime time) =>
        Eventually.HoldsAsync(() => Task.FromResult(time.WaitingTimers == 1), "the read waits under its watchdog", TimeSpan.FromSeconds(10), None);

    private static Task<List<string>> ToListAsync(IWatch<Widget> watch) => ToListAsync(watch, None);

    private static async Task<List<string>> ToListAsync(IWatch<Widget> watch, CancellationToken ct, TaskCompletionSource? first = null)
    {
        List<string> seen = [];
        await foreach (var e in watch.EventsAsync(ct))
        {
            seen.Add(Describe(e));
            first?.TrySetResult();
        }
        return seen;
    }

    private static string Describe(WatchEvent<Widget> e) => e switch
    {
        WatchEvent<Widget>.Added a => $"Added {a.Resource.Metadata.Name} {a.Resource.Metadata.ResourceVersion}",
        WatchEvent<Widget>.Modified m => $"Modified {m.Resource.Metadata.Name} {m.Resource.Metadata.ResourceVersion}",
        WatchEvent<Widget>.Deleted d => $"Deleted {d.Resource.Metadata.Name} {d.Resource.Metadata.ResourceVersion}",
        WatchEvent<Widget>.Bookmark b => $"Bookmark {b.ResourceVersion}{(b.EndsInitialEvents ? " end" : "")}",
        WatchEvent<Widget>.Failed f => $"Failed {f.Status.Code} {f.Status.Reason} {f.Status.Message}",
        _ => throw new ArgumentOutOfRangeException(nameof(e), e, "Unknown event"),
    };
}
