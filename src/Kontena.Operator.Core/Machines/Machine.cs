namespace Kontena.Operator.Core.Machines;

/// <summary>A machine as its provider shows it.</summary>
public sealed record Machine
{
    /// <summary>Unique and never reused, e.g. <c>aws:///eu-west-1a/i-0123456789abcdef0</c>.</summary>
    public required string ProviderId { get; init; }

    public required MachineState State { get; init; }

    /// <summary>Null where the machine does not carry all of our marks: then it is foreign.</summary>
    public MachineMarks? Marks { get; init; }

    /// <summary>The idempotency token it was created with, where the provider keeps it: stronger proof than the marks.</summary>
    public string? Token { get; init; }

    public string Zone { get; init; } = "";

    public string Type { get; init; } = "";

    /// <summary>Image id; empty where the provider does not tell.</summary>
    public string Image { get; init; } = "";

    /// <summary>Private addresses first.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The network that it is in, in the provider's words (at EC2 the VPC); empty where the provider has none or does not tell.</summary>
    public string Network { get; init; } = "";

    /// <summary>Ids of the firewalls that are attached to it, whoever made them. Not part of equality: compare where it matters.</summary>
    public IReadOnlyList<string> Firewalls { get; init; } = [];

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Why it is in its state, in the provider's words, e.g. "Server.SpotInstanceTermination: …".</summary>
    public string? Detail { get; init; }

    /// <summary>False only where the provider says that it is gone for good.</summary>
    public bool IsAlive => State is not MachineState.Terminated;
}
