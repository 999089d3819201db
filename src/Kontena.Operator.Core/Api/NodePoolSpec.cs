using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kontena.Operator.Core.Api.Schema;

namespace Kontena.Operator.Core.Api;

/// <summary>What the user asks for: so many equal machines at one provider.</summary>
[CustomResource("NodePool", "nodepools", "np", typeof(NodePoolStatus), Scale = true,
    NameRule = PoolName.Rule,
    NameMessage = PoolName.Message)]
[PrinterColumn("Desired", "integer", ".spec.replicas", Description = "How many nodes are asked for.")]
[PrinterColumn("Nodes", "integer", ".status.replicas", Description = "How many nodes exist.")]
[PrinterColumn("Ready", "integer", ".status.readyReplicas", Description = "How many nodes are ready.")]
[PrinterColumn("Status", "string", ".status.conditions[?(@.type==\"Ready\")].reason", Description = "Why the pool is, or is not, ready.")]
[PrinterColumn("Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", Priority = 1, Description = "The same in a sentence.")]
[PrinterColumn("Revision", "string", ".status.currentRevision", Priority = 1, Description = "Which version of the template new nodes get.")]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp")]
[Description("A pool of equal machines at one provider, kept at the asked number.")]
[Cel("has(self.gridRef) || !has(self.template) || !has(self.template.agent)", AgentWithoutGrid, FieldPath = ".template.agent", Kind = FieldErrorKind.Forbidden)]
[Cel("has(self.gridRef) || !has(self.template) || !has(self.template.nodeLabels)", LabelsWithoutGrid, FieldPath = ".template.nodeLabels", Kind = FieldErrorKind.Forbidden)]
[Cel("has(self.gridRef) || !has(self.network) || !has(self.network.ipsec)", IpsecWithoutGrid, FieldPath = ".network.ipsec", Kind = FieldErrorKind.Forbidden)]
[Cel("has(self.gridRef) || !has(self.network) || !has(self.network.vpn)", VpnWithoutGrid, FieldPath = ".network.vpn", Kind = FieldErrorKind.Forbidden)]
[Cel("has(self.gridRef) || !has(self.identity)", IdentityWithoutGrid, FieldPath = ".identity", Kind = FieldErrorKind.Forbidden)]
public sealed partial record NodePoolSpec
{
    [Range(0, 5000), Description("How many nodes the pool shall have. Left out, the operator writes the present number (1 for a new pool), so that a manifest without it never shrinks a pool that an autoscaler grew.")]
    public int? Replicas { get; init; }

    [DefaultValue(false), Description("While true the operator creates and deletes nothing for this pool.")]
    public bool Paused { get; init; }

    [Immutable("the grid of a pool cannot change: make a new pool and delete this one", Presence = Presence.Fixed)]
    [Description("The Grid that the machines join. Left out, they are plain Docker hosts.")]
    public GridRef? GridRef { get; init; }

    [Required, Description("Where the machines are: exactly one of the blocks.")]
    public required ProviderSpec Provider { get; init; }

    [JsonDefault("{}"), Description("What runs on each machine.")]
    public TemplateSpec Template { get; init => field = value ?? new(); } = new();

    [Description("How the machines talk to others.")]
    public NetworkSpec? Network { get; init; }

    [Description("Where the nodes' ids come from.")]
    public IdentitySpec? Identity { get; init; }

    [JsonDefault("{}"), Description("How nodes are taken away.")]
    public RemovalSpec Removal { get; init => field = value ?? new(); } = new();
}
