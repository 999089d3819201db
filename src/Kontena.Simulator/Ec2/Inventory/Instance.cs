using System.Net;
using Kontena.Simulator.Ec2.Firewalls;

namespace Kontena.Simulator.Ec2.Inventory;

/// <summary>One instance. Its state is worked out from a few times, so that ten thousand of them need no timer.</summary>
internal sealed class Instance(LaunchRequest launch, Subnet subnet, InstanceIdentity identity, DateTimeOffset launched, DateTimeOffset running)
{
    /// <summary>What it went through before it was last started.</summary>
    private readonly List<StateChange> earlier = [];

    /// <summary>How it was launched, without the user-data, which must not outlive the instance.</summary>
    public LaunchRequest Launch { get; } = launch with { UserData = null };

    public Subnet Subnet => subnet;

    public InstanceIdentity Identity { get; private set; } = identity;

    public string Id => Identity.Id;

    /// <summary>The launch, or the latest start: EC2 calls both the launch time.</summary>
    public DateTimeOffset Launched { get; private set; } = launched;

    public DateTimeOffset Running { get; private set; } = running;

    /// <summary>When it was told to stop and is stopped; null while it was not, and again once it was started.</summary>
    public Halt? Halt { get; private set; }

    /// <summary>Why and when it was told to go; null while it was not.</summary>
    public Ending? End { get; private set; }

    /// <summary>The 1 h after termination is over: EC2 no longer knows it.</summary>
    public bool Gone { get; private set; }

    public byte[]? UserData { get; private set; } = launch.UserData;

    public SortedDictionary<string, string> Tags { get; } = new(launch.InstanceTags.ToDictionary(), StringComparer.Ordinal);

    public IReadOnlyList<AttachedVolume> Volumes { get; init; } = [];

    /// <summary>The security groups of its interface, in the order in which they were named.</summary>
    public required IReadOnlyList<SecurityGroup> Groups { get; set; }

    public IPAddress PrivateAddress { get; } = IPAddress.Parse(identity.PrivateAddress);

    /// <summary>Null while it has none.</summary>
    public IPAddress? PublicAddress { get; private set; } = Parsed(identity.PublicAddress);

    public InstanceState StateAt(DateTimeOffset now) => End is { } end
        ? now >= end.Terminated ? InstanceState.Terminated : InstanceState.ShuttingDown
        : Halt is { } halt ? now >= halt.Stopped ? InstanceState.Stopped : InstanceState.Stopping
        : now >= Running ? InstanceState.Running : InstanceState.Pending;

    public void Terminate(Ending ending) => End ??= ending;

    public void Stop(Halt halt) => Halt = halt;

    /// <summary>A stopped instance loses its public address and gets another when it starts.</summary>
    public void Start(DateTimeOffset now, DateTimeOffset running, string? publicAddress)
    {
        earlier.AddRange(ThisLife(now));
        (Launched, Running, Halt) = (now, running, null);
        SetPublicAddress(publicAddress);
    }

    public void LosePublicAddress() => SetPublicAddress(null);

    public void Forget()
    {
        Gone = true;
        UserData = null;
    }

    public InstanceSnapshot Snapshot(string region, DateTimeOffset now) => new(
        Id, region, subnet.Zone, Launch.Type.Name, Launch.ImageId, Launch.ClientToken, Launch.Spot, StateAt(now), [.. earlier, .. ThisLife(now)],
        new Dictionary<string, string>(Tags, StringComparer.Ordinal), Identity.PrivateAddress, Identity.PublicAddress, Launch.ThroughApi, Gone)
    {
        VpcId = subnet.Vpc.Id,
        GroupIds = [.. Groups.Select(group => group.Id)],
        LaunchGroupIds = [.. (Launch.Groups ?? []).Select(group => group.Id)],
    };

    private void SetPublicAddress(string? address)
    {
        Identity = Identity with { PublicAddress = address };
        PublicAddress = Parsed(address);
    }

    private static IPAddress? Parsed(string? address) => address is null ? null : IPAddress.Parse(address);

    private IEnumerable<StateChange> ThisLife(DateTimeOffset now)
    {
        yield return new(InstanceState.Pending, Launched, null);
        var told = Halt?.Started ?? End?.Started;
        if (Running <= now && (told is null || Running <= told)) yield return new(InstanceState.Running, Running, null);
        if (Halt is { } halt)
        {
            yield return new(InstanceState.Stopping, halt.Started, Ending.ByUser);
            if (halt.Stopped <= now && !(End?.Started < halt.Stopped)) yield return new(InstanceState.Stopped, halt.Stopped, Ending.ByUser);
        }
        if (End is null) yield break;
        yield return new(InstanceState.ShuttingDown, End.Started, End.Code);
        if (End.Terminated <= now) yield return new(InstanceState.Terminated, End.Terminated, End.Code);
    }
}

/// <summary>From the call to the moment when it no longer runs.</summary>
internal sealed record Halt(DateTimeOffset Started, DateTimeOffset Stopped);

/// <summary>What an instance is given once, at launch.</summary>
/// <param name="Sequence">Rises by one from launch to launch: the order of listings.</param>
internal sealed record InstanceIdentity(
    long Sequence, string Id, string ReservationId, int LaunchIndex, string InterfaceId, int AddressNumber,
    string PrivateAddress, string? PublicAddress, string? SpotRequestId);

/// <param name="Code">EC2's stateReason, for example <c>Client.UserInitiatedShutdown</c>.</param>
internal sealed record Ending(DateTimeOffset Started, DateTimeOffset Terminated, string Code, string Message)
{
    public const string ByUser = "Client.UserInitiatedShutdown";
    public const string ByUserMessage = ByUser + ": User initiated shutdown";
}

internal sealed record AttachedVolume(string Id, string Device, bool DeleteOnTermination, SortedDictionary<string, string> Tags);
