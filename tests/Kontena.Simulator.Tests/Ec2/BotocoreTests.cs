using System.Text;
using System.Text.Json;
using Kontena.Simulator.Ec2.Signing;

namespace Kontena.Simulator.Tests.Ec2;

/// <summary>Against Amazon's own Python client, which shares no line with us.</summary>
public sealed class BotocoreTests
{
    [Test]
    public async Task Sign_RandomRequests_GivesBotocoresSignatures([Values(1, 2)] int seed)
    {
        var lines = (await Python.RunAsync("botocore", "botocore_sign.py", $"{seed}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(40));
        foreach (var line in lines)
        {
            var signed = JsonDocument.Parse(line).RootElement;
            var headers = signed.GetProperty("headers").EnumerateObject().Select(h => KeyValuePair.Create(h.Name, h.Value.GetString() ?? "")).ToList();
            var authorization = AuthorizationHeader.Parse(headers.Single(h => h.Key == "Authorization").Value);
            Assert.That(authorization, Is.Not.Null, line);
            var request = new SignedRequest("POST", "/", "", headers, Encoding.UTF8.GetBytes(signed.GetProperty("body").GetString() ?? ""));

            var ours = SignatureVersion4.Sign(request, authorization!.Scope, request.Header("X-Amz-Date")!, authorization.SignedHeaders,
                signed.GetProperty("secret").GetString() ?? "");

            Assert.That(ours, Is.EqualTo(authorization.Signature), line);
        }
    }

    [Test]
    public async Task Simulator_DrivenByBoto3_BehavesAsEc2()
    {
        await using var session = await Ec2Session.StartAsync(
            new() { BootTime = TimeSpan.FromSeconds(1), ShutdownTime = TimeSpan.FromSeconds(1) }, TimeProvider.System);

        var output = await Python.RunAsync("boto3", "boto3_drive.py", session.Server.Address.ToString(), session.Flatcar, session.Cloud.SubnetId("eu-west-1b"));

        Assert.That(output, Does.Contain("driven"));
        Assert.That(session.Cloud.MostLivingAtOnce("kontena-node", "n1"), Is.EqualTo(1));
    }
}
