using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Kontena;
using Kontena.Simulator.Tests.Ec2;

namespace Kontena.Simulator.Tests.Machines;

/// <summary>An agent before a Master with a certificate of its own, as Kontena's plugins make them.</summary>
public sealed class TlsTests
{
    private const string Verify = "KONTENA_SSL_VERIFY=true";
    private const string Bundle = "SSL_CERT_FILE=/etc/ca.pem";
    private const string Mounted = "-v /etc/ca.pem:/etc/ca.pem:ro ";

    [Test]
    public async Task Certificate_Unverified_IsTakenAsItIs() =>
        await AgainstAsync("127.0.0.1", [], "", "secure connection established without KONTENA_SSL_VERIFY=true");

    [Test]
    public async Task Certificate_OfTheBundle_IsTrusted() =>
        await AgainstAsync("127.0.0.1", [Verify, Bundle], Mounted, "secure connection established with KONTENA_SSL_VERIFY");

    [Test]
    public async Task Certificate_OfNoBundle_IsRefused() => await AgainstAsync("127.0.0.1", [Verify], "", "unable to connect to SSL server");

    [Test]
    public async Task Bundle_NotMountedIntoTheContainer_IsNotSeen() => await AgainstAsync("127.0.0.1", [Verify, Bundle], "", "unable to connect to SSL server");

    [Test]
    public async Task Certificate_ForAnotherName_IsRefused() => await AgainstAsync("10.9.9.9", [Verify, Bundle], Mounted, "unable to connect to SSL server");

    private static async Task AgainstAsync(string address, string[] variables, string mount, string says)
    {
        using var certificate = SelfSigned(IPAddress.Parse(address));
        await using var session = await Ec2Session.StartAsync(new Ec2Options { BootTime = TimeSpan.Zero }, TimeProvider.System,
            new() { Second = TimeSpan.FromMilliseconds(10) }, new MasterOptions { Certificate = certificate, Grids = [new GridOptions { Name = "tls", Token = Bootstraps.GridToken }] });
        var lines = variables.Select(v => $"      {v}\n").Append("      KONTENA_VERSION=1.5.4");
        var passed = string.Concat(variables.Select(v => $"-e {v.Split('=')[0]} "));
        var pem = string.Join('\n', certificate.ExportCertificatePem().Split('\n').Select(line => "      " + line));
        var data = Bootstraps.CloudConfig(session.Server.MasterUrl.ToString()).With("-e KONTENA_NODE_TOKEN", "").With("      KONTENA_VERSION=1.5.4", string.Concat(lines))
            .With("--net=host", $"--net=host {mount}{passed}").With("packages:\n", $"  - path: /etc/ca.pem\n    content: |\n{pem}\npackages:\n");
        var id = (await session.CallAsync("RunInstances", "ImageId", session.Cloud.NewestImage("eu-west-1", "ubuntu/*"), "InstanceType", "t3.small", "MinCount", "1", "MaxCount", "1",
            "UserData", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(data)))).Text("instanceId");
        var machine = session.Server.Machines.Of(id);
        await MachineSession.SaysAsync(machine, says);
        if (says.StartsWith("secure", StringComparison.Ordinal)) await MachineSession.UntilAsync(() => machine.Connected, "the agent is connected");
        else Assert.That(session.Server.Master.Nodes, Is.Empty);
    }

    private static X509Certificate2 SelfSigned(IPAddress address)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=kontena-master", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
