using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Kontena.Operator.Core.Api;

/// <summary>
/// A firewall at a provider that an object of ours owns, and all that is needed to find it again when whoever asked for it is gone. Its marks
/// at the provider say the same: a status that was lost is made again from them.
/// </summary>
public sealed record FirewallRef
{
    [Required, MaxLength(32), Description("The provider's short name, e.g. aws.")]
    public required string Provider { get; init; }

    [Required, MaxLength(300), Description("Where at the provider, e.g. eu-west-1.")]
    public required string Scope { get; init; }

    [MaxLength(128), Description("The network that it is for, e.g. the VPC.")]
    public string Network { get; init; } = "";

    [Required, MaxLength(128), Description("Its name at the provider, unique in the network: written down before it is made.")]
    public required string Name { get; init; }

    [MaxLength(128), Description("Its id, e.g. sg-0123456789abcdef0; absent before it was seen.")]
    public string? Id { get; init; }

    [MaxLength(253), Description("Secret with the credentials that reach it; absent for the operator's own surroundings.")]
    public string? CredentialsSecret { get; init; }
}
