using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Aws;
using Kontena.Operator.Providers.Aws.Ec2;
using Kontena.TestKit;
using Microsoft.AspNetCore.Http;

namespace Kontena.Operator.Providers.Tests.Aws;

/// <summary>The odd answers: what is not a whole EC2 document is a fault, never an empty list.</summary>
public sealed class Ec2ClientTests
{
    private static readonly Ec2Filter[] filters = [Ec2Filter.Tag("kontena-installation", "a b/ü")];
    private ScriptedEc2 server = null!;

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [SetUp]
    public async Task StartAsync() => server = await ScriptedEc2.StartAsync(Ct);

    [TearDown]
    public async Task StopAsync() => await server.DisposeAsync();

    [Test]
    public async Task Describe_Filters_SentAsForm()
    {
        server.Then(200, ScriptedEc2.Instances(null));
        using var client = server.Client();
        Assert.That(await client.DescribeInstancesAsync(filters, Ct), Is.Empty);
        var request = server.Seen.Single();
        Assert.That(request.Form, Is.EqualTo(new Dictionary<string, string>
        {
            ["Action"] = "DescribeInstances",
            ["Version"] = "2016-11-15",
            ["MaxResults"] = "1000",
            ["Filter.1.Name"] = "tag:kontena-installation",
            ["Filter.1.Value.1"] = "a b/ü",
        }));
        Assert.That(request.Headers["Authorization"], Does.StartWith("AWS4-HMAC-SHA256 Credential=AKID/").And.Contain("/eu-west-1/ec2/aws4_request"));
    }

