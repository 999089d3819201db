using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kontena.Operator.Core.Api.Schema;

namespace Kontena.Operator.Core.Api;

/// <summary>A grid of a Kontena Master, which pools join their machines to. It must exist at the Master; the operator makes none.</summary>
[CustomResource("Grid", "grids", "kg", typeof(GridStatus))]
[PrinterColumn("Master", "string", ".spec.master.url")]
[PrinterColumn("Version", "string", ".status.masterVersion")]
[PrinterColumn("Nodes", "integer", ".status.nodes", Description = "How many nodes the Master knows in the grid, whoever made them.")]
[PrinterColumn("Online", "integer", ".status.onlineNodes", Description = "How many of them are online.")]
[PrinterColumn("Initial", "string", ".status.quorum", Description = "Healthy initial members (etcd) of all that the grid has.")]
[PrinterColumn("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Status", "string", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn("Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", Priority = 1)]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp")]
[Description("A grid of a Kontena Master that pools join their machines to.")]
public sealed record GridSpec
{
    [Required, Description("The Master and how to talk to it.")]
    public required MasterSpec Master { get; init; }

    [MinLength(3), MaxLength(64), RegularExpression("^[A-Za-z0-9_-]+$"), Immutable("the grid of a Grid cannot change: make a new Grid", Presence = Presence.Fixed)]
    [Description("The grid's name at the Master. Left out: the name of this object.")]
    public string? Name { get; init; }

    [MaxLength(64), ItemMaxLength(18), ItemPattern(Patterns.Cidr4), ListSet]
    [Description("Subnets whose nodes talk to each other unencrypted. Set, the operator keeps the Master's list equal to this one; left out, the Master's list is left alone. A change restarts the overlay on every node of the grid.")]
    public IReadOnlyList<string>? TrustedSubnets { get; init; }
}

/// <summary>Where a Master is.</summary>
public sealed record MasterSpec
{
    [Required, MaxLength(255), RegularExpression(@"^https?://[A-Za-z0-9.\[\]:_-]+(/[A-Za-z0-9._/-]*)?$"), Description("URL of the Master, e.g. https://master.example.com.")]
    public required string Url { get; init; }

    [MaxLength(255), RegularExpression(@"^https?://[A-Za-z0-9.\[\]:_-]+/?$"), Description("URL by which machines reach the Master, where it is another one. Left out: url.")]
    public string? AgentUrl { get; init; }

    [Required, Description("Secret with an access token that may administer the grid (role grid_admin): kontena master token create --expires-in 0 --token")]
    public required TokenRef TokenRef { get; init; }

    [Description("Secret with the certificate authority (PEM) of a Master whose certificate no public authority signed.")]
    public CertificateRef? CaRef { get; init; }
}

/// <summary>The access token's key in a Secret of the same namespace.</summary>
public sealed record TokenRef
{
    [Required, MaxLength(253), RegularExpression(Patterns.ObjectName), Description("Name of the Secret.")]
    public required string Name { get; init; }

    [DefaultValue("token"), MaxLength(253), RegularExpression(Patterns.DataKey), Description("Key within the Secret's data.")]
    public string Key { get; init; } = "token";
}

/// <summary>A certificate's key in a Secret of the same namespace.</summary>
public sealed record CertificateRef
{
    [Required, MaxLength(253), RegularExpression(Patterns.ObjectName), Description("Name of the Secret.")]
    public required string Name { get; init; }

    [DefaultValue("ca.crt"), MaxLength(253), RegularExpression(Patterns.DataKey), Description("Key within the Secret's data.")]
    public string Key { get; init; } = "ca.crt";
}
