using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kontena.Simulator.Tests.Kontena;

public sealed class MasterTlsTests
{
    [Test]
    public async Task Certificate_Given_RestAndAgentsGoOverTls()
    {
        using var certificate = SelfSigned();
        await using var session = await MasterSession.StartAsync(MasterSession.Brisk with { Certificate = certificate });
        Assert.That(session.Server.MasterUrl.Scheme, Is.EqualTo("https"));
        using var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, shown, _, _) => Same(shown, certificate) } };
        using var http = new HttpClient(handler);
        Assert.That(await http.GetStringAsync(new Uri(session.Server.MasterUrl, "/v1/ping")), Is.EqualTo("""{"message":"pong"}"""));

        using var socket = new ClientWebSocket();
        socket.Options.RemoteCertificateValidationCallback = (_, shown, _, _) => Same(shown, certificate);
        await socket.ConnectAsync(new UriBuilder(session.Server.MasterUrl) { Scheme = "wss" }.Uri, CancellationToken.None);
        await socket.ReceiveAsync(new byte[4096], CancellationToken.None);
        await socket.ReceiveAsync(new byte[4096], CancellationToken.None);
        Assert.That((int?)socket.CloseStatus, Is.EqualTo(4010), "told its version first, then closed");
    }

    [Test]
    public async Task Certificate_NotTrusted_EndsTheHandshakeAndNothingElse()
    {
        using var certificate = SelfSigned();
        await using var session = await MasterSession.StartAsync(MasterSession.Brisk with { Certificate = certificate });
        Assert.That(async () => await session.GetAsync("/v1/ping"), Throws.InstanceOf<HttpRequestException>());
        Assert.That(session.Master.Calls.Total, Is.Zero);
        await session.Master.StopAsync();
        await session.Master.StartAsync(CancellationToken.None);
        Assert.That(session.Server.MasterUrl.Scheme, Is.EqualTo("https"));
    }

    private static bool Same(X509Certificate? shown, X509Certificate2 expected) => shown?.GetCertHashString() == expected.GetCertHashString();

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kontena-master", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }
}