    [TestCase("", TestName = "Describe_EmptyBody_IsAFault")]
    [TestCase("<html><body>Welcome</body></html>", TestName = "Describe_Html_IsAFault")]
    [TestCase("{}", TestName = "Describe_Json_IsAFault")]
    [TestCase("<DescribeInstancesResponse><reservationSet><item><instancesSet>", TestName = "Describe_HalfADocument_IsAFault")]
    [TestCase("<DescribeInstancesResponse><requestId>r</requestId></DescribeInstancesResponse>", TestName = "Describe_WithoutTheList_IsAFault")]
    [TestCase("<DescribeInstancesResponse><reservationSet><item/></reservationSet></DescribeInstancesResponse>", TestName = "Describe_ReservationWithoutInstances_IsAFault")]
    [TestCase("<DescribeInstancesResponse><reservationSet><item><instancesSet><item/></instancesSet></item></reservationSet></DescribeInstancesResponse>", TestName = "Describe_InstanceWithoutId_IsAFault")]
    [TestCase("<DescribeInstancesResponse><reservationSet><itam><instancesSet/></itam></reservationSet></DescribeInstancesResponse>", TestName = "Describe_ItemMisspelt_IsAFault")]
    [TestCase("<DescribeInstancesResponse><reservationSet>rubbish</reservationSet></DescribeInstancesResponse>", TestName = "Describe_TextInTheList_IsAFault")]
    [TestCase("<DescribeInstancesResponse><reservationSet/><reservationSet/></DescribeInstancesResponse>", TestName = "Describe_ListTwice_IsAFault")]
    [TestCase("<DescribeImagesResponse><imagesSet/></DescribeImagesResponse>", TestName = "Describe_AnotherCallsAnswer_IsAFault")]
    [TestCase("<!DOCTYPE a [<!ENTITY b \"c\">]><DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>", TestName = "Describe_Dtd_IsAFault")]
    public void Describe_Strange_IsAFault(string body)
    {
        server.Then(200, body);
        using var client = server.Client();
        var fault = Assert.ThrowsAsync<DriverException>(() => client.DescribeInstancesAsync(filters, Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.Unavailable, false)));
        Assert.That(fault.Message, Does.StartWith("DescribeInstances (instances by tag:kontena-installation) in eu-west-1: "));
    }

    [Test]
    public void Describe_ErrorDocumentWithStatus200_IsTheError()
    {
        server.Then(200, ScriptedEc2.Error("UnauthorizedOperation", "no"));
        using var client = server.Client();
        var fault = Assert.ThrowsAsync<DriverException>(() => client.DescribeInstancesAsync(filters, Ct));
        Assert.That((fault.Fault, fault.Code), Is.EqualTo((DriverFault.NotAllowed, "UnauthorizedOperation")));
    }

    [Test]
    public void DescribeOne_AnswerAboutAnother_IsAFault()
    {
        server.Then(200, ScriptedEc2.Instances(null, "i-2"));
        using var client = server.Client();
        var fault = Assert.ThrowsAsync<DriverException>(() => client.DescribeInstanceAsync("i-1", Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.Unavailable, false)));
    }

    [TestCase(400, true)]
    [TestCase(200, false)]
    [TestCase(500, false)]
    [TestCase(503, false)]
    public void DescribeOne_NotFound_CountsOnlyAsEc2sRefusal(int status, bool counts)
    {
        server.Then(status, ScriptedEc2.Error("InvalidInstanceID.NotFound", "no"));
        using var client = server.Client();
        var fault = Assert.ThrowsAsync<DriverException>(() => client.DescribeInstanceAsync("i-1", Ct));
        Assert.That(AwsFaults.SaysNotFound(fault), Is.EqualTo(counts));
    }

    [TestCase(401, DriverFault.NotAllowed)]
    [TestCase(403, DriverFault.NotAllowed)]
    [TestCase(404, DriverFault.Unavailable)]
    [TestCase(429, DriverFault.Throttled)]
    [TestCase(500, DriverFault.Unavailable)]
    [TestCase(502, DriverFault.Unavailable)]
    public void Describe_ErrorThatIsNotEc2s_ByStatus(int status, DriverFault expected)
    {
        server.Then(status, "<html>a proxy's page</html>", "text/html");
        using var client = server.Client();
        var fault = Assert.ThrowsAsync<DriverException>(() => client.DescribeInstancesAsync(filters, Ct));
        Assert.That((fault.Fault, fault.Code), Is.EqualTo((expected, $"HTTP{status}")));
        Assert.That(fault.ToString(), Does.Not.Contain("a proxy's page"));
    }

    [Test]
    public async Task Describe_ThreePages_AllInOrder()
    {
        server.Then(200, ScriptedEc2.Instances("two", "i-1")).Then(200, ScriptedEc2.Instances("three", "i-2")).Then(200, ScriptedEc2.Instances(null, "i-3"));
        using var client = server.Client();
        Assert.That((await client.DescribeInstancesAsync(filters, Ct)).Select(i => i.Id), Is.EqualTo(new[] { "i-1", "i-2", "i-3" }));
        Assert.That(server.Seen.Select(r => r.Form.GetValueOrDefault("NextToken")), Is.EqualTo(new[] { null, "two", "three" }));
    }

    [Test]
    public void Describe_NextTokenNamesAPageAgain_IsAFault()
    {
        server.Then(200, ScriptedEc2.Instances("two", "i-1")).Then(200, ScriptedEc2.Instances("three", "i-2")).Then(200, ScriptedEc2.Instances("two", "i-3"));
        using var client = server.Client();
        var fault = Assert.ThrowsAsync<DriverException>(() => client.DescribeInstancesAsync(filters, Ct));
        Assert.That(fault.Fault, Is.EqualTo(DriverFault.Unavailable));
        Assert.That(server.Seen, Has.Count.EqualTo(3));
    }

    [Test]
    public void Describe_SecondPageRefused_IsAFault()
    {
        server.Then(200, ScriptedEc2.Instances("two", "i-1")).Then(503, ScriptedEc2.Error("RequestLimitExceeded", "slow down"));
        using var client = server.Client();
        var fault = Assert.ThrowsAsync<DriverException>(() => client.DescribeInstancesAsync(filters, Ct));
        Assert.That(fault.Fault, Is.EqualTo(DriverFault.Throttled));
    }

    [Test]
    public void Any_ServerError_SentOnce()
    {
        server.Then(500, ScriptedEc2.Error("InternalError", "oops"));
        using var client = server.Client();
        Assert.ThrowsAsync<DriverException>(() => client.DescribeInstancesAsync(filters, Ct));
        Assert.That(server.Seen, Has.Count.EqualTo(1), "the AWS runtime must not repeat a call behind our back");
    }

    [Test]
    public void Any_ConnectionCutOnAUsedConnection_SentOnce()
    {
        server.Then(200, ScriptedEc2.Instances(null)).Then(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var client = server.Client();
        Assert.DoesNotThrowAsync(() => client.DescribeInstancesAsync(filters, Ct));
        var fault = Assert.ThrowsAsync<DriverException>(() => client.TerminateInstanceAsync("i-1", Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.Unavailable, true)));
        Assert.That(server.Seen.Count(r => r.Form["Action"] == "TerminateInstances"), Is.EqualTo(1));
    }

    [Test]
    public async Task Any_BodyThatNeverEnds_EndsAtTheDeadline()
    {
        server.Then(async context =>
        {
            context.Response.ContentType = "text/xml";
            await context.Response.WriteAsync("<DescribeInstancesResponse><reservationSet>");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        using var client = server.Client();
        var call = client.DescribeInstancesAsync(filters, Ct);
        await Eventually.HoldsAsync(() => Task.FromResult(server.Seen.Count == 1), "the request arrived", TimeSpan.FromSeconds(10), Ct);
        server.Time.Advance(TimeSpan.FromSeconds(31));
        var fault = Assert.ThrowsAsync<DriverException>(() => call);
        Assert.That(fault.Fault, Is.EqualTo(DriverFault.Unavailable));
        Assert.That(fault.Message, Does.Contain("no answer within 30 s"));
    }

    [Test]
    public void Terminate_NobodyListens_OutcomeKnown()
    {
        using var nobody = new Ec2Client(
            Kontena.Operator.Providers.Aws.Ec2.Wire.Ec2Transport.Open(new Amazon.Runtime.BasicAWSCredentials("a", "b"), "eu-west-1", "http://127.0.0.1:1/"),
            "eu-west-1", TimeSpan.FromSeconds(30), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<Ec2Client>.Instance);
        var fault = Assert.ThrowsAsync<DriverException>(() => nobody.TerminateInstanceAsync("i-1", Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.Unavailable, false)));
    }

    [Test]
    public void Run_RefusedTwiceAlike_ReadsTheSame()
    {
        var refusal = ScriptedEc2.Error("VcpuLimitExceeded", "You have requested more vCPU capacity than your limit allows.");
        server.Then(400, refusal).Then(400, refusal.Replace("request-1", "request-2", StringComparison.Ordinal));
        using var client = server.Client();
        var faults = Enumerable.Range(0, 2).Select(_ => Assert.ThrowsAsync<DriverException>(() => client.RunInstanceAsync(Launches.Full, Ct))).OfType<DriverException>().ToList();
        Assert.That(faults.Select(f => f.Data["RequestId"]), Is.EqualTo(new[] { "request-1", "request-2" }));
        Assert.That(faults.Select(f => f.Message).Distinct(), Is.EqualTo(new[]
        {
            "RunInstances (t3.small from ami-1 in subnet-1) in eu-west-1: VcpuLimitExceeded: You have requested more vCPU capacity than your limit allows.",
        }));
    }

    [Test]
    public void Run_AnswerWithTwoInstances_OutcomeUnknown()
    {
        server.Then(200, "<RunInstancesResponse><instancesSet><item><instanceId>i-1</instanceId></item><item><instanceId>i-2</instanceId></item></instancesSet></RunInstancesResponse>");
        using var client = server.Client();
        var fault = Assert.ThrowsAsync<DriverException>(() => client.RunInstanceAsync(Launches.Full, Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.Unavailable, true)));
    }
}
