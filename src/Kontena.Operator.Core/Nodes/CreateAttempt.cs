using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kontena.Operator.Core.Api.Schema;

namespace Kontena.Operator.Core.Nodes;

/// <summary>
/// One try at making a node's machine, written down before the cloud is asked. The create call is built from this and the
/// attempt's bootstrap Secret alone, so that a repeated call is the same call whatever changed meanwhile.
/// </summary>
public sealed record CreateAttempt
{
    [Required, Range(1, 1000000), Description("Counts from 1. The next one opens only when this one is confirmed dead.")]
    public required int Number { get; init; }

    [Required, MaxLength(64), Description("UID of the node that opened it; differs from the node's own after a restore from backup.")]
    public required string NodeUID { get; init; }

    [Required, MaxLength(64), Description("Idempotency token: a hash of node UID and number.")]
    public required string Token { get; init; }

    [MaxLength(64), Description("Zone or subnet chosen from the settings; empty where the provider chooses.")]
    public string Zone { get; init; } = "";

    [Required, MaxLength(64), Description("Machine type.")]
    public required string Type { get; init; }

    [Required, MaxLength(512), Description("Image, resolved to an id.")]
    public required string Image { get; init; }

    [MaxProperties(16), ItemMaxLength(512), Description("What else the driver resolved, in its own words.")]
    public IReadOnlyDictionary<string, string>? Resolved { get; init; }

    [MaxLength(16), ItemMaxLength(128), Description("Ids of the operator's firewalls that the machine is made with.")]
    public IReadOnlyList<string>? Firewalls { get; init; }

    [MaxLength(64), RegularExpression("^[A-Z0-9]{4}(:[A-Z0-9]{4}){11}$"), Description("The Kontena Node ID that was chosen for the machine, never used again. Absent where the machine's Docker Engine has its own.")]
    public string? KontenaNodeID { get; init; }

    [MaxLength(64), ItemMaxLength(255), Description("Labels of the node at the Kontena Master.")]
    public IReadOnlyList<string>? KontenaLabels { get; init; }

    [Required, MaxLength(253), Description("Name of the immutable Secret with the rendered bootstrap data.")]
    public required string BootstrapRef { get; init; }

    [Required, MaxLength(64), Description("SHA-256 of the bootstrap data: a Secret that was replaced is noticed.")]
    public required string BootstrapHash { get; init; }

    [Required, Format("date-time"), Description("When it was written down.")]
    public required DateTimeOffset OpenedAt { get; init; }
}
