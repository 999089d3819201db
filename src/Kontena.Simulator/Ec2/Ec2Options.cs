namespace Kontena.Simulator.Ec2;

/// <summary>What the simulated EC2 account holds and how it behaves.</summary>
public sealed record Ec2Options
{
    /// <summary>The demo pair that is accepted unless <see cref="AccessKeys"/> says otherwise. It opens nothing but a simulator.</summary>
    public const string DemoAccessKeyId = "AKIAKONTENASIMULATOR";

    public const string DemoSecretAccessKey = "simulator-secret-that-opens-nothing-else";

    public string AccountId { get; init; } = "000000000000";

    /// <summary>Region name to the names of its zones.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Regions { get; init; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["eu-west-1"] = ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
        ["us-east-1"] = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"],
    };

    /// <summary>Access key id to secret access key.</summary>
    public IReadOnlyDictionary<string, string> AccessKeys { get; init; } =
        new Dictionary<string, string> { [DemoAccessKeyId] = DemoSecretAccessKey };

    /// <summary>The roles that any access key may assume.</summary>
    public IReadOnlyList<AssumableRole> Roles { get; init; } = [new("arn:aws:iam::000000000000:role/kontena-operator")];

    public IReadOnlyList<MachineImage> Images { get; init; } = MachineImage.Defaults;

    public IReadOnlyList<MachineType> InstanceTypes { get; init; } = MachineType.Defaults;

    /// <summary>Key pairs that exist in every region.</summary>
    public IReadOnlyList<string> KeyPairs { get; init; } = ["kontena"];

    /// <summary>Names of the IAM instance profiles that exist.</summary>
    public IReadOnlyList<string> InstanceProfiles { get; init; } = [];

    /// <summary>From <c>pending</c> to <c>running</c>.</summary>
    public TimeSpan BootTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From <c>shutting-down</c> to <c>terminated</c>.</summary>
    public TimeSpan ShutdownTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>VPCs beside each region's default one.</summary>
    public IReadOnlyList<ExtraVpc> Vpcs { get; init; } = [];

    /// <summary>How long a new instance is missing from DescribeInstances, and a new security group from every call: EC2 is eventually consistent.</summary>
    public TimeSpan InvisibleFor { get; init; }

    /// <summary>How long a terminated instance is still listed.</summary>
    public TimeSpan TerminatedListedFor { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Token buckets per region and action, as EC2 publishes them.</summary>
    public bool Throttling { get; init; } = true;

    public Ec2Quota Quota { get; init; } = new();

    /// <summary>Seed of ids and addresses: with the same calls in the same order, the same cloud.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>Limits of the account in each region; null is no limit.</summary>
public sealed record Ec2Quota
{
    /// <summary>On-demand vCPUs, over all types.</summary>
    public int? Vcpus { get; init; }

    /// <summary>On-demand instances, over all types.</summary>
    public int? Instances { get; init; }

    public int? SpotInstances { get; init; }

    /// <summary>Inbound rules of a group, and as many outbound ones; those for IPv4 and for IPv6 are counted apart, and one about a group counts as both.</summary>
    public int? RulesPerSecurityGroup { get; init; } = 60;

    public int? SecurityGroupsPerInterface { get; init; } = 5;

    /// <summary>Security groups of a region.</summary>
    public int? SecurityGroups { get; init; } = 2500;
}

/// <param name="ExternalId">Where given, AssumeRole must name it.</param>
public sealed record AssumableRole(string Arn, string? ExternalId = null);
