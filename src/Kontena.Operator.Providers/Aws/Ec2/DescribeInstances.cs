using System.Xml.Linq;

namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>One page of instances, or one instance by id.</summary>
internal sealed class DescribeInstances : Ec2Operation<Ec2Page<Ec2Instance>>
{
    // EC2's largest page. It refuses MaxResults beside ids.
    internal const int PageSize = 1000;

    private readonly string? id;
    private readonly IReadOnlyList<Ec2Filter> filters;
    private readonly string? nextToken;

    public DescribeInstances(string id)
    {
        this.id = id;
        filters = [];
    }

    public DescribeInstances(IReadOnlyList<Ec2Filter> filters, string? nextToken)
    {
        this.filters = filters;
        this.nextToken = nextToken;
    }

    public override string Action => "DescribeInstances";

    public override string Subject => id ?? $"instances by {string.Join(" and ", filters.Select(f => f.Name))}";

    public override void Write(Ec2Form form)
    {
        form.Add("InstanceId.1", id).AddFilters(filters).Add("NextToken", nextToken);
        if (id is null) form.Add("MaxResults", PageSize);
    }

    public override Ec2Page<Ec2Instance> Read(XElement answer) => new(
        [.. answer.RequiredItems("reservationSet").SelectMany(r => r.RequiredItems("instancesSet")).Select(ReadInstance)],
        answer.Text("nextToken"));

    internal static Ec2Instance ReadInstance(XElement item) => new()
    {
        Id = item.RequiredText("instanceId"),
        StateCode = item.Child("instanceState").Number("code"),
        StateName = item.Child("instanceState").Text("name"),
        StateReasonCode = item.Child("stateReason").Text("code"),
        StateReasonMessage = item.Child("stateReason").Text("message"),
        ClientToken = item.Text("clientToken"),
        InstanceType = item.Text("instanceType"),
        ImageId = item.Text("imageId"),
        AvailabilityZone = item.Child("placement").Text("availabilityZone"),
        PrivateIp = item.Text("privateIpAddress"),
        PublicIp = item.Text("ipAddress"),
        Ipv6 = item.Text("ipv6Address"),
        VpcId = item.Text("vpcId"),
        SecurityGroupIds = [.. item.Items("groupSet").Select(group => group.RequiredText("groupId"))],
        LaunchTime = item.Time("launchTime"),
        Tags = item.Tags(),
    };
}
