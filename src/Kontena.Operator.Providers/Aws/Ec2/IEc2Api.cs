namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>
/// The EC2 calls that are needed, and no more. Narrow, so that an adapter over the vendor's package could stand in.
/// Every method throws <see cref="Core.Machines.DriverException"/>; none repeats a call; listings are complete or fail.
/// </summary>
public interface IEc2Api : IDisposable
{
    /// <summary>Starts exactly one instance, or answers with the one that the same client token started before.</summary>
    Task<Ec2Instance> RunInstanceAsync(Ec2Launch launch, CancellationToken ct);

    /// <summary>Instances that meet every filter, over all pages, those just terminated included.</summary>
    Task<IReadOnlyList<Ec2Instance>> DescribeInstancesAsync(IReadOnlyList<Ec2Filter> filters, CancellationToken ct);

    /// <summary>One instance by id. Fails with code <c>InvalidInstanceID.NotFound</c> where EC2 knows of none; null where it answers without it.</summary>
    Task<Ec2Instance?> DescribeInstanceAsync(string id, CancellationToken ct);

    /// <summary>Asks for termination. Repeating it is harmless.</summary>
    Task TerminateInstanceAsync(string id, CancellationToken ct);

    /// <summary>Sets tags of one instance; others stay. Repeating it is harmless.</summary>
    Task TagInstanceAsync(string id, IReadOnlyList<KeyValuePair<string, string>> tags, CancellationToken ct);

    Task<IReadOnlyList<Ec2Image>> DescribeImagesAsync(Ec2ImageQuery query, CancellationToken ct);

    /// <summary>Subnets by id where ids are given, else all that meet the filters.</summary>
    Task<IReadOnlyList<Ec2Subnet>> DescribeSubnetsAsync(IReadOnlyList<string> ids, IReadOnlyList<Ec2Filter> filters, CancellationToken ct);

    /// <summary>Security groups that meet every filter, over all pages.</summary>
    Task<IReadOnlyList<Ec2SecurityGroup>> DescribeSecurityGroupsAsync(IReadOnlyList<Ec2Filter> filters, CancellationToken ct);

    /// <summary>The new group's id. Fails with code <c>InvalidGroup.Duplicate</c> where the VPC has one of that name.</summary>
    Task<string> CreateSecurityGroupAsync(Ec2NewSecurityGroup group, CancellationToken ct);

    /// <summary>Fails with code <c>DependencyViolation</c> while something refers to it, <c>InvalidGroup.NotFound</c> where it is gone.</summary>
    Task DeleteSecurityGroupAsync(string id, CancellationToken ct);

    /// <summary>All or none. Fails with code <c>InvalidPermission.Duplicate</c> where one is there already.</summary>
    Task AuthorizeIngressAsync(string id, IReadOnlyList<Ec2Rule> permissions, CancellationToken ct);

    /// <summary>Fails with code <c>InvalidPermission.NotFound</c>, and revokes none, where one is not there and the VPC is not a default one.</summary>
    Task RevokeIngressAsync(string id, IReadOnlyList<Ec2Rule> permissions, CancellationToken ct);

    /// <summary>Replaces an instance's security groups, at least one.</summary>
    Task SetSecurityGroupsAsync(string instanceId, IReadOnlyList<string> groupIds, CancellationToken ct);

    Task<IReadOnlyList<Ec2Vpc>> DescribeVpcsAsync(IReadOnlyList<Ec2Filter> filters, CancellationToken ct);
}

/// <summary>Images by id, or of an owner by filters.</summary>
public abstract record Ec2ImageQuery
{
    private Ec2ImageQuery() { }

    public sealed record ById(string ImageId) : Ec2ImageQuery;

    /// <param name="Owner">Account id, or <c>self</c>, <c>amazon</c> …</param>
    public sealed record ByOwner(string Owner, IReadOnlyList<Ec2Filter> Filters) : Ec2ImageQuery;
}
