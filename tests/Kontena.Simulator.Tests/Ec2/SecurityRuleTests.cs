using Kontena.Simulator.Ec2;
using Kontena.Simulator.Faults;

namespace Kontena.Simulator.Tests.Ec2;

/// <summary>Rules: added and revoked, all of a call or none, in EC2's canonical form.</summary>
public sealed class SecurityRuleTests
{
    [Test]
    public async Task Authorize_RulesOfOneRange_AreOnePermissionWithADescriptionEach()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.GroupAsync("web");
        var answer = await ec2.CallAsync("AuthorizeSecurityGroupIngress", ["GroupId", id, .. GroupCalls.Permission("tcp 80-81 10.1.2.3/8", 1, "one"),
            .. GroupCalls.Permission("6 80-81 2001:DB8:0::1/32", 2, "two"), .. GroupCalls.Permission($"tcp 80-81 {id}", 3), .. GroupCalls.Permission("udp 80-81 10.0.0.0/8", 4)]);
        await ec2.AuthorizeAsync(id, "tcp 80-81 192.0.2.7/32");
        Assert.That(await ec2.DescribedAsync(id), Is.EqualTo(new[]
        {
            $"tcp 80-81 [{id}] [10.0.0.0/8 one] [192.0.2.7/32] [2001:db8::/32 two]", "udp 80-81 [10.0.0.0/8]",
        }));
        Assert.That(answer.All("cidrIpv4"), Is.EqualTo(new[] { "10.0.0.0/8", "10.0.0.0/8" }));
        Assert.That(answer.All("securityGroupRuleId"), Has.All.Match("^sgr-[0-9a-f]{17}$"));
    }

    [TestCase("50 - 10.0.0.0/8", "50 - [10.0.0.0/8]")]
    [TestCase("50 0-0 10.0.0.0/8", "50 - [10.0.0.0/8]")]
    [TestCase("-1 22-22 10.0.0.0/8", "-1 - [10.0.0.0/8]")]
    [TestCase("17 1-2 10.0.0.0/8", "udp 1-2 [10.0.0.0/8]")]
    [TestCase("1 -1--1 10.0.0.0/8", null)]
    [TestCase("58 - ::/0", "icmpv6 -1--1 [::/0]")]
    [TestCase("tcp 0-65535 0.0.0.0/0", "tcp 0-65535 [0.0.0.0/0]")]
    [TestCase("tcp 1-1 255.255.255.255/0", "tcp 1-1 [0.0.0.0/0]")]
    public async Task Authorize_AnyForm_IsKeptInTheCanonicalOne(string asked, string? described)
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.GroupAsync("web");
        var parameters = described is null
            ? ["IpPermissions.1.IpProtocol", "1", "IpPermissions.1.FromPort", "-1", "IpPermissions.1.ToPort", "-1", "IpPermissions.1.IpRanges.1.CidrIp", "10.0.0.0/8"]
            : GroupCalls.Permission(asked).ToArray();
        Assert.That((await ec2.CallAsync("AuthorizeSecurityGroupIngress", ["GroupId", id, .. parameters])).Outcome, Is.EqualTo("200"));
        Assert.That(await ec2.DescribedAsync(id), Is.EqualTo(new[] { described ?? "icmp -1--1 [10.0.0.0/8]" }));
    }

    [TestCase("400 InvalidParameterValue", "tcp 80-80 10.0.0.0")]
    [TestCase("400 InvalidParameterValue", "tcp 80-80 10.0.0.0/33")]
    [TestCase("400 InvalidParameterValue", "tcp 80-80 10.1/16")]
    [TestCase("400 InvalidParameterValue", "tcp 80-80 10.0.0.0/-1")]
    [TestCase("400 InvalidParameterValue", "tcp 80-80 fe80::1%eth0/64")]
    [TestCase("400 InvalidParameterValue", "tcp 80-80 ::/129")]
    [TestCase("400 InvalidParameterValue", "tcp 80-79 10.0.0.0/8")]
    [TestCase("400 InvalidParameterValue", "udp 80-65536 10.0.0.0/8")]
    [TestCase("400 InvalidParameterValue", "tcp - 10.0.0.0/8")]
    [TestCase("400 InvalidParameterValue", "icmp - 10.0.0.0/8")]
    [TestCase("400 InvalidParameterValue", "icmp 8-256 10.0.0.0/8")]
    [TestCase("400 InvalidParameterValue", "esp - 10.0.0.0/8")]
    [TestCase("400 InvalidParameterValue", "256 - 10.0.0.0/8")]
    [TestCase("400 InvalidGroup.NotFound", "tcp 80-80 sg-0123456789abcdef0")]
    [TestCase("400 InvalidGroupId.Malformed", "tcp 80-80 sg-web")]
    public async Task Authorize_OneBadRule_AddsNoneOfTheCall(string outcome, string bad)
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.GroupAsync("web");
        Assert.That((await ec2.AuthorizeAsync(id, "tcp 22-22 10.0.0.0/8", bad)).Outcome, Is.EqualTo(outcome));
        Assert.That(await ec2.DescribedAsync(id), Is.Empty);
    }

    [Test]
    public async Task Authorize_WithoutSource_WithoutAnything_OrTwiceTheSame_IsRefused()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.GroupAsync("web");
        Assert.That((await ec2.CallAsync("AuthorizeSecurityGroupIngress", "GroupId", id, "IpPermissions.1.IpProtocol", "-1")).Outcome, Is.EqualTo("400 InvalidPermission.Malformed"));
        Assert.That((await ec2.CallAsync("AuthorizeSecurityGroupIngress", "GroupId", id)).Outcome, Is.EqualTo("400 MissingParameter"));
        Assert.That((await ec2.AuthorizeAsync(id, "tcp 80 10.0.0.0/8", "6 80 10.9.9.9/8")).Outcome, Is.EqualTo("400 InvalidParameterValue"));
        Assert.That((await ec2.CallAsync("AuthorizeSecurityGroupIngress", "GroupId", id, "CidrIp", "10.0.0.0/8")).Outcome, Is.EqualTo("400 UnknownParameter"));
        Assert.That((await ec2.CallAsync("AuthorizeSecurityGroupIngress", ["GroupId", id, .. GroupCalls.Permission("tcp 80 10.0.0.0/8", 1, "a > b")])).Outcome,
            Is.EqualTo("400 InvalidParameterValue"));
        Assert.That((await ec2.CallAsync("AuthorizeSecurityGroupIngress", ["GroupId", id, .. GroupCalls.Permission("tcp 80 10.0.0.0/8", 1, new string('d', 256))])).Outcome,
            Is.EqualTo("400 InvalidParameterValue"));
        Assert.That((await ec2.CallAsync("AuthorizeSecurityGroupIngress", ["GroupId", id, "DryRun", "true", .. GroupCalls.Permission("tcp 80 10.0.0.0/8")])).Outcome,
            Is.EqualTo("412 DryRunOperation"));
        Assert.That(await ec2.DescribedAsync(id), Is.Empty);
    }

    [Test]
    public async Task Authorize_RuleThatIsThere_IsADuplicateWhateverItsDescriptionOrForm()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.GroupAsync("web");
        await ec2.AuthorizeAsync(id, "tcp 80 100.68.0.0/18");
        var again = await ec2.CallAsync("AuthorizeSecurityGroupIngress", ["GroupId", id, .. GroupCalls.Permission("tcp 22 10.0.0.0/8"), .. GroupCalls.Permission("6 80 100.68.0.18/18", 2, "other")]);
        Assert.That(again.Outcome, Is.EqualTo("400 InvalidPermission.Duplicate"));
        Assert.That(again.Text("Message"), Does.Contain("peer: 100.68.0.0/18, TCP, from port: 80, to port: 80"));
        Assert.That(await ec2.DescribedAsync(id), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Authorize_GroupOfAnotherVpc_IsRefused()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var (here, there) = (await ec2.GroupAsync("here"), await ec2.GroupAsync("there", "VpcId", ec2.Cloud.AddVpc(new ExtraVpc()).Id));
        Assert.That((await ec2.AuthorizeAsync(here, $"tcp 80 {there}")).Outcome, Is.EqualTo("400 InvalidGroup.NotFound"));
    }

    [Test]
    public async Task Authorize_MoreThanTheQuota_CountsIpv4AndIpv6ApartAndGroupsAsBoth()
    {
        await using var ec2 = await Ec2Session.StartAsync(new() { Quota = new() { RulesPerSecurityGroup = 3 } });
        var id = await ec2.GroupAsync("web");
        Assert.That((await ec2.AuthorizeAsync(id, "tcp 1 10.0.0.0/8", "tcp 2 10.0.0.0/8", "tcp 1 ::/0", "tcp 2 ::/0")).Outcome, Is.EqualTo("200"));
        Assert.That((await ec2.AuthorizeAsync(id, $"tcp 3 {id}")).Outcome, Is.EqualTo("200"));
        Assert.That((await ec2.AuthorizeAsync(id, "tcp 3 ::/0")).Outcome, Is.EqualTo("400 RulesPerSecurityGroupLimitExceeded"));
        Assert.That((await ec2.AuthorizeAsync(id, "tcp 4 10.0.0.0/8")).Outcome, Is.EqualTo("400 RulesPerSecurityGroupLimitExceeded"));
        Assert.That((await ec2.CallAsync("AuthorizeSecurityGroupEgress", ["GroupId", id, .. GroupCalls.Permission("tcp 4 10.0.0.0/8")])).Outcome, Is.EqualTo("200"), "outbound has a quota of its own");
        await ec2.RevokeAsync(id, "tcp 1 10.0.0.0/8");
        Assert.That((await ec2.AuthorizeAsync(id, "tcp 4 10.0.0.0/8")).Outcome, Is.EqualTo("200"));
    }

    [Test]
    public async Task Revoke_InADefaultVpc_TakesWhatIsThereAndNamesTheRest()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.GroupAsync("web");
        await ec2.CallAsync("AuthorizeSecurityGroupIngress", ["GroupId", id, .. GroupCalls.Permission("tcp 80 10.0.0.0/8", 1, "described")]);
        var answer = await ec2.RevokeAsync(id, "tcp 80 10.0.0.0/8", "tcp 81 10.0.0.0/8");
        Assert.That(answer.Outcome, Is.EqualTo("200"));
        var unknown = answer.Root.Elements().Single(e => e.Name.LocalName == "unknownIpPermissionSet");
        Assert.That(unknown.Descendants().Where(e => e.Name.LocalName == "fromPort").Select(e => e.Value), Is.EqualTo(new[] { "81" }));
        Assert.That(await ec2.DescribedAsync(id), Is.Empty, "the description need not be given");
    }

    [Test]
    public async Task Revoke_InAnotherVpc_TakesNothingWhereOneRuleIsNotThere()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.GroupAsync("web", "VpcId", ec2.Cloud.AddVpc(new ExtraVpc()).Id);
        await ec2.AuthorizeAsync(id, "tcp 80-90 10.0.0.0/8");
        Assert.That((await ec2.RevokeAsync(id, "tcp 80-90 10.0.0.0/8", "tcp 80-89 10.0.0.0/8")).Outcome, Is.EqualTo("400 InvalidPermission.NotFound"));
        Assert.That(await ec2.DescribedAsync(id), Is.EqualTo(new[] { "tcp 80-90 [10.0.0.0/8]" }));
        Assert.That((await ec2.RevokeAsync(id, "tcp 80-90 10.0.0.0/8")).Outcome, Is.EqualTo("200"));
        Assert.That(await ec2.DescribedAsync(id), Is.Empty);
    }

    [Test]
    public async Task Revoke_ById_TakesThatRuleOfThatDirection()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.GroupAsync("web");
        await ec2.AuthorizeAsync(id, "tcp 80 10.0.0.0/8", "tcp 81 10.0.0.0/8");
        var group = ec2.Cloud.Groups("eu-west-1").Single(g => g.Id == id);
        Assert.That((await ec2.CallAsync("RevokeSecurityGroupIngress", "GroupId", id, "SecurityGroupRuleId.1", group.Outbound[0].Id)).Outcome, Is.EqualTo("400 InvalidSecurityGroupRuleId.NotFound"));
        Assert.That((await ec2.CallAsync("RevokeSecurityGroupIngress", "GroupId", id, "SecurityGroupRuleId.1", group.Inbound[0].Id)).Outcome, Is.EqualTo("200"));
        Assert.That((await ec2.CallAsync("RevokeSecurityGroupEgress", "GroupId", id, "SecurityGroupRuleId.1", group.Outbound[0].Id)).Outcome, Is.EqualTo("200"));
        Assert.That(await ec2.DescribedAsync(id), Is.EqualTo(new[] { "tcp 81-81 [10.0.0.0/8]" }));
        Assert.That(await ec2.DescribedAsync(id, "ipPermissionsEgress"), Is.Empty);
    }

    [Test]
    public async Task Describe_ThroughWhatWasAuthorised_GivesBackWhatRevokes()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.GroupAsync("web", "VpcId", ec2.Cloud.AddVpc(new ExtraVpc()).Id);
        string[] rules = ["tcp 80 10.1.2.3/8", "50 7-7 10.0.0.0/8", $"udp 6783-6784 {id}", "58 - ::/0", "-1 - 192.0.2.0/24"];
        Assert.That((await ec2.AuthorizeAsync(id, rules)).Outcome, Is.EqualTo("200"));
        Assert.That((await ec2.RevokeAsync(id, [.. rules.Reverse()])).Outcome, Is.EqualTo("200"));
        Assert.That(await ec2.DescribedAsync(id), Is.Empty);
    }

    [Test]
    public async Task LostAnswer_TheRuleIsThere_AndTheRepeatIsADuplicate()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.GroupAsync("web");
        ec2.Cloud.Faults.Add(new() { Kind = FaultKind.LostAnswer, Action = "AuthorizeSecurityGroupIngress", Count = 1 });
        Assert.That(async () => await ec2.AuthorizeAsync(id, "tcp 80 10.0.0.0/8"), Throws.InstanceOf<HttpRequestException>());
        Assert.That((await ec2.AuthorizeAsync(id, "tcp 80 10.0.0.0/8")).Outcome, Is.EqualTo("400 InvalidPermission.Duplicate"));
        ec2.Cloud.Faults.Add(new() { Kind = FaultKind.LostAnswer, Action = "DeleteSecurityGroup", Count = 1 });
        Assert.That(async () => await ec2.CallAsync("DeleteSecurityGroup", "GroupId", id), Throws.InstanceOf<HttpRequestException>());
        Assert.That((await ec2.CallAsync("DeleteSecurityGroup", "GroupId", id)).Outcome, Is.EqualTo("400 InvalidGroup.NotFound"));
        Assert.That(ec2.Cloud.Calls.Count("AuthorizeSecurityGroupIngress"), Is.EqualTo(2));
    }

    [Test]
    public async Task Fault_BeforeAnything_LeavesNoRuleAndNoGroup()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.GroupAsync("web");
        ec2.Cloud.Faults.Add(new() { Kind = FaultKind.Cut, Action = "AuthorizeSecurityGroupIngress", Count = 1 });
        ec2.Cloud.Faults.Add(new() { Kind = FaultKind.ServerError, Action = "CreateSecurityGroup", Count = 1 });
        Assert.That(async () => await ec2.AuthorizeAsync(id, "tcp 80 10.0.0.0/8"), Throws.InstanceOf<HttpRequestException>());
        Assert.That((await ec2.CallAsync("CreateSecurityGroup", "GroupName", "b", "GroupDescription", "d")).Outcome, Is.EqualTo("500 InternalError"));
        Assert.That(await ec2.DescribedAsync(id), Is.Empty);
        Assert.That(ec2.Cloud.Groups("eu-west-1"), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Authorize_FasterThanItsBucketFills_IsThrottled()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.GroupAsync("web");
        var outcomes = new List<string>();
        for (var i = 0; i < 51; i++) outcomes.Add((await ec2.AuthorizeAsync(id, $"tcp {i} 10.0.0.0/8")).Outcome);
        Assert.That(outcomes[..50], Is.All.EqualTo("200"));
        Assert.That(outcomes[50], Is.EqualTo("503 RequestLimitExceeded"));
    }
}
