namespace Kontena.Simulator.Ec2;

/// <summary>A VPC beside a region's default one, with a subnet in each zone. It is not peered: private addresses reach only within it.</summary>
public sealed record ExtraVpc
{
    public string Region { get; init; } = "eu-west-1";

    /// <summary>An IPv4 block of 16 bits. It may overlap with another VPC's.</summary>
    public string Cidr { get; init; } = "10.1.0.0/16";

    /// <summary>Whether its instances get a public address unless the launch says otherwise. EC2's own subnets do so only in the default VPC.</summary>
    public bool MapPublicIpOnLaunch { get; init; }
}
