using System.Net;
using System.Text;
using System.Text.Json;
using Kontena.Simulator.Tests.Ec2;

namespace Kontena.Simulator.Tests.Control;

public sealed class GroupControlTests
{
    [Test]
    public async Task GroupsAndRules_AddedListedAndRemoved_AreThereInBetween()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var vpc = await PostAsync(ec2, "vpcs", """{"region": "eu-west-1", "cidr": "10.3.0.0/16", "mapPublicIpOnLaunch": true}""");
        var group = await PostAsync(ec2, "groups", $$"""{"region": "eu-west-1", "name": "theirs", "vpcId": "{{Text(vpc.Body, "id")}}", "tags": {"team": "other"} }""");
        var id = Text(group.Body, "id");
        var rule = await PostAsync(ec2, $"groups/{id}/rules", """{"protocol": "6", "fromPort": 22, "toPort": 22, "peer": "10.9.9.9/8", "description": "by hand"}""");
        Assert.That(new[] { vpc.Status, group.Status, rule.Status }, Is.All.EqualTo(HttpStatusCode.Created));
        Assert.That(await ec2.DescribedAsync(id), Is.EqualTo(new[] { "tcp 22-22 [10.0.0.0/8 by hand]" }));

        var listed = JsonDocument.Parse(await ec2.Http.GetStringAsync("/_control/ec2/groups")).RootElement.EnumerateArray().Single(g => Text(g, "id") == id);
        Assert.That((Text(listed.GetProperty("inbound")[0], "peer"), listed.GetProperty("throughApi").GetBoolean()), Is.EqualTo(("10.0.0.0/8", false)));

        Assert.That(await DeleteAsync(ec2, $"groups/{id}/rules/{Text(rule.Body, "id")}"), Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await DeleteAsync(ec2, $"groups/{id}/rules/{Text(rule.Body, "id")}"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await DeleteAsync(ec2, $"groups/{id}"), Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await DeleteAsync(ec2, $"groups/{id}"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await DeleteAsync(ec2, $"groups/{ec2.Cloud.Vpcs("eu-west-1")[0].DefaultGroupId}"), Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Instances_AttachedAndDetached_HaveTheGroupOrNot()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var (group, instance) = (await ec2.GroupAsync("web"), await ec2.LaunchAsync());
        var own = ec2.Cloud.Find(instance)!.GroupIds[0];
        Assert.That((await ec2.Http.PutAsync($"/_control/ec2/instances/{instance}/groups/{group}", null)).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(ec2.Cloud.Find(instance)!.GroupIds, Is.EqualTo(new[] { own, group }));
        Assert.That(await DeleteAsync(ec2, $"instances/{instance}/groups/{own}"), Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(ec2.Cloud.Find(instance)!.GroupIds, Is.EqualTo(new[] { group }));
        Assert.That((await ec2.Http.PutAsync($"/_control/ec2/instances/i-0/groups/{group}", null)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("groups", """{"region": "eu-west-1", "nmae": "x"}""")]
    [TestCase("groups", """{"region": "mars-1", "name": "x"}""")]
    [TestCase("groups", """{"region": "eu-west-1", "name": "default"}""")]
    [TestCase("groups/sg-0/rules", """{"protocol": "tcp", "fromPort": 1, "toPort": 1, "peer": "::/0"}""")]
    [TestCase("vpcs", """{"region": "eu-west-1", "cidr": "10.0.0.0/8"}""")]
    public async Task WrongDocument_IsRefusedAndNamesTheReason(string path, string body)
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var answer = await PostAsync(ec2, path, body);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(Text(answer.Body, "error"), Is.Not.Empty);
    }

    [TestCase("""{"protocol": "esp", "peer": "::/0"}""")]
    [TestCase("""{"protocol": "tcp", "peer": "::/0"}""")]
    [TestCase("""{"protocol": "50", "peer": "everyone"}""")]
    [TestCase("""{"protocol": "50", "peer": "::/0", "direction": "sideways"}""")]
    public async Task WrongRule_IsRefused(string body)
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var answer = await PostAsync(ec2, $"groups/{ec2.Cloud.Vpcs("eu-west-1")[0].DefaultGroupId}/rules", body);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString() ?? "";

    private static async Task<HttpStatusCode> DeleteAsync(Ec2Session ec2, string path) => (await ec2.Http.DeleteAsync("/_control/ec2/" + path)).StatusCode;

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(Ec2Session ec2, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await ec2.Http.PostAsync("/_control/ec2/" + path, content);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }
}
