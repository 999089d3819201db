using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Ports;

/// <summary>What a node sees of the firewalls around its machine.</summary>
public sealed record WaysInSeen
{
    /// <summary>Why no attempt may open yet: a machine is made with its firewalls, or strangers may reach it and members may not. Null where one may.</summary>
    public Freeze? Hold { get; init; }

    /// <summary>True where waiting does not end <see cref="Hold"/>.</summary>
    public bool HoldNeedsHuman { get; init; }
}
