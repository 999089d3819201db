using System.Net;
using System.Net.Sockets;
using Kontena.Kubernetes.Client;
using Kontena.TestKit;
using Microsoft.AspNetCore.Http;

namespace Kontena.Kubernetes.Tests.Client;

public sealed class FaultTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [TestCase(400, "BadRequest", FaultReason.BadRequest, false)]
    [TestCase(401, "Unauthorized", FaultReason.Unauthorized, false)]
    [TestCase(403, "Forbidden", FaultReason.Forbidden, false)]
    [TestCase(404, "NotFound", FaultReason.NotFound, false)]
    [TestCase(405, "MethodNotAllowed", FaultReason.BadRequest, false)]
    [TestCase(408, "Timeout", FaultReason.ServerError, true)]
    [TestCase(409, "AlreadyExists", FaultReason.AlreadyExists, false)]
    [TestCase(409, "Conflict", FaultReason.Conflict, false)]
    [TestCase(410, "Expired", FaultReason.Expired, false)]
    [TestCase(413, "RequestEntityTooLarge", FaultReason.BadRequest, false)]
    [TestCase(415, "UnsupportedMediaType", FaultReason.BadRequest, false)]
    [TestCase(422, "Invalid", FaultReason.Invalid, false)]
    [TestCase(429, "TooManyRequests", FaultReason.TooManyRequests, false)]
    [TestCase(500, "InternalError", FaultReason.ServerError, true)]
    [TestCase(501, "NotImplemented", FaultReason.ServerError, false)]
    [TestCase(503, "ServiceUnavailable", FaultReason.ServerError, true)]
    [TestCase(504, "Timeout", FaultReason.ServerError, true)]
    public async Task Write_RefusedWithAStatus_HasItsReason(int code, string reason, FaultReason expected, bool outcomeUnknown)
    {
        await using var server = await FakeApiServer.StartAsync(c => c.StatusAsync(code, reason, "the server's words",
            """{"name":"web","group":"kontena.io","kind":"widgets","causes":[{"reason":"R","message":"M","field":"spec.size"}]}"""));
        using var api = Widgets.Client(server);

        var write = Assert.ThrowsAsync<KubeFault>(() => api.UpdateAsync(Widgets.Kind, Widgets.Named("web"), WriteOptions.Default, None))!;
        var dryRun = Assert.ThrowsAsync<KubeFault>(() => api.UpdateAsync(Widgets.Kind, Widgets.Named("web"), new WriteOptions(DryRun: true), None))!;
        var read = Assert.ThrowsAsync<KubeFault>(() => api.GetAsync(Widgets.Kind, Widgets.Web, None))!;

        Assert.Multiple(() =>
        {
            Assert.That((write.Reason, write.OutcomeUnknown), Is.EqualTo((expected, outcomeUnknown)));
            Assert.That((dryRun.Reason, dryRun.OutcomeUnknown), Is.EqualTo((expected, false)), "a dry run changes nothing");
            Assert.That((read.Reason, read.OutcomeUnknown), Is.EqualTo((expected, false)), "a read changes nothing");
            Assert.That(write.Status?.Reason, Is.EqualTo(reason));
            Assert.That(write.Status?.Details?.Causes, Is.EqualTo(new[] { new StatusCause("R", "M", "spec.size") }));
            Assert.That(write.Message, Is.EqualTo($"update widgets.kontena.io default/web was answered {code} {(HttpStatusCode)code}: the server's words"));
        });
    }

    [TestCase(502, FaultReason.ServerError)]
    [TestCase(404, FaultReason.ServerError)]
    [TestCase(409, FaultReason.ServerError)]
    [TestCase(410, FaultReason.ServerError)]
    [TestCase(401, FaultReason.Unauthorized)]
    [TestCase(403, FaultReason.Forbidden)]
    [TestCase(429, FaultReason.TooManyRequests)]
    [TestCase(200, FaultReason.ServerError)]
    public async Task Get_ProxyAnswersWithAPage_NeverQuotesItAndNeverMeansAbsence(int code, FaultReason expected)
    {
        await using var server = await FakeApiServer.StartAsync(c => c.TextAsync("<html>canary</html>", "text/html; charset=utf-8", code));
        using var api = Widgets.Client(server);

        var fault = Assert.ThrowsAsync<KubeFault>(() => api.GetAsync(Widgets.Kind, Widgets.Web, None))!;

        Assert.Multiple(() =>
        {
            Assert.That(fault.Reason, Is.EqualTo(expected));
            Assert.That(fault.Message, Does.Contain($"{code}").And.Contain("text/html"));
            Assert.That(fault.ToString(), Does.Not.Contain("canary"));
        });
    }

    [Test]
    public async Task Get_UnknownPathOfTheApiServer_IsNotAnAbsence()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.TextAsync("404 page not found\n", "text/plain", 404));
        using var api = Widgets.Client(server);

        Assert.That(Assert.ThrowsAsync<KubeFault>(() => api.FindAsync(Widgets.Kind, Widgets.Web, None))!.Reason, Is.EqualTo(FaultReason.ServerError));
    }

    [Test]
    public async Task Get_GatewayDoesNotKnowTheCluster_IsNotAnAbsence()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.StatusAsync(404, "NotFound", "clusters c-1 not found", """{"name":"c-1","kind":"clusters"}"""));
        using var api = Widgets.Client(server);

        Assert.That(Assert.ThrowsAsync<KubeFault>(() => api.FindAsync(Widgets.Kind, Widgets.Web, None))!.Reason, Is.EqualTo(FaultReason.ServerError));
    }

    [Test]
    public async Task Create_NamespaceMissing_IsNotFound()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.StatusAsync(404, "NotFound", "namespaces default not found", """{"name":"default","kind":"namespaces"}"""));
        using var api = Widgets.Client(server);

        var fault = Assert.ThrowsAsync<KubeFault>(() => api.CreateAsync(Widgets.Kind, Widgets.Named("web"), WriteOptions.Default, None))!;
        Assert.That(fault.Reason, Is.EqualTo(FaultReason.NotFound));
    }

    [Test]
    public async Task Find_ServerSaysNotFound_IsNull()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.StatusAsync(404, "NotFound", "not found", """{"name":"web","kind":"widgets"}"""));
        using var api = Widgets.Client(server);

        Assert.That(await api.FindAsync(Widgets.Kind, Widgets.Web, None), Is.Null);
    }

    [TestCase("{}")]
    [TestCase("""{"kind":"Status","status":"Failure"}""")]
    [TestCase("""{"kind":"GadgetList","metadata":{"resourceVersion":"1"},"items":[]}""")]
    [TestCase("""{"kind":"WidgetList","metadata":{},"items":[]}""")]
    [TestCase("""{"kind":"WidgetList","metadata":null,"items":[]}""")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("")]
    public async Task List_AnsweredWithSomethingElse_IsNeverAnEmptyList(string body)
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(body));
        using var api = Widgets.Client(server);

        Assert.That(Assert.ThrowsAsync<KubeFault>(() => api.ListAsync(Widgets.Kind, new ListQuery(), None))!.Reason, Is.EqualTo(FaultReason.ServerError));
    }

    [Test]
    public async Task Get_AnsweredWithAnotherObject_IsAFault()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json("other")));
        using var api = Widgets.Client(server);

        Assert.That(Assert.ThrowsAsync<KubeFault>(() => api.GetAsync(Widgets.Kind, Widgets.Web, None))!.Reason, Is.EqualTo(FaultReason.ServerError));
    }

    [Test]
    public async Task Create_AnsweredWithBrokenJson_IsOfUnknownOutcomeAndQuotesNothing()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync("""{"kind":"Widget","metadata":{"name":"web"},"size":"canary"}""", 201));
        using var api = Widgets.Client(server);

        var fault = Assert.ThrowsAsync<KubeFault>(() => api.CreateAsync(Widgets.Kind, Widgets.Named("web"), WriteOptions.Default, None))!;

        Assert.Multiple(() =>
        {
            Assert.That((fault.Reason, fault.OutcomeUnknown), Is.EqualTo((FaultReason.ServerError, true)));
            Assert.That(fault.Message, Does.EndWith("with JSON that cannot be read (at $.size)"));
            Assert.That(fault.ToString(), Does.Not.Contain("canary"));
        });
    }

    [Test]
    public async Task Get_Redirected_IsNotFollowed()
    {
        await using var elsewhere = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        await using var server = await FakeApiServer.StartAsync(c =>
        {
            c.Response.Redirect(elsewhere.Url.AbsoluteUri);
            return Task.CompletedTask;
        });
        using var api = Widgets.Client(server);

        var fault = Assert.ThrowsAsync<KubeFault>(() => api.GetAsync(Widgets.Kind, Widgets.Web, None))!;

        Assert.Multiple(() =>
        {
            Assert.That(fault.Reason, Is.EqualTo(FaultReason.ServerError));
            Assert.That(fault.Message, Does.Contain("302").And.EndWith("redirects are not followed"));
            Assert.That(elsewhere.Requests, Is.Empty);
        });
    }

    [TestCase("7", "{}", 7)]
    [TestCase(null, """{"retryAfterSeconds":3}""", 3)]
    [TestCase("Thu, 01 Jan 2026 00:00:12 GMT", "{}", 12)]
    [TestCase("Wed, 31 Dec 2025 23:00:00 GMT", "{}", 0)]
    [TestCase(null, "{}", null)]
    public async Task Get_TooManyRequests_TellsHowLongToWait(string? header, string details, int? seconds)
    {
        await using var server = await FakeApiServer.StartAsync(c =>
        {
            if (header is not null) c.Response.Headers.RetryAfter = header;
            return c.StatusAsync(429, "TooManyRequests", "slow down", details);
        });
        using var api = Widgets.Client(server, new ManualTime());

        var fault = Assert.ThrowsAsync<KubeFault>(() => api.GetAsync(Widgets.Kind, Widgets.Web, None))!;

        Assert.That(fault.RetryAfter, Is.EqualTo(seconds is { } s ? TimeSpan.FromSeconds(s) : default(TimeSpan?)));
        Assert.That(server.Requests, Has.Count.EqualTo(1), "waiting is the caller's");
    }

    [Test]
    public void Create_NobodyListens_CertainlyChangedNothing()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var api = Widgets.Client(Widgets.Access(new Uri($"http://127.0.0.1:{port}")));

        var fault = Assert.ThrowsAsync<KubeFault>(() => api.CreateAsync(Widgets.Kind, Widgets.Named("web"), WriteOptions.Default, None))!;

        Assert.That((fault.Reason, fault.OutcomeUnknown), Is.EqualTo((FaultReason.Unreachable, false)));
        Assert.That(fault.Message, Is.EqualTo("create widgets.kontena.io default/web: no connection could be made"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Create_ConnectionCutAfterSending_IsOfUnknownOutcome(bool http2)
    {
        RequestDelegate cut = c =>
        {
            c.Abort();
            return Task.CompletedTask;
        };
        await using var server = await (http2 ? FakeApiServer.StartAsync(new TestCertificates().Server(), cut) : FakeApiServer.StartAsync(cut));
        using var api = Widgets.Client(Widgets.Access(server, cluster: c => c with { InsecureSkipTlsVerify = true }));

        var write = Assert.ThrowsAsync<KubeFault>(() => api.CreateAsync(Widgets.Kind, Widgets.Named("web"), WriteOptions.Default, None))!;
        var delete = Assert.ThrowsAsync<KubeFault>(() => api.DeleteAsync(Widgets.Kind, Widgets.Web, new DeleteQuery(), None))!;
        var read = Assert.ThrowsAsync<KubeFault>(() => api.GetAsync(Widgets.Kind, Widgets.Web, None))!;

        Assert.Multiple(() =>
        {
            Assert.That((write.Reason, write.OutcomeUnknown), Is.EqualTo((FaultReason.Unreachable, true)));
            Assert.That((delete.Reason, delete.OutcomeUnknown), Is.EqualTo((FaultReason.Unreachable, true)));
            Assert.That((read.Reason, read.OutcomeUnknown), Is.EqualTo((FaultReason.Unreachable, false)));
            Assert.That(server.Requests.Count(r => r.Method == "POST"), Is.EqualTo(1), "a write is never sent again");
        });
    }

    [Test]
    public async Task Create_AnswerCutInItsBody_IsOfUnknownOutcome()
    {
        await using var server = await FakeApiServer.StartAsync(async c =>
        {
            c.Response.ContentType = "application/json";
            c.Response.ContentLength = 500;
            await c.SendAsync("""{"kind":"Widget",""");
            c.Abort();
        });
        using var api = Widgets.Client(server);

        var fault = Assert.ThrowsAsync<KubeFault>(() => api.CreateAsync(Widgets.Kind, Widgets.Named("web"), WriteOptions.Default, None))!;

        Assert.That((fault.Reason, fault.OutcomeUnknown), Is.EqualTo((FaultReason.Unreachable, true)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Call_AnswerNeverComes_EndsAtItsDeadline(bool headSent)
    {
        var time = new ManualTime();
        var arrived = new TaskCompletionSource();
        await using var server = await FakeApiServer.StartAsync(async c =>
        {
            if (headSent) await c.BeginWatchAsync();
            arrived.TrySetResult();
            await c.UntilAbortedAsync();
        });
        using var api = Widgets.Client(server, time);

        var call = api.CreateAsync(Widgets.Kind, Widgets.Named("web"), WriteOptions.Default, None);
        await arrived.Task;
        time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.That(call.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(0.1));

        var fault = Assert.ThrowsAsync<KubeFault>(() => call)!;
        Assert.That((fault.Reason, fault.OutcomeUnknown), Is.EqualTo((FaultReason.Unreachable, true)));
        Assert.That(fault.Message, Is.EqualTo("create widgets.kontena.io default/web: no answer within 30 s"));
    }

    [Test]
    public async Task Create_DeadlineWhileConnecting_CertainlyChangedNothing()
    {
        var time = new ManualTime();
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        var port = ((IPEndPoint)mute.LocalEndpoint).Port;
        using var api = Widgets.Client(Widgets.Access(new Uri($"https://127.0.0.1:{port}")), time);

        var call = api.CreateAsync(Widgets.Kind, Widgets.Named("web"), WriteOptions.Default, None);
        using var accepted = await mute.AcceptTcpClientAsync(); // and never a word of TLS
        time.Advance(TimeSpan.FromSeconds(30));

        var fault = Assert.ThrowsAsync<KubeFault>(() => call)!;
        Assert.That((fault.Reason, fault.OutcomeUnknown), Is.EqualTo((FaultReason.Unreachable, false)));
    }

    [Test]
    public async Task Call_CallerGivesUp_IsACancellationAndNotAFault()
    {
        using var cancel = new CancellationTokenSource();
        var aborted = new TaskCompletionSource();
        await using var server = await FakeApiServer.StartAsync(async c =>
        {
            await cancel.CancelAsync();
            await c.UntilAbortedAsync();
            aborted.SetResult();
        });
        using var api = Widgets.Client(server);

        Assert.CatchAsync<OperationCanceledException>(() => api.GetAsync(Widgets.Kind, Widgets.Web, cancel.Token));
        await aborted.Task; // the server saw the request end: the token reached the socket
    }
}
