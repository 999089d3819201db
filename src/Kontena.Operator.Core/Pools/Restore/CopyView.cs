using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Pools.Restore;

/// <summary>A KontenaNode that another one was copied to (backup, another cluster, another namespace): its attempt was written under another UID. It is nobody's node.</summary>
public sealed record CopyView
{
    public required string Name { get; init; }

    public required string Uid { get; init; }

    /// <summary>As copied: pool UID, snapshot, and the attempt of the node that it was copied from.</summary>
    public required KontenaNodeSpec Spec { get; init; }

    /// <summary>A node that is no copy has the machine recorded.</summary>
    public bool MachineHeld { get; init; }

    /// <summary>A node that is no copy is about to take the machine over.</summary>
    public bool BeingAdopted { get; init; }

    /// <summary>A node was to take the machine over, and found that it is gone or somebody else's.</summary>
    public bool AdoptionFailed { get; init; }

    /// <summary>The last listing shows the machine terminated.</summary>
    public bool MachineEnded { get; init; }

    /// <summary>The marks that the machine had when the copy was taken. The installation's id is not known: it may be another's.</summary>
    public MachineMarks FormerMarks => new("", Spec.PoolUID, Spec.Attempt!.NodeUID, Spec.Attempt.Number);
}
