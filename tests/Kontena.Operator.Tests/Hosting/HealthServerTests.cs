using System.Diagnostics.Metrics;
using System.Net;
using Kontena.Operator.Hosting.Health;
using Kontena.Operator.Hosting.Metrics;
using Kontena.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Operator.Tests.Hosting;

[CancelAfter(30_000)]
public sealed class HealthServerTests : IDisposable
{
    private readonly string name = $"test.h{Guid.NewGuid():N}";
    private readonly Meter meter;
    private readonly PrometheusRegistry metrics;
    private readonly HttpClient http = new();
    private readonly ManualTime time = new();

    public HealthServerTests()
    {
        meter = new Meter(name);
        metrics = new PrometheusRegistry(new MetricsOptions { Meters = [name] }, NullLogger.Instance);
        metrics.Start();
    }

    public void Dispose()
    {
        http.Dispose();
        metrics.Dispose();
        meter.Dispose();
    }

    [Test]
    public async Task Healthz_Running_AnswersWithoutServerHeader(CancellationToken ct)
    {
        await using var server = await StartAsync([], ct);
        using var answer = await http.GetAsync(new Uri(server.Address, "/healthz"), ct);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await answer.Content.ReadAsStringAsync(ct), Is.EqualTo("ok\n"));
        Assert.That(answer.Headers.Contains("Server"), Is.False);
        Assert.That(server.Address.Port, Is.GreaterThan(0));
    }

    [Test]
    public async Task Readyz_AllHold_SaysOkAndVerboseSaysWhich(CancellationToken ct)
    {
        await using var server = await StartAsync([new ReadinessCheck("informers", () => Readiness.Ok), new ReadinessCheck("leader", () => Readiness.Ok)], ct);
        Assert.That(await GetAsync(server, "/readyz", ct), Is.EqualTo((200, "ok\n")));
        Assert.That(await GetAsync(server, "/readyz?verbose", ct), Is.EqualTo((200, "[+]informers ok\n[+]leader ok\nreadyz check passed\n")));
    }

    [Test]
    public async Task Readyz_OneFails_SaysWhyInOneLineAndRecovers(CancellationToken ct)
    {
        var synced = false;
        await using var server = await StartAsync(
            [ReadinessCheck.That("informers", () => Volatile.Read(ref synced), "nodepools\n[+]forged ok"), new ReadinessCheck("leader", () => Readiness.Ok)], ct);
        Assert.That(await GetAsync(server, "/readyz", ct),
            Is.EqualTo((503, "[-]informers failed: nodepools\\n[+]forged ok\n[+]leader ok\nreadyz check failed\n")));
        Volatile.Write(ref synced, true);
        Assert.That((await GetAsync(server, "/readyz", ct)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Readyz_CheckThrows_FailsWithoutItsText(CancellationToken ct)
    {
        await using var server = await StartAsync([new ReadinessCheck("store", () => throw new IOException("token=abc"))], ct);
        Assert.That(await GetAsync(server, "/readyz", ct), Is.EqualTo((503, "[-]store failed: IOException, see the log\nreadyz check failed\n")));
    }

    [Test]
    public async Task Readyz_CheckNeverAnswers_FailsAtItsDeadline(CancellationToken ct)
    {
        var deaf = new DeafCheck();
        await using var server = await StartAsync([new ReadinessCheck("leader", () => Readiness.Ok), deaf], ct);
        var asking = GetAsync(server, "/readyz", ct);
        await deaf.Asked.Task.WaitAsync(ct);
        await Eventually.HoldsAsync(() => Task.FromResult(time.WaitingTimers == 1), "only the deaf check is waited for", TimeSpan.FromSeconds(20), ct);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await asking, Is.EqualTo((503, "[+]leader ok\n[-]deaf failed: no answer within 1 s\nreadyz check failed\n")));
    }

    [Test]
    public async Task Metrics_Scraped_IsTextFormat(CancellationToken ct)
    {
        meter.CreateCounter<long>("reconciles").Add(1);
        await using var server = await StartAsync([], ct);
        using var answer = await http.GetAsync(new Uri(server.Address, "/metrics"), ct);
        Assert.That(answer.Content.Headers.ContentType?.ToString(), Is.EqualTo("text/plain; version=0.0.4; charset=utf-8"));
        Assert.That(ExpositionParser.Parse(await answer.Content.ReadAsStringAsync(ct)).Keys.Single(), Does.EndWith("_reconciles_total"));
    }

    [TestCase("GET", "/", 404)]
    [TestCase("GET", "/healthz/", 404)]
    [TestCase("POST", "/nowhere", 404)]
    [TestCase("POST", "/healthz", 405)]
    [TestCase("DELETE", "/metrics", 405)]
    [TestCase("HEAD", "/healthz", 200)]
    [TestCase("HEAD", "/metrics", 200)]
    public async Task Request_PathAndMethod_GetsItsStatus(string method, string path, int status, CancellationToken ct)
    {
        await using var server = await StartAsync([], ct);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server.Address, path));
        using var answer = await http.SendAsync(request, ct);
        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        Assert.That(answer.Content.Headers.Allow, status == 405 ? Is.EqualTo(new[] { "GET", "HEAD" }) : Is.Empty);
        if (method == "HEAD") Assert.That(await answer.Content.ReadAsByteArrayAsync(ct), Is.Empty);
    }

    [Test]
    public async Task DisposeAsync_RequestOnItsWay_IsAnsweredFirst(CancellationToken ct)
    {
        var check = new HeldCheck();
        var server = await StartAsync([check], ct);
        var asking = GetAsync(server, "/readyz", ct);
        await check.Asked.Task.WaitAsync(ct);
        var stopping = server.DisposeAsync().AsTask();
        Assert.That(stopping.IsCompleted, Is.False);
        check.Release.SetResult();
        Assert.That(await asking, Is.EqualTo((200, "ok\n")));
        await stopping.WaitAsync(ct);
        Assert.That(async () => await http.GetAsync(server.Address, ct), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task StartAsync_AddressTaken_ThrowsNamingIt(CancellationToken ct)
    {
        await using var first = await StartAsync([], ct);
        var options = new HealthOptions { Listen = new IPEndPoint(IPAddress.Loopback, first.Address.Port) };
        Assert.That(async () => await HealthServer.StartAsync(options, [], metrics, NullLoggerFactory.Instance, ct),
            Throws.InstanceOf<IOException>().With.Message.Contains($"127.0.0.1:{first.Address.Port}"));
    }

    [TestCase("a", "a")]
    [TestCase("a", "b c")]
    [TestCase("a", "")]
    public void StartAsync_BadNames_Throws(string one, string other) =>
        Assert.That(async () => await StartAsync([new ReadinessCheck(one, () => Readiness.Ok), new ReadinessCheck(other, () => Readiness.Ok)], CancellationToken.None), Throws.ArgumentException);

    [TestCase("127.0.0.1:8080", "127.0.0.1:8080")]
    [TestCase("localhost:0", "127.0.0.1:0")]
    [TestCase(":9090", "[::]:9090")]
    [TestCase("[::1]:80", "[::1]:80")]
    [TestCase("8080", null)]
    [TestCase("::1:80", null)]
    [TestCase("1:80", null)]
    [TestCase("127.0.0.1:65536", null)]
    [TestCase("127.0.0.1:+1", null)]
    [TestCase("example.org:80", null)]
    [TestCase("", null)]
    public void TryParseListen_Text_IsTheEndPoint(string text, string? expected) =>
        Assert.That(HealthOptions.TryParseListen(text, out var endPoint) ? endPoint.ToString() : null, Is.EqualTo(expected));

    private Task<HealthServer> StartAsync(IReadOnlyList<IReadinessCheck> checks, CancellationToken ct) =>
        HealthServer.StartAsync(new HealthOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), Time = time }, checks, metrics, NullLoggerFactory.Instance, ct);

    private async Task<(int Status, string Body)> GetAsync(HealthServer server, string path, CancellationToken ct)
    {
        using var answer = await http.GetAsync(new Uri(server.Address, path), ct);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(ct));
    }

    private sealed class DeafCheck : IReadinessCheck
    {
        public string Name => "deaf";

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<Readiness> CheckAsync(CancellationToken ct)
        {
            Asked.TrySetResult();
            await new TaskCompletionSource().Task;
            return Readiness.Ok;
        }
    }

    private sealed class HeldCheck : IReadinessCheck
    {
        public string Name => "held";

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<Readiness> CheckAsync(CancellationToken ct)
        {
            Asked.SetResult();
            await Release.Task;
            return Readiness.Ok;
        }
    }
}
