namespace Kontena.Simulator.Ec2;

/// <summary>An instance as it was at one moment, with all that happened to it until then. It holds no user-data.</summary>
/// <param name="ThroughApi">False for one that a test put there (<see cref="Ec2Cloud.LaunchForeign"/>).</param>
/// <param name="Gone">True once EC2 no longer lists it.</param>
public sealed record InstanceSnapshot(
    string Id, string Region, string Zone, string InstanceType, string ImageId, string? ClientToken, bool Spot,
    InstanceState State, IReadOnlyList<StateChange> History, IReadOnlyDictionary<string, string> Tags,
    string PrivateAddress, string? PublicAddress, bool ThroughApi, bool Gone)
{
    public string? VpcId { get; init; }

    /// <summary>The security groups of its interface; those that it had last where it is terminated.</summary>
    public IReadOnlyList<string> GroupIds { get; init; } = [];

    /// <summary>The security groups that the launch named, in its order, whatever became of them since; empty where it got its VPC's default one.</summary>
    public IReadOnlyList<string> LaunchGroupIds { get; init; } = [];

    /// <summary>It costs money and does work: neither on its way out nor out.</summary>
    public bool Living => State is InstanceState.Pending or InstanceState.Running;

    /// <summary>Whether it was living at that moment.</summary>
    public bool LivingAt(DateTimeOffset at) =>
        History.LastOrDefault(change => change.At <= at)?.To is InstanceState.Pending or InstanceState.Running;
}

/// <summary>An instance came into a state at that time. The first one is always <see cref="InstanceState.Pending"/>.</summary>
public sealed record StateChange(InstanceState To, DateTimeOffset At, string? Reason);
