namespace Kontena.Operator.Core.Pools;

/// <summary>The condition types of a NodePool.</summary>
public static class PoolConditions
{
    /// <summary>The pool is what its spec asks for, and every node works.</summary>
    public const string Ready = "Ready";

    /// <summary>As many nodes as asked for are ready, whatever else goes on.</summary>
    public const string Available = "Available";

    /// <summary>Only while the operator is still at it (kstatus: InProgress).</summary>
    public const string Reconciling = "Reconciling";

    /// <summary>Only while a human is needed (kstatus: Failed).</summary>
    public const string Stalled = "Stalled";

    /// <summary>The provider answers with the pool's credentials.</summary>
    public const string ProviderReady = "ProviderReady";

    /// <summary>Only of pools with a gridRef: the grid takes nodes, and its Master answers.</summary>
    public const string GridReady = "GridReady";

    /// <summary>The pool's firewalls, and its grid's, let in what they are to. Only of pools that ask for firewalls.</summary>
    public const string PortsReady = "PortsReady";

    /// <summary>As much of the overlay's encryption as the pool asks for can work at every node. Only of pools with a gridRef.</summary>
    public const string IPSecReady = "IPSecReady";

    /// <summary>Every node is ready.</summary>
    public const string NodesReady = "NodesReady";

    /// <summary>Only of pools with a gridRef: no node of it has a Kontena Node ID that another has.</summary>
    public const string NodeIDsUnique = "NodeIDsUnique";

    /// <summary>Every node has the current revision.</summary>
    public const string UpToDate = "UpToDate";
}
