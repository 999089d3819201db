using System.Text;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Client.Config;
using Kontena.TestKit;

namespace Kontena.Kubernetes.Tests.Client;

public sealed class TlsTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TestCertificates certificates = new();
    private readonly TestFolder folder = new();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task Get_AuthorityInTheConfiguration_IsTrustedAndSpeaksHttp2()
    {
        await using var server = await StartAsync();
        using var api = Widgets.Client(Widgets.Access(server, cluster: c => c with { CertificateAuthorityData = certificates.AuthorityData }));

        await api.GetAsync(Widgets.Kind, Widgets.Web, None);

        Assert.That(server.Requests.Single().Protocol, Is.EqualTo("HTTP/2"));
    }

    // kube-apiserver closes a watch that it cannot get rid of its events on.
    [Test]
    public async Task Watch_NotReadForAWhile_TakesABurstOfEvents()
    {
        var sent = new TaskCompletionSource();
        await using var server = await FakeApiServer.StartAsync(certificates.Server(), async c =>
        {
            await c.BeginWatchAsync();
            var line = $$"""{"type":"MODIFIED","object":{{Widgets.Json()}}}""" + "\n";
            for (var bytes = 0; bytes < 3 * 1024 * 1024; bytes += line.Length * 100) await c.SendAsync(string.Concat(Enumerable.Repeat(line, 100)));
            sent.SetResult();
            await c.UntilAbortedAsync();
        });
        using var api = Widgets.Client(Widgets.Access(server, cluster: c => c with { CertificateAuthorityData = certificates.AuthorityData }));

        await using var watch = await api.WatchAsync(Widgets.Kind, new WatchQuery("1", TimeSpan.FromMinutes(5)), None);

        await sent.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task Get_SelfSignedCertificateAsItsOwnAuthority_IsTrusted()
    {
        var own = certificates.Server();
        await using var server = await FakeApiServer.StartAsync(own, c => c.JsonAsync(Widgets.Json()));
        var file = folder.Write("ca.crt", certificates.AuthorityPem + "\n" + new TestCertificates().AuthorityPem);
        using var api = Widgets.Client(Widgets.Access(server, cluster: c => c with { CertificateAuthority = file }));

        await api.GetAsync(Widgets.Kind, Widgets.Web, None);

        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Create_AuthorityIsAnother_IsRefusedBeforeAnythingIsSent()
    {
        await using var server = await StartAsync();
        using var api = Widgets.Client(Widgets.Access(server, cluster: c => c with { CertificateAuthorityData = new TestCertificates().AuthorityData }));

        var fault = Assert.ThrowsAsync<KubeFault>(() => api.CreateAsync(Widgets.Kind, Widgets.Named("web"), WriteOptions.Default, None))!;

        Assert.That((fault.Reason, fault.OutcomeUnknown), Is.EqualTo((FaultReason.Unreachable, false)));
        Assert.That(fault.Message, Is.EqualTo("create widgets.kontena.io default/web: no TLS connection could be made"));
        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public async Task Get_CertificateOfAnotherName_IsRefused()
    {
        await using var server = await StartAsync("kubernetes.example");
        using var api = Widgets.Client(Widgets.Access(server, cluster: c => c with { CertificateAuthorityData = certificates.AuthorityData }));

        Assert.That(Assert.ThrowsAsync<KubeFault>(() => api.GetAsync(Widgets.Kind, Widgets.Web, None))!.Reason, Is.EqualTo(FaultReason.Unreachable));
    }

    [Test]
    public async Task Get_TlsServerName_IsTheNameThatIsChecked()
    {
        await using var server = await StartAsync("kubernetes.example");
        using var right = Widgets.Client(Widgets.Access(server, cluster: c => c with { CertificateAuthorityData = certificates.AuthorityData, TlsServerName = "kubernetes.example" }));
        using var wrong = Widgets.Client(Widgets.Access(server, cluster: c => c with { CertificateAuthorityData = certificates.AuthorityData, TlsServerName = "other.example" }));

        await right.GetAsync(Widgets.Kind, Widgets.Web, None);

        Assert.That(Assert.ThrowsAsync<KubeFault>(() => wrong.GetAsync(Widgets.Kind, Widgets.Web, None))!.Reason, Is.EqualTo(FaultReason.Unreachable));
    }

    [Test]
    public async Task Get_InsecureSkipTlsVerify_TakesAnyCertificate()
    {
        await using var server = await StartAsync("kubernetes.example");
        using var api = Widgets.Client(Widgets.Access(server, cluster: c => c with { InsecureSkipTlsVerify = true }));

        await api.GetAsync(Widgets.Kind, Widgets.Web, None);

        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Get_AuthorityFileMissing_NamesTheFile()
    {
        await using var server = await StartAsync();
        using var api = Widgets.Client(Widgets.Access(server, cluster: c => c with { CertificateAuthority = folder["none.crt"] }));

        var fault = Assert.ThrowsAsync<KubeFault>(() => api.GetAsync(Widgets.Kind, Widgets.Web, None))!;

        Assert.That(fault.Message, Is.EqualTo($"The certificate authority in {folder["none.crt"]} cannot be used (FileNotFoundException)"));
    }

    [Test]
    public async Task Get_AuthorityFileRotated_TrustsTheNewOneWithoutARestart()
    {
        var time = new ManualTime();
        await using var server = await StartAsync();
        var file = folder.Write("ca.crt", new TestCertificates().AuthorityPem);
        using var api = Widgets.Client(Widgets.Access(server, cluster: c => c with { CertificateAuthority = file }), time);
        Assert.ThrowsAsync<KubeFault>(() => api.GetAsync(Widgets.Kind, Widgets.Web, None));

        folder.Write("ca.crt", certificates.AuthorityPem);
        time.Advance(TimeSpan.FromSeconds(10));
        await api.GetAsync(Widgets.Kind, Widgets.Web, None);
        folder.Write("ca.crt", "half of a rota");
        time.Advance(TimeSpan.FromSeconds(10));
        await api.GetAsync(Widgets.Kind, Widgets.Web, None);

        Assert.That(server.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Get_ClientCertificateInTheConfiguration_IsPresented()
    {
        await using var server = await FakeApiServer.StartAsync(certificates.Server(), c => c.JsonAsync(Widgets.Json()), askForCertificate: true);
        var (certificate, key) = certificates.Client("alice");
        var user = new User { Name = "u", ClientCertificateData = Base64(certificate), ClientKeyData = Base64(key), Token = "both" };
        using var api = Widgets.Client(Widgets.Access(server, user, c => c with { CertificateAuthorityData = certificates.AuthorityData }));

        await api.GetAsync(Widgets.Kind, Widgets.Web, None);

        Assert.That(server.Requests.Single().ClientCertificate, Is.EqualTo("CN=alice"));
        Assert.That(server.Requests.Single().Header("Authorization"), Is.EqualTo("Bearer both"));
    }

    [Test]
    public async Task Get_ClientCertificateFilesRenewed_ConnectsAnewWhileAWatchGoesOn()
    {
        var time = new ManualTime();
        var go = new TaskCompletionSource();
        await using var server = await FakeApiServer.StartAsync(certificates.Server(), async c =>
        {
            if (!c.Request.Query.ContainsKey("watch"))
            {
                await c.JsonAsync(Widgets.Json());
                return;
            }
            await c.BeginWatchAsync();
            await go.Task;
            await c.SendAsync($$"""{"type":"ADDED","object":{{Widgets.Json()}}}""" + "\n");
        }, askForCertificate: true);
        WritePair("alice");
        var user = new User { Name = "u", ClientCertificate = folder["tls.crt"], ClientKey = folder["tls.key"] };
        using var api = Widgets.Client(Widgets.Access(server, user, c => c with { CertificateAuthorityData = certificates.AuthorityData }), time);

        await using var watch = await api.WatchAsync(Widgets.Kind, new WatchQuery("1", TimeSpan.FromHours(1)), None);
        await api.GetAsync(Widgets.Kind, Widgets.Web, None);
        var renewed = WritePair("alice-renewed", onlyCertificate: true);
        time.Advance(TimeSpan.FromSeconds(10));
        await api.GetAsync(Widgets.Kind, Widgets.Web, None);
        folder.Write("tls.key", renewed);
        time.Advance(TimeSpan.FromSeconds(10));
        await api.GetAsync(Widgets.Kind, Widgets.Web, None);
        await api.GetAsync(Widgets.Kind, Widgets.Web, None);

        Assert.That(server.Requests.Select(r => r.ClientCertificate), Is.EqualTo(new[]
        {
            "CN=alice", "CN=alice", "CN=alice", "CN=alice-renewed", "CN=alice-renewed",
        }), "the old pair serves until the new one is whole");
        Assert.That(server.Connections, Is.EqualTo(2));
        go.SetResult();
        var events = 0;
        await foreach (var _ in watch.EventsAsync(None)) events++;
        Assert.That(events, Is.EqualTo(1));
    }

    [Test]
    public async Task Connections_ReplacedByARenewal_AreClosedOnceUnused()
    {
        var time = new ManualTime();
        await using var server = await FakeApiServer.StartAsync(certificates.Server(), c => c.JsonAsync(Widgets.Json()), askForCertificate: true);
        WritePair("one");
        var user = new User { Name = "u", ClientCertificate = folder["tls.crt"], ClientKey = folder["tls.key"] };
        using var api = Widgets.Client(Widgets.Access(server, user, c => c with { CertificateAuthorityData = certificates.AuthorityData }), time);

        foreach (var name in new[] { "two", "three", "four" })
        {
            await api.GetAsync(Widgets.Kind, Widgets.Web, None);
            WritePair(name);
            time.Advance(TimeSpan.FromSeconds(10));
        }
        await api.GetAsync(Widgets.Kind, Widgets.Web, None);

        Assert.That(server.Connections, Is.EqualTo(4));
        await Eventually.HoldsAsync(() => Task.FromResult(server.OpenConnections == 1), "only the newest connection is open", TimeSpan.FromSeconds(10), None);
    }

    private Task<FakeApiServer> StartAsync(string? dnsName = null) => FakeApiServer.StartAsync(certificates.Server(dnsName), c => c.JsonAsync(Widgets.Json()));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private string WritePair(string name, bool onlyCertificate = false)
    {
        var (certificate, key) = certificates.Client(name);
        folder.Write("tls.crt", certificate);
        if (!onlyCertificate) folder.Write("tls.key", key);
        return key;
    }
}
