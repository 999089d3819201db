using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Nodes;

/// <summary>A living machine that a node takes over instead of making one, and the marks that it had when a human consented.</summary>
public sealed record AdoptedMachine
{
    [Required, MaxLength(512), RegularExpression("^[a-z]+://"), Description("The machine's id at the provider.")]
    public required string ProviderID { get; init; }

    [Required, MaxLength(64), Description("UID of the pool in the machine's marks: what the annotation kontena.io/adopt named.")]
    public required string PoolUID { get; init; }

    [Required, MaxLength(64), Description("UID of the node in the machine's marks.")]
    public required string NodeUID { get; init; }

    [Required, Range(1, 1000000), Description("Number of the attempt in the machine's marks.")]
    public required int Attempt { get; init; }

    /// <summary>The marks to look for. The installation's id is left open: consent was given by the pool's UID.</summary>
    public MachineMarks FormerMarks() => new("", PoolUID, NodeUID, Attempt);
}
