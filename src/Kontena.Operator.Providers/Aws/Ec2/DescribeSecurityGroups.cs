using System.Xml.Linq;

namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>
/// One page of security groups. By filters alone, ids too (<c>group-id</c>): asked for by GroupId, one that is gone would fail the call for all others.
/// </summary>
internal sealed class DescribeSecurityGroups(IReadOnlyList<Ec2Filter> filters, string? nextToken) : Ec2Operation<Ec2Page<Ec2SecurityGroup>>
{
    public override string Action => "DescribeSecurityGroups";

    public override string Subject => $"security groups by {string.Join(" and ", filters.Select(f => f.Name))}";

    public override void Write(Ec2Form form) =>
        form.AddFilters(filters).Add("MaxResults", DescribeInstances.PageSize).Add("NextToken", nextToken);

    public override Ec2Page<Ec2SecurityGroup> Read(XElement answer) =>
        new([.. answer.RequiredItems("securityGroupInfo").Select(ReadGroup)], answer.Text("nextToken"));

    private static Ec2SecurityGroup ReadGroup(XElement item) => new()
    {
        Id = item.RequiredText("groupId"),
        Name = item.RequiredText("groupName"),
        OwnerId = item.Text("ownerId"),
        VpcId = item.Text("vpcId"),
        Ingress = item.Permissions("ipPermissions"),
        Egress = item.Permissions("ipPermissionsEgress"),
        Tags = item.Tags(),
    };
}
