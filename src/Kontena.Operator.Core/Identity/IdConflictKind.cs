namespace Kontena.Operator.Core.Identity;

/// <summary>In which way an id is not one machine's alone. Each name is the reason of a node's condition; the first that applies is said.</summary>
public enum IdConflictKind
{
    /// <summary>The id that the operator chose is another's.</summary>
    PinCollision,

    /// <summary>Two nodes, or machines, have one id.</summary>
    DuplicateID,

    /// <summary>The id is known at the Master under a name that is not ours.</summary>
    IDKnownElsewhere,

    /// <summary>Two machines take one entry from each other, over and over (close code 4041).</summary>
    IDFlapping,

    /// <summary>The same machine came back with another id.</summary>
    VolatileID,
}
