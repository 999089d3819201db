using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Aws.Ec2;
using Kontena.Operator.Providers.Shared;

namespace Kontena.Operator.Providers.Aws;

/// <summary>
/// From the zone of an offering to a subnet. The zone is a letter (<c>a</c>), a full name (<c>eu-west-1a</c>), a subnet id, or
/// empty for any zone with a default subnet, the next one for each number: the attempt writes down what came out.
/// </summary>
internal sealed class AwsPlacement(IEc2Api ec2, string region, TimeProvider time)
{
    private const string Defaults = "";

    private readonly ReadCache<string, IReadOnlyList<Ec2Subnet>> cache = new(TimeSpan.FromMinutes(5), time);

    /// <exception cref="DriverException">BadSettings: there is no such subnet, or no default one in the zone.</exception>
    public Task<Ec2Subnet> FindAsync(string zone, int spread, CancellationToken ct) =>
        zone.StartsWith("subnet-", StringComparison.Ordinal) ? ByIdAsync(zone, ct) : DefaultAsync(zone, spread, ct);

    /// <summary>The VPCs of the subnets that machines of these zones may be placed in, in order.</summary>
    /// <exception cref="DriverException">BadSettings: there is no such subnet, or no default one in a zone.</exception>
    public async Task<IReadOnlyList<string>> VpcsAsync(IReadOnlyList<string> zones, CancellationToken ct)
    {
        var vpcs = new List<string>();
        foreach (var zone in zones)
        {
            // Any one will do where the zone is left open: default subnets are all in the region's one default VPC.
            var subnet = await FindAsync(zone, 0, ct);
            var vpc = subnet.VpcId ?? throw new DriverException(DriverFault.Unavailable, $"EC2 does not tell the VPC of {subnet.Id} in {region}.");
            if (!vpcs.Contains(vpc)) vpcs.Add(vpc);
        }
        return vpcs;
    }

    private async Task<Ec2Subnet> ByIdAsync(string id, CancellationToken ct)
    {
        var subnets = await cache.GetAsync(id, token => ec2.DescribeSubnetsAsync([id], [], token), ct);
        return subnets.FirstOrDefault(s => s.Id == id)
            ?? throw Bad($"There is no subnet {id} in {region}. Check spec.provider.aws.subnets.");
    }

    private async Task<Ec2Subnet> DefaultAsync(string zone, int spread, CancellationToken ct)
    {
        var name = zone.Length == 1 ? region + zone : zone;
        var subnets = await cache.GetAsync(Defaults, ReadDefaultsAsync, ct);
        var ordered = subnets.OrderBy(s => s.AvailabilityZone, StringComparer.Ordinal).ThenBy(s => s.Id, StringComparer.Ordinal).ToList();
        return (name.Length == 0 ? ordered[spread % ordered.Count] : ordered.Find(s => s.AvailabilityZone == name))
            ?? throw Bad($"Zone {name} has no default subnet in {region} (there are some in "
                + $"{string.Join(", ", ordered.Select(s => s.AvailabilityZone))}). Set spec.provider.aws.subnets, or other zones.");
    }

    private async Task<IReadOnlyList<Ec2Subnet>> ReadDefaultsAsync(CancellationToken ct)
    {
        var subnets = await ec2.DescribeSubnetsAsync([], [new Ec2Filter("default-for-az", "true")], ct);
        if (subnets.Count > 0) return subnets;
        var vpcs = await ec2.DescribeVpcsAsync([new Ec2Filter("is-default", "true")], ct);
        throw Bad(vpcs.Any(v => v.IsDefault)
            ? $"The default VPC of {region} has no default subnets. Set spec.provider.aws.subnets, or create them (aws ec2 create-default-subnet)."
            : $"This account has no default VPC in {region}. Set spec.provider.aws.subnets, or create one (aws ec2 create-default-vpc).");
    }

    private static DriverException Bad(string message) => new(DriverFault.BadSettings, message);
}
