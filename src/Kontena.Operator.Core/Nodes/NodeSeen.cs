using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Identity;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Nodes;

/// <summary>Everything that the next step of a node is decided from.</summary>
public sealed record NodeSeen
{
    public required string Name { get; init; }

    public required string Uid { get; init; }

    public required KontenaNodeSpec Spec { get; init; }

    public bool Deleting { get; init; }

    public bool HasFinalizer { get; init; } = true;

    /// <summary>True where a human wrote this node's UID into the abandon annotation.</summary>
    public bool Abandoned { get; init; }

    /// <summary>Set where the whole installation must stand still.</summary>
    public Freeze? Frozen { get; init; }

    /// <summary>Why the pool wants no machine made now (paused, being deleted, gone); null where it does.</summary>
    public Freeze? PoolHolds { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required DriverPromises Promises { get; init; }

    public required string Installation { get; init; }

    /// <summary>Identity of the present credentials.</summary>
    public required string Credentials { get; init; }

    public AttemptTrace Trace { get; init; } = AttemptTrace.None;

    public MachineSight Sight { get; init; } = MachineSight.Nothing;

    /// <summary>Null for a plain Docker host.</summary>
    public EntrySeen? Grid { get; init; }

    /// <summary>Null where its pool needs no firewall.</summary>
    public WaysInSeen? WaysIn { get; init; }

    /// <summary>How its id stands to all others; null for a plain Docker host, and where nothing has been said of it yet.</summary>
    public IdStanding? Identity { get; init; }

    /// <summary>The marks of this node's machine where it was launched by, or claimed for, this attempt.</summary>
    public MachineMarks MarksOf(int attempt) => new(Installation, Spec.PoolUID, Uid, attempt);

    /// <summary>True where the machine carries a whole set of marks, and they name another node or installation.</summary>
    public bool IsSomebodyElses(Machine machine) => machine.Marks is { } marks && (marks.NodeUid != Uid || marks.Installation != Installation);

    /// <summary>Offerings that had no capacity a short while ago, as any node of the operator saw it.</summary>
    public IReadOnlySet<Offering> Exhausted { get; init; } = new HashSet<Offering>();
}
