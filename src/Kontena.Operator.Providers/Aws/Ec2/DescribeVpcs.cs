using System.Xml.Linq;

namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>One page of VPCs.</summary>
internal sealed class DescribeVpcs(IReadOnlyList<Ec2Filter> filters, string? nextToken) : Ec2Operation<Ec2Page<Ec2Vpc>>
{
    public override string Action => "DescribeVpcs";

    public override string Subject => $"VPCs by {string.Join(" and ", filters.Select(f => f.Name))}";

    public override void Write(Ec2Form form) =>
        form.AddFilters(filters).Add("MaxResults", DescribeInstances.PageSize).Add("NextToken", nextToken);

    public override Ec2Page<Ec2Vpc> Read(XElement answer) =>
        new([.. answer.RequiredItems("vpcSet").Select(ReadVpc)], answer.Text("nextToken"));

    private static Ec2Vpc ReadVpc(XElement item) => new() { Id = item.RequiredText("vpcId"), IsDefault = item.Flag("isDefault") };
}
