namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>Whom a rule lets in, or out to.</summary>
public abstract record Ec2Source
{
    private Ec2Source() { }

    public sealed record Ipv4(string Cidr) : Ec2Source;

    public sealed record Ipv6(string Cidr) : Ec2Source;

    /// <param name="Id">Null where EC2 does not tell it any more (a deleted group beyond a peering).</param>
    /// <param name="Account">Null: the account that is called.</param>
    public sealed record Group(string? Id, string? Account) : Ec2Source;

    public sealed record PrefixList(string Id) : Ec2Source;
}
