using System.Collections;
using System.Text.Json;
using System.Xml.Linq;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Aws;
using Kontena.Operator.Providers.Aws.Ec2;
using Kontena.TestKit;

namespace Kontena.Operator.Providers.Tests.Aws;

/// <summary>What we send and read against AWS's own documents; skipped, saying so, where they are not on the machine.</summary>
public sealed class Ec2ModelTests
{
    private static readonly Ec2Filter[] filters = [new("name", ["a", "b"]), Ec2Filter.Tag("k", "v")];

    private static readonly Ec2Rule[] everyRule =
    [
        new("tcp", 80, 81, new Ec2Source.Ipv4("10.0.0.0/8"), "words"),
        new("tcp", 80, 81, new Ec2Source.Ipv6("::/0"), "words"),
        new("tcp", 80, 81, new Ec2Source.PrefixList("pl-1"), "words"),
        new("50", null, null, new Ec2Source.Group("sg-1", "123456789012"), "words"),
    ];

    [Test]
    public void Write_EveryOperation_OnlyParametersOfItsInputShape()
    {
        var model = Ec2Model.Load();
        var wrong = new List<string>();
        wrong.AddRange(Judge(model, new RunInstances(Launches.Full)));
        wrong.AddRange(Judge(model, new RunInstances(Launches.WithPublicAddress)));
        wrong.AddRange(Judge(model, new DescribeInstances("i-1")));
        wrong.AddRange(Judge(model, new DescribeInstances(filters, "next")));
        wrong.AddRange(Judge(model, new TerminateInstances("i-1")));
        wrong.AddRange(Judge(model, new DescribeImages(new Ec2ImageQuery.ById("ami-1"), null)));
        wrong.AddRange(Judge(model, new DescribeImages(new Ec2ImageQuery.ByOwner("self", filters), "next")));
        wrong.AddRange(Judge(model, new DescribeSubnets(["subnet-1", "subnet-2"], [], null)));
        wrong.AddRange(Judge(model, new DescribeSubnets([], filters, "next")));
        wrong.AddRange(Judge(model, new DescribeVpcs(filters, "next")));
        wrong.AddRange(Judge(model, new DescribeSecurityGroups(filters, "next")));
        wrong.AddRange(Judge(model, new CreateSecurityGroup(new Ec2NewSecurityGroup("name", "words", "vpc-1", Launches.Full.Tags))));
        wrong.AddRange(Judge(model, new DeleteSecurityGroup("sg-1")));
        wrong.AddRange(Judge(model, new AuthorizeSecurityGroupIngress("sg-1", everyRule)));
        wrong.AddRange(Judge(model, new RevokeSecurityGroupIngress("sg-1", everyRule)));
        wrong.AddRange(Judge(model, new ModifyInstanceAttribute("i-1", ["sg-1", "sg-2"])));
        wrong.AddRange(Judge(model, new CreateTags("i-1", Launches.Full.Tags)));
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Judge_WrongNames_AreFound()
    {
        var model = Ec2Model.Load();
        Assert.That(model.Judge("RunInstances", "TagSpecifications.1.ResourceType", "instance"), Does.Contain("has no TagSpecifications"));
        Assert.That(model.Judge("RunInstances", "TagSpecification.1.Tag.member.1.Key", "x"), Does.Contain("not a place in a list"));
        Assert.That(model.Judge("RunInstances", "BlockDeviceMapping.1.Ebs.VolumeType", "gp33"), Does.Contain("none of"));
        Assert.That(model.Judge("RunInstances", "MinCount", "one"), Does.Contain("no integer"));
    }

    [Test]
    public void Write_MembersMarkedAsToken_AreAllSet()
    {
        var form = new Ec2Form();
        new RunInstances(Launches.Full).Write(form);
        var tokens = Ec2Model.Load().TokenFields("RunInstances").ToList();
        Assert.That(tokens, Is.Not.Empty);
        Assert.That(form.Fields.Keys, Is.SupersetOf(tokens));
    }

    [Test]
    public void Read_AnswerWithEveryMember_NoPropertyStaysEmpty()
    {
        var model = Ec2Model.Load();
        var empty = new List<string>();
        var run = new RunInstances(Launches.Full);
        empty.AddRange(Empty(run.Read(model.FullAnswer("RunInstances"))));
        empty.AddRange(EmptyPage(new DescribeInstances(filters, null).Read(model.FullAnswer("DescribeInstances"))));
        empty.AddRange(EmptyPage(new DescribeImages(new Ec2ImageQuery.ById("ami"), null).Read(model.FullAnswer("DescribeImages"))));
        empty.AddRange(EmptyPage(new DescribeSubnets([], filters, null).Read(model.FullAnswer("DescribeSubnets"))));
        empty.AddRange(EmptyPage(new DescribeVpcs(filters, null).Read(model.FullAnswer("DescribeVpcs"))));
        var groups = new DescribeSecurityGroups(filters, null).Read(model.FullAnswer("DescribeSecurityGroups"));
        empty.AddRange(EmptyPage(groups));
        empty.AddRange(groups.Items[0].Ingress.Concat(groups.Items[0].Egress).SelectMany(Empty));
        Assert.That(empty, Is.Empty);
        Assert.That(new TerminateInstances("text").Read(model.FullAnswer("TerminateInstances")), Is.EqualTo("text"));
        Assert.That(new CreateSecurityGroup(new Ec2NewSecurityGroup("n", "d", "v", [])).Read(model.FullAnswer("CreateSecurityGroup")), Is.EqualTo("text"));
        Assert.That(groups.Items[0].Ingress.Select(rule => rule.Source.GetType()), Is.EquivalentTo(everyRule.Select(rule => rule.Source.GetType())), "every kind of source is read");
    }

    [TestCase("describe_instances.xml", new[] { "i-4382922a", "i-8474834a" })]
    [TestCase("describe_images_ex_imageids.xml", new[] { "ami-57ba933a" })]
    [TestCase("describe_subnets.xml", new[] { "subnet-ce0e7ce5", "subnet-ce0e7ce6" })]
    [TestCase("describe_vpcs.xml", new[] { "vpc-532335e1", "vpc-62ded30e" })]
    [TestCase("run_instances.xml", new[] { "i-2ba64342" })]
    [TestCase("run_instances_idem.xml", new[] { "i-2ba64342" })]
    [TestCase("run_instances_iam_profile.xml", new[] { "i-2ba64343" })]
    [TestCase("run_instances_spot.xml", new[] { "i-2ba64344" })]
    [TestCase("create_security_group.xml", new[] { "sg-52e2f530" })]
    [TestCase("authorize_security_group_ingress.xml", new[] { "True" })]
    [TestCase("revoke_security_group_ingress.xml", new[] { "True" })]
    [TestCase("delete_security_group.xml", new[] { "True" })]
    public void Read_RecordedAnswer_TheseIds(string file, string[] ids)
    {
        var answer = XElement.Load(RepositoryFolders.RequireSpecs($"aws/libcloud-fixtures/{file}"));
        IEnumerable<string> read = answer.Name.LocalName switch
        {
            "DescribeInstancesResponse" => new DescribeInstances(filters, null).Read(answer).Items.Select(i => i.Id),
            "DescribeImagesResponse" => new DescribeImages(new Ec2ImageQuery.ById("ami"), null).Read(answer).Items.Select(i => i.Id),
            "DescribeSubnetsResponse" => new DescribeSubnets([], filters, null).Read(answer).Items.Select(i => i.Id),
            "DescribeVpcsResponse" => new DescribeVpcs(filters, null).Read(answer).Items.Select(i => i.Id),
            "RunInstancesResponse" => [new RunInstances(Launches.Full).Read(answer).Id],
            "CreateSecurityGroupResponse" => [new CreateSecurityGroup(new Ec2NewSecurityGroup("n", "d", "v", [])).Read(answer)],
            "AuthorizeSecurityGroupIngressResponse" => [$"{new AuthorizeSecurityGroupIngress("sg-1", everyRule).Read(answer)}"],
            "RevokeSecurityGroupIngressResponse" => [$"{new RevokeSecurityGroupIngress("sg-1", everyRule).Read(answer)}"],
            "DeleteSecurityGroupResponse" => [$"{new DeleteSecurityGroup("sg-1").Read(answer)}"],
            _ => throw new InvalidOperationException($"{answer.Name.LocalName} is not read by the driver"),
        };
        Assert.That(read, Is.EqualTo(ids));
    }

    [Test]
    public void From_RecordedInstance_MachineWithAddressesAndReason()
    {
        var answer = XElement.Load(RepositoryFolders.RequireSpecs("aws/libcloud-fixtures/describe_instances.xml"));
        var machine = AwsMachines.From(new DescribeInstances(filters, null).Read(answer).Items[0], "us-east-1");
        Assert.That(machine, Is.EqualTo(new Machine
        {
            ProviderId = "aws:///us-east-1d/i-4382922a",
            State = MachineState.Stopped,
            Zone = "us-east-1d",
            Type = "m1.small",
            Token = machine.Token,
            Image = "ami-3215fe5a",
            Addresses = machine.Addresses,
            Firewalls = machine.Firewalls,
            CreatedAt = new DateTimeOffset(2013, 12, 2, 11, 58, 11, TimeSpan.Zero),
            Detail = "Client.UserInitiatedShutdown: User initiated shutdown",
        }));
        Assert.That(machine.Addresses, Is.EqualTo(new[] { "10.211.11.211", "1.2.3.4" }));
        Assert.That(machine.Firewalls, Is.EqualTo(new[] { "sg-42916629", "sg-42916628" }));
    }

    [Test]
    public async Task Read_RecordedMismatch_IsTokenMismatch()
    {
        var body = await File.ReadAllTextAsync(RepositoryFolders.RequireSpecs("aws/libcloud-fixtures/run_instances_idem_mismatch.xml"));
        var ct = TestContext.CurrentContext.CancellationToken;
        await using var server = await ScriptedEc2.StartAsync(ct);
        server.Then(400, body);
        using var client = server.Client();
        var fault = Assert.ThrowsAsync<DriverException>(() => client.RunInstanceAsync(Launches.Full, ct));
        Assert.That((fault.Fault, fault.Code, fault.OutcomeUnknown), Is.EqualTo((DriverFault.TokenMismatch, "IdempotentParameterMismatch", false)));
        Assert.That(fault.Data["RequestId"], Is.EqualTo("5dabd361-d2e0-4f79-937d-4b2852a3b719"));
    }

    [Test]
    public void StateOf_EveryStateOfTheWaitersAndTheModel_IsRecognised()
    {
        using var waiters = JsonDocument.Parse(File.ReadAllText(RepositoryFolders.RequireSpecs("aws/ec2-2016-11-15.waiters-2.trimmed.json")));
        var states = waiters.RootElement.GetProperty("waiters").EnumerateObject()
            .SelectMany(w => w.Value.GetProperty("acceptors").EnumerateArray())
            .Where(a => a.TryGetProperty("argument", out var argument) && argument.GetString() == "Reservations[].Instances[].State.Name")
            .Select(a => a.GetProperty("expected").GetString()!).ToHashSet();
        Assert.That(states, Does.Contain("terminated").And.Contain("pending"));
        Assert.That(states.Where(s => AwsMachines.StateOf(s) == MachineState.Unrecognised), Is.Empty);
    }

    [Test]
    public void Of_CodesThatBotocoreRepeats_AreThrottledOrUnavailableOrDefinitelyFull()
    {
        using var rules = JsonDocument.Parse(File.ReadAllText(RepositoryFolders.RequireSpecs("aws/botocore-_retry.json")));
        var codes = rules.RootElement.GetProperty("definitions").EnumerateObject()
            .Select(d => d.Value.TryGetProperty("applies_when", out var when) && when.TryGetProperty("response", out var response) ? response : default)
            .Where(r => r.ValueKind == JsonValueKind.Object && r.TryGetProperty("service_error_code", out _))
            .Select(r => (Code: r.GetProperty("service_error_code").GetString()!, Status: r.GetProperty("http_status_code").GetInt32()))
            .Where(r => r.Code is "Throttling" or "ThrottlingException" or "RequestLimitExceeded" or "EC2ThrottledException" or "ThrottledException" or "RequestThrottled" or "PriorRequestNotComplete" or "TooManyRequestsException")
            .ToList();
        Assert.That(codes, Is.Not.Empty);
        Assert.That(codes.Where(c => AwsFaults.Of(c.Code, c.Status) != DriverFault.Throttled), Is.Empty);
    }

    private static IEnumerable<string> Judge<T>(Ec2Model model, Ec2Operation<T> operation)
    {
        var form = new Ec2Form();
        operation.Write(form);
        return form.Fields.Select(f => model.Judge(operation.Action, f.Key, f.Value)).OfType<string>();
    }

    private static IEnumerable<string> EmptyPage<T>(Ec2Page<T> page) where T : notnull =>
        page is { Items: [var item], NextToken: "text" } ? Empty(item) : [$"{typeof(T).Name}: {page.Items.Count} items, next {page.NextToken}"];

    private static IEnumerable<string> Empty(object read) => read.GetType().GetProperties()
        .Where(p => IsEmpty(p.GetValue(read))).Select(p => $"{read.GetType().Name}.{p.Name}");

    private static bool IsEmpty(object? value) => value switch
    {
        null or "" or false => true,
        string => false,
        IEnumerable list => !list.Cast<object>().Any(),
        _ => false,
    };
}
