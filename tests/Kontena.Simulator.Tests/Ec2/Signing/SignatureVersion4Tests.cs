using System.Text;
using Kontena.Simulator.Ec2.Signing;

namespace Kontena.Simulator.Tests.Ec2.Signing;

/// <summary>The published vectors of AWS (the Signature Version 4 test suite and the IAM example of the documentation).</summary>
public sealed class SignatureVersion4Tests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const string Stamp = "20150830T123600Z";
    private const string Form = "application/x-www-form-urlencoded";

    private static IEnumerable<TestCaseData> Vectors()
    {
        yield return Vector("get-vanilla", "GET", "", "", "service", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
        yield return Vector("post-vanilla", "POST", "", "", "service", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
        yield return Vector("get-vanilla-query-order-key-case", "GET", "Param2=value2&Param1=value1", "", "service",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
        yield return Vector("post-x-www-form-urlencoded", "POST", "", "Param1=value1", "service",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a", "content-type", Form);
        yield return Vector("post-header-value-case", "POST", "", "", "service",
            "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d", "my-header1", "VALUE1");
        yield return Vector("get-header-value-trim", "GET", "", "", "service",
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736", "my-header1", " value1", "my-header2", " \"a   b   c\"");
        yield return Vector("documentation: IAM ListUsers", "GET", "Action=ListUsers&Version=2010-05-08", "", "iam",
            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7", "content-type", Form + "; charset=utf-8");
    }

    [TestCaseSource(nameof(Vectors))]
    public void Sign_PublishedVector_GivesThePublishedSignature(
        string method, string query, string body, string service, string expected, string[] extra)
    {
        var host = service == "iam" ? "iam.amazonaws.com" : "example.amazonaws.com";
        var headers = new List<KeyValuePair<string, string>> { new("host", host), new("x-amz-date", Stamp) };
        headers.AddRange(extra.Chunk(2).Select(h => new KeyValuePair<string, string>(h[0], h[1])));
        var request = new SignedRequest(method, "/", query, headers, Encoding.UTF8.GetBytes(body));

        var signature = SignatureVersion4.Sign(request, new CredentialScope("20150830", "us-east-1", service), Stamp,
            [.. headers.Select(h => h.Key).Order(StringComparer.Ordinal)], Secret);

        Assert.That(signature, Is.EqualTo(expected));
    }

    [Test]
    public void Parse_HeaderOfTheDocumentation_GivesItsParts()
    {
        var header = AuthorizationHeader.Parse("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
            + "SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79");

        Assert.That(header?.AccessKeyId, Is.EqualTo("AKIDEXAMPLE"));
        Assert.That(header?.Scope, Is.EqualTo(new CredentialScope("20150830", "us-east-1", "iam")));
        Assert.That(header?.SignedHeaders, Is.EqualTo(new[] { "content-type", "host", "x-amz-date" }));
        Assert.That(header?.Signature, Is.EqualTo("5d672d79"));
    }

    [TestCase("Basic dXNlcjpwYXNz")]
    [TestCase("AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/iam, SignedHeaders=host, Signature=00")]
    [TestCase("AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/iam/aws4_request, SignedHeaders=host")]
    public void Parse_OtherForm_GivesNull(string header) => Assert.That(AuthorizationHeader.Parse(header), Is.Null);

    private static TestCaseData Vector(string name, string method, string query, string body, string service, string expected, params string[] extra) =>
        new TestCaseData(method, query, body, service, expected, extra).SetArgDisplayNames(name);
}
