namespace Kontena.Operator.Core.Grids;

/// <summary>The Master's own word for a node (Master 1.4 and later; what precedes what: facts of <c>HostNode#status</c>).</summary>
public enum MasterNodeStatus
{
    /// <summary>Made by a call; no agent has ever connected.</summary>
    Created,

    /// <summary>Its agent is not connected.</summary>
    Offline,

    /// <summary>Its agent is connected and has not told about the machine yet.</summary>
    Connecting,

    Online,

    /// <summary>Online, and no new services come to it.</summary>
    Drain,

    /// <summary>A word that this version does not know; never a reason to act.</summary>
    Unrecognised,
}
