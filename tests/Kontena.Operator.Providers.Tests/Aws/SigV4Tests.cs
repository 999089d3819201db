using System.Text.RegularExpressions;
using Kontena.Operator.Providers.Aws.Ec2;

namespace Kontena.Operator.Providers.Tests.Aws;

/// <summary>
/// The runtime's types that sign for us are internal by name: their signature is checked by a second implementation, which is
/// itself checked by the vectors that AWS published.
/// </summary>
public sealed partial class SigV4Tests
{
    private const string ExampleSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const string EmptyQuery = "";

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    // aws-sig-v4-test-suite: get-vanilla, post-vanilla, get-vanilla-query-order-key-case.
    [TestCase("GET", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [TestCase("POST", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [TestCase("GET", "Param1=value1&Param2=value2", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    public void Sign_PublishedVector_PublishedSignature(string method, string query, string signature) => Assert.That(
        SigV4.Sign(ExampleSecret, "us-east-1", "service", "20150830T123600Z", method, "/", query,
            new Dictionary<string, string> { ["host"] = "example.amazonaws.com", ["x-amz-date"] = "20150830T123600Z" }, ""),
        Is.EqualTo(signature));

    // The worked example of AWS's documentation, "Create a signed AWS API request": IAM ListUsers.
    [Test]
    public void Sign_DocumentedExample_DocumentedSignature() => Assert.That(
        SigV4.Sign(ExampleSecret, "us-east-1", "iam", "20150830T123600Z", "GET", "/", "Action=ListUsers&Version=2010-05-08", new Dictionary<string, string>
        {
            ["content-type"] = "application/x-www-form-urlencoded; charset=utf-8",
            ["host"] = "iam.amazonaws.com",
            ["x-amz-date"] = "20150830T123600Z",
        }, ""),
        Is.EqualTo("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"));

    [Test]
    public async Task Send_RealCall_SignatureIsWhatASecondImplementationSays()
    {
        var (request, authorization) = await SendAsync(token: null);
        Assert.That(Sign(request, authorization), Is.EqualTo(authorization.Groups["signature"].Value));
    }

    [Test]
    public async Task Send_WithSessionToken_TokenIsSignedToo()
    {
        var (request, authorization) = await SendAsync(token: "the-token");
        Assert.That(request.Headers["X-Amz-Security-Token"], Is.EqualTo("the-token"));
        Assert.That(authorization.Groups["headers"].Value.Split(';'), Does.Contain("x-amz-security-token"));
        Assert.That(Sign(request, authorization), Is.EqualTo(authorization.Groups["signature"].Value));
    }

    [Test]
    public async Task Send_RealCall_SignatureIsWhatBotocoreSays()
    {
        var (request, authorization) = await SendAsync(token: null);
        var signed = authorization.Groups["headers"].Value.Split(';').ToDictionary(h => h, h => request.Headers[h]);
        var input = System.Text.Json.JsonSerializer.Serialize(new
        {
            secret = Canary.Of("secret-key"),
            url = $"http://{request.Headers["Host"]}/",
            headers = signed,
            body = request.Body,
            date = request.Headers["X-Amz-Date"],
        });
        const string Script = """
            import json, sys
            try:
                from botocore.auth import SigV4Auth
                from botocore.awsrequest import AWSRequest
                from botocore.credentials import Credentials
            except ImportError as e:
                print('SKIP', e); sys.exit(0)
            i = json.load(sys.stdin)
            request = AWSRequest(method='POST', url=i['url'], headers=i['headers'], data=i['body'])
            request.context['timestamp'] = i['date']
            request.context['payload_signing_enabled'] = True
            auth = SigV4Auth(Credentials('AKID', i['secret']), 'ec2', 'eu-west-1')
            print(auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request))
            """;
        var answer = await Python.RunAsync(Script, input, Ct);
        if (answer.StartsWith("SKIP", StringComparison.Ordinal)) Assert.Ignore($"botocore is not on this machine: {answer}");
        Assert.That(answer.Trim(), Is.EqualTo(authorization.Groups["signature"].Value));
    }

    private static async Task<(SeenRequest Request, Match Authorization)> SendAsync(string? token)
    {
        await using var server = await ScriptedEc2.StartAsync(Ct);
        server.Then(200, ScriptedEc2.Instances(null));
        using var client = server.Client(token: token);
        await client.DescribeInstancesAsync([Ec2Filter.Tag("kontena", "a b/ü+*~")], Ct);
        var request = server.Seen.Single();
        return (request, Authorization().Match(request.Headers["Authorization"]));
    }

    private static string Sign(SeenRequest request, Match authorization)
    {
        var headers = authorization.Groups["headers"].Value.Split(';').ToDictionary(h => h, h => request.Headers[h]);
        return SigV4.Sign(Canary.Of("secret-key"), "eu-west-1", "ec2", request.Headers["X-Amz-Date"], request.Method, request.Path, EmptyQuery, headers, request.Body);
    }

    [GeneratedRegex("^AWS4-HMAC-SHA256 Credential=AKID/[0-9]{8}/eu-west-1/ec2/aws4_request, ?SignedHeaders=(?<headers>[a-z0-9;-]+), ?Signature=(?<signature>[0-9a-f]{64})$", RegexOptions.ExplicitCapture)]
    private static partial Regex Authorization();
}
