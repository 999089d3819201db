using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Providers.Aws.Ec2;

namespace Kontena.Operator.Providers.Aws;

/// <summary>Reads security groups past every cache, and tells ours from others'.</summary>
internal sealed class AwsGroups(IEc2Api ec2)
{
    // EC2 takes 200 values a filter.
    private const int MostValues = 200;

    public Task<IReadOnlyList<Ec2SecurityGroup>> OfInstallationAsync(string installation, CancellationToken ct) =>
        ec2.DescribeSecurityGroupsAsync([Ec2Filter.Tag(AwsTags.Installation, installation)], ct);

    /// <summary>Those that exist.</summary>
    public async Task<IReadOnlyList<Ec2SecurityGroup>> ByIdAsync(IReadOnlyList<string> ids, CancellationToken ct)
    {
        var groups = new List<Ec2SecurityGroup>();
        foreach (var some in ids.Distinct(StringComparer.Ordinal).Chunk(MostValues))
            groups.AddRange(await ec2.DescribeSecurityGroupsAsync([new Ec2Filter("group-id", some)], ct));
        return groups;
    }

    /// <summary>Null where EC2 shows none of that name: a fresh one may take some seconds to show.</summary>
    public async Task<Ec2SecurityGroup?> ByNameAsync(string name, string vpcId, CancellationToken ct)
    {
        var groups = await ec2.DescribeSecurityGroupsAsync([new Ec2Filter("group-name", name), new Ec2Filter("vpc-id", vpcId)], ct);
        // Not all that a filter lets through has the name: * and ? are wildcards there, and EC2 compares names without case.
        return groups.FirstOrDefault(g => string.Equals(g.Name, name, StringComparison.OrdinalIgnoreCase) && g.VpcId == vpcId);
    }

    /// <summary>Null where EC2 shows none of that id.</summary>
    /// <exception cref="DriverException">BadSettings: it does not carry these marks.</exception>
    public async Task<Ec2SecurityGroup?> FindOwnedAsync(string id, FirewallMarks owner, CancellationToken ct)
    {
        var group = (await ByIdAsync([id], ct)).FirstOrDefault(g => g.Id == id);
        if (group is null || AwsTags.FirewallMarksOf(group.Tags) == owner) return group;
        throw new DriverException(DriverFault.BadSettings,
            $"Security group {id} ({group.Name}) does not carry the marks of {AwsTags.WordOf(owner.Owner)} {owner.OwnerUid} and is not touched. "
            + $"Give it back its tags {AwsTags.Installation}, {AwsTags.Owner} and {AwsTags.OwnerUid}, or delete it by hand.");
    }

    /// <summary>Neither there nor gone: whoever recorded the id knows when it was made, and a listing tells whether it still is.</summary>
    public static DriverException NotShown(string id) => new(DriverFault.Unavailable,
        $"EC2 does not show security group {id}: it was made moments ago, or somebody deleted it.");
}
