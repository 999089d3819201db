using System.Xml.Linq;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Ec2.Actions;
using Kontena.Simulator.Ec2.Query;
using Kontena.Simulator.Tests.Ec2;
using Kontena.TestKit;

namespace Kontena.Simulator.Tests.Contract;

/// <summary>The simulator held against the documents of the real API: it may know less, never something else.</summary>
public sealed class ServiceModelTests
{
    private static IEnumerable<string> Actions => Ec2Action.All.Select(a => a.Name);

    [TestCaseSource(nameof(Actions))]
    public void Parameters_OfAnAction_AreTheModels(string action)
    {
        var model = ServiceModel.Load();
        var rules = Ec2Action.All.Single(a => a.Name == action).Parameters.Values;
        Assert.That(rules, Is.Not.Empty);
        Assert.Multiple(() =>
        {
            foreach (var rule in rules)
            {
                Assert.That(model.InputType(action, rule.Pattern), Is.EqualTo(TypeName(rule.Type)), rule.Pattern);
                if (model.InputType(action, rule.Pattern) is not null && model.InputEnum(action, rule.Pattern) is { Count: > 0 } allowed)
                    Assert.That(rule.Allowed, Is.SubsetOf(allowed), rule.Pattern);
            }
        });
    }

    [Test]
    public async Task Answers_OfEveryAction_AreOfTheModelsShape()
    {
        var model = ServiceModel.Load();
        await using var ec2 = await Ec2Session.StartAsync(new() { InstanceProfiles = ["node"] });
        foreach (var (action, answer) in await AnswersAsync(ec2))
        {
            Assert.That(answer.Status, Is.EqualTo(200), $"{action}\n{answer.Body}");
            Assert.That(answer.Root.Name, Is.EqualTo(XName.Get(action + "Response", "http://ec2.amazonaws.com/doc/2016-11-15/")));
            Assert.That(answer.Text("requestId"), Is.Not.Empty);
            Assert.That(model.Differences(action, answer.Root), Is.Empty, answer.Body);
        }
    }

    [Test]
    public void Differences_WrongAnswer_AreFound()
    {
        var wrong = XElement.Parse("<r><subnetSet><item><subnetId>s</subnetId><colour>blue</colour><defaultForAz>yes</defaultForAz></item><member/></subnetSet></r>");
        Assert.That(ServiceModel.Load().Differences("DescribeSubnets", wrong), Is.EqualTo(new[]
        {
            "DescribeSubnets/subnetSet/item/colour: not in the model",
            "DescribeSubnets/subnetSet/item/defaultForAz: 'yes' is no boolean of the model",
            "DescribeSubnets/subnetSet/member: items are called item",
        }));
    }

    /// <summary>What recorded answers have and ours have not; each line is a gap that is known.</summary>
    private static readonly Dictionary<string, string[]> Gaps = new()
    {
        ["run_instances.xml"] = ["groupSet/item", "groupSet/item/groupId", "instancesSet/item/monitoring/enabled"],
        ["run_instances_idem.xml"] = ["groupSet/item", "groupSet/item/groupId", "instancesSet/item/monitoring/enabled"],
        ["run_instances_spot.xml"] = ["groupSet/item", "groupSet/item/groupId", "instancesSet/item/monitoring/enabled"],
        ["run_instances_iam_profile.xml"] = ["groupSet/item", "groupSet/item/groupId", "instancesSet/item/monitoring/enabled"],
        ["terminate_instances.xml"] = ["instancesSet/item/shutdownState", "instancesSet/item/shutdownState/code", "instancesSet/item/shutdownState/name"],
        ["describe_instances.xml"] = ["reservationSet/item/instancesSet/item/kernelId"],
        ["describe_images_ex_imageids.xml"] =
        [
            "imagesSet/item/billingProducts", "imagesSet/item/billingProducts/item", "imagesSet/item/billingProducts/item/billingProduct",
            "imagesSet/item/blockDeviceMapping/item/virtualName", "imagesSet/item/kernelId",
        ],
        ["describe_subnets.xml"] = ["subnetSet/item/tagSet/item", "subnetSet/item/tagSet/item/key", "subnetSet/item/tagSet/item/value"],
        ["describe_vpcs.xml"] = ["vpcSet/item/tagSet/item", "vpcSet/item/tagSet/item/key", "vpcSet/item/tagSet/item/value"],
        ["describe_availability_zones.xml"] = [],
        ["describe_key_pairs.xml"] = [],
        // The recorded one is of 2010's API; the model has the group's tags and ARN instead.
        ["create_security_group.xml"] = ["return"],
        ["delete_security_group.xml"] = [],
        ["authorize_security_group_ingress.xml"] = [],
        ["revoke_security_group_ingress.xml"] = [],
    };

