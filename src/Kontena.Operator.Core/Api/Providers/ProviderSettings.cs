using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Kontena.Operator.Core.Api.Providers;

/// <summary>What planners need to know of any provider's block; everything else is the driver's business.</summary>
public abstract record ProviderSettings
{
    /// <summary>The provider's short name, as in the block's property and in provider ids.</summary>
    [JsonIgnore]
    public abstract string Provider { get; }

    /// <summary>Placement zones to spread over, in the user's order; one empty string where the provider has none or chooses itself.</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<string> PlacementZones { get; }

    /// <summary>Machine types in order of preference; a later one is taken when an earlier one has no capacity.</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<string> MachineTypes { get; }

    /// <summary>Where machines of these settings are listed together (region and endpoint); one inventory a scope and account.</summary>
    [JsonIgnore]
    public abstract string InventoryScope { get; }

    /// <summary>Name of the Secret with credentials, or null for the operator's own surroundings.</summary>
    [JsonIgnore]
    public abstract string? CredentialsSecret { get; }
}

/// <summary>A Secret in the same namespace.</summary>
public sealed record SecretRef
{
    [Required, MaxLength(253), RegularExpression(Patterns.ObjectName), Description("Name of the Secret.")]
    public required string Name { get; init; }
}
