using System.Xml.Linq;

namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>One page of subnets, or subnets by id.</summary>
internal sealed class DescribeSubnets(IReadOnlyList<string> ids, IReadOnlyList<Ec2Filter> filters, string? nextToken) : Ec2Operation<Ec2Page<Ec2Subnet>>
{
    public override string Action => "DescribeSubnets";

    public override string Subject => ids.Count > 0 ? string.Join(", ", ids) : $"subnets by {string.Join(" and ", filters.Select(f => f.Name))}";

    public override void Write(Ec2Form form)
    {
        form.AddList("SubnetId", ids).AddFilters(filters).Add("NextToken", nextToken);
        if (ids.Count == 0) form.Add("MaxResults", DescribeInstances.PageSize);
    }

    public override Ec2Page<Ec2Subnet> Read(XElement answer) =>
        new([.. answer.RequiredItems("subnetSet").Select(ReadSubnet)], answer.Text("nextToken"));

    private static Ec2Subnet ReadSubnet(XElement item) => new()
    {
        Id = item.RequiredText("subnetId"),
        AvailabilityZone = item.RequiredText("availabilityZone"),
        VpcId = item.Text("vpcId"),
        State = item.Text("state"),
        DefaultForAz = item.Flag("defaultForAz"),
    };
}
