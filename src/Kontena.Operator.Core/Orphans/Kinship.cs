namespace Kontena.Operator.Core.Orphans;

/// <summary>How a machine with our installation's mark stands to the nodes of one sighting.</summary>
internal enum Kinship
{
    /// <summary>A node has it as its recorded machine.</summary>
    Recorded,

    /// <summary>Its node exists and has no machine recorded yet: it is being made, or taken over.</summary>
    Making,

    /// <summary>Its node has another machine recorded, and the token proves that one of the node's attempts made this one too.</summary>
    Twin,

    /// <summary>Its node has another machine recorded, and the provider keeps no token: it may be a twin or a copy.</summary>
    TwinOrCopy,

    /// <summary>Its marks name a node, its token is not of that node's attempt: somebody launched "more like this".</summary>
    Copy,

    /// <summary>The token fits the marks, but its node has not come so far: the cluster's data is older than the machine.</summary>
    FutureAttempt,

    /// <summary>No node of that UID exists.</summary>
    Nodeless,
}
