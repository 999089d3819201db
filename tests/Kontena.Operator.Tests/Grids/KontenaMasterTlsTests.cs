using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Tests.Grids;

/// <summary>Which certificates the client takes.</summary>
public sealed class KontenaMasterTlsTests
{
    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task CaOfTheGrid_SignedTheCertificate_IsTrusted()
    {
        var (ca, certificate) = MasterStand.NewAuthority(TimeProvider.System.GetUtcNow());
        await using var stand = await MasterStand.OpenAsync(certificate);
        using var master = stand.Client(ca: ca);

        Assert.That((await master.ReadVersionAsync(Ct)).Version, Is.EqualTo("1.5.4"));
        certificate.Dispose();
    }

    [Test]
    public async Task OtherCa_OrNone_IsUntrusted_AndTheTokenIsNotSent()
    {
        var (_, certificate) = MasterStand.NewAuthority(TimeProvider.System.GetUtcNow());
        var (other, unused) = MasterStand.NewAuthority(TimeProvider.System.GetUtcNow());
        await using var stand = await MasterStand.OpenAsync(certificate);

        foreach (var ca in new[] { other, null })
        {
            using var master = stand.Client(ca: ca);
            Assert.That(() => master.ReadGridAsync(Ct), Throws.TypeOf<MasterException>().With.Property("Fault").EqualTo(MasterFault.Untrusted).And.Property("NeedsHuman").True);
        }

        Assert.That(stand.Requests, Is.Empty);
        certificate.Dispose();
        unused.Dispose();
    }

    [Test]
    public async Task CertificateOfAnotherHost_IsUntrusted()
    {
        var (ca, certificate) = MasterStand.NewAuthority(TimeProvider.System.GetUtcNow());
        await using var stand = await MasterStand.OpenAsync(certificate);
        using var master = stand.Client(ca: ca, url: new UriBuilder(stand.Url) { Host = "localhost" }.Uri);

        Assert.That(() => master.ReadVersionAsync(Ct), Throws.TypeOf<MasterException>().With.Property("Fault").EqualTo(MasterFault.Untrusted).And.Message.Contains("not made out for localhost"));
        certificate.Dispose();
    }

    [Test]
    public async Task HttpsUrlOfAPlainServer_IsUnreachable()
    {
        await using var stand = await MasterStand.OpenAsync();
        using var master = stand.Client(url: new UriBuilder(stand.Url) { Scheme = "https" }.Uri);

        Assert.That(() => master.ReadVersionAsync(Ct), Throws.TypeOf<MasterException>().With.Property("Fault").EqualTo(MasterFault.Unreachable).And.Message.Contains("TLS"));
    }
}
