using System.Net;
using Kontena.Simulator.Ec2.Inventory;

namespace Kontena.Simulator.Ec2.Flows;

/// <summary>One end of watched flows: an instance, every instance with a tag (those that come later too), or an address somewhere in the world.</summary>
public sealed record FlowEnd
{
    private FlowEnd()
    {
    }

    public string? InstanceId { get; private init; }

    public string? TagKey { get; private init; }

    /// <summary>Null: whatever value the tag has.</summary>
    public string? TagValue { get; private init; }

    /// <summary>A source outside of the simulated networks, IPv4 or IPv6.</summary>
    public IPAddress? Outside { get; private init; }

    public static FlowEnd Instance(string id) => new() { InstanceId = id };

    public static FlowEnd Tagged(string key, string? value = null) => new() { TagKey = key, TagValue = value };

    /// <summary>Somebody with that address; left out, an address of 203.0.113.0/24, which is no one's (RFC 5737).</summary>
    /// <exception cref="FormatException">It is no address.</exception>
    public static FlowEnd World(string address = "203.0.113.1") => new() { Outside = IPAddress.Parse(address) };

    internal bool Matches(Instance instance) => InstanceId is { } id ? instance.Id == id
        : TagKey is { } key && instance.Tags.TryGetValue(key, out var value) && (TagValue is null || value == TagValue);
}
