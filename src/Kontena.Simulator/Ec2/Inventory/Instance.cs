namespace Kontena.Simulator.Ec2.Inventory;

/// <summary>One instance. Its state is worked out from four times, so that ten thousand of them need no timer.</summary>
internal sealed class Instance(LaunchRequest launch, Subnet subnet, InstanceIdentity identity, DateTimeOffset launched, DateTimeOffset running)
{
    /// <summary>How it was launched, without the user-data, which must not outlive the instance.</summary>
    public LaunchRequest Launch { get; } = launch with { UserData = null };

    public Subnet Subnet => subnet;

    public InstanceIdentity Identity => identity;

    public string Id => identity.Id;

    public DateTimeOffset Launched => launched;

    public DateTimeOffset Running => running;

    /// <summary>Why and when it was told to go; null while it was not.</summary>
    public Ending? End { get; private set; }

    /// <summary>The 1 h after termination is over: EC2 no longer knows it.</summary>
    public bool Gone { get; private set; }

    public byte[]? UserData { get; private set; } = launch.UserData;

    public SortedDictionary<string, string> Tags { get; } = new(launch.InstanceTags.ToDictionary(), StringComparer.Ordinal);

    public IReadOnlyList<AttachedVolume> Volumes { get; init; } = [];

    public InstanceState StateAt(DateTimeOffset now) => End is { } end
        ? now >= end.Terminated ? InstanceState.Terminated : InstanceState.ShuttingDown
        : now >= running ? InstanceState.Running : InstanceState.Pending;

    public void Terminate(Ending ending) => End ??= ending;

    public void Forget()
    {
        Gone = true;
        UserData = null;
    }

    public InstanceSnapshot Snapshot(string region, DateTimeOffset now) => new(
        Id, region, subnet.Zone, Launch.Type.Name, Launch.ImageId, Launch.ClientToken, Launch.Spot, StateAt(now), [.. History(now)],
        new Dictionary<string, string>(Tags, StringComparer.Ordinal), identity.PrivateAddress, identity.PublicAddress, Launch.ThroughApi, Gone);

    private IEnumerable<StateChange> History(DateTimeOffset now)
    {
        yield return new(InstanceState.Pending, launched, null);
        if (running <= now && (End is null || running <= End.Started)) yield return new(InstanceState.Running, running, null);
        if (End is null) yield break;
        yield return new(InstanceState.ShuttingDown, End.Started, End.Code);
        if (End.Terminated <= now) yield return new(InstanceState.Terminated, End.Terminated, End.Code);
    }
}

/// <summary>What an instance is given once, at launch.</summary>
/// <param name="Sequence">Rises by one from launch to launch: the order of listings.</param>
internal sealed record InstanceIdentity(
    long Sequence, string Id, string ReservationId, int LaunchIndex, string InterfaceId, int AddressNumber,
    string PrivateAddress, string? PublicAddress, string? SpotRequestId);

/// <param name="Code">EC2's stateReason, for example <c>Client.UserInitiatedShutdown</c>.</param>
internal sealed record Ending(DateTimeOffset Started, DateTimeOffset Terminated, string Code, string Message)
{
    public const string ByUser = "Client.UserInitiatedShutdown";
}

internal sealed record AttachedVolume(string Id, string Device, bool DeleteOnTermination, SortedDictionary<string, string> Tags);
