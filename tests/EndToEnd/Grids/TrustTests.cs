using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Kontena.Operator.Core.Api;

namespace Kontena.EndToEnd.Grids;

/// <summary>A Master whose certificate it signed itself, as Kontena's own installers made them.</summary>
public sealed class TrustTests : GridTests
{
    [Test]
    public async Task SelfSignedCertificate_UntrustedUntilCaRefNamesIt_ThenOperatorAndAgentsTrustIt()
    {
        using var certificate = SelfSigned();
        var options = Usual.WithGrid();
        var scene = await PlayGridAsync(options with { Master = options.Master! with { Certificate = certificate } });
        await scene.Grids.PoolAsync("web", 2);
        var untrusted = await scene.Grids.UntilAsync("Ready", "False", "MasterUntrusted");
        Assert.That(untrusted.Message, Does.Contain("spec.master.caRef"));
        Assert.That(scene.Grids.Url, Does.StartWith("https://"));
        await scene.Objects.SecretAsync("kontena-ca", new Dictionary<string, string> { ["ca.crt"] = certificate.ExportCertificatePem() });

        await scene.Grids.EditAsync(new JsonObject { ["master"] = new JsonObject { ["caRef"] = new JsonObject { ["name"] = "kontena-ca" } } });

        await scene.Waits.ReadyAsync("web", 2);
        await AssertEntriesAreOfNodesAsync(scene);
        Assert.That((await scene.Objects.FindSecretAsync("kontena-ca"))!.Metadata.Finalizers, Is.EqualTo(new[] { ApiGroup.GridInUseFinalizer }));
    }

    [Test]
    public async Task AnotherCertificateThanTheTrustedOne_NothingIsSentToIt_AndReadyNodesStayReady()
    {
        using var certificate = SelfSigned();
        var options = Usual.WithGrid();
        var scene = await PlayAsync(options with { Master = options.Master! with { Certificate = certificate } });
        await scene.Objects.SecretAsync("kontena-ca", new Dictionary<string, string> { ["ca.crt"] = certificate.ExportCertificatePem() });
        await scene.Grids.CreateAsync(spec: s => s with { Master = s.Master with { CaRef = new CertificateRef { Name = "kontena-ca" } } });
        await scene.Grids.PoolAsync("web", 1);
        await scene.Waits.ReadyAsync("web", 1);
        using var other = SelfSigned();

        await scene.Objects.EditSecretAsync("kontena-ca", "ca.crt", other.ExportCertificatePem());

        await scene.Grids.UntilAsync("MasterReachable", "False", "MasterUntrusted");
        var calls = scene.Grids.Kontena.Calls.Counts.Where(c => c.Key != "WEBSOCKET /").Sum(c => c.Value);
        await scene.Waits.ListingsAsync(5);
        Assert.That(scene.Grids.Kontena.Calls.Counts.Where(c => c.Key != "WEBSOCKET /").Sum(c => c.Value), Is.EqualTo(calls));
        Assert.That(ConditionOf((await scene.Objects.FindNodeAsync("web-0"))!, "Ready").IsTrue);
        await scene.Objects.EditSecretAsync("kontena-ca", "ca.crt", certificate.ExportCertificatePem());
        await scene.Grids.UntilAsync("Ready", "True");
    }

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
