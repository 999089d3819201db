namespace Kontena.Simulator.Machines;

/// <summary>How simulated machines behave.</summary>
public sealed record MachineOptions
{
    /// <summary>How long a second lasts for a machine's waits: an agent's back-off (at most 90 of them) and first second, systemd's RestartSec, connect time-outs.</summary>
    public TimeSpan Second { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often an agent sends <c>/nodes/update</c>, in real time.</summary>
    public TimeSpan UpdateInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often an agent pings its connection, in real time (on the system's clock: the network is real).</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it waits for the answer, in real time.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What the tag <c>latest</c> of the agent's image stands for.</summary>
    public string LatestAgent { get; init; } = "1.5.4";

    /// <summary>How far a machine's clock is ahead (or behind, negative) when it boots, where its image says nothing else.</summary>
    public TimeSpan Skew { get; init; }

    /// <summary>The network lets no time server through, so that time clients of the bootstrap mend nothing.</summary>
    public bool TimeSyncBlocked { get; init; }

    /// <summary>Traits of images, the first whose pattern fits; <see cref="ImageTraits.Defaults"/> follow after these.</summary>
    public IReadOnlyList<ImageTraits> Images { get; init; } = [];

    /// <summary>The address that instances without a public one have to the outside, as behind a NAT gateway.</summary>
    public string NatAddress { get; init; } = "198.19.255.254";

    /// <summary>Seed of the agents' back-offs.</summary>
    public int Seed { get; init; } = 1;

    internal ImageTraits Traits(string imageName) =>
        Images.Concat(ImageTraits.Defaults).First(traits => Ec2.Query.Wildcard.Matches(traits.NamePattern, imageName));
}