    [TestCase("run_instances.xml", "RunInstances")]
    [TestCase("run_instances_idem.xml", "RunInstances")]
    [TestCase("run_instances_spot.xml", "RunInstances")]
    [TestCase("run_instances_iam_profile.xml", "RunInstances")]
    [TestCase("terminate_instances.xml", "TerminateInstances")]
    [TestCase("describe_instances.xml", "DescribeInstances")]
    [TestCase("describe_images_ex_imageids.xml", "DescribeImages")]
    [TestCase("describe_subnets.xml", "DescribeSubnets")]
    [TestCase("describe_vpcs.xml", "DescribeVpcs")]
    [TestCase("describe_availability_zones.xml", "DescribeAvailabilityZones")]
    [TestCase("describe_key_pairs.xml", "DescribeKeyPairs")]
    [TestCase("create_security_group.xml", "CreateSecurityGroup")]
    [TestCase("delete_security_group.xml", "DeleteSecurityGroup")]
    [TestCase("authorize_security_group_ingress.xml", "AuthorizeSecurityGroupIngress")]
    [TestCase("revoke_security_group_ingress.xml", "RevokeSecurityGroupIngress")]
    public async Task Answers_BesideARecordedOne_HaveItsElements(string fixture, string action)
    {
        var recorded = XDocument.Load(RepositoryFolders.RequireSpecs("aws/libcloud-fixtures/" + fixture)).Root;
        await using var ec2 = await Ec2Session.StartAsync(new() { InstanceProfiles = ["node"] });
        var ours = (await AnswersAsync(ec2)).Where(a => a.Action == action).SelectMany(a => Paths(a.Answer.Root, "")).ToHashSet();

        var missing = Paths(recorded!, "").Where(path => !ours.Contains(path)).Distinct().Order(StringComparer.Ordinal);

        Assert.That(missing, Is.EquivalentTo(Gaps[fixture]));
    }

    [Test]
    public async Task Errors_BesideARecordedOne_HaveItsElements()
    {
        var recorded = XDocument.Load(RepositoryFolders.RequireSpecs("aws/libcloud-fixtures/run_instances_idem_mismatch.xml")).Root;
        await using var ec2 = await Ec2Session.StartAsync();
        await ec2.RunAsync("ClientToken", "t");
        var mismatch = await ec2.RunAsync("ClientToken", "t", "EbsOptimized", "true");
        Assert.That(Paths(mismatch.Root, ""), Is.EqualTo(Paths(recorded!, "")));
        Assert.That(mismatch.Root.Name, Is.EqualTo(recorded!.Name));
        Assert.That(mismatch.Text("Message"), Is.EqualTo(recorded.Descendants("Message").Single().Value.Trim()));
    }

    /// <summary>Every action's answers, over all states of an instance and with all that a launch can have.</summary>
    private static async Task<IReadOnlyList<(string Action, Ec2Answer Answer)>> AnswersAsync(Ec2Session ec2)
    {
        var answers = new List<(string, Ec2Answer)>();
        async Task<Ec2Answer> AskAsync(string action, params string[] parameters)
        {
            var answer = await ec2.CallAsync(action, parameters);
            answers.Add((action, answer));
            return answer;
        }

        var run = await AskAsync("RunInstances", "ImageId", ec2.Flatcar, "InstanceType", "t3.small", "MinCount", "2", "MaxCount", "2", "KeyName", "kontena", "ClientToken", "t",
            "InstanceMarketOptions.MarketType", "spot", "IamInstanceProfile.Name", "node", "Monitoring.Enabled", "true",
            "TagSpecification.1.ResourceType", "instance", "TagSpecification.1.Tag.1.Key", "a", "TagSpecification.1.Tag.1.Value", "b");
        await AskAsync("DescribeInstances");
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        for (var i = 0; i < 4; i++) await ec2.RunAsync();
        await AskAsync("DescribeInstances", "MaxResults", "5");
        await AskAsync("RebootInstances", "InstanceId.1", run.All("instanceId")[1]);
        var stopped = await ec2.LaunchAsync();
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        await AskAsync("StopInstances", "InstanceId.1", stopped);
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        await AskAsync("DescribeInstances", "InstanceId.1", stopped);
        await AskAsync("StartInstances", "InstanceId.1", stopped);
        await AskAsync("TerminateInstances", "InstanceId.1", run.Text("instanceId"));
        await AskAsync("DescribeInstances");
        ec2.Clock.Advance(TimeSpan.FromSeconds(5));
        await AskAsync("DescribeInstances");
        await AskAsync("CreateTags", "ResourceId.1", run.All("instanceId")[1], "Tag.1.Key", "c", "Tag.1.Value", "d");
        await AskAsync("DescribeTags");
        await AskAsync("DeleteTags", "ResourceId.1", run.All("instanceId")[1], "Tag.1.Key", "c");
        await AskOfGroupsAsync(AskAsync, ec2.Cloud, stopped);
        foreach (var action in Actions.Where(a => a.StartsWith("Describe", StringComparison.Ordinal)).Except(["DescribeInstances", "DescribeTags"]))
            await AskAsync(action);
        Assert.That(answers.Select(a => a.Item1).Distinct(), Is.EquivalentTo(Actions), "every action is asked");
        return answers;
    }

