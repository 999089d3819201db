using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kontena.Operator.Core.Api.Schema;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Api;

/// <summary>
/// One machine of a pool. Written by the operator alone. Immutable but for the attempt and the provider id, which is set
/// once: it is a snapshot, so that a later edit of the pool never sends a deletion to the wrong place.
/// </summary>
[CustomResource("KontenaNode", "kontenanodes", "kn", typeof(KontenaNodeStatus))]
[PrinterColumn("Pool", "string", ".spec.poolName")]
[PrinterColumn("Zone", "string", ".status.zone")]
[PrinterColumn("Type", "string", ".spec.attempt.type")]
[PrinterColumn("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Status", "string", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn("Provider-ID", "string", ".spec.providerID", Priority = 1)]
[PrinterColumn("Address", "string", ".status.addresses[0]", Priority = 1)]
[PrinterColumn("Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", Priority = 1)]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp")]
[Cel("!has(self.providerID) || has(self.attempt)", IdWithoutAttempt, FieldPath = ".providerID")]
[Cel("!has(oldSelf.attempt) || has(self.attempt)", AttemptTakenBack, FieldPath = ".attempt")]
[Cel("!has(oldSelf.providerID) || !has(oldSelf.attempt) || !has(self.attempt) || self.attempt.number == oldSelf.attempt.number", AttemptAfterId, FieldPath = ".attempt")]
[Description("One machine of a NodePool. Made and removed by the operator; deleting one makes the operator replace it.")]
public sealed partial record KontenaNodeSpec
{
    [Required, Immutable, MaxLength(64), Description("Name of the pool.")]
    public required string PoolName { get; init; }

    [Required, Immutable, MaxLength(64), Description("UID of the pool: a re-created pool of the same name is another one.")]
    public required string PoolUID { get; init; }

    [Required, Immutable, MaxLength(32), Description("Hash of what this node is made from.")]
    public required string Revision { get; init; }

    [Required, Immutable, Range(0, 1000000), Description("The node's place in the pool; the lowest free one is taken.")]
    public required int Ordinal { get; init; }

    [Immutable(Presence = Presence.Fixed), MaxLength(64)]
    [Description("The zone where the node was meant to be when it was planned; an attempt may go elsewhere for want of capacity.")]
    public string Zone { get; init; } = "";

    [Required, Immutable, Description("Snapshot of the pool's provider block.")]
    public required ProviderSpec Provider { get; init; }

    [JsonDefault("{}"), Immutable, Description("Snapshot of the pool's template.")]
    public TemplateSpec Template { get; init => field = value ?? new(); } = new();

    [Immutable(Presence = Presence.Fixed), Description("Snapshot of the pool's gridRef.")]
    public GridRef? GridRef { get; init; }

    [Immutable(Presence = Presence.Fixed), Description("Snapshot of where the node's id comes from.")]
    public IdentityMode? Identity { get; init; }

    [Immutable(Presence = Presence.Fixed), Description("Snapshot of how much is asked of the overlay's encryption.")]
    public IpsecMode? Ipsec { get; init; }

    [MaxLength(255), RegularExpression("^[A-Za-z0-9_-]+$"), Immutable("a node keeps its name at the Master", Presence = Presence.Kept)]
    [Description("The node's name at the Kontena Master. Set once, with the first attempt.")]
    public string? KontenaName { get; init; }

    [Description("The attempt to create the machine: written before the cloud is asked.")]
    [Cel("self.number > oldSelf.number || self == oldSelf", AttemptChanged)]
    public CreateAttempt? Attempt { get; init; }

    [Immutable(Presence = Presence.Fixed)]
    [Description("The machine that this node takes over instead of making one, after a restore; see the annotation kontena.io/adopt.")]
    public AdoptedMachine? Adopts { get; init; }

    [MaxLength(512), RegularExpression("^[a-z]+://"), Immutable("a provider id is set once and never taken back", Presence = Presence.Kept)]
    [Description("The machine's id at the provider, e.g. aws:///eu-west-1a/i-0123456789abcdef0. Set once.")]
    public string? ProviderID { get; init; }
}
