namespace Kontena.Operator.Core.Orphans;

/// <summary>Why a tombstone stands.</summary>
public enum TombstoneKind
{
    /// <summary>A create call was never answered and its node is gone: a machine of that attempt is removed when it comes.</summary>
    Late,

    /// <summary>A second machine of a node that has its recorded one: the verdict, written down before it is carried out.</summary>
    Twin,

    /// <summary>A human gave the machine up by annotation: it is known, and never removed.</summary>
    GivenUp,
}
