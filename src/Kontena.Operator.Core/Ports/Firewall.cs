namespace Kontena.Operator.Core.Ports;

/// <summary>A firewall as its provider shows it (an EC2 security group, a network security group …): attached to machines, with rules for what comes in.</summary>
public sealed record Firewall
{
    /// <summary>The provider's id, e.g. <c>sg-0123456789abcdef0</c>.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The network whose machines it can be attached to (at EC2 the VPC).</summary>
    public string Network { get; init; } = "";

    /// <summary>Null where it does not carry all of our marks: then it is foreign, and nothing about it is changed.</summary>
    public FirewallMarks? Marks { get; init; }

    /// <summary>What it lets in, one protocol, range and source each, in no order.</summary>
    public IReadOnlyList<FirewallRule> Rules { get; init; } = [];

    /// <summary>It lets everything out. Where somebody took that away, what comes in may still be answered, but the machine reaches nobody by itself.</summary>
    public bool LetsAllOut { get; init; } = true;
}

/// <summary>A rule as the provider shows it.</summary>
/// <param name="IsOurs">It carries our mark: we made it. One without stays, whatever it lets in.</param>
public sealed record FirewallRule(PortRule Rule, bool IsOurs);

/// <summary>Firewalls as they were at one time. Always complete: a listing that broke off is an exception, not a shorter list.</summary>
/// <param name="BegunAt">When the first page was asked for.</param>
public sealed record FirewallListing(DateTimeOffset BegunAt, IReadOnlyList<Firewall> Firewalls)
{
    public Firewall? ById(string id) => Firewalls.FirstOrDefault(f => f.Id == id);
}
