using System.Net;
using System.Text;
using System.Text.Json;
using Kontena.Simulator.Tests.Ec2;

namespace Kontena.Simulator.Tests.Control;

public sealed class ControlEndpointTests
{
    [Test]
    public async Task Faults_PostedListedAndDeleted_StrikeInBetween()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var added = await PostAsync(ec2, """{"kind": "serverError", "action": "RunInstances", "nth": 2, "count": 1, "instanceType": "t3.small"}""");
        Assert.That(added.Status, Is.EqualTo(HttpStatusCode.Created));
        var id = added.Body.RootElement.GetProperty("id").GetString();

        Assert.That((await ec2.RunAsync()).Outcome, Is.EqualTo("200"));
        Assert.That((await ec2.RunAsync()).Outcome, Is.EqualTo("500 InternalError"));
        var listed = JsonDocument.Parse(await ec2.Http.GetStringAsync("/_control/faults")).RootElement;
        Assert.That(listed[0].GetProperty("fault").GetProperty("kind").GetString(), Is.EqualTo("serverError"));
        Assert.That(listed[0].GetProperty("struck").GetInt32(), Is.EqualTo(1));

        Assert.That((await ec2.Http.DeleteAsync($"/_control/faults/{id}")).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await ec2.Http.DeleteAsync($"/_control/faults/{id}")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        await PostAsync(ec2, """{"kind": "slow", "delaySeconds": 0.5}""");
        Assert.That(ec2.Cloud.Faults.All.Single().Fault.Delay, Is.EqualTo(TimeSpan.FromMilliseconds(500)));
        Assert.That((await ec2.Http.DeleteAsync("/_control/faults")).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(ec2.Cloud.Faults.All, Is.Empty);
    }

    [TestCase("""{"kind": "explosion"}""")]
    [TestCase("""{"kind": "cut", "aktion": "RunInstances"}""")]
    [TestCase("""{"action": "RunInstances"}""")]
    [TestCase("""{"kind": "cut", "nth": 0}""")]
    [TestCase("""{"kind": 3}""")]
    [TestCase("nonsense")]
    [TestCase("null")]
    public async Task Faults_WrongDocument_IsRefusedAndNamesTheReason(string body)
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var answer = await PostAsync(ec2, body);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer.Body.RootElement.GetProperty("error").GetString(), Is.Not.Empty);
        Assert.That(ec2.Cloud.Faults.All, Is.Empty);
    }

    [Test]
    public async Task State_TellsInstancesAndCallsButNoSecret()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var userData = Convert.ToBase64String("the-node-token"u8);
        var id = await ec2.LaunchAsync("UserData", userData, "ClientToken", "t");
        await ec2.CallAsync("TerminateInstances", "InstanceId.1", id);

        var text = await ec2.Http.GetStringAsync("/_control/state");

        var view = JsonDocument.Parse(text).RootElement.GetProperty("ec2");
        Assert.That(view.GetProperty("instances")[0].GetProperty("state").GetString(), Is.EqualTo("shutting-down"));
        Assert.That(view.GetProperty("instances")[0].GetProperty("history").GetArrayLength(), Is.EqualTo(2));
        Assert.That(view.GetProperty("calls").GetProperty("RunInstances").GetInt32(), Is.EqualTo(1));
        Assert.That(view.GetProperty("recentCalls")[0].GetProperty("parameters").GetProperty("ClientToken").GetString(), Is.EqualTo("t"));
        Assert.That(text, Does.Not.Contain(userData).And.Not.Contain("the-node-token").And.Not.Contain(ec2.Secret));
    }

    [Test]
    public async Task Control_FromABrowserOrElsewhere_IsRefused()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/_control/state");
        request.Headers.Add("Origin", "http://evil.example");
        Assert.That((await ec2.Http.SendAsync(request)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await ec2.Http.GetAsync("/_control/other")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await ec2.Http.GetAsync("/elsewhere")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(ec2.Server.Address.IsLoopback, Is.True);
    }

    private static async Task<(HttpStatusCode Status, JsonDocument Body)> PostAsync(Ec2Session ec2, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await ec2.Http.PostAsync("/_control/faults", content);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()));
    }
}
