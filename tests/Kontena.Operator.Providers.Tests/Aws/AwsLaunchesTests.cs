using System.Text;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Aws;
using Kontena.Operator.Providers.Aws.Ec2;

namespace Kontena.Operator.Providers.Tests.Aws;

public sealed class AwsLaunchesTests
{
    private static readonly ResolvedOffering resolved = new("ami-0abc", new Dictionary<string, string> { ["subnet"] = "subnet-1", ["zone"] = "eu-west-1a", ["rootDevice"] = "/dev/xvda" });

    [Test]
    public void Write_PlainRequest_TheseParameters()
    {
        var settings = Settings() with { KeyName = "ops", SecurityGroupIds = ["sg-1", "sg-2"] };
        Assert.That(Fields(Request(settings)), Is.EqualTo(new Dictionary<string, string>
        {
            ["MinCount"] = "1",
            ["MaxCount"] = "1",
            ["ClientToken"] = "token-node-1-1",
            ["ImageId"] = "ami-0abc",
            ["InstanceType"] = "t3.small",
            ["KeyName"] = "ops",
            ["SubnetId"] = "subnet-1",
            ["SecurityGroupId.1"] = "sg-1",
            ["SecurityGroupId.2"] = "sg-2",
            ["BlockDeviceMapping.1.DeviceName"] = "/dev/xvda",
            ["BlockDeviceMapping.1.Ebs.VolumeSize"] = "30",
            ["BlockDeviceMapping.1.Ebs.VolumeType"] = "gp3",
            ["BlockDeviceMapping.1.Ebs.Encrypted"] = "true",
            ["BlockDeviceMapping.1.Ebs.DeleteOnTermination"] = "true",
            ["MetadataOptions.HttpEndpoint"] = "enabled",
            ["MetadataOptions.HttpTokens"] = "required",
            ["MetadataOptions.HttpPutResponseHopLimit"] = "2",
            ["TagSpecification.1.ResourceType"] = "instance",
            ["TagSpecification.1.Tag.1.Key"] = "kontena-attempt",
            ["TagSpecification.1.Tag.1.Value"] = "1",
            ["TagSpecification.1.Tag.2.Key"] = "kontena-installation",
            ["TagSpecification.1.Tag.2.Value"] = "installation-1",
            ["TagSpecification.1.Tag.3.Key"] = "kontena-node",
            ["TagSpecification.1.Tag.3.Value"] = "node-1",
            ["TagSpecification.1.Tag.4.Key"] = "kontena-pool",
            ["TagSpecification.1.Tag.4.Value"] = "pool-uid",
            ["TagSpecification.1.Tag.5.Key"] = "Name",
            ["TagSpecification.1.Tag.5.Value"] = "pool-node-1",
            ["TagSpecification.2.ResourceType"] = "volume",
            ["TagSpecification.2.Tag.1.Key"] = "kontena-attempt",
            ["TagSpecification.2.Tag.1.Value"] = "1",
            ["TagSpecification.2.Tag.2.Key"] = "kontena-installation",
            ["TagSpecification.2.Tag.2.Value"] = "installation-1",
            ["TagSpecification.2.Tag.3.Key"] = "kontena-node",
            ["TagSpecification.2.Tag.3.Value"] = "node-1",
            ["TagSpecification.2.Tag.4.Key"] = "kontena-pool",
            ["TagSpecification.2.Tag.4.Value"] = "pool-uid",
            ["TagSpecification.2.Tag.5.Key"] = "Name",
            ["TagSpecification.2.Tag.5.Value"] = "pool-node-1",
            ["UserData"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"#cloud-config\n# {Canary.Of("user-data")}\n")),
        }));
    }

    [Test]
    public void Write_PublicAddress_SubnetAndGroupsGoIntoTheInterface()
    {
        var fields = Fields(Request(Settings() with { AssociatePublicIp = false, SecurityGroupIds = ["sg-1"] }));
        Assert.That(fields.Where(f => f.Key.StartsWith("NetworkInterface", StringComparison.Ordinal)).ToDictionary(), Is.EqualTo(new Dictionary<string, string>
        {
            ["NetworkInterface.1.DeviceIndex"] = "0",
            ["NetworkInterface.1.SubnetId"] = "subnet-1",
            ["NetworkInterface.1.AssociatePublicIpAddress"] = "false",
            ["NetworkInterface.1.DeleteOnTermination"] = "true",
            ["NetworkInterface.1.SecurityGroupId.1"] = "sg-1",
        }));
        Assert.That(fields.Keys, Has.None.EqualTo("SubnetId").And.None.StartsWith("SecurityGroupId"));
    }

    [TestCase(null, "sg-8,sg-9", "SecurityGroupId.1=sg-8,SecurityGroupId.2=sg-9")]
    [TestCase("", "sg-8", "SecurityGroupId.1=sg-8")]
    [TestCase("sg-1,sg-2", null, "SecurityGroupId.1=sg-1,SecurityGroupId.2=sg-2")]
    [TestCase("sg-2,sg-1", "sg-8,sg-1", "SecurityGroupId.1=sg-2,SecurityGroupId.2=sg-1,SecurityGroupId.3=sg-8")]
    [TestCase(null, null, "")]
    public void Write_Groups_TheOperatorsThenTheUsers(string? own, string? users, string expected)
    {
        static IReadOnlyList<string>? List(string? text) => text?.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var request = Request(Settings() with { SecurityGroupIds = List(users) });
        var fields = Fields(request with { Attempt = request.Attempt with { Firewalls = List(own) } });
        Assert.That(string.Join(',', fields.Where(f => f.Key.StartsWith("SecurityGroupId", StringComparison.Ordinal)).Select(f => $"{f.Key}={f.Value}")), Is.EqualTo(expected));
    }

    [Test]
    public void Write_Spot_OneTimeAndTerminated()
    {
        var fields = Fields(Request(Settings() with { Spot = true }));
        Assert.That(fields.Where(f => f.Key.StartsWith("InstanceMarket", StringComparison.Ordinal)).ToDictionary(), Is.EqualTo(new Dictionary<string, string>
        {
            ["InstanceMarketOptions.MarketType"] = "spot",
            ["InstanceMarketOptions.SpotOptions.SpotInstanceType"] = "one-time",
            ["InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior"] = "terminate",
        }));
    }

    [Test]
    public void Write_EqualRequestsBuiltInAnotherOrder_EqualBytes()
    {
        var one = Request(Settings() with { Tags = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1", ["C"] = "3" } });
        var details = new Dictionary<string, string> { ["rootDevice"] = "/dev/xvda", ["zone"] = "eu-west-1a", ["subnet"] = "subnet-1" };
        var two = Request(Settings() with { Tags = new Dictionary<string, string> { ["C"] = "3", ["a"] = "1", ["b"] = "2" } });
        two = two with { Attempt = two.Attempt with { Resolved = details } };
        Assert.That(Bytes(two), Is.EqualTo(Bytes(one)));
    }

    [Test]
    public void Compose_UserSetsName_TheirsWins()
    {
        var settings = Settings() with { Tags = new Dictionary<string, string> { ["Name"] = "mine" } };
        var tags = AwsLaunches.Compose(Request(settings), settings).Tags;
        Assert.That(tags.Where(t => t.Key == "Name").Select(t => t.Value), Is.EqualTo(new[] { "mine" }));
    }

    [TestCase("kontena-node")]
    [TestCase("Kontena-Node")]
    [TestCase("aws:autoscaling")]
    public void Compose_UserSetsAReservedTag_BadSettings(string key)
    {
        var settings = Settings() with { Tags = new Dictionary<string, string> { [key] = "x" } };
        var fault = Assert.Throws<DriverException>(() => AwsLaunches.Compose(Request(settings), settings));
        Assert.That((fault.Fault, fault.Message.Contains(key, StringComparison.Ordinal)), Is.EqualTo((DriverFault.BadSettings, true)));
    }

    [Test]
    public void Compose_UserDataAtAndOverTheLimit_BadSettingsBeforeTheCall()
    {
        var request = Request(Settings());
        Assert.DoesNotThrow(() => AwsLaunches.Compose(request with { UserData = new byte[16384] }, Settings()));
        var fault = Assert.Throws<DriverException>(() => AwsLaunches.Compose(request with { UserData = new byte[16385] }, Settings()));
        Assert.That(fault.Message, Does.Contain("16385 bytes").And.Contain("spec.template.userData"));
    }

    [TestCase("subnet")]
    [TestCase("rootDevice")]
    public void Compose_AttemptWithoutWhatWasResolved_BadSettings(string missing)
    {
        var request = Request(Settings());
        var details = resolved.Details.Where(d => d.Key != missing).ToDictionary();
        var fault = Assert.Throws<DriverException>(() => AwsLaunches.Compose(request with { Attempt = request.Attempt with { Resolved = details } }, Settings()));
        Assert.That(fault.Message, Does.Contain(missing));
    }

    private static AwsSettings Settings() => new() { Region = "eu-west-1", InstanceTypes = ["t3.small"] };

    private static MachineRequest Request(AwsSettings settings) => Requests.Of(settings, new Offering("a", "t3.small"), resolved, "node-1");

    private static IReadOnlyDictionary<string, string> Fields(MachineRequest request)
    {
        var form = new Ec2Form();
        new RunInstances(AwsLaunches.Compose(request, (AwsSettings)request.Settings)).Write(form);
        return form.Fields;
    }

    private static byte[] Bytes(MachineRequest request) => Encoding.UTF8.GetBytes(string.Join('&', Fields(request).Select(f => $"{f.Key}={f.Value}")));
}