    /// <summary>Every action on groups, with every kind of peer, by value and by id, and a rule that there is not.</summary>
    private static async Task AskOfGroupsAsync(Func<string, string[], Task<Ec2Answer>> ask, Ec2Cloud cloud, string instance)
    {
        var made = await ask("CreateSecurityGroup", ["GroupName", "g", "GroupDescription", "d", "TagSpecification.1.ResourceType", "security-group",
            "TagSpecification.1.Tag.1.Key", "a", "TagSpecification.1.Tag.1.Value", "b"]);
        var group = made.Text("groupId");
        string[] all = ["GroupId", group, "IpPermissions.1.IpProtocol", "tcp", "IpPermissions.1.FromPort", "80", "IpPermissions.1.ToPort", "80",
            "IpPermissions.1.IpRanges.1.CidrIp", "10.0.0.0/8", "IpPermissions.1.IpRanges.1.Description", "v4", "IpPermissions.1.Ipv6Ranges.1.CidrIpv6", "::/0",
            "IpPermissions.1.Ipv6Ranges.1.Description", "v6", "IpPermissions.1.Groups.1.GroupId", group, "IpPermissions.1.Groups.1.Description", "self",
            "IpPermissions.2.IpProtocol", "50", "IpPermissions.2.Groups.1.GroupId", group];
        await ask("AuthorizeSecurityGroupIngress", all);
        await ask("AuthorizeSecurityGroupEgress", all);
        await ask("DescribeSecurityGroups", ["GroupId.1", group]);
        await ask("RevokeSecurityGroupIngress", ["GroupId", group, "IpPermissions.1.IpProtocol", "17", "IpPermissions.1.FromPort", "1", "IpPermissions.1.ToPort", "1",
            "IpPermissions.1.IpRanges.1.CidrIp", "10.0.0.0/8"]);
        await ask("RevokeSecurityGroupIngress", ["GroupId", group, "SecurityGroupRuleId.1", cloud.Groups("eu-west-1").Single(g => g.Id == group).Inbound[0].Id]);
        await ask("RevokeSecurityGroupEgress", all);
        await ask("ModifyInstanceAttribute", ["InstanceId", instance, "GroupId.1", group]);
        var listed = await ask("DescribeInstances", ["InstanceId.1", instance]);
        await ask("ModifyNetworkInterfaceAttribute", ["NetworkInterfaceId", listed.Text("networkInterfaceId"),
            "SecurityGroupId.1", cloud.Vpcs("eu-west-1")[0].DefaultGroupId]);
        await ask("DeleteSecurityGroup", ["GroupId", group]);
    }

    private static IEnumerable<string> Paths(XElement element, string at) => element.Elements()
        .SelectMany(e => Paths(e, $"{at}{e.Name.LocalName}/").Prepend(at + e.Name.LocalName)).Distinct();

    private static string TypeName(ParameterType type) => type switch
    {
        ParameterType.Text => "string",
        ParameterType.Integer => "integer",
        ParameterType.Boolean => "boolean",
        _ => throw new InvalidOperationException($"Parameter type {type} has no name in the model."),
    };
}
