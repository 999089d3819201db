namespace Kontena.Operator.Core.Nodes;

/// <summary>Reasons of a node's Ready condition that others act on.</summary>
public static class NodeReasons
{
    public const string Running = "Running";

    /// <summary>The node is online in its grid.</summary>
    public const string Online = "Online";

    /// <summary>The machine runs and has not joined its grid yet.</summary>
    public const string Joining = "Joining";

    /// <summary>An initial member stays because its grid's etcd would lose its majority without it.</summary>
    public const string QuorumAtRisk = "QuorumAtRisk";

    /// <summary>The object is a copy of another one: nothing is done with it until a human has looked.</summary>
    public const string Restored = "Restored";

    /// <summary>The machine that the node was to take over is gone, or somebody else's by now. There is nothing to lose with the node.</summary>
    public const string AdoptionFailed = "AdoptionFailed";

    /// <summary>The provider says positively that the machine ended, not by our doing.</summary>
    public const string MachineTerminated = "MachineTerminated";

    /// <summary>The provider's listing lacks the machine, and it is being asked for by id.</summary>
    public const string Confirming = "Confirming";

    /// <summary>The provider no longer knows the machine, asked repeatedly.</summary>
    public const string MachineMissing = "MachineMissing";
}
