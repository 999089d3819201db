using Kontena.Simulator.Ec2;

namespace Kontena.Simulator.Tests.Ec2;

/// <summary>Groups: made, found, listed, tagged, deleted.</summary>
public sealed class SecurityGroupTests
{
    [Test]
    public async Task Create_WithTags_IsDescribedWithItsWayOut()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.GroupAsync("web  ", "TagSpecification.1.ResourceType", "security-group", "TagSpecification.1.Tag.1.Key", "kontena-pool", "TagSpecification.1.Tag.1.Value", "p");
        var answer = await ec2.CallAsync("DescribeSecurityGroups", "Filter.1.Name", "tag:kontena-pool", "Filter.1.Value.1", "p");
        Assert.That(id, Does.Match("^sg-[0-9a-f]{17}$"));
        Assert.That(answer.All("groupName"), Is.EqualTo(new[] { "web" }), "spaces at the end are not kept");
        Assert.That(answer.Text("groupDescription"), Is.EqualTo("of a test"));
        Assert.That(await ec2.DescribedAsync(id), Is.Empty);
        Assert.That(await ec2.DescribedAsync(id, "ipPermissionsEgress"), Is.EqualTo(new[] { "-1 - [0.0.0.0/0]" }));
    }

    [Test]
    public async Task Create_NameThatTheVpcHas_IsADuplicateWhateverItsCase()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var other = ec2.Cloud.AddVpc(new ExtraVpc());
        await ec2.GroupAsync("web");
        Assert.That((await ec2.CallAsync("CreateSecurityGroup", "GroupName", "WEB", "GroupDescription", "d")).Outcome, Is.EqualTo("400 InvalidGroup.Duplicate"));
        Assert.That((await ec2.CallAsync("CreateSecurityGroup", "GroupName", "web", "GroupDescription", "d", "VpcId", other.Id)).Outcome, Is.EqualTo("200"));
    }

    [TestCase("400 InvalidParameterValue", "GroupName", "sg-web", "GroupDescription", "d")]
    [TestCase("400 InvalidParameterValue", "GroupName", "default", "GroupDescription", "d")]
    [TestCase("400 InvalidParameterValue", "GroupName", "wéb", "GroupDescription", "d")]
    [TestCase("400 InvalidParameterValue", "GroupName", "web", "GroupDescription", "more > less")]
    [TestCase("400 MissingParameter", "GroupName", "web")]
    [TestCase("400 MissingParameter", "GroupDescription", "d")]
    [TestCase("400 MissingParameter", "GroupName", "  ", "GroupDescription", "d")]
    [TestCase("400 InvalidVpcID.NotFound", "GroupName", "web", "GroupDescription", "d", "VpcId", "vpc-0123456789abcdef0")]
    [TestCase("400 InvalidVpcID.Malformed", "GroupName", "web", "GroupDescription", "d", "VpcId", "main")]
    [TestCase("400 InvalidParameterValue", "GroupName", "web", "GroupDescription", "d", "TagSpecification.1.ResourceType", "instance")]
    [TestCase("412 DryRunOperation", "GroupName", "web", "GroupDescription", "d", "DryRun", "true")]
    public async Task Create_Refused_MakesNothing(string outcome, params string[] parameters)
    {
        await using var ec2 = await Ec2Session.StartAsync();
        Assert.That((await ec2.CallAsync("CreateSecurityGroup", parameters)).Outcome, Is.EqualTo(outcome));
        Assert.That(ec2.Cloud.Groups("eu-west-1").Select(g => g.Name), Is.EqualTo(new[] { "default" }));
    }

    [Test]
    public async Task Create_LongestNameAndDescription_AreTakenAndOneMoreIsNot()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        const string marks = " ._-:/()#,@[]+=&;{}!$*";
        var longest = ("x" + marks).PadRight(255, 'y');
        Assert.That((await ec2.CallAsync("CreateSecurityGroup", "GroupName", longest, "GroupDescription", longest)).Outcome, Is.EqualTo("200"));
        Assert.That((await ec2.CallAsync("CreateSecurityGroup", "GroupName", longest + "y", "GroupDescription", "d")).Outcome, Is.EqualTo("400 InvalidParameterValue"));
        Assert.That((await ec2.CallAsync("CreateSecurityGroup", "GroupName", "b", "GroupDescription", longest + "y")).Outcome, Is.EqualTo("400 InvalidParameterValue"));
    }

    [Test]
    public async Task Create_OverTheQuota_IsRefused()
    {
        await using var ec2 = await Ec2Session.StartAsync(new() { Quota = new() { SecurityGroups = 2 } });
        await ec2.GroupAsync("a");
        Assert.That((await ec2.CallAsync("CreateSecurityGroup", "GroupName", "b", "GroupDescription", "d")).Outcome, Is.EqualTo("400 SecurityGroupLimitExceeded"));
    }

    [Test]
    public async Task Describe_ByEveryFilter_FindsTheOne()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var vpc = ec2.Cloud.AddVpc(new ExtraVpc());
        var id = await ec2.GroupAsync("web", "VpcId", vpc.Id, "TagSpecification.1.ResourceType", "security-group", "TagSpecification.1.Tag.1.Key", "k");
        foreach (var (name, value) in new[] { ("group-id", id), ("group-name", "w?b"), ("description", "of a*"), ("tag-key", "k"), ("tag:k", "") })
            Assert.That((await ec2.CallAsync("DescribeSecurityGroups", "Filter.1.Name", name, "Filter.1.Value.1", value)).All("groupName"), Is.EqualTo(new[] { "web" }), name);
        Assert.That((await ec2.CallAsync("DescribeSecurityGroups", "Filter.1.Name", "vpc-id", "Filter.1.Value.1", vpc.Id)).All("groupName"), Is.EqualTo(new[] { "default", "web" }));
        Assert.That((await ec2.CallAsync("DescribeSecurityGroups", "Filter.1.Name", "owner-id", "Filter.1.Value.1", "000000000000")).All("groupName"), Has.Count.EqualTo(3));
        Assert.That((await ec2.CallAsync("DescribeSecurityGroups", "GroupName.1", "web")).Outcome, Is.EqualTo("400 InvalidGroup.NotFound"), "names are the default VPC's");
        Assert.That((await ec2.CallAsync("DescribeSecurityGroups", "Filter.1.Name", "colour", "Filter.1.Value.1", "blue")).Outcome, Is.EqualTo("400 InvalidParameterValue"));
    }

    [Test]
    public async Task Describe_InPages_GivesEachGroupOnce()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        for (var i = 0; i < 11; i++) await ec2.GroupAsync($"g{i}");
        var (seen, token) = (new List<string>(), (string?)null);
        do
        {
            var page = await ec2.CallAsync("DescribeSecurityGroups", ["MaxResults", "5", .. token is null ? Array.Empty<string>() : ["NextToken", token]]);
            seen.AddRange(page.All("groupName"));
            token = page.All("nextToken").SingleOrDefault();
        }
        while (token is not null);
        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, 11).Select(i => $"g{i}").Prepend("default")));
    }

    [Test]
    public async Task FreshGroup_UnderEventualConsistency_IsNotFoundByAnyCallAndStillADuplicate()
    {
        await using var ec2 = await Ec2Session.StartAsync(new() { InvisibleFor = TimeSpan.FromSeconds(3) });
        var id = await ec2.GroupAsync("web");
        Assert.That((await ec2.CallAsync("DescribeSecurityGroups", "GroupId.1", id)).Outcome, Is.EqualTo("400 InvalidGroup.NotFound"));
        Assert.That((await ec2.CallAsync("DescribeSecurityGroups")).All("groupName"), Is.EqualTo(new[] { "default" }));
        Assert.That((await ec2.AuthorizeAsync(id, "tcp 80 0.0.0.0/0")).Outcome, Is.EqualTo("400 InvalidGroup.NotFound"));
        Assert.That((await ec2.RunAsync("SecurityGroupId.1", id)).Outcome, Is.EqualTo("400 InvalidGroup.NotFound"));
        Assert.That((await ec2.CallAsync("CreateTags", "ResourceId.1", id, "Tag.1.Key", "k")).Outcome, Is.EqualTo("400 InvalidGroup.NotFound"));
        Assert.That((await ec2.CallAsync("CreateSecurityGroup", "GroupName", "web", "GroupDescription", "d")).Outcome, Is.EqualTo("400 InvalidGroup.Duplicate"));
        ec2.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.That((await ec2.AuthorizeAsync(id, "tcp 80 0.0.0.0/0")).Outcome, Is.EqualTo("200"));
        Assert.That((await ec2.RunAsync("SecurityGroupId.1", id)).Outcome, Is.EqualTo("200"));
    }

    [Test]
    public async Task Tags_OfAGroup_AreCreatedListedAndDeleted()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.GroupAsync("web");
        await ec2.CallAsync("CreateTags", "ResourceId.1", id, "Tag.1.Key", "a", "Tag.1.Value", "1");
        var listed = await ec2.CallAsync("DescribeTags", "Filter.1.Name", "resource-type", "Filter.1.Value.1", "security-group");
        Assert.That((listed.Text("resourceId"), listed.Text("key"), listed.Text("value")), Is.EqualTo((id, "a", "1")));
        await ec2.CallAsync("DeleteTags", "ResourceId.1", id, "Tag.1.Key", "a");
        Assert.That(ec2.Cloud.Groups("eu-west-1").Single(g => g.Id == id).Tags, Is.Empty);
    }

    [Test]
    public async Task Delete_WhileAnInstanceHasIt_IsRefusedUntilThatIsTerminated()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var id = await ec2.GroupAsync("web");
        var instance = await ec2.LaunchAsync("SecurityGroupId.1", id);
        Assert.That((await ec2.CallAsync("DeleteSecurityGroup", "GroupId", id)).Outcome, Is.EqualTo("400 DependencyViolation"));
        await ec2.CallAsync("TerminateInstances", "InstanceId.1", instance);
        Assert.That((await ec2.CallAsync("DeleteSecurityGroup", "GroupId", id)).Outcome, Is.EqualTo("400 DependencyViolation"), "it is still shutting down");
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That((await ec2.CallAsync("DeleteSecurityGroup", "GroupId", id, "DryRun", "true")).Outcome, Is.EqualTo("412 DryRunOperation"));
        Assert.That((await ec2.CallAsync("DeleteSecurityGroup", "GroupId", id)).Outcome, Is.EqualTo("200"));
        Assert.That((await ec2.CallAsync("DeleteSecurityGroup", "GroupId", id)).Outcome, Is.EqualTo("400 InvalidGroup.NotFound"));
        var gone = ec2.Cloud.Groups("eu-west-1").Single(g => g.Id == id);
        Assert.That(gone.Deleted - gone.Created, Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public async Task Delete_WhileAnotherGroupsRuleNamesIt_IsRefused()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var (web, members) = (await ec2.GroupAsync("web"), await ec2.GroupAsync("members"));
        await ec2.AuthorizeAsync(web, $"tcp 80 {members}");
        await ec2.AuthorizeAsync(members, $"tcp 6783 {members}");
        Assert.That((await ec2.CallAsync("DeleteSecurityGroup", "GroupId", members)).Outcome, Is.EqualTo("400 DependencyViolation"));
        await ec2.RevokeAsync(web, $"tcp 80 {members}");
        Assert.That((await ec2.CallAsync("DeleteSecurityGroup", "GroupName", "members")).Outcome, Is.EqualTo("200"), "its own rule about itself does not hold it");
    }

    [Test]
    public async Task Delete_DefaultOrMalformed_IsRefused()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var group = ec2.Cloud.Vpcs("eu-west-1").Single().DefaultGroupId;
        Assert.That((await ec2.CallAsync("DeleteSecurityGroup", "GroupId", group)).Outcome, Is.EqualTo("400 CannotDelete"));
        Assert.That((await ec2.CallAsync("DeleteSecurityGroup", "GroupId", "web")).Outcome, Is.EqualTo("400 InvalidGroupId.Malformed"));
        Assert.That((await ec2.CallAsync("DeleteSecurityGroup")).Outcome, Is.EqualTo("400 MissingParameter"));
    }
}
